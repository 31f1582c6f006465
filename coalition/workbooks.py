"""XLSX bytes to the cells of the first sheet that is shown. The archive is judged by its directory before anything
is unpacked, and its XML by a parser that refuses declarations; only then does openpyxl see it.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

# Names only: what parses is defusedxml.
from xml.sax import SAXException  # nosec B406
from xml.sax.handler import ContentHandler  # nosec B406

from defusedxml import DefusedXmlException, sax

from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.late import late

openpyxl = late("openpyxl")

#: A row's number, and the text of its cells.
Cells = tuple[int, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is read: bytes of the file, rows, columns, characters of a cell; and of an XLSX file its members
    and their bytes when unpacked."""

    size: int = 5_000_000
    rows: int = 10_000
    columns: int = 60
    cell: int = 5_000
    members: int = 500
    unpacked: int = 60_000_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows of one sheet, its title, and the titles of those that were not read."""

    rows: list[Cells]
    title: str
    left_out: tuple[str, ...]


def first_sheet(data: bytes, limits: Limits) -> Sheet:
    """What the first visible sheet that holds anything shows. Raises `Invalid` for everything else.

    Formulas give the value they showed when the file was saved. A cell merged over several rows holds for each of
    them; merged over columns, it stands in its first.
    """
    merged = _checked(data, limits)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of styles and validations it does not keep
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            try:
                return _first_of(book, merged, limits)
            finally:
                book.close()
    except Invalid:
        raise
    except MemoryError:
        raise
    except Exception as trouble:
        # openpyxl raises whatever its parts do at a damaged file: KeyError, ValueError, TypeError, BadZipFile ...
        raise _damaged() from trouble


def too_many_rows(limits: Limits) -> Invalid:
    return Invalid(_("This table has more than %(number)s rows: cut it into several files.", number=limits.rows))


def _checked(data: bytes, limits: Limits) -> dict[str, list[str]]:
    """The merged ranges of each member. Raises `Invalid` for an archive that is no workbook, or a dangerous one."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_directory(members, limits)
            return {member.filename: _merged_in(archive, member) for member in members
                    if member.filename.endswith((".xml", ".rels"))}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zipfile.zlib.error) as trouble:
        raise _damaged() from trouble
    except DefusedXmlException as trouble:
        raise Invalid(_("This workbook holds declarations that no spreadsheet program writes. It was not read: save "
                        "the table anew as CSV.")) from trouble
    except SAXException as trouble:
        raise _damaged() from trouble


def _check_directory(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    names = {member.filename for member in members}
    if len(members) > limits.members or sum(member.file_size for member in members) > limits.unpacked:
        raise Invalid(_("This workbook is too large when unpacked. It was not read: save the sheet you need as CSV."))
    if any(member.flag_bits & 1 for member in members):
        raise Invalid(_("This file is protected by a password. Save it without one, then choose it again."))
    if "xl/workbook.xml" not in names:
        raise Invalid(_("This is not an Excel workbook (.xlsx). Save the table as one, or as CSV, then choose it "
                        "again."))
    if len(names) != len(members):
        raise _damaged()


class _MergedCells(ContentHandler):
    """Listens for merged ranges; that it hears the whole member is what makes declarations in it known."""

    def __init__(self) -> None:
        super().__init__()
        self.ranges: list[str] = []

    def startElement(self, name: str, attributes: Any) -> None:
        if name.rpartition(":")[2] == "mergeCell" and "ref" in attributes:
            self.ranges.append(attributes["ref"])


def _merged_in(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> list[str]:
    handler = _MergedCells()
    with archive.open(member) as stream:
        sax.parse(stream, handler, forbid_dtd=True)
    return handler.ranges


def _first_of(book: Any, merged: dict[str, list[str]], limits: Limits) -> Sheet:
    titles = [sheet.title for sheet in book.worksheets]
    shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for sheet in shown:
        rows = _rows_of(sheet, limits)
        if rows:
            _fill_down(rows, merged.get(sheet._worksheet_path.lstrip("/"), []))
            cells = [(number, tuple(row)) for number, row in sorted(rows.items())]
            return Sheet(cells, sheet.title, tuple(title for title in titles if title != sheet.title))
    raise Invalid(_("This workbook has no visible sheet with anything in it."))


def _rows_of(sheet: Any, limits: Limits) -> dict[int, list[str]]:
    """The rows that hold anything, by number. What the sheet says of its own size is not believed."""
    sheet.reset_dimensions()
    rows: dict[int, list[str]] = {}
    for number, values in enumerate(sheet.iter_rows(values_only=True), start=1):
        texts = [_shown(value) for value in values]
        while texts and not texts[-1]:
            texts.pop()
        if not texts:
            if number > 20 * limits.rows:
                raise too_many_rows(limits)
            continue
        if len(rows) >= limits.rows:
            raise too_many_rows(limits)
        rows[number] = texts
    return rows


def _fill_down(rows: dict[int, list[str]], ranges: list[str]) -> None:
    for written in ranges:
        column, first, _last_column, last = openpyxl.utils.cell.range_boundaries(written)
        value = rows.get(first, [])[column - 1:column]
        if not value:
            continue
        # A range may name a million rows; only those with something in them are rows of the table.
        for number in [number for number in rows if first < number <= last]:
            cells = rows[number]
            cells.extend([""] * (column - len(cells)))
            cells[column - 1] = cells[column - 1] or value[0]


def _shown(value: Any) -> str:
    """A value as its cell would show it, dates in figures."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d") if value.time() == time() else value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date | time | timedelta):
        return str(value)
    return str(value)


def _damaged() -> Invalid:
    return Invalid(_("This workbook is damaged and cannot be read. Open it in a spreadsheet program, save it anew, "
                     "then choose it again."))
