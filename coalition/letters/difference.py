"""What changed from one text to another, word by word. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that is "same" in both texts, only in the old one ("gone") or only in the new ("new")."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the old text beside the one it became; one side is empty where a line is gone or new."""

    old: tuple[Piece, ...]
    new: tuple[Piece, ...]

    @property
    def is_same(self) -> bool:
        return all(piece.kind == "same" for piece in (*self.old, *self.new))


def side_by_side(before: str, after: str) -> tuple[Row, ...]:
    """The lines of both texts beside each other, in reading order, with what differs in them word by word. Which
    text a translation follows stands in its file as a hash; that line is left out."""
    old, new = _lines(before), _lines(after)
    rows: list[Row] = []
    for action, start, end, start_new, end_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if action == "equal":
            rows += [Row((Piece("same", line),), (Piece("same", line),)) for line in old[start:end]]
            continue
        pairs = zip_longest(old[start:end], new[start_new:end_new], fillvalue="")
        rows += [_row(one, other) for one, other in pairs]
    return tuple(rows)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("Governing text: ")]


def _row(old: str, new: str) -> Row:
    pieces = by_words(old, new)
    return Row(tuple(piece for piece in pieces if piece.kind != "new"),
               tuple(piece for piece in pieces if piece.kind != "gone"))


def by_words(before: str, after: str) -> tuple[Piece, ...]:
    """The pieces in reading order: those that are same and gone make the old text, same and new the new one."""
    old, new = (re.findall(r"\s*\S+", text) for text in (before.rstrip(), after.rstrip()))
    pieces = []
    for action, start, end, start_new, end_new in SequenceMatcher(None, old, new).get_opcodes():
        if action == "equal":
            pieces.append(Piece("same", "".join(old[start:end])))
            continue
        if end > start:
            pieces.append(Piece("gone", "".join(old[start:end])))
        if end_new > start_new:
            pieces.append(Piece("new", "".join(new[start_new:end_new])))
    return tuple(pieces)
