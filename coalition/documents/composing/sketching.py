"""Items drawn one below the other on an endless page, and cut apart again. In the typesetter's process only.

It takes the operations from WeasyPrint's own drawing, by the marks WeasyPrint sets around each text box.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import pydyf
from weasyprint.pdf.stream import Stream

from coalition.documents.composing.fragments import Fragment, Glyph, Run, told

_MATRIX = re.compile(r"^1 0 0 -1 (\S+) (\S+) Tm$")
_FONT = re.compile(r"^/(\S+) \S+ Tf$")
_GLYPHS = re.compile(r"<([0-9a-f]+)>")
# Between two glyphs that stand as they are.
_NO_KERNING = re.compile(r">0<")
_TAGS = ("li", "h3", "p")


class _Heard(dict[int, str]):
    """A font's glyphs with their texts, that asks to be told each time anew: what a glyph stands for is then known
    entry by entry, not by whoever came first."""

    def __init__(self, heard: Callable[[int, str], None]) -> None:
        super().__init__()
        self._heard = heard

    def __contains__(self, glyph: object) -> bool:
        return False

    def __setitem__(self, glyph: int, text: str) -> None:
        super().__setitem__(glyph, text)
        self._heard(glyph, text)


class _Fonts(dict[Any, Any]):
    """The fonts of a document, each of which tells which glyphs it is asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: dict[tuple[str, int], str] = {}

    def __setitem__(self, key: object, font: Any) -> None:
        font.to_unicode = _Heard(lambda glyph, text: self.heard.setdefault((font.hash, glyph), text) and None)
        super().__setitem__(key, font)


def fragments(document: Any) -> Iterator[Fragment]:
    """The items of a document whose items are list items and headings, in their order."""
    (page,) = document.pages
    fonts, marks = _Fonts(), dict[Any, dict[str, Any]]()
    resources = pydyf.Dictionary({"ExtGState": pydyf.Dictionary(), "XObject": pydyf.Dictionary(),
                                  "Pattern": pydyf.Dictionary(), "Shading": pydyf.Dictionary(), "ColorSpace": "null"})
    stream = _Watched(fonts, (0, 0, page.width, page.height), resources, {}, marks, document.color_profiles,
                      document.output_intent)
    page.paint(stream)
    widths = {(font.hash, glyph): width for font in fonts.values() for glyph, width in font.widths.items()}
    pieces = _marked(stream)
    for box in _items(page._page_box):
        yield _fragment(box, marks, pieces, widths)


class _Watched(Stream):  # type: ignore[misc]
    """A stream that remembers, by mark, which glyphs were asked for while it was open."""

    def __init__(self, fonts: _Fonts, *arguments: Any) -> None:
        super().__init__(fonts, *arguments)
        self._listening = fonts
        self.heard: dict[int, dict[tuple[str, int], str]] = {}

    @contextmanager
    def marked(self, box: Any, tag: str) -> Iterator[None]:
        self._listening.heard = self.heard[len(self._tags)] = {}
        with super().marked(box, tag):
            yield


def _marked(stream: _Watched) -> Mapping[int, tuple[list[str], bool, dict[tuple[str, int], str]]]:
    """What stands between the marks, by their numbers, and whether the state before it was left since the last."""
    found: dict[int, tuple[list[str], bool, dict[tuple[str, int], str]]] = {}
    inside: list[str] | None = None
    fresh, number = True, -1
    operations = iter(stream.stream)
    for operation in operations:
        if isinstance(operation, pydyf.Dictionary) and "MCID" in operation:
            number, inside = operation["MCID"], []
            next(operations)  # BDC
        elif operation == b"EMC" and inside is not None:
            if inside != ["BT", "ET"]:
                found[number] = (inside, fresh, stream.heard[number])
                fresh = False
            inside = None
        elif inside is not None:
            inside.append(operation.decode("ascii") if isinstance(operation, bytes) else str(operation))
        elif operation == b"Q":
            fresh = True
    return found


def _items(box: Any) -> Iterator[Any]:
    for child in getattr(box, "children", ()):
        if child.element_tag in _TAGS and child.element is not None:
            yield child
        else:
            yield from _items(child)


def _fragment(item: Any, marks: Mapping[Any, Any], pieces: Mapping[int, Any], widths: Mapping[tuple[str, int], int]
              ) -> Fragment:
    top = item.border_box_y()
    whole = _language(item)
    runs: list[Run] = []
    glyphs: dict[tuple[str, int], str] = {}
    for box, language in _texts(item, ""):
        piece = pieces.get(marks[box]["mcid"]) if box in marks else None
        if piece is None:
            continue
        operations, fresh, heard = piece
        painted = "\n".join(_moved(operation, top) for operation in operations)
        own = "" if language == whole else language
        if runs and not fresh and runs[-1].language == own:
            runs[-1] = runs[-1]._replace(operations=f"{runs[-1].operations}\n{painted}")
        else:
            runs.append(Run(own, painted, fresh))
        for glyph, text in heard.items():
            glyphs.setdefault(glyph, text)
    return Fragment(
        height=round(item.border_height(), 4), before=round(item.margin_top, 4), after=round(item.margin_bottom, 4),
        language=whole, runs=tuple(runs),
        glyphs=told((face, Glyph(glyph, widths[face, glyph], text)) for (face, glyph), text in glyphs.items()))


def _language(box: Any) -> str:
    """What the line as a whole is in: the language of the item or of its one paragraph, empty for that around it."""
    while box.element is not None:
        if language := box.element.attrib.get("lang"):
            return str(language)
        box = next((child for child in getattr(box, "children", ())
                    if child.element is not box.element and child.element_tag == "p"), None)
        if box is None:
            break
    return ""


def _texts(box: Any, language: str) -> Iterator[tuple[Any, str]]:
    """The boxes that may hold text, in their order, with the language each is in."""
    if hasattr(box, "_box"):  # what stands in for a box placed absolutely
        box = box._box
    if box.element is not None:
        language = box.element.attrib.get("lang", language)
    children: Sequence[Any] = getattr(box, "children", ())
    if not children:
        yield box, language
    for child in children:
        yield from _texts(child, language)


def _moved(operation: str, top: float) -> str:
    if matrix := _MATRIX.match(operation):
        across, down = (float(part) for part in matrix.groups())
        return f"1 0 0 -1 {across:.4f} {down - top:.4f} Tm"
    return _NO_KERNING.sub("", operation) if operation.endswith(" TJ") else operation
