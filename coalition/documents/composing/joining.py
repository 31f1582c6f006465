"""The pages of long lists, put into the document that was typeset without them. In the typesetter's process only.

The document brings, for each list, the place where it begins, and after it empty pages that show head and foot; these
are taken out again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pydyf

from coalition.documents.composing import paging
from coalition.documents.composing.digits import Numbered, numbered
from coalition.documents.composing.sheets import SCALE, Filled, ReadList, Sheet, paint, shapes
from coalition.documents.composing.structure import Elements, Known, Where
from coalition.documents.composing.writing import Block, packed

# The objects of a page are numbered from a multiple of the first on, those of a list from one of the second: they keep
# their numbers when something before them becomes a little longer.
_STEP, _BEGINNING = 256, 4096


@dataclass(slots=True)
class Laid:
    """One list on its pages. `samples` are the pages, by what they show, that the document brings for it."""

    read: ReadList
    first_page: int
    pages: list[list[tuple[int, float]]]
    samples: dict[str, int] = field(default_factory=dict)
    last_sample: int = 0


def lay(document: Any, name: str, one: ReadList) -> Laid:
    """Where the entries of the list `name` come to stand in this document. Its samples stand right behind its place."""
    place = _find(document, name)
    page = document.pages[place]._page_box
    summary = next(box for box in page.descendants() if _attribute(box, "class") == "summary")
    laid = Laid(one, place, paging.pages(
        one.blocks, start=summary.border_box_y() + summary.border_height(), margin=summary.margin_bottom,
        top=page.content_box_y(), bottom=page.content_box_y() + page.height))
    for number in range(place + 1, len(document.pages)):
        kinds = {_attribute(box, "data-sample") for box in document.pages[number]._page_box.descendants()
                 if _attribute(box, "data-list") == name} - {""}
        if not kinds:
            break
        for kind in kinds:
            laid.samples.setdefault(kind, number)
        laid.last_sample = number
    return laid


def join(pdf: pydyf.PDF, lists: Sequence[tuple[Laid, Filled]], holders: Sequence[pydyf.Dictionary],
         numbers: Sequence[int], kept: Path) -> list[Block]:
    """Put the pages of all lists into the finished document and take the samples out; what is to be written with it.

    `holders` are the structure elements of the lists' places, `numbers` the running numbers of their first pages;
    `kept` is the file in which elements of pages are kept.
    """
    references = list(pdf.page_references)
    headings = [_bookmarks(pdf, references, laid) for laid, _filled in lists]
    dropped = {references[page] for laid, _filled in lists for page in range(laid.first_page + 1, laid.last_sample + 1)}
    feet: list[Mapping[int, Numbered]] = []
    for laid, _filled in lists:
        # A list without samples of its own has the feet of the one before it, of the same language.
        feet.append(_feet(pdf, references, laid) or feet[-1])
    _drop(pdf, dropped)
    # The writer adds a few more objects to those of the document.
    first = _rounded(len(pdf.objects) + 8, _BEGINNING)
    pages: dict[int, list[int]] = {}
    blocks: list[Block] = []
    for (laid, filled), *known in zip(lists, holders, feet, headings, numbers, strict=True):
        elements = Known(kept, laid.read.place)
        writer = _Writer(pdf, references, laid, filled, elements, first, *known)
        pages[laid.first_page] = writer.write()
        first = _rounded(writer.first, _BEGINNING)
        blocks += writer.blocks
        elements.keep()
    kids: list[int] = []
    for place, reference in enumerate(references):
        if reference not in dropped:
            kids.append(_number(reference))
        kids += pages.get(place, ())
    pdf.pages["Kids"] = pydyf.Array(part for number in kids for part in (number, 0, "R"))
    pdf.pages["Count"] = len(kids)
    return blocks


def _rounded(number: int, step: int) -> int:
    return -(-number // step) * step


class _Writer:
    """Writes the pages of one list. `first` is the number of the next object it makes."""

    def __init__(self, pdf: pydyf.PDF, references: Sequence[bytes], laid: Laid, filled: Filled, elements: Known,
                 first: int, holder: pydyf.Dictionary, feet: Mapping[int, Numbered],
                 bookmarks: Sequence[pydyf.Dictionary], number: int) -> None:
        self._pdf, self._laid, self._filled, self._feet, self._number = pdf, laid, filled, feet, number
        self._page = _object(pdf, references[laid.first_page])
        self._holder = holder
        self._parent = _object(pdf, holder["P"])
        self._bookmarks = iter(bookmarks)
        self._owners = _object(pdf, _object(pdf, pdf.catalog["StructTreeRoot"])["ParentTree"])["Nums"]
        self._elements = elements
        self._open_list = 0
        self._lists: dict[int, list[str]] = {}
        self._structure: list[str] = []
        self.first = first
        self.blocks: list[Block] = []

    def write(self) -> list[int]:
        """The objects that are the pages which follow the first one."""
        self._continue_first()
        common = pydyf.Dictionary({key: value for key, value in self._page.items()
                                   if key not in ("Annots", "Contents", "StructParents")}).data.removesuffix(b">>")
        made = [self._new_page(place, sheet, common) for place, sheet in enumerate(self._filled.sheets, 1)]
        lists = {number: f"<</S/L/P {self._parent.number} 0 R/K[{' '.join(kids)}]>>".encode()
                 for number, kids in self._lists.items()}
        self.blocks.append(Block({}, lists, {}))
        kids = self._parent["K"]
        at = [_number(kid) for kid in kids].index(self._holder.number)
        self._parent["K"] = pydyf.Array([*kids[:at], *self._structure, *kids[at + 1:]])
        self._holder.free = "f"
        return made

    def _continue_first(self) -> None:
        place = 2 * list(self._owners[::2]).index(self._page["StructParents"]) + 1
        owners = self._owners[place]
        painted = paint(self._filled.first, self._filled.numbers, len(owners))
        _object(self._pdf, self._page["Contents"]).stream.append(painted.encode("ascii"))
        elements = self._made(shapes(self._filled.first), self._page.number, self.first + 1, len(owners))
        self._owners[place] = pydyf.Array([*owners, elements.owners])
        self.blocks.append(Block({self.first: elements.stream}, {}, {self.first: (elements.first, elements.held)}))
        self._go_on(0, self._page.number, elements)

    def _new_page(self, place: int, sheet: Sheet, common: bytes) -> int:
        page, owners, foot, painted, holding = range(self.first, self.first + 5)
        number = str(self._number + place)
        elements = self._made(sheet.shapes, page, self.first + 5, 0)
        parents = self._owners[-2] + 1
        # An object of its own: a seal, which adds its owner, writes this table anew.
        self._owners += [parents, f"{owners} 0 R"]
        self.blocks.append(Block(
            {foot: packed(self._feet[len(number)].filled(int(number)).encode("ascii")), painted: sheet.stream,
             holding: elements.stream},
            {page: b"%s/Contents[%d 0 R %d 0 R]/StructParents %d>>" % (common, foot, painted, parents),
             owners: f"[{elements.owners}]".encode()},
            {holding: (elements.first, elements.held)}))
        self._go_on(place, page, elements)
        return page

    def _made(self, told: bytes, page: int, first: int, first_mark: int) -> Elements:
        parent = self._parent.number
        return self._elements.elements(told, Where(page, first, first_mark, self._open_list, parent))

    def _go_on(self, place: int, page: int, elements: Elements) -> None:
        """Take up the elements of a page into the structure of the document; go on behind them."""
        for number, references in elements.groups:
            if not number:
                self._structure.append(references)
            elif number in self._lists:
                self._lists[number].append(references)
            else:
                self._lists[number] = [references]
                self._structure.append(f"{number} 0 R")
            self._open_list = number
        self.first = _rounded(elements.end, _STEP)
        for item, down in self._laid.pages[place]:
            if self._laid.read.rows[item][0] == "H3":
                destination = next(self._bookmarks)["Dest"]
                destination[0], destination[3] = f"{page} 0 R".encode(), float(self._page["MediaBox"][3]) - SCALE * down


def _bookmarks(pdf: pydyf.PDF, references: Sequence[bytes], laid: Laid) -> list[pydyf.Dictionary]:
    """The bookmarks that point into the samples, in their order: those of the headings."""
    samples = {references[page]: page for page in range(laid.first_page + 1, laid.last_sample + 1)}
    found = [item for item in pdf.objects if isinstance(item, pydyf.Dictionary)
             and "Dest" in item and item["Dest"][0] in samples]
    return sorted(found, key=lambda item: (samples[item["Dest"][0]], -float(item["Dest"][3])))


def _feet(pdf: pydyf.PDF, references: Sequence[bytes], laid: Laid) -> dict[int, Numbered]:
    """By number of figures, what stands on a page beside the list."""
    if "8" not in laid.samples:
        return {}
    for kind, page in laid.samples.items():
        if set(kind) == {"7"}:
            _unmark_pictures(pdf, references[page])
    painted = {kind: _operations(pdf, references[page]) for kind, page in laid.samples.items() if kind.isdigit()}
    return {len(kind): numbered(operations, painted["8" * len(kind)], painted["0123456789"])
            for kind, operations in painted.items() if set(kind) == {"7"}}


def _unmark_pictures(pdf: pydyf.PDF, reference: bytes) -> None:
    """What is drawn across a page is furniture: used by many pages, it can belong to the structure of none."""
    pictures = _object(pdf, _object(pdf, reference)["Resources"])["XObject"]
    for operation in _operations(pdf, reference):
        name, _blank, verb = operation.removeprefix("/").partition(" ")
        stream = _object(pdf, pictures[name]).stream if verb == "Do" else []
        for place, piece in enumerate(stream):
            if isinstance(piece, pydyf.Dictionary) and "MCID" in piece:
                stream[place - 1:place + 1] = ["/Artifact", pydyf.Dictionary({"Type": "/Pagination"})]


def _operations(pdf: pydyf.PDF, reference: bytes) -> list[str]:
    stream = _object(pdf, _object(pdf, reference)["Contents"]).stream
    return [piece.decode("ascii") if isinstance(piece, bytes) else pydyf._to_bytes(piece).decode("ascii")
            for piece in stream]


def _drop(pdf: pydyf.PDF, pages: set[bytes]) -> None:
    """Take pages out of the document with all that is said of them in its structure."""
    if not pages:
        return
    elements = {item.number for item in pdf.objects if isinstance(item, pydyf.Dictionary)
                and item.get("Type") == "/StructElem" and item.get("Pg") in pages}
    for item in pdf.objects:
        if isinstance(item, pydyf.Dictionary) and item.get("Type") == "/StructElem" and item.number not in elements:
            item["K"] = pydyf.Array(kid for kid in item["K"] if isinstance(kid, int) or _number(kid) not in elements)
    tree = _object(pdf, _object(pdf, pdf.catalog["StructTreeRoot"])["ParentTree"])
    gone = {_object(pdf, page)["StructParents"] for page in pages}
    pairs = zip(tree["Nums"][::2], tree["Nums"][1::2], strict=True)
    tree["Nums"] = pydyf.Array(value for key, owners in pairs if key not in gone for value in (key, owners))
    for page in pages:
        _object(pdf, _object(pdf, page)["Contents"]).free = _object(pdf, page).free = "f"
    for number in elements:
        pdf.objects[number].free = "f"


def _find(document: Any, name: str) -> int:
    for number, page in enumerate(document.pages):
        for box in page._page_box.descendants():
            if _attribute(box, "class") == "list-here" and _attribute(box, "data-list") == name:
                return number
    raise LookupError(name)


def _attribute(box: Any, name: str) -> str:
    element = getattr(box, "element", None)
    return str(element.attrib.get(name, "")) if element is not None else ""


def _object(pdf: pydyf.PDF, reference: bytes) -> Any:
    return pdf.objects[_number(reference)]


def _number(reference: object) -> int:
    return int((reference if isinstance(reference, bytes) else str(reference).encode()).split()[0])
