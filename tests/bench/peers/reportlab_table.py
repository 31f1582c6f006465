"""A table by ReportLab, neither tagged nor PDF/A. It joins no Arabic letters and draws no CFF font: Chinese is set in a
font that it takes to be at the reader's."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate

_FONTS = ("serif", "arabic")


class _Numbered(Canvas):  # type: ignore[misc]
    """Keeps the pages until their number is known."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._pages: list[dict[str, Any]] = []

    def showPage(self) -> None:
        self._pages.append(dict(self.__dict__))
        self._startPage()

    def save(self) -> None:
        for number, page in enumerate(self._pages, 1):
            self.__dict__.update(page)
            self.setFont("serif", 8)
            self.drawString(18 * mm, A4[1] - 14 * mm, self._doc.info.title)
            self.drawRightString(A4[0] - 18 * mm, 12 * mm, f"Page {number} of {len(self._pages)}")
            super().showPage()
        super().save()


def _face(text: str) -> str:
    if any("\u0600" <= character <= "\u06ff" for character in text):
        return "arabic"
    return "STSong-Light" if any("\u4e00" <= character <= "\u9fff" for character in text) else "serif"


def _words(text: str) -> str:
    return f'<font face="{_face(text)}">{escape(text)}</font>'


def main(source: str, target: str) -> None:
    document: dict[str, Any] = json.loads(Path(source).read_text("utf-8"))
    for name in _FONTS:
        pdfmetrics.registerFont(TTFont(name, document["fonts"][name]))
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    style = ParagraphStyle("cell", fontName="serif", fontSize=9, leading=11)
    cells: list[list[Any]] = [["No.", "Organisation", "Signatory", "Country"]]
    for number, organisation, represents, signatory, title, country in document["rows"]:
        stands = f'<br/><font size="7.5">{_words(represents)}</font>' if represents else ""
        person = f'{_words(signatory)}<br/><font size="7.5">{_words(title)}</font>' if signatory else ""
        cells.append([str(number), Paragraph(_words(organisation) + stands, style), Paragraph(person, style),
                      Paragraph(_words(country), style)])
    table = LongTable(cells, colWidths=[12 * mm, 72 * mm, 54 * mm, 36 * mm], repeatRows=1,
                      style=[("FONT", (0, 0), (-1, -1), "serif", 9), ("VALIGN", (0, 0), (-1, -1), "TOP"),
                             ("LINEBELOW", (0, 0), (-1, -1), 0.3, "grey")])
    SimpleDocTemplate(target, pagesize=A4, title=document["title"], leftMargin=18 * mm, rightMargin=18 * mm,
                      topMargin=22 * mm, bottomMargin=22 * mm).build([table], canvasmaker=_Numbered)


main(*sys.argv[1:])
