"""For which texts a signature holds for the newest one: what its signer read has not changed since, or by editorial
changes only. A correction of one translation concerns those alone who signed in that language. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, or_

from coalition.letters import queries
from coalition.letters.models import Letter, Version

_Ends = Callable[[Letter, Version, str], bool]


@dataclass(frozen=True, slots=True)
class Holding:
    """Ids of versions: those that hold for whoever signed in any language, except in the languages of `otherwise`."""

    mostly: frozenset[int]
    otherwise: Mapping[str, frozenset[int]]

    def covers(self, version_id: int, language: str) -> bool:
        """Whether a signature given for this version, read in this language, holds."""
        return version_id in self.otherwise.get(language, self.mostly)

    def holds_all(self, letter: Letter) -> bool:
        """Whether no signature can have lapsed: all texts ever published hold, in every language."""
        published = {version.id for version in letter.versions if version.state == "published"}
        return all(published <= ids for ids in (self.mostly, *self.otherwise.values()))

    def condition(self, version: Any, language: Any) -> ColumnElement[bool]:
        """The same of rows, by the columns with the version's id and the language."""
        return and_(version.in_(sorted(self.mostly)),
                    *(or_(language != code, version.in_(sorted(ids))) for code, ids in self.otherwise.items()))


def holding(letter: Letter) -> Holding:
    """The newest published version and those before it from which only editorial changes lead to it: what was signed
    for one of these stands on the list."""
    return _going_back(letter, _is_change_of_substance)


def unchanged(letter: Letter) -> Holding:
    """The newest published version and those before it with the very same text."""
    return _going_back(letter, _is_change)


def _going_back(letter: Letter, ends: _Ends) -> Holding:
    mostly = _back_from_newest(letter, "", ends)
    corrected = {language for version in mostly if not _is_change(letter, version, "")
                 for language in queries.changed_languages(letter, version)}
    otherwise = {language: frozenset(version.id for version in _back_from_newest(letter, language, ends))
                 for language in sorted(corrected)}
    return Holding(frozenset(version.id for version in mostly), otherwise)


def _back_from_newest(letter: Letter, language: str, ends: _Ends) -> list[Version]:
    found: list[Version] = []
    for version in reversed([version for version in letter.versions if version.state == "published"]):
        found.append(version)
        if ends(letter, version, language):
            break
    return found


def _is_change_of_substance(letter: Letter, version: Version, language: str) -> bool:
    return version.change == "substantive" and _is_change(letter, version, language)


def _is_change(letter: Letter, version: Version, language: str) -> bool:
    """Whether whoever reads this language ("": only the governing text) read something else before this version."""
    before = queries.published_before(letter, version)
    if before is None or before.sha256 != version.sha256:
        return True
    return bool(language) and language in queries.changed_languages(letter, version)
