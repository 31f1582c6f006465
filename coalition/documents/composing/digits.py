"""A number put where another one was drawn: the running number of a page in its foot, that of an entry beside it. Pure,
on PDF operations.

The figures of both are all equally wide and never kerned, so numbers with as many figures are drawn alike but for the
glyphs of these figures.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from coalition.errors import Unavailable
from coalition.late import late

# Only to say that something is missing: the typesetter, which loads this, speaks to nobody.
if TYPE_CHECKING:
    from coalition import i18n
else:
    i18n = late("coalition.i18n")

# What is drawn across each page has a name of its own on each.
_PICTURE = re.compile(r"^/\S+ Do$")
_PIECE = re.compile(r"<([0-9a-f]*)>|([^<>\[\]]+)")


@dataclass(frozen=True, slots=True)
class Numbered:
    """Operations in which figures are to be filled in: `pieces` stand around these."""

    pieces: tuple[str, ...]
    figures: Mapping[str, str]

    def filled(self, number: int) -> str:
        """The operations with this number, which must have as many figures as there are places."""
        given = str(number)
        if len(given) != len(self.pieces) - 1:
            raise ValueError(f"{number} has {len(given)} figures")
        figures = self.figures
        return self.pieces[0] + "".join(
            figures[figure] + piece for figure, piece in zip(given, self.pieces[1:], strict=True))


def numbered(sevens: Sequence[str], eights: Sequence[str], all_figures: Sequence[str]) -> Numbered:
    """What these are the operations of when the number is 7…7, 8…8 and 0123456789.

    Raises `Unavailable` if they differ in more than figures: a fault of ours, found by comparing.
    """
    slots: dict[int, list[int]] = {}
    if len(sevens) != len(eights):
        raise _not_alike()
    for place, (seven, eight) in enumerate(zip(sevens, eights, strict=True)):
        if seven == eight or (_PICTURE.match(seven) and _PICTURE.match(eight)):
            continue
        one, other = _glyphs(seven), _glyphs(eight)
        if not seven.endswith(" TJ") or len(one) != len(other):
            raise _not_alike()
        slots[place] = [at for at, (left, right) in enumerate(zip(one, other, strict=True)) if left != right]
    return Numbered(tuple(_around(sevens, slots)), _figures(slots, all_figures, len(sevens)))


def _around(operations: Sequence[str], slots: Mapping[int, Sequence[int]]) -> list[str]:
    """The operations as one text, cut at the figures."""
    told: list[str] = []
    for place, operation in enumerate(operations):
        glyphs = _glyphs(operation) if place in slots else []
        for at in slots.get(place, ()):
            glyphs[at] = "<\0>"
        told.append(f"[{''.join(glyphs)}] TJ" if glyphs else operation)
    return "\n".join(told).split("\0")


def _figures(slots: Mapping[int, Sequence[int]], all_figures: Sequence[str], operations: int) -> Mapping[str, str]:
    """The glyph of each figure: those of 0123456789 stand where the first of the sevens stands."""
    if not slots or len(all_figures) != operations:
        raise _not_alike()
    place, (at, *_others) = next(iter(slots.items()))
    glyphs = _glyphs(all_figures[place])[at:at + 10]
    if len(glyphs) != 10 or not all(glyph.startswith("<") for glyph in glyphs):
        raise _not_alike()
    return {str(figure): glyph[1:-1] for figure, glyph in enumerate(glyphs)}


def _glyphs(operation: str) -> list[str]:
    """The glyphs of a TJ operation one by one, and what moves them; what moves by nothing is left out."""
    found: list[str] = []
    for glyphs, moved in _PIECE.findall(operation.removesuffix(" TJ")):
        found += [f"<{glyphs[at:at + 4]}>" for at in range(0, len(glyphs), 4)]
        if moved.strip() not in ("", "0"):
            found.append(moved)
    return found


def _not_alike() -> Unavailable:
    return Unavailable(i18n.gettext("The pages of the list could not be numbered. Tell whoever runs this site."))
