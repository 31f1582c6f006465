"""Paragraphs, runs and styles of a DOCX file, each with its direction. Knows no letter and no list."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from coalition.documents.words import language_of_text
from coalition.i18n import Direction, direction_of_text

_FONT = "Times New Roman"
_GREY, _BLUE = RGBColor(0x4D, 0x56, 0x64), RGBColor(0x1C, 0x3F, 0x66)

# Name, points, space before and after in points, hanging indent in mm, and what else is set.
_STYLES: tuple[tuple[str, float, float, float, float, dict[str, Any]], ...] = (
    ("Notice", 9, 0, 18, 0, {"color": _GREY, "italic": True}),
    ("Logo", 11, 0, 12, 0, {"centred": True}),
    ("Letterhead", 15, 0, 18, 0, {"color": _BLUE, "bold": True, "centred": True}),
    ("Dateline", 11, 0, 16, 0, {"at_end": True}),
    ("Addressee", 11, 0, 10, 0, {}),
    ("Remark", 10, 0, 6, 0, {"color": _GREY}),
    ("Text", 11, 0, 9, 0, {}),
    ("Item", 11, 0, 4, 7, {}),
    ("Quotation", 11, 0, 9, 0, {"indent": 8}),
    ("Closing words", 11, 12, 12, 0, {}),
    ("Signatory", 10.5, 0, 5, 9, {}),
    ("Statement", 10, 0, 3, 0, {"indent": 9}),
    ("Member", 9.5, 0, 1, 9, {"indent": 18}),
    ("Code", 8.5, 0, 2, 0, {"color": _GREY}),
)


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one look. Line feeds become line breaks, tabs stay tabs."""

    text: str
    bold: bool = False
    italic: bool = False
    struck: bool = False
    link: str = ""


class Writer:
    """Writes paragraphs at the end of a document, in the document's direction unless told another."""

    def __init__(self, document: Document, direction: Direction) -> None:
        self.direction = direction
        self._part = document.part
        self._end = document.element.body.sectPr
        self._styles = {style.name: style.style_id for style in document.styles}

    def write(self, style: str, runs: Sequence[Run], direction: Direction | None = None, *,
              on_new_page: bool = False, indent_mm: float = 0) -> None:
        """One paragraph. Without a direction it runs as its first strong letter does."""
        self._end.addprevious(
            self.paragraph(style, runs, direction, on_new_page=on_new_page, indent_mm=indent_mm))

    def write_table(self, rows: Sequence[Sequence[Sequence[Run]]]) -> None:
        """A table of texts; the first row is its head."""
        table = OxmlElement("w:tbl")
        properties = OxmlElement("w:tblPr")
        table.append(properties)
        if self.direction == "rtl":
            properties.append(OxmlElement("w:bidiVisual"))
        properties.append(_with(OxmlElement("w:tblW"), type="auto", w="0"))
        grid = OxmlElement("w:tblGrid")
        for _column in max(rows, key=len, default=()):
            grid.append(OxmlElement("w:gridCol"))
        table.append(grid)
        for row in rows:
            line = OxmlElement("w:tr")
            for cell in row:
                box = OxmlElement("w:tc")
                box.append(self.paragraph("Text", cell, None))
                line.append(box)
            table.append(line)
        self._end.addprevious(table)

    def write_picture(self, style: str, png: bytes, alternative: str, *, within_mm: tuple[float, float]) -> None:
        """A paragraph of one picture, as large as fits into so many millimetres, and what a voice says in its place."""
        _part, picture = self._part.get_or_add_image(io.BytesIO(png))
        scale = min(Mm(within_mm[0]) / picture.width, Mm(within_mm[1]) / picture.height)
        inline = self._part.new_pic_inline(io.BytesIO(png), int(picture.width * scale), int(picture.height * scale))
        inline.docPr.set("descr", alternative)
        element, run, drawing = self.paragraph(style, [], self.direction), OxmlElement("w:r"), OxmlElement("w:drawing")
        drawing.append(inline)
        run.append(drawing)
        element.append(run)
        self._end.addprevious(element)

    def paragraph(self, style: str, runs: Sequence[Run], direction: Direction | None, *,
                  on_new_page: bool = False, indent_mm: float = 0) -> Any:
        """The element of one paragraph, not yet in the document."""
        direction = direction or direction_of_text("".join(run.text for run in runs), self.direction)
        element, properties = OxmlElement("w:p"), OxmlElement("w:pPr")
        properties.append(_with(OxmlElement("w:pStyle"), val=self._styles[style]))
        if on_new_page:
            properties.append(OxmlElement("w:pageBreakBefore"))
        if direction == "rtl":
            properties.append(OxmlElement("w:bidi"))
        if indent_mm:
            properties.append(_with(OxmlElement("w:ind"), start=str(round(Mm(indent_mm).twips))))
        element.append(properties)
        for run in runs:
            parent = self._linked(element, run.link) if run.link else element
            parent.append(_run(run, direction))
        return element

    def _linked(self, paragraph: Any, address: str) -> Any:
        link = OxmlElement("w:hyperlink")
        link.set(qn("r:id"), self._part.relate_to(address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        paragraph.append(link)
        return link


def prepare(document: Document, direction: Direction, foot: str) -> None:
    """Give an empty document its page, styles and the line at the foot of each page."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(30)
    section.top_margin = section.bottom_margin = Mm(27)
    if direction == "rtl":
        section._sectPr.append(OxmlElement("w:bidi"))
    normal = document.styles["Normal"]
    _set_font(normal, 11)
    for level, points in ((1, 15), (2, 14), (3, 12), (4, 11)):
        heading = document.styles[f"Heading {level}"]
        _set_font(heading, points)
        heading.font.color.rgb = RGBColor(0x1A, 0x22, 0x30)
        heading.paragraph_format.space_before, heading.paragraph_format.space_after = Pt(14), Pt(8)
    for name, points, before, after, hanging, more in _STYLES:
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _set_font(style, points)
        _shape(style, before, after, hanging, more)
    footer = section.footer
    paragraph = footer.paragraphs[0]
    paragraph._p.addprevious(Writer(document, direction).paragraph("Code", [Run(foot)], None))
    paragraph._p.getparent().remove(paragraph._p)


def _shape(style: Any, before: float, after: float, hanging: float, more: dict[str, Any]) -> None:
    layout = style.paragraph_format
    layout.space_before, layout.space_after = Pt(before), Pt(after)
    indent = more.get("indent", hanging)
    if indent:
        layout.left_indent = Mm(indent)
        layout.first_line_indent = Mm(-hanging) if hanging else None
        layout.tab_stops.add_tab_stop(Mm(indent))
    if more.get("centred"):
        layout.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if more.get("at_end"):
        # In a paragraph that runs from the right, Word takes this for its other side, as is meant.
        layout.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    style.font.bold, style.font.italic = more.get("bold"), more.get("italic")
    if "color" in more:
        style.font.color.rgb = more["color"]


def _set_font(style: Any, points: float) -> None:
    """The face and size for all scripts: right-to-left text has settings of its own in these files."""
    style.font.name, style.font.size = _FONT, Pt(points)
    properties = style.element.get_or_add_rPr()
    fonts = properties.find(qn("w:rFonts"))
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(name), None)
    fonts.set(qn("w:cs"), _FONT)
    for element in properties.findall(qn("w:szCs")):
        properties.remove(element)
    size = _with(OxmlElement("w:szCs"), val=str(round(points * 2)))
    properties.find(qn("w:sz")).addnext(size)


def _run(run: Run, around: Direction) -> Any:
    element, properties = OxmlElement("w:r"), OxmlElement("w:rPr")
    for name in [*(("w:b", "w:bCs") if run.bold else ()), *(("w:i", "w:iCs") if run.italic else ()),
                 *(("w:strike",) if run.struck else ())]:
        properties.append(OxmlElement(name))
    if run.link:
        properties.append(_with(OxmlElement("w:u"), val="single"))
    # Numbers and marks alone follow the line they stand in.
    if direction_of_text(run.text, around) == "rtl":
        properties.append(OxmlElement("w:rtl"))
    language = language_of_text(run.text, "")
    if language and not language.startswith("und"):
        side = {"ar": "bidi", "zh": "eastAsia"}.get(language, "val")
        properties.append(_with(OxmlElement("w:lang"), **{side: language}))
    element.append(properties)
    for index, line in enumerate(run.text.split("\n")):
        if index:
            element.append(OxmlElement("w:br"))
        for place, piece in enumerate(line.split("\t")):
            if place:
                element.append(OxmlElement("w:tab"))
            if piece:
                text = OxmlElement("w:t")
                text.text = piece
                text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                element.append(text)
    return element


def _with(element: Any, **attributes: str) -> Any:
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element
