"""The mission's draft as a Word file, for the mission to set on its own paper. The same draft, the same bytes."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from io import BytesIO

from docx import Document
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from coalition.documents.office import without_times
from coalition.documents.transmittal import Draft
from coalition.i18n import direction_of_language, direction_of_text

_PAPERS = {"A4": (Mm(210), Mm(297)), "Letter": (Mm(215.9), Mm(279.4))}
_MUTED = RGBColor(0x4D, 0x56, 0x64)
#: The language of the file as office programs name it.
_SPOKEN = {"ar": "ar-SA", "en": "en-GB", "es": "es-ES", "fr": "fr-FR", "nb": "nb-NO", "ru": "ru-RU", "zh": "zh-CN"}
#: What stands between the marks of isolation is of another direction: office programs know no such marks.
_ISOLATED = re.compile("\u2068(.*?)\u2069")


def draft_docx(draft: Draft) -> bytes:
    """The draft with its notes set apart in grey, in the direction of its language. Typefaces are those every
    office has."""
    word = Document()
    _prepare(word, draft)
    _note(word, draft.note)
    _set(word, draft.heading, lambda paragraph: _bold(paragraph, 13, after=18, before=24), style="Heading 1")
    for text in draft.paragraphs:
        _set(word, text, _indented)
    signed = _set(word, "(", _at_the_end)
    signed.paragraph_format.space_before = Pt(24)
    signed.paragraph_format.space_after = Pt(0)
    signed.add_run(draft.signed.strip("()")).italic = True
    signed.add_run(f") {draft.name}")
    _set(word, draft.title, _at_the_end)
    _note(word, draft.annex_note, before=48)
    _set(word, draft.annex_heading, lambda paragraph: _bold(paragraph, 12, after=6, before=6), style="Heading 2")
    if draft.original:
        _set(word, draft.original, _at_the_end)
    if direction_of_language(draft.language) == "rtl":
        _turn(word)
    written = BytesIO()
    word.save(written)
    return without_times(written.getvalue())


def _prepare(word: Word, draft: Draft) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = _PAPERS[draft.paper]
    section.left_margin = section.right_margin = Mm(30)
    section.top_margin = section.bottom_margin = Mm(26)
    normal = word.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(12)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    # Arabic and Chinese names must not fall back to whatever the reader's machine happens to have first.
    for script in ("w:cs", "w:eastAsia"):
        fonts.set(qn(script), "Times New Roman")
    spoken = _SPOKEN[draft.language]
    language = OxmlElement("w:lang")
    for script in ("w:val", "w:eastAsia", "w:bidi"):
        language.set(qn(script), spoken)
    normal.element.get_or_add_rPr().append(language)
    made = datetime.fromisoformat(f"{draft.dated_on}T12:00:00")
    about = word.core_properties
    about.title, about.author, about.last_modified_by = draft.heading, "", ""
    about.comments, about.language = draft.note, spoken
    about.created = about.modified = made


def _set(word: Word, text: str, shape: Callable[[Paragraph], None], style: str | None = None) -> Paragraph:
    paragraph = word.add_paragraph(style=style)
    for piece in _ISOLATED.split(text):
        if piece:
            paragraph.add_run(piece)
    paragraph.paragraph_format.space_after = Pt(9)
    shape(paragraph)
    return paragraph


def _bold(paragraph: Paragraph, size: int, *, before: int, after: int) -> None:
    paragraph.paragraph_format.space_before, paragraph.paragraph_format.space_after = Pt(before), Pt(after)
    for run in paragraph.runs:
        run.bold, run.font.size, run.font.name = True, Pt(size), "Times New Roman"
        run.font.color.rgb = RGBColor(0, 0, 0)


def _indented(paragraph: Paragraph) -> None:
    paragraph.paragraph_format.first_line_indent = Mm(10)


def _at_the_end(paragraph: Paragraph) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _note(word: Word, text: str, *, before: int = 0) -> None:
    paragraph = _set(word, text, lambda _paragraph: None)
    paragraph.paragraph_format.space_before = Pt(before)
    for run in paragraph.runs:
        run.font.size, run.font.color.rgb = Pt(9), _MUTED


def _turn(word: Word) -> None:
    """Set everything from the right; what is written from the left stays so within its line."""
    word.sections[0]._sectPr.append(OxmlElement("w:bidi"))
    for paragraph in word.paragraphs:
        # The schema wants it before the spacing, the indent and the alignment.
        paragraph._p.get_or_add_pPr().insert_element_before(
            OxmlElement("w:bidi"), "w:spacing", "w:ind", "w:jc", "w:rPr")
        for run in paragraph.runs:
            properties = run._r.get_or_add_rPr()
            if run.bold:
                run.font.cs_bold = True
            if run.italic:
                run.font.cs_italic = True
            size = OxmlElement("w:szCs")
            size.set(qn("w:val"), str(round(2 * (run.font.size or word.styles["Normal"].font.size).pt)))
            properties.append(size)
            if direction_of_text(run.text, "rtl") == "rtl":
                run.font.rtl = True
