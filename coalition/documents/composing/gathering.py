"""All fragments of a long list: those that are kept, and the others drawn now, side by side on all processors."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from itertools import chain, groupby
from pathlib import Path

from coalition import fonts
from coalition.documents.composing import keeping
from coalition.documents.composing.fragments import RULES, Item, LongList, array_of, faces_of

#: Items drawn in one go: enough that beginning costs little, few enough that memory stays small.
_AT_ONCE = 400


@dataclass(frozen=True, slots=True)
class Gathered:
    """The fragments of a list as they are kept, its items' HTML by the faces they are the first to use."""

    name: str
    items: tuple[Item, ...]
    rows: tuple[bytes, ...]
    numbers: tuple[tuple[bytes, bytes], ...]
    figures: bytes
    faces: str

    def as_json(self) -> Iterator[bytes]:
        """What `completing.read_list` reads: the rows, each with whether it clings and its number; the samples."""
        yield b'{"figures":%s,"numbers":[%s],"rows":[' % (array_of(self.figures), b",".join(
            b"[%s,%s]" % (array_of(sevens), array_of(eights)) for sevens, eights in self.numbers))
        for place, (item, row) in enumerate(zip(self.items, self.rows, strict=True)):
            yield b'%s["%s",%d,%d,%s]' % (b"," if place else b"", item.kind.encode(), item.clings, item.number or 0,
                                          array_of(row))
        yield b"]}"


def gather(long_list: LongList, draw: Callable[[str], list[bytes]], *, kept: tuple[Path, str] | None) -> Gathered:
    """The fragments of every item and number. `draw` makes fragments of an HTML page of items, in their order; `kept`
    says in which file, and for which place, fragments may be taken and left."""
    beginning = hashlib.sha256(f"{RULES} {version('weasyprint')} {fonts_version()}\n{long_list.frame}".encode())
    wanted = {html: _key(beginning, html)
              for html in (*(item.html for item in long_list.items), *chain(*long_list.numbers), long_list.figures)}
    have = keeping.take(*kept) if kept else {}
    missing = [html for html, key in wanted.items() if key not in have]
    fresh = {wanted[html]: text for html, text in _drawn(long_list.frame, missing, draw).items()}
    gone = have.keys() - wanted.values()
    if kept and (fresh or gone):
        keeping.keep(*kept, fresh, gone=gone)
    have |= fresh
    rows = tuple(have[wanted[item.html]] for item in long_list.items)
    return Gathered(
        long_list.name, long_list.items, rows,
        tuple((have[wanted[sevens]], have[wanted[eights]]) for sevens, eights in long_list.numbers),
        have[wanted[long_list.figures]], _faces(long_list, rows))


def _drawn(frame: str, missing: Sequence[str], draw: Callable[[str], list[bytes]]) -> Mapping[str, bytes]:
    parts = [missing[start:start + _AT_ONCE] for start in range(0, len(missing), _AT_ONCE)]
    if not parts:
        return {}
    before, _mark, after = frame.partition("<!--items-->")

    def drawn(part: Sequence[str]) -> list[bytes]:
        blocks = (f'<ol class="list">{"".join(items)}</ol>' if are_entries else "".join(items)
                  for are_entries, items in groupby(part, lambda html: html.startswith("<li")))
        return draw(f"{before}{''.join(blocks)}{after}")

    with ThreadPoolExecutor(os.cpu_count() or 1) as processors:
        done = list(processors.map(drawn, parts))
    return {html: text for part, texts in zip(parts, done, strict=True)
            for html, text in zip(part, texts, strict=True)}


def _faces(long_list: LongList, rows: Sequence[bytes]) -> str:
    """Entries that use, between them, all faces of the list: the document must load them too."""
    seen: set[bytes] = set()
    found: list[str] = []
    for item, row in zip(long_list.items, rows, strict=True):
        faces = faces_of(row)
        if item.kind != "H3" and not seen.issuperset(faces):
            seen.update(faces)
            found.append(item.html)
    return "".join(found)


def _key(beginning: hashlib._Hash, html: str) -> str:
    whole = beginning.copy()
    whole.update(html.encode())
    return whole.hexdigest()


@cache
def fonts_version() -> str:
    """Tells one set of font files from another."""
    return hashlib.sha256(b"".join(hashlib.sha256(face.read()).digest() for face in fonts.FACES)).hexdigest()
