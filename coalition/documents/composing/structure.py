"""What the part of a page that is a list's becomes in the structure of the document: its elements, each an object of
the file, packed together and kept, since they stay as they are while the numbers of objects do. In the typesetter's
process only.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import NamedTuple

import orjson

from coalition.documents.composing import keeping
from coalition.documents.composing.fragments import RULES
from coalition.documents.composing.writing import packed_objects


class Where(NamedTuple):
    """What the elements of a page refer to: the number of the page, of the first object they may be, the first mark on
    the page, the list that is open where it begins (0: none), and the element the list stands in."""

    page: int
    first: int
    first_mark: int
    open_list: int
    parent: int


class Elements(NamedTuple):
    """The elements of a page: in a stream that holds `held` objects from `first` on. `groups` says which they are in
    their order: entries by the number of their list, others with 0; each with its references. The lists that begin here
    have the numbers from `first + held` on up to `end`. `owners` are those of the page's marks."""

    first: int
    held: int
    end: int
    groups: Sequence[tuple[int, str]]
    owners: str
    stream: bytes


class Shape(NamedTuple):
    """An item as `sheets.shapes` tells it."""

    kind: str
    numbered: bool
    language: str
    runs: Sequence[str]


def elements(shapes: bytes, where: Where) -> Elements:
    """The elements of a page with these items, as `sheets.shapes` tells them."""
    items = [Shape(*told) for told in orjson.loads(shapes)]
    held = sum(_objects_of(item) for item in items)
    made = _Making(where, count(where.first), where.first + held, where.open_list)
    for item in items:
        made.add(item)
    groups = [(number, " ".join(references)) for number, references in made.groups]
    return Elements(where.first, held, made.next_list, groups, " ".join(made.owners),
                    packed_objects(where.first, made.objects))


def _objects_of(item: Shape) -> int:
    return (3 if item.kind == "LI" else 1) + sum(bool(language) for language in item.runs)


@dataclass(slots=True)
class _Making:
    """The elements of a page as they are made."""

    where: Where
    numbers: Iterator[int]
    next_list: int
    open_list: int
    objects: list[str] = field(default_factory=list)
    owners: list[str] = field(default_factory=list)
    groups: list[tuple[int, list[str]]] = field(default_factory=list)

    def add(self, item: Shape) -> None:
        if item.kind == "LI":
            self._entry(item)
        else:
            self._block(item)

    def _entry(self, item: Shape) -> None:
        if not self.open_list:
            self.open_list = self.next_list
            self.next_list += 1
        if not self.groups or self.groups[-1][0] != self.open_list:
            self.groups.append((self.open_list, []))
        one, label, body = next(self.numbers), next(self.numbers), next(self.numbers)
        page = self.where.page
        self.groups[-1][1].append(f"{one} 0 R")
        self.objects.append(f"<</S/LI/P {self.open_list} 0 R/Pg {page} 0 R/K[{label} 0 R {body} 0 R]>>")
        self.objects.append(f"<</S/Lbl/P {one} 0 R/Pg {page} 0 R/K[{self._mark(label)}]>>")
        self._with_runs(item, body, "LBody", one, "")

    def _block(self, item: Shape) -> None:
        """A heading or a paragraph: its number, if it has one, is the first thing in it."""
        self.open_list = 0
        one = next(self.numbers)
        self.groups.append((0, [f"{one} 0 R"]))
        self._with_runs(item, one, item.kind, self.where.parent, f"{self._mark(one)} " if item.numbered else "")

    def _with_runs(self, item: Shape, number: int, kind: str, parent: int, kids: str) -> None:
        """An element with what is painted in it; what is in another language has an element of its own below it."""
        page = self.where.page
        inside: list[str] = []
        spans: list[str] = []
        for language in item.runs:
            if language:
                span = next(self.numbers)
                spans.append(f"<</S/Span/P {number} 0 R/Pg {page} 0 R/K[{self._mark(span)}]/Lang({language})>>")
                inside.append(f"{span} 0 R")
            else:
                inside.append(str(self._mark(number)))
        lang = f"/Lang({item.language})" if item.language else ""
        self.objects.append(f"<</S/{kind}/P {parent} 0 R/Pg {page} 0 R/K[{kids}{' '.join(inside)}]{lang}>>")
        self.objects += spans

    def _mark(self, owner: int) -> int:
        self.owners.append(f"{owner} 0 R")
        return self.where.first_mark + len(self.owners) - 1


class Known:
    """Elements of pages as they are kept in a file for a place, with the new ones."""

    def __init__(self, file: Path, place: str) -> None:
        self._file, self._place = file, f"{place}-structure"
        self._kept: Mapping[str, bytes] = keeping.take(file, self._place)
        self._fresh: dict[str, bytes] = {}
        self._used: set[str] = set()

    def elements(self, shapes: bytes, where: Where) -> Elements:
        """As the function of this name."""
        key = hashlib.sha256(orjson.dumps([RULES, *where]) + shapes).hexdigest()[:32]
        self._used.add(key)
        if key in self._kept:
            told, stream = self._kept[key].split(b"\n", 1)
            first, held, end, groups, owners = orjson.loads(told)
            return Elements(first, held, end, groups, owners, stream)
        made = elements(shapes, where)
        self._fresh[key] = b"%s\n%s" % (orjson.dumps(made[:-1]), made.stream)
        return made

    def keep(self) -> None:
        """Keep what was made, and nothing that was not used."""
        gone = self._kept.keys() - self._used
        if gone or self._fresh:
            keeping.keep(self._file, self._place, self._fresh, gone=gone)
