"""A printed line in pieces that each run one way, with the words that must not be broken. No markup here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from coalition.documents.printed import PrintedEntry
from coalition.documents.words import is_mixed, language_of_text
from coalition.i18n import Direction, direction_of_text
from coalition.signatories.line import Part

#: A longer word than this may be broken anywhere.
LONGEST_UNBROKEN = 36


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a line. `leading` marks the name the entry is known by; `direction` is set in mixed lines.

    `words` are the text cut at the words that must not be broken at their hyphens and slashes.
    """

    words: tuple[tuple[str, bool], ...]
    leading: bool
    direction: Direction | None
    language: str


@dataclass(frozen=True, slots=True)
class Line:
    """A block of text with the direction of its first strong character."""

    direction: Direction
    foreign: bool
    spans: tuple[Span, ...]
    language: str


def line_of(entry: PrintedEntry, around: Direction, language: str) -> Line:
    """The printed line of an entry in pieces that each run one way, for a text that runs `around` in `language`."""
    return line_of_parts(entry.parts, entry.signing_as, around, language)


def line_of_parts(printed: Sequence[Part], signing_as: str, around: Direction, language: str) -> Line:
    """As `line_of`, for all of an entry that its line depends on."""
    text = "".join(part.text for part in printed)
    whole = language_of_text(text, language)
    direction = direction_of_text(text, around)
    leading = "signatory" if signing_as == "person" else "organisation"
    parts = [(part, direction_of_text(part.text, direction)) for part in printed]
    # A line that runs one way needs no isolation, and stays one piece for search and copying.
    one_way = all(own == direction and not is_mixed(part.text, direction) for part, own in parts)
    return Line(
        direction,
        direction != around,
        tuple(
            Span(
                uncut(part.text),
                part.role == leading,
                None if one_way else own,
                language_of_text(part.text, whole or language),
            )
            for part, own in parts
        ),
        whole,
    )


# Breaking at these would split a word in two for the eye, and for whoever searches the file for it.
_UNBROKEN = re.compile(r"(\S*\w[-‐–—/&]\w\S*)")


def uncut(text: str) -> tuple[tuple[str, bool], ...]:
    """The text in pieces, each with whether it must stay on one line."""
    return tuple(
        (piece, bool(place % 2) and len(piece) <= LONGEST_UNBROKEN)
        for place, piece in enumerate(_UNBROKEN.split(text))
        if piece
    )
