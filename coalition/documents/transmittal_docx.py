"""The mission's draft as a Word file, for the mission to set on its own paper. The same draft, the same bytes."""

from __future__ import annotations

import zipfile
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

from coalition.documents.transmittal import Draft

_PAPERS = {"A4": (Mm(210), Mm(297)), "Letter": (Mm(215.9), Mm(279.4))}
_MUTED = RGBColor(0x4D, 0x56, 0x64)
#: Nothing in the file may tell when it was drawn: zip archives cannot name a time before 1980.
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def draft_docx(draft: Draft) -> bytes:
    """The draft with its notes set apart in grey. Typefaces are those every office has."""
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
    return _without_time(word)


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
    language = OxmlElement("w:lang")
    language.set(qn("w:val"), "en-GB")
    normal.element.get_or_add_rPr().append(language)
    made = datetime.fromisoformat(f"{draft.dated_on}T12:00:00")
    about = word.core_properties
    about.title, about.author, about.last_modified_by = draft.heading, "", ""
    about.comments, about.language = draft.note, "en-GB"
    about.created = about.modified = made


def _set(word: Word, text: str, shape: Callable[[Paragraph], None], style: str | None = None) -> Paragraph:
    paragraph = word.add_paragraph(text, style=style)
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


def _without_time(word: Word) -> bytes:
    """The file with fixed times in its archive."""
    written, fixed = BytesIO(), BytesIO()
    word.save(written)
    with zipfile.ZipFile(written) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(entry, source.read(name))
    return fixed.getvalue()
