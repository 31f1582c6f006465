"""Everything a document needs, frozen as plain values, with one canonical JSON form and its hash.

What is in a snapshot is printed or attached: a public snapshot holds no value of an entry that is not public.
Nothing here reads the database; snapshots are made in `freezing.py`.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from functools import cached_property
from typing import Any

import orjson

from coalition.documents.printed import PrintedEntry, PrintedGroup, canonical, entry_of
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.signatories.counting import Counts
from coalition.signatories.line import Part

#: Raised whenever a field is added, or what is drawn from the same values changes. Older formats are read for
#: ever - who is listed, which hash, which counts - but drawn only by the release that froze them.
FORMAT = 5
READABLE = (1, 2, 3, 4, 5)

# Fields that came later, by name, with the format they came with: hashes of older snapshots are made without.
# What no format has is never stored.
_ADDED: dict[str, float] = {"words": 2, "translations": 2, "original": math.inf}
# Left out while they are empty, so that those who do not use them keep their hashes.
_LEFT_OUT_EMPTY = frozenset({"logo", "supersedes"})

PUBLIC = "public"
RECIPIENTS = "recipients"


@dataclass(frozen=True, slots=True)
class Override:
    """A claim of the text that the counts do not bear out, and why it stands all the same."""

    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class TranslatedEntry:
    """An entry at its place in another language's list: its number in the governing one, and what is worded
    otherwise there. No parts: the line is the same."""

    number: int
    country_name: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class TranslatedGroup:
    """A group of another language's list, as `PrintedGroup`."""

    key: str
    heading: str
    entries: tuple[TranslatedEntry, ...]


@dataclass(frozen=True, slots=True)
class Translated:
    """What an edition says in another language than its governing one: text, list in that language's order, and
    the words of the document (`words`, a catalogue as text)."""

    language: str
    subject: str
    place: str
    date_text: str
    addressees: tuple[str, ...]
    copies: tuple[str, ...]
    body: str
    closing: str
    source_sha256: str
    text_sha256: str
    words: str
    groups: tuple[TranslatedGroup, ...]


@dataclass(frozen=True)
class Snapshot:
    """One edition, or one preview (`edition` None), at one moment.

    `source_sha256` is of the signed source text, `text_sha256` of the text as printed, placeholders filled.
    `frozen_at` is UTC in ISO 8601 to the second. `confirmed_by` pairs a way of confirming with its number of
    signatures. `issuer` is the fingerprint of the seal. Times, names and counts are final: a renderer adds
    nothing but layout. `words` is the catalogue of the document's fixed words, as text: later corrections of it
    change no edition. Without one they are English, as in editions from before there were catalogues.
    `logo` is the SHA-256 of the picture over the letterhead, or empty.
    `supersedes` is the number of the edition for the same audience that this one takes the place of.
    `translations` are its other languages; `original` is set in what `in_language` gives, and never stored.
    """

    format: int
    letter: str
    subject: str
    language: str
    place: str
    date_text: str
    letterhead: str
    addressees: tuple[str, ...]
    copies: tuple[str, ...]
    body: str
    closing: str
    version: int
    source_sha256: str
    text_sha256: str
    edition: int | None
    edition_id: str
    audience: str
    frozen_at: str
    rule: str
    ignore_articles: bool
    grouping: str
    groups: tuple[PrintedGroup, ...]
    counts: Counts
    confirmed_by: tuple[tuple[str, int], ...]
    overrides: tuple[Override, ...]
    earlier_versions: int
    audit_head: str
    issuer: str
    verify_url: str
    words: str = ""
    translations: tuple[Translated, ...] = ()
    logo: str = ""
    supersedes: int | None = None
    original: Snapshot | None = field(default=None, compare=False, repr=False)

    @property
    def governing(self) -> str:
        """The language whose text holds where translations differ."""
        return self.original.language if self.original else self.language

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages this edition can be drawn in, the governing one first."""
        return tuple(self.sources)

    @property
    def sources(self) -> dict[str, str]:
        """The hash of the signed source text by language, the governing one first."""
        whole = self.original or self
        return {
            whole.language: whole.source_sha256,
            **{translated.language: translated.source_sha256 for translated in self.translations},
        }

    def in_language(self, language: str) -> Snapshot:
        """The same edition as it reads in one of its languages, with that language's list and its hash unchanged.

        Raises Invalid for a language it was not frozen in.
        """
        whole = self.original or self
        if language == whole.language:
            return whole
        for translated in self.translations:
            if translated.language == language:
                return _in_translation(whole, translated)
        raise Invalid(
            _("This edition is in %(languages)s, not in “%(language)s”.",
              languages=", ".join(self.languages), language=language)
        )  # fmt: skip

    @cached_property
    def entries(self) -> tuple[PrintedEntry, ...]:
        """All entries in printed order."""
        return tuple(entry for group in self.groups for entry in group.entries)

    @cached_property
    def stated(self) -> tuple[PrintedEntry, ...]:
        """The entries that say whom they stand for, in printed order."""
        return tuple(entry for entry in self.entries if entry.statement)

    @property
    def frozen_time(self) -> datetime:
        """The moment of freezing, aware, in UTC."""
        return datetime.fromisoformat(self.frozen_at)

    @property
    def verify_address(self) -> str:
        """The page that tells how this edition stands; empty for a preview, and where no address is known."""
        return f"{self.verify_url}/{self.edition_id}" if self.edition is not None and self.verify_url else ""

    def to_json(self) -> str:
        """The canonical form: sorted keys, no blanks, letters as they are. Equal snapshots, equal text."""
        return self._as_bytes().decode()

    def _as_bytes(self) -> bytes:
        whole = self.original or self
        return canonical(
            {
                field.name: getattr(whole, field.name)
                for field in fields(whole)
                if _ADDED.get(field.name, 1) <= whole.format
                and (getattr(whole, field.name) or field.name not in _LEFT_OUT_EMPTY)
            }
        )

    @cached_property
    def sha256(self) -> str:
        """The hash of the canonical form in UTF-8, in hexadecimal."""
        return hashlib.sha256(self._as_bytes()).hexdigest()

    @property
    def short_hash(self) -> str:
        """The first twelve digits of the hash: what stands in the footer of every page."""
        return self.sha256[:12]

    @classmethod
    def from_json(cls, text: str) -> Snapshot:
        """The snapshot that `to_json` wrote. Raises Invalid if the text is damaged or of another format."""
        try:
            data = orjson.loads(text)
            if data["format"] not in READABLE:
                raise Invalid(
                    _("This edition is stored in format %(format)s, which this program cannot read.",
                      format=data["format"])
                )  # fmt: skip
            return _snapshot(data)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Invalid(_("The stored values of this edition are damaged.")) from error


def _in_translation(whole: Snapshot, other: Translated) -> Snapshot:
    entries = {entry.number: entry for entry in whole.entries}
    number = 0
    groups = []
    for group in other.groups:
        printed = []
        for place in group.entries:
            number += 1
            entry = entries[place.number]
            parts = place.parts or entry.parts
            printed.append(PrintedEntry(number, replace(entry.printed, parts=parts, country_name=place.country_name)))
        groups.append(PrintedGroup(group.key, group.heading, tuple(printed)))
    return replace(
        whole, language=other.language, subject=other.subject, place=other.place, date_text=other.date_text,
        addressees=other.addressees, copies=other.copies, body=other.body, closing=other.closing,
        source_sha256=other.source_sha256, text_sha256=other.text_sha256, words=other.words,
        groups=tuple(groups), original=whole,
    )  # fmt: skip


def _snapshot(data: dict[str, Any]) -> Snapshot:
    return Snapshot(
        **{
            **data,
            "addressees": tuple(data["addressees"]),
            "copies": tuple(data["copies"]),
            "groups": tuple(
                PrintedGroup(group["key"], group["heading"], tuple(map(entry_of, group["entries"])))
                for group in data["groups"]
            ),
            "counts": Counts(**data["counts"]),
            "confirmed_by": tuple((way, number) for way, number in data["confirmed_by"]),
            "overrides": tuple(Override(**override) for override in data["overrides"]),
            "translations": tuple(_translated(other) for other in data.get("translations", ())),
        }
    )


def _translated(data: dict[str, Any]) -> Translated:
    return Translated(
        **{
            **data,
            "addressees": tuple(data["addressees"]),
            "copies": tuple(data["copies"]),
            "groups": tuple(
                TranslatedGroup(group["key"], group["heading"], tuple(
                    TranslatedEntry(entry["number"], entry["country_name"],
                                    tuple(Part(**part) for part in entry["parts"]))
                    for entry in group["entries"]))
                for group in data["groups"]
            ),
        }
    )  # fmt: skip
