"""The running number of a page, put into a foot that was set for another page. Pure, on PDF operations.

The figures of the foot are all equally wide and never kerned, so pages whose numbers have as many figures have the same
foot but for the glyphs of these figures.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from coalition.errors import Unavailable
from coalition.i18n import gettext as _

# What is drawn across each page has a name of its own on each.
_PICTURE = re.compile(r"^/\S+ Do$")
_PIECE = re.compile(r"<([0-9a-f]*)>|([^<>\[\]]+)")


@dataclass(frozen=True, slots=True)
class Foot:
    """The operations of an empty page, in which figures are to be filled in: the place of each among the glyphs of an
    operation."""

    operations: tuple[str, ...]
    slots: tuple[tuple[int, int], ...]
    figures: Mapping[str, str]

    def numbered(self, number: int) -> str:
        """The operations of the page with this number, which must have as many figures as there are places."""
        operations = list(self.operations)
        for (place, at), figure in zip(self.slots, str(number), strict=True):
            glyphs = _glyphs(operations[place])
            glyphs[at] = f"<{self.figures[figure]}>"
            operations[place] = f"[{''.join(glyphs)}] TJ"
        return "\n".join(operations)


def foot(sevens: Sequence[str], eights: Sequence[str], all_figures: Sequence[str]) -> Foot:
    """The foot of which these are the operations when the number is 7…7, 8…8 and 0123456789.

    Raises `Unavailable` if they differ in more than figures: a fault of ours, found by comparing.
    """
    slots: list[tuple[int, int]] = []
    if len(sevens) != len(eights):
        raise _not_alike()
    for place, (seven, eight) in enumerate(zip(sevens, eights, strict=True)):
        if seven == eight or (_PICTURE.match(seven) and _PICTURE.match(eight)):
            continue
        one, other = _glyphs(seven), _glyphs(eight)
        if not seven.endswith(" TJ") or len(one) != len(other):
            raise _not_alike()
        slots += [(place, at) for at, (left, right) in enumerate(zip(one, other, strict=True)) if left != right]
    return Foot(tuple(sevens), tuple(slots), _figures(sevens, slots, all_figures))


def _figures(sevens: Sequence[str], slots: Sequence[tuple[int, int]], all_figures: Sequence[str]) -> Mapping[str, str]:
    """The glyph of each figure: those of 0123456789 stand where the first of the sevens stands."""
    if not slots or len(all_figures) != len(sevens):
        raise _not_alike()
    place, at = slots[0]
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
    return Unavailable(_("The pages of the list could not be numbered. Tell whoever runs this site."))
