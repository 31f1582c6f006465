"""The corrigendum between two editions, as frozen values. It names nobody who left: of entries that read otherwise it
gives the new line, never the old one, in which somebody may be named who asked not to be.

How it looks is `drawing.py`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum

from coalition.corrections.difference import Outline, difference, outlined
from coalition.documents.printed import PrintedEntry
from coalition.documents.serving import may_still_be_named
from coalition.documents.snapshot import Snapshot

#: More lines than these are not printed one by one: they stand in the new edition.
MOST_LINES = 12


class Reason(StrEnum):
    """Why an edition is superseded."""

    WRONG_NAME = "wrong_name"
    WITHDRAWAL = "withdrawal"
    NARROWED = "narrowed"
    LATE = "late"
    OTHER = "other"


#: What is never told apart outside: that somebody left, and that somebody is still counted and no longer named.
LEFT = frozenset((Reason.WITHDRAWAL, Reason.NARROWED))


@dataclass(frozen=True, slots=True)
class Corrigendum:
    """What the sheet says. `told` are the reasons as outsiders may know them; `keys` the entries whose new line is
    printed; `made_at` is ISO 8601, UTC, to the second."""

    old: int
    old_sha256: str
    old_at: str
    new: int
    new_sha256: str
    new_at: str
    audience: str
    told: tuple[str, ...]
    words: str
    outline: Outline
    keys: tuple[str, ...]
    made_at: str

    def to_json(self) -> str:
        """The canonical form: equal values, equal text."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Corrigendum:
        """What `to_json` wrote."""
        data = json.loads(text)
        return cls(**{**data, "told": tuple(data["told"]), "keys": tuple(data["keys"]),
                      "outline": Outline(**data["outline"])})

    @property
    def sha256(self) -> str:
        """The hash of the canonical form."""
        return hashlib.sha256(self.to_json().encode()).hexdigest()

    @property
    def made_time(self) -> datetime:
        """The moment it was made, aware."""
        return datetime.fromisoformat(self.made_at)


def corrigendum_of(before: Snapshot, after: Snapshot, *, reasons: Iterable[Reason], words: str, made_at: datetime,
                   named: Mapping[str, frozenset[str]]) -> Corrigendum:
    """The corrigendum between two editions. `named` are the names their readers may still know, by key of entry: the
    line of an entry that holds another name is not printed."""
    found = difference(before, after)
    return Corrigendum(
        old=before.edition or 0, old_sha256=before.sha256, old_at=before.frozen_at, new=after.edition or 0,
        new_sha256=after.sha256, new_at=after.frozen_at, audience=after.audience, told=_told(reasons), words=words,
        outline=outlined(found),
        keys=tuple(pair.after.key for pair in found.corrected if may_still_be_named(pair.after, named)),
        made_at=made_at.replace(microsecond=0).isoformat())


def lines_of(sheet: Corrigendum, edition: Snapshot) -> tuple[PrintedEntry, ...]:
    """The entries whose new line the sheet prints, in the order of the edition in its language."""
    wanted = frozenset(sheet.keys)
    return tuple(entry for entry in edition.entries if entry.key in wanted)


def names_gone(before: Snapshot, named: Mapping[str, frozenset[str]]) -> frozenset[str]:
    """The names an edition prints that its readers may no longer be told."""
    return frozenset(
        name for entry in before.entries for name in (entry.organisation, entry.other_script, entry.signatory)
        if name and name not in named.get(entry.key, frozenset()))


def shortened(sheet: Corrigendum, lines: int) -> Corrigendum:
    """The sheet with the first of its lines only."""
    return replace(sheet, keys=sheet.keys[:lines])


def _told(reasons: Iterable[Reason]) -> tuple[str, ...]:
    given = set(reasons)
    told = [reason.value for reason in (Reason.WRONG_NAME, Reason.LATE, Reason.OTHER) if reason in given]
    return (*told, "left") if given & LEFT else tuple(told)
