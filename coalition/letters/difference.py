"""What changed from one text to another, word by word. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words that is "same" in both texts, only in the old one ("gone") or only in the new ("new")."""

    kind: str
    text: str


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
