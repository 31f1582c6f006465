"""What changed between two editions of a letter: by name for its team, as bare counts for everybody else. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from coalition.documents.printed import Printed, PrintedEntry
from coalition.documents.snapshot import PUBLIC, Snapshot
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.signatories.counting import Counts


@dataclass(frozen=True, slots=True)
class Pair:
    """The same entry in both editions."""

    before: PrintedEntry
    after: PrintedEntry


@dataclass(frozen=True, slots=True)
class Difference:
    """Entries in the order of the edition that prints them, in its governing language.

    `reworded`: the printed line reads otherwise. `restated`: the same line with other values behind it, such as the
    date of a statement. `moved`: another place among the entries that stand in both. `texts`: the languages in which
    the signed text is another one.
    """

    added: tuple[PrintedEntry, ...]
    gone: tuple[PrintedEntry, ...]
    reworded: tuple[Pair, ...]
    restated: tuple[Pair, ...]
    moved: tuple[Pair, ...]
    texts: tuple[str, ...]
    before: Counts
    after: Counts

    def __bool__(self) -> bool:
        return bool(self.added or self.gone or self.reworded or self.restated or self.moved or self.texts
                    or self.before != self.after)

    @property
    def corrected(self) -> tuple[Pair, ...]:
        """The entries that read otherwise or mean something else, in the order of the later edition."""
        return tuple(sorted((*self.reworded, *self.restated), key=lambda pair: pair.after.number))


@dataclass(frozen=True, slots=True)
class Outline:
    """The difference as outsiders may know it: numbers, and no name, place or size.

    Total numbers of organisations are given only where nobody left: the difference of two would say how large the one
    who left was.
    """

    added: int
    gone: int
    corrected: int
    moved: int
    text_changed: bool
    signatories_before: int
    signatories_after: int
    organisations_before: int | None
    organisations_after: int | None


def difference(before: Snapshot, after: Snapshot) -> Difference:
    """What changed from one edition to another. Raises `Invalid` for editions of different letters or audiences."""
    if before.letter != after.letter or before.audience != after.audience:
        raise Invalid(_("Only editions of one letter that are made for the same readers can be compared."))
    old = {entry.key: entry for entry in before.entries}
    new = {entry.key: entry for entry in after.entries}
    kept = [Pair(old[key], entry) for key, entry in new.items() if key in old]
    resting = _resting([pair.before.number for pair in kept])
    reworded = tuple(pair for pair in kept if pair.before.line != pair.after.line)
    restated = tuple(pair for pair in kept
                     if pair.before.line == pair.after.line and _values(pair.before) != _values(pair.after))
    return Difference(
        added=tuple(entry for key, entry in new.items() if key not in old),
        gone=tuple(entry for key, entry in old.items() if key not in new),
        reworded=reworded,
        restated=restated,
        moved=tuple(pair for place, pair in enumerate(kept) if place not in resting),
        texts=_texts(before, after), before=before.counts, after=after.counts)


def outline(before: Snapshot, after: Snapshot) -> Outline:
    """The difference between two public editions as numbers. Raises `Invalid` for editions that are not public: what
    changed in those is told to nobody outside."""
    if {before.audience, after.audience} != {PUBLIC}:
        raise Invalid(_("Only public editions can be compared in public."))
    return outlined(difference(before, after))


def outlined(found: Difference) -> Outline:
    """The numbers of a difference, for readers who have both editions or may know of both."""
    nobody_left = not found.gone
    return Outline(
        added=len(found.added), gone=len(found.gone), corrected=len(found.corrected), moved=len(found.moved),
        text_changed=bool(found.texts), signatories_before=found.before.signatories,
        signatories_after=found.after.signatories,
        organisations_before=found.before.organisations_total if nobody_left else None,
        organisations_after=found.after.organisations_total if nobody_left else None)


def _values(entry: PrintedEntry) -> Printed:
    """The entry without its place and its line, and without for whom it is printed: the editions have the same
    readers."""
    return replace(entry.printed, parts=(), visibility="")


def _texts(before: Snapshot, after: Snapshot) -> tuple[str, ...]:
    old, new = before.sources, after.sources
    return tuple(language for language in dict.fromkeys((*old, *new)) if old.get(language) != new.get(language))


def _resting(places: Sequence[int]) -> set[int]:
    """The positions of a longest rising run: what need not be moved to get from the old order to the new one. So an
    entry that leaves moves nobody, and tells by no number where it stood."""
    ends: list[int] = []
    at: list[int] = []
    previous: list[int | None] = []
    for position, place in enumerate(places):
        length = bisect_left(ends, place)
        ends[length : length + 1] = [place]
        at[length : length + 1] = [position]
        previous.append(at[length - 1] if length else None)
    found: set[int] = set()
    position_or_none = at[-1] if at else None
    while position_or_none is not None:
        found.add(position_or_none)
        position_or_none = previous[position_or_none]
    return found
