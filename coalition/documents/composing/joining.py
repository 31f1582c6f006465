"""The pages of long lists, put into the document that was typeset without them. In the typesetter's process only.

The document brings, for each list, the place where it begins, and after it empty pages that show head and foot; these
are taken out again.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pydyf

from coalition.documents.composing import paging
from coalition.documents.composing.digits import Numbered, numbered
from coalition.documents.composing.fragments import Fragment
from coalition.documents.finishing import PACKING

# CSS pixels to points, and the axis turned, as the typesetter begins each page.
_SCALE = 0.75


@dataclass(slots=True)
class Entry:
    """What is painted for one place in the list, beside its number (0: none). `kind` is that of the `Item`."""

    line: Fragment
    kind: str
    number: int
    clings: bool


@dataclass(slots=True)
class Laid:
    """One list on its pages. `samples` are the pages, by what they show, that the document brings for it;
    `numbers` is how entries are numbered, by the number of figures."""

    entries: Sequence[Entry]
    first_page: int
    pages: list[list[tuple[int, float]]]
    numbers: Mapping[int, Numbered]
    samples: dict[str, int] = field(default_factory=dict)
    last_sample: int = 0


class Ready(pydyf.Object):  # type: ignore[misc]
    """An object whose bytes are made already."""

    def __init__(self, content: bytes = b"null") -> None:
        super().__init__()
        self.content = content

    @property
    def data(self) -> bytes:
        """The bytes."""
        return self.content


class Packed(Ready):
    """A compressed stream, made once."""

    def __init__(self, operations: str) -> None:
        packed = zlib.compress(operations.encode("ascii"), PACKING)
        # A last byte that is a carriage return would be taken for the end of a line.
        end = b"\r\nendstream" if packed.endswith(b"\r") else b"\nendstream"
        super().__init__(b"<</Length %d/Filter/FlateDecode>>\nstream\n%s%s" % (len(packed), packed, end))

    @property
    def compressible(self) -> bool:
        """A stream stands by itself."""
        return False


def lay(document: Any, name: str, entries: Sequence[Entry], numbers: Mapping[int, Numbered]) -> Laid:
    """Where the entries of the list `name` come to stand in this document. Its samples stand right behind its place."""
    place = _find(document, name)
    page = document.pages[place]._page_box
    summary = next(one for one in page.descendants() if _attribute(one, "class") == "summary")
    blocks = [paging.Block(entry.line.height, entry.line.before, entry.line.after, entry.clings) for entry in entries]
    laid = Laid(entries, place, paging.pages(
        blocks, start=summary.border_box_y() + summary.border_height(), margin=summary.margin_bottom,
        top=page.content_box_y(), bottom=page.content_box_y() + page.height), numbers)
    for number in range(place + 1, len(document.pages)):
        kinds = {_attribute(one, "data-sample") for one in document.pages[number]._page_box.descendants()
                 if _attribute(one, "data-list") == name} - {""}
        if not kinds:
            break
        for kind in kinds:
            laid.samples.setdefault(kind, number)
        laid.last_sample = number
    return laid


def join(pdf: pydyf.PDF, lists: Sequence[Laid], holders: Sequence[pydyf.Dictionary], numbers: Sequence[int]) -> None:
    """Put the pages of all lists into the finished document and take the samples out.

    `holders` are the structure elements of the lists' places, `numbers` the running numbers of their first pages.
    """
    references = list(pdf.page_references)
    headings = [_bookmarks(pdf, references, laid) for laid in lists]
    dropped = {references[page] for laid in lists for page in range(laid.first_page + 1, laid.last_sample + 1)}
    feet: list[Mapping[int, Numbered]] = []
    for laid in lists:
        # A list without samples of its own has the feet of the one before it, of the same language.
        feet.append(_feet(pdf, references, laid) or feet[-1])
    _drop(pdf, dropped)
    writers = {laid.first_page: _Writer(pdf, references, laid, *known)
               for laid, *known in zip(lists, holders, feet, headings, numbers, strict=True)}
    kids: list[int] = []
    for place, reference in enumerate(references):
        if reference not in dropped:
            kids.append(_number(reference))
        if place in writers:
            kids += writers[place].write()
    pdf.pages["Kids"] = pydyf.Array(part for number in kids for part in (number, 0, "R"))
    pdf.pages["Count"] = len(kids)


class _Writer:
    """Writes the pages of one list."""

    def __init__(self, pdf: pydyf.PDF, references: Sequence[bytes], laid: Laid, holder: pydyf.Dictionary,
                 feet: Mapping[int, Numbered], bookmarks: Sequence[pydyf.Dictionary], number: int) -> None:
        self._pdf, self._laid, self._feet, self._number = pdf, laid, feet, number
        self._first = _object(pdf, references[laid.first_page])
        self._holder = holder
        self._parent = _object(pdf, holder["P"])
        self._bookmarks = iter(bookmarks)
        self._numbers = laid.numbers
        self._owners = _object(pdf, _object(pdf, pdf.catalog["StructTreeRoot"])["ParentTree"])["Nums"]
        self._height = float(self._first["MediaBox"][3])
        self._structure: list[bytes] = []
        self._list: tuple[Ready, list[bytes]] | None = None

    def write(self) -> list[int]:
        """The objects that are the pages which follow the first one."""
        made: list[int] = []
        for place, page in enumerate(self._laid.pages):
            if place:
                made.append(self._new_page(page, self._number + place))
            else:
                self._continue_first(page)
        self._close_list()
        kids = self._parent["K"]
        at = [_number(kid) for kid in kids].index(self._holder.number)
        self._parent["K"] = pydyf.Array([*kids[:at], *self._structure, *kids[at + 1:]])
        self._holder.clear()
        return made

    def _continue_first(self, page: Sequence[tuple[int, float]]) -> None:
        stream = _object(self._pdf, self._first["Contents"])
        owners = self._owners[2 * list(self._owners[::2]).index(self._first["StructParents"]) + 1]
        reference = f"{self._first.number} 0 R".encode()
        operations, marks = self._painted(page, reference, len(owners))
        stream.stream.append(operations.encode("ascii"))
        owners.extend(marks)

    def _new_page(self, page: Sequence[tuple[int, float]], number: int) -> int:
        made = pydyf.Dictionary({key: value for key, value in self._first.items() if key != "Annots"})
        self._pdf.add_object(made)
        reference = b"%d 0 R" % made.number
        operations, marks = self._painted(page, reference, 0)
        contents = Packed(f"{self._feet[len(str(number))].filled(number)}\n{operations}")
        self._pdf.add_object(contents)
        made["Contents"] = contents.reference
        made["StructParents"] = max(self._owners[::2]) + 1
        self._owners.append(made["StructParents"])
        self._owners.append(pydyf.Array(marks))
        return int(made.number)

    def _painted(self, page: Sequence[tuple[int, float]], reference: bytes, mark: int) -> tuple[str, list[bytes]]:
        """The operations of what stands on a page, and the owners of its marks, which are counted from `mark`."""
        painted = [f"q\n{_SCALE} 0 0 {_SCALE} 0 0 cm"]
        owners: list[bytes] = []
        for place, down in page:
            entry = self._laid.entries[place]
            painted.append(f"q\n1 0 0 1 0 {down:.4f} cm\nq")
            if entry.kind == "LI":
                self._entry(entry.line, entry.number, reference, mark, painted, owners)
            else:
                self._block(entry, reference, mark, painted, owners)
            if entry.kind == "H3":
                destination = next(self._bookmarks)["Dest"]
                destination[0], destination[3] = reference, self._height - _SCALE * down
            painted.append("Q\nQ")
        painted.append("Q")
        return "\n".join(painted), owners

    def _entry(self, line: Fragment, number: int, page: bytes, mark: int, painted: list[str],
               owners: list[bytes]) -> None:
        holder, kids = self._open_list()
        item, label, body = Ready(), Ready(), Ready()
        for made in (item, label, body):
            self._pdf.add_object(made)
        item.content = b"<</S/LI/P %s/Pg %s/K[%s %s]>>" % (holder.reference, page, label.reference, body.reference)
        label.content = b"<</S/Lbl/P %s/Pg %s/K[%d]>>" % (item.reference, page, mark + len(owners))
        self._paint_number(number, label.reference, mark, painted, owners)
        inside = self._paint(line, body.reference, page, mark, painted, owners)
        body.content = b"<</S/LBody/P %s/Pg %s/K[%s]%s>>" % (item.reference, page, inside, _lang(line.language))
        kids.append(item.reference)

    def _block(self, entry: Entry, page: bytes, mark: int, painted: list[str], owners: list[bytes]) -> None:
        """A heading or a paragraph: its number, if it has one, is the first thing in it."""
        self._close_list()
        made = Ready()
        self._pdf.add_object(made)
        inside = b""
        if entry.number:
            inside = b"%d " % (mark + len(owners))
            self._paint_number(entry.number, made.reference, mark, painted, owners)
        inside += self._paint(entry.line, made.reference, page, mark, painted, owners)
        made.content = b"<</S/%s/P %d 0 R/Pg %s/K[%s]%s>>" % (
            entry.kind.encode(), self._parent.number, page, inside, _lang(entry.line.language))
        self._structure.append(made.reference)

    def _paint_number(self, number: int, owner: bytes, mark: int, painted: list[str], owners: list[bytes]) -> None:
        told = self._numbers[len(str(number))].filled(number)
        painted.append(f"/Span <</MCID {mark + len(owners)}>> BDC\n{told}\nEMC")
        owners.append(owner)

    def _paint(self, fragment: Fragment, owner: bytes, page: bytes, mark: int, painted: list[str],
               owners: list[bytes]) -> bytes:
        """Paint a fragment; its runs in another language get an element of their own below `owner`. What the owner
        holds."""
        inside: list[bytes] = []
        for language, operations, fresh in fragment.runs:
            number = mark + len(owners)
            if fresh:
                painted.append("Q\nq")
            painted.append(f"/Span <</MCID {number}>> BDC\n{operations}\nEMC")
            if language:
                span = Ready(b"<</S/Span/P %s/Pg %s/K[%d]%s>>" % (owner, page, number, _lang(language)))
                self._pdf.add_object(span)
                inside.append(span.reference)
                owners.append(span.reference)
            else:
                inside.append(b"%d" % number)
                owners.append(owner)
        return b" ".join(inside)

    def _open_list(self) -> tuple[Ready, list[bytes]]:
        if self._list is None:
            made = Ready()
            self._pdf.add_object(made)
            self._structure.append(made.reference)
            self._list = made, []
        return self._list

    def _close_list(self) -> None:
        if self._list is not None:
            holder, kids = self._list
            holder.content = b"<</S/L/P %d 0 R/K[%s]>>" % (self._parent.number, b" ".join(kids))
            self._list = None


def _lang(language: str) -> bytes:
    return b"/Lang(%s)" % language.encode("ascii") if language else b""


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
        contents = _object(pdf, _object(pdf, page)["Contents"])
        contents.stream = []
        _object(pdf, page).clear()
    for number in elements:
        pdf.objects[number].clear()


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
