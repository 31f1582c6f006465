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

import orjson

from coalition import fonts
from coalition.documents.composing import keeping
from coalition.documents.composing.fragments import RULES, Item, LongList
from coalition.remembered import remembered

#: Items drawn in one go: enough that beginning costs little, few enough that memory stays small.
_AT_ONCE = 150


@dataclass(frozen=True, slots=True)
class Gathered:
    """A list of which all fragments are kept: by which keys, and what its pages are made up by. `faces` is HTML that
    uses all of its faces."""

    name: str
    place: str
    items: tuple[Item, ...]
    keys: tuple[str, ...]
    measures: tuple[bytes, ...]
    numbers: tuple[tuple[str, str], ...]
    figures: str
    faces: str

    def as_json(self) -> bytes:
        """What `sheets.read_list` reads."""
        told = orjson.dumps({
            "place": self.place, "keys": self.keys, "numbers": self.numbers, "figures": self.figures,
            "rows": [(item.kind, item.number or 0, item.clings) for item in self.items]})
        return b'%s,"measures":[%s]}' % (told[:-1], b",".join(self.measures))


def gather(long_list: LongList, draw: Callable[[str], list[bytes]], *, kept: tuple[Path, str]) -> Gathered:
    """Draw and keep the fragments of every item and number that are not kept yet. `draw` makes fragments of an HTML
    page of items, in their order; `kept` says in which file, and for which place, they are. Raises `keeping.Lost` where
    nothing can be kept."""
    file, place = kept
    told = f"{RULES} {version('weasyprint')} {fonts_version()}\n{long_list.frame}"
    beginning = hashlib.sha256(told.encode()).hexdigest()
    wanted = {html: _key(beginning, html)
              for html in (*(item.html for item in long_list.items), *chain(*long_list.numbers), long_list.figures)}
    have = keeping.take(file, measures_of(place))
    missing = [html for html, key in wanted.items() if key not in have]
    if gone := have.keys() - wanted.values():
        keeping.keep_together(file, {}, {place: gone, measures_of(place): gone})
    for part in _drawn(long_list.frame, missing, draw):
        fresh = {wanted[html]: fragment.partition(b"\t") for html, fragment in part.items()}
        measured = {key: measure for key, (measure, _tab, _painted) in fresh.items()}
        painted = {key: content for key, (_measure, _tab, content) in fresh.items()}
        keeping.keep_together(file, {place: painted, measures_of(place): measured}, {})
        have |= measured
    keys = tuple(wanted[item.html] for item in long_list.items)
    measures = tuple(have[key] for key in keys)
    return Gathered(
        long_list.name, place, long_list.items, keys, measures,
        tuple((wanted[sevens], wanted[eights]) for sevens, eights in long_list.numbers), wanted[long_list.figures],
        _faces(long_list, measures))


def measures_of(place: str) -> str:
    """Where the measures of what is kept for a place are kept: they are read without the rest."""
    return f"{place}-measures"


def _drawn(frame: str, missing: Sequence[str], draw: Callable[[str], list[bytes]]) -> Iterator[Mapping[str, bytes]]:
    """The fragments that are missing, by their HTML: part by part, so that only few are held at a time."""
    parts = [missing[start:start + _AT_ONCE] for start in range(0, len(missing), _AT_ONCE)]
    before, _mark, after = frame.partition("<!--items-->")

    def drawn(part: Sequence[str]) -> list[bytes]:
        blocks = (f'<ol class="list">{"".join(items)}</ol>' if are_entries else "".join(items)
                  for are_entries, items in groupby(part, lambda html: html.startswith("<li")))
        return draw(f"{before}{''.join(blocks)}{after}")

    processors = ThreadPoolExecutor(os.cpu_count() or 1)
    try:
        for part, texts in zip(parts, processors.map(drawn, parts), strict=True):
            yield dict(zip(part, texts, strict=True))
    finally:
        processors.shutdown(cancel_futures=True)


def _faces(long_list: LongList, measures: Sequence[bytes]) -> str:
    """Entries that use, between them, all faces of the list: the document must load them too."""
    known: set[bytes] = set()
    seen: set[str] = set()
    found: list[str] = []
    for item, measure in zip(long_list.items, measures, strict=True):
        told = measure[measure.index(b'"'):]
        if told in known or item.kind == "H3":
            continue
        known.add(told)
        faces = orjson.loads(measure)[3].split()
        if not seen.issuperset(faces):
            seen.update(faces)
            found.append(item.html)
    return "".join(found)


@remembered
def _key(beginning: str, html: str) -> str:
    return hashlib.sha256(f"{beginning}{html}".encode()).hexdigest()[:32]


@cache
def fonts_version() -> str:
    """Tells one set of font files from another."""
    return hashlib.sha256(b"".join(hashlib.sha256(face.read()).digest() for face in fonts.FACES)).hexdigest()
