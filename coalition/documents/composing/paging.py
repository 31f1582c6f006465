"""Which items stand on which page, and how far down: arithmetic on their heights. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

#: What two sums of lengths may differ by without anybody seeing it, in CSS pixels.
_HAIR = 0.01


class Block(NamedTuple):
    """An item's height and margins in CSS pixels, and whether it should not begin a page."""

    height: float
    before: float
    after: float
    clings: bool


def pages(blocks: Sequence[Block], *, start: float, margin: float, top: float, bottom: float
          ) -> list[list[tuple[int, float]]]:
    """The blocks by page, each as its place in the sequence and the distance of its upper edge from the page's.

    On the first page they begin below `start`, where something with the margin `margin` ends; pages have room from
    `top` to `bottom`. Margins collapse, and fall away where a page begins. A block higher than a page stands alone.
    """
    laid: list[list[tuple[int, float]]] = []
    place = 0
    while place < len(blocks):
        page: list[tuple[int, float]] = []
        first = place
        edge, open_margin = (start, margin) if not laid else (top, 0.0)
        beginning = bool(laid)
        while place < len(blocks):
            block = blocks[place]
            upper = edge if beginning else edge + max(open_margin, block.before)
            if upper + block.height > bottom + _HAIR and not (beginning and not page):
                break
            page.append((place, upper))
            edge, open_margin, beginning = upper + block.height, block.after, False
            place += 1
        if place < len(blocks):
            page = page[:_cut(blocks, first, place, whole_page=bool(laid)) - first]
            place = first + len(page)
        laid.append(page)
    return laid


def _cut(blocks: Sequence[Block], first: int, following: int, *, whole_page: bool) -> int:
    """The block that the next page begins with: the one that follows, or an earlier one if it clings. A whole page
    keeps one block at least; the first may be left empty."""
    for cut in range(following, first if whole_page else first - 1, -1):
        if not blocks[cut].clings:
            return cut
    return following
