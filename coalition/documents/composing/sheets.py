"""What a list paints on each of its pages, kept page by page: only pages on which something stands otherwise are
painted again. In the typesetter's process only.

What stands on a page beside the list, and which objects of the file it becomes, is no concern of it (`joining`,
`structure`): a page stays the same when those change.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import NamedTuple

import orjson

from coalition.documents.composing import keeping
from coalition.documents.composing.digits import Numbered, numbered
from coalition.documents.composing.fragments import RULES, Drawn, drawn_from, together, told_together
from coalition.documents.composing.paging import Block
from coalition.documents.composing.writing import packed

#: CSS pixels to points.
SCALE = 0.75


@dataclass(frozen=True, slots=True)
class ReadList:
    """A list as it was gathered: by item its key, what it is and its height; the keys of samples of numbers."""

    place: str
    keys: Sequence[str]
    rows: Sequence[tuple[str, int, bool]]
    blocks: Sequence[Block]
    numbers: Sequence[tuple[str, str]]
    figures: str


class Placed(NamedTuple):
    """What is painted for one item, its kind and number (0: none), and how far down the page in CSS pixels."""

    line: Drawn
    kind: str
    number: int
    down: float


class Sheet(NamedTuple):
    """The part of a page that is the list's: its operations as a stream; what they are in the structure of the document
    (`shape`, by item, as JSON); the glyphs they use, as `fragments.told` has them."""

    stream: bytes
    shapes: bytes
    glyphs: Sequence[str]


@dataclass(frozen=True, slots=True)
class Filled:
    """All pages of a list. On the first one, which is the document's own, it is yet to be painted."""

    first: Sequence[Placed]
    sheets: Sequence[Sheet]
    numbers: Mapping[int, Numbered]
    glyphs: Mapping[str, Iterable[str]]


def read_list(file: Path) -> ReadList:
    """The list that `gathering` wrote."""
    told = orjson.loads(file.read_bytes())
    blocks = [Block(height, before, after, clings) for (height, before, after, _faces), (_kind, _number, clings)
              in zip(told["measures"], told["rows"], strict=True)]
    return ReadList(told["place"], told["keys"], told["rows"], blocks, told["numbers"], told["figures"])


def fill(file: Path, one: ReadList, pages: Sequence[Sequence[tuple[int, float]]]) -> Filled:
    """The list on pages as `paging` laid them, taken from what is kept in the file or painted and kept there.

    Raises `keeping.Lost` where the file holds no longer what was gathered.
    """
    place = f"{one.place}-sheets"
    kept = keeping.take(file, place)
    beginning = orjson.dumps([RULES, one.numbers, one.figures])
    keys = [_key(beginning, one, page) for page in pages[1:]]
    fresh: dict[str, bytes] = {}
    with keeping.reading(file, one.place) as read:
        figures, *samples = map(drawn_from, read([one.figures, *chain(*one.numbers)]))
        numbers = {length: numbered(_lines(sevens), _lines(eights), _lines(figures))
                   for length, (sevens, eights) in enumerate(zip(samples[::2], samples[1::2], strict=True), 1)}
        first = _placed(one, pages[0], read)
        for key, page in zip(keys, pages[1:], strict=True):
            if key not in kept:
                fresh[key] = _as_bytes(_sheet(_placed(one, page, read), numbers))
    gone = kept.keys() - set(keys)
    if fresh or gone:
        # Somebody may be taken off the list just now.
        keeping.keep(file, place, fresh, gone=gone, made_from=one.place)
    sheets = [_from_bytes(fresh.get(key) or kept[key]) for key in keys]
    drawn = (*(item.line for item in first), figures, *samples)
    glyphs = chain((line.glyphs for line in drawn), (sheet.glyphs for sheet in sheets))
    return Filled(first, sheets, numbers, together(chain.from_iterable(glyphs)))


def paint(items: Sequence[Placed], numbers: Mapping[int, Numbered], first_mark: int) -> str:
    """The operations that paint these items; what they paint is marked with numbers from `first_mark` on."""
    painted = [f"q\n{SCALE} 0 0 {SCALE} 0 0 cm"]
    mark = first_mark
    for line, _kind, number, down in items:
        painted.append(f"q\n1 0 0 1 0 {down:.4f} cm\nq")
        if number:
            painted.append(f"/Span <</MCID {mark}>> BDC\n{numbers[len(str(number))].filled(number)}\nEMC")
            mark += 1
        for _language, operations, fresh in line.runs:
            before = "Q\nq\n" if fresh else ""
            painted.append(f"{before}/Span <</MCID {mark}>> BDC\n{operations}\nEMC")
            mark += 1
        painted.append("Q\nQ")
    painted.append("Q")
    return "\n".join(painted)


def shapes(items: Sequence[Placed]) -> bytes:
    """What `structure` needs to know of items: of each its kind, whether it is numbered, its language and those of the
    runs in it. As JSON."""
    return orjson.dumps([(kind, number > 0, line.language, [language for language, _operations, _fresh in line.runs])
                         for line, kind, number, _down in items])


def _key(beginning: bytes, one: ReadList, page: Sequence[tuple[int, float]]) -> str:
    """Tells one page from another. How far down things stand follows from what they are, and from where pages begin."""
    start, end = page[0][0], page[-1][0] + 1
    told = orjson.dumps([one.keys[start:end], one.rows[start:end], page[0][1]])
    return hashlib.sha256(beginning + told).hexdigest()[:32]


def _placed(one: ReadList, page: Sequence[tuple[int, float]], read: Callable[[Sequence[str]], list[bytes]]
            ) -> list[Placed]:
    contents = read([one.keys[place] for place, _down in page])
    return [Placed(drawn_from(content), one.rows[place][0], one.rows[place][1], down)
            for (place, down), content in zip(page, contents, strict=True)]


def _sheet(items: Sequence[Placed], numbers: Mapping[int, Numbered]) -> Sheet:
    return Sheet(packed(paint(items, numbers, 0).encode("ascii")), shapes(items),
                 told_together(chain.from_iterable(item.line.glyphs for item in items)))


def _as_bytes(sheet: Sheet) -> bytes:
    return b"%s\n%s\n%s" % (orjson.dumps(sheet.glyphs), sheet.shapes, sheet.stream)


def _from_bytes(kept: bytes) -> Sheet:
    glyphs, shapes_of_it, stream = kept.split(b"\n", 2)
    return Sheet(stream, shapes_of_it, orjson.loads(glyphs))


def _lines(sample: Drawn) -> list[str]:
    ((_language, operations, _fresh),) = sample.runs
    return operations.split("\n")
