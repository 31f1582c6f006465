"""Tables that people send: CSV or XLSX bytes, or pasted lines, become rows of text. What the columns mean is not
known here. Everything is bounded, since the files come from anywhere; nothing is evaluated, followed or run.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass

from coalition import encodings, workbooks
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.workbooks import Cells, Limits

__all__ = ["Limits", "Row", "Table", "pasted", "read"]

#: From the likeliest to the least likely, where several would cut equally well.
_DELIMITERS = "\t;,|"
_LOOKED_AT = 50
_OLE = b"\xd0\xcf\x11\xe0"
#: Documents and pictures that are chosen by mistake, by how their bytes begin.
_NO_TABLES = (b"%PDF", b"{\\rtf", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"<!DOCTYPE", b"<!doctype", b"<html")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: `number` is the one a spreadsheet program shows beside it. A cell may hold line breaks."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows that hold anything, all equally wide. `source` says what was read: "xlsx", "pasted", or the name of
    a text's encoding; `sheet` is the title of the sheet and `left_out` those of the others, hidden ones too."""

    rows: tuple[Row, ...]
    source: str
    sheet: str = ""
    left_out: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        return len(self.rows[0].cells) if self.rows else 0


def read(data: bytes, *, encoding: str = "", limits: Limits | None = None) -> Table:
    """The table in a file's bytes; what it is is told by its content, never by its name. `encoding` overrides the
    guess for text. Raises `Invalid`, with the row where there is one, for what cannot be read or is too large."""
    limits = limits or Limits()
    if len(data) > limits.size:
        raise Invalid(_("This file is too large: at most %(number)s MB can be read.",
                        number=limits.size // 1_000_000))
    if data.startswith(b"PK"):
        sheet = workbooks.first_sheet(data, limits)
        return _table(sheet.rows, "xlsx", limits, sheet.title, sheet.left_out)
    if data.startswith(_OLE):
        raise Invalid(_("This is an old or password-protected Excel file. Save it as “Excel workbook (.xlsx)” "
                        "without a password, or as CSV, then choose it again."))
    return _text_table(data, encoding, limits)


def pasted(text: str, *, limits: Limits | None = None) -> Table:
    """The table in lines that somebody pasted. Raises `Invalid` as `read` does."""
    limits = limits or Limits()
    if len(text.encode("utf-8", "replace")) > limits.size:
        raise Invalid(_("This is too much text: at most %(number)s MB can be read.",
                        number=limits.size // 1_000_000))
    return _table(_records(text, limits), "pasted", limits)


def _text_table(data: bytes, encoding: str, limits: Limits) -> Table:
    name = encoding or encodings.encoding_of(data)
    text = encodings.decoded(data, name) if name in encodings.NAMES else None
    if text is None or data.lstrip().startswith(_NO_TABLES):
        raise Invalid(_("This file cannot be read as text. Save it as CSV in UTF-8, or as an Excel workbook (.xlsx), "
                        "then choose it again."))
    return _table(_records(text, limits), encodings.NAMES[name], limits)


def _records(text: str, limits: Limits) -> list[Cells]:
    """The records of delimited text. A line of its own may name the delimiter, as Excel writes it."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    offset, delimiter = 0, ""
    named = re.match(r'"?sep=(.)"?\n', text, re.IGNORECASE)
    if named:
        offset, delimiter, text = 1, named.group(1), text[named.end():]
    if not text.strip("".join(_DELIMITERS) + " \n"):
        return []
    delimiter = delimiter or _delimiter_of(text)
    try:
        return _cut(text, delimiter, csv.QUOTE_MINIMAL, offset, limits)
    except csv.Error as trouble:
        # Pasted names hold quotation marks of their own; where nothing else needs quoting, they are just letters.
        if delimiter in ("", "\t"):
            return _cut(text, delimiter, csv.QUOTE_NONE, offset, limits)
        raise Invalid(_("Row %(row)s: the quotation marks do not match. Each cell that begins with a quotation mark "
                        "must end with one.", row=_failing_row(text, delimiter, offset))) from trouble


def _cut(text: str, delimiter: str, quoting: int, offset: int, limits: Limits) -> list[Cells]:
    records: list[Cells] = [(number, ()) for number in range(1, offset + 1)]
    # A table of one column has no delimiter: one that cannot occur is named.
    reader = csv.reader(_lines(text), delimiter=delimiter or "\x1f", quoting=quoting, strict=True)
    for number, cells in enumerate(reader, start=offset + 1):
        if number > limits.rows:
            raise workbooks.too_many_rows(limits)
        records.append((number, tuple(cells)))
    return records


def _lines(text: str) -> list[str]:
    """Lines at line feeds only: other separators of Unicode may stand inside a cell."""
    return [line + "\n" for line in text.removesuffix("\n").split("\n")]


def _failing_row(text: str, delimiter: str, offset: int) -> int:
    number = offset + 1
    try:
        for _cells in csv.reader(_lines(text), delimiter=delimiter, strict=True):
            number += 1
    except csv.Error:
        pass
    return number


def _delimiter_of(text: str) -> str:
    """What cuts the first rows into the same number of cells, more than one, in most rows; "" when nothing does.

    Commas stand in names, too: in a list of names they cut some rows and not others.
    """
    best, delimiter = 0.0, ""
    for candidate in _DELIMITERS:
        widths = _widths(text, candidate)
        if not widths:
            continue
        width = max(set(widths), key=lambda wide: (widths.count(wide), wide))
        agreement = widths.count(width) / len(widths)
        enough = 0.5 if candidate == "\t" else 0.65
        if width > 1 and agreement >= enough and agreement > best:
            best, delimiter = agreement, candidate
    if not delimiter and "\t" in text:
        return "\t"
    return delimiter


def _widths(text: str, delimiter: str) -> list[int]:
    widths: list[int] = []
    try:
        for cells in csv.reader(_lines(text[:200_000]), delimiter=delimiter):
            if any(cell.strip() for cell in cells):
                widths.append(len(cells))
            if len(widths) == _LOOKED_AT:
                break
    except csv.Error:
        pass
    return widths


def _table(records: list[Cells], source: str, limits: Limits, sheet: str = "",
           left_out: tuple[str, ...] = ()) -> Table:
    """Cells without outer blanks, rows without anything and empty columns at the right left out."""
    rows = []
    for number, cells in records:
        bare = [_bare(cell) for cell in cells]
        for cell in bare:
            if len(cell) > limits.cell:
                raise Invalid(_("Row %(row)s: a cell holds more than %(number)s characters. Shorten it, or look "
                                "whether a quotation mark is missing.", row=number, number=limits.cell))
        if any(bare):
            rows.append((number, bare))
    if not rows:
        raise Invalid(_("This table is empty: there is nothing to read."))
    width = max(place for _number, cells in rows for place, cell in enumerate(cells, start=1) if cell)
    if width > limits.columns:
        raise Invalid(_("This table has %(width)s columns: at most %(number)s can be read.", width=width,
                        number=limits.columns))
    padded = tuple(Row(number, tuple((cells + [""] * width)[:width])) for number, cells in rows)
    return Table(padded, source, sheet, left_out)


def _bare(cell: str) -> str:
    lines = (" ".join(re.split(r"[ \t\u00a0\u202f\u3000]+", line)).strip(" \ufeff")
             for line in re.split(r"\r\n|[\r\n\v\f\u0085\u2028\u2029]", cell.replace("_x000D_", "")))
    return "\n".join(line for line in lines if line)
