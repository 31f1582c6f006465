"""A version's text as it is read in one of its languages: the governing one or a translation, alike. Reads only."""

from __future__ import annotations

from dataclasses import dataclass

from coalition.letters.models import Letter, Version


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read and signed in one language. `source` is the file with the hash `sha256`; both are empty in a
    draft. What a translation leaves out (recipients, place, closing) is that of the letter; `has_own_date` says
    whether the date was worded for this language, `is_only` that there is no other one."""

    number: int
    language: str
    governing: str
    subject: str
    body: str
    addressees: tuple[str, ...]
    copies: tuple[str, ...]
    place: str
    date_text: str
    has_own_date: bool
    closing: str
    source: str
    sha256: str
    is_only: bool = True

    @property
    def named(self) -> str | None:
        """What an address says to lead to this text: its language, unless there is no other."""
        return None if self.is_only else self.language

    @property
    def is_translation(self) -> bool:
        return self.language != self.governing


def languages_of(version: Version) -> tuple[str, ...]:
    """The languages of a version, the governing one first."""
    return (version.language, *(translation.language for translation in version.translations))


def reading_of(letter: Letter, version: Version, language: str = "") -> Reading:
    """The version in this language, or in its governing one where it has none such."""
    translation = version.translation(language)
    if translation is None:
        return Reading(
            number=version.number, language=version.language, governing=version.language, subject=version.subject,
            body=version.body, addressees=tuple(version.addressees), copies=tuple(version.copies),
            place=letter.place, date_text=letter.date_text, has_own_date=True, closing=letter.closing,
            source=version.source, sha256=version.sha256,
            is_only=not version.translations)
    return Reading(
        number=version.number, language=language, governing=version.language, subject=translation.subject,
        body=translation.body, addressees=tuple(translation.addressees or version.addressees),
        copies=tuple(translation.copies or version.copies), place=translation.place or letter.place,
        date_text=translation.date_text or letter.date_text, has_own_date=bool(translation.date_text),
        closing=translation.closing or letter.closing, source=translation.source, sha256=translation.sha256,
        is_only=False)


def readings_of(letter: Letter, version: Version) -> tuple[Reading, ...]:
    """The version in all its languages, the governing one first."""
    return tuple(reading_of(letter, version, language) for language in languages_of(version))
