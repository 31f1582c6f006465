"""The signatory list as an XLSX file: the list, the member lists, and what it is the list of.

Every text is a text to the spreadsheet, whatever it begins with: nothing a signer typed is ever a formula.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet
from openpyxl.writer.excel import ExcelWriter

from coalition.documents import exports
from coalition.documents.office import without_times
from coalition.documents.snapshot import Snapshot
from coalition.i18n import direction_of_language

_WIDTHS = {"printed_line": 80, "organisation": 45, "description": 45, "signatory": 28, "other_script": 28,
           "stated_text": 45}  # fmt: skip
_USUAL_WIDTH = 16
# What a cell can hold; more would be cut off in silence.
_LONGEST = 32_767


def as_xlsx(snapshot: Snapshot) -> bytes:
    """The workbook: sheets Signatories (the columns of the CSV file), Members, Edition. Equal snapshots give
    equal bytes."""
    book = Workbook(write_only=True)
    book.properties.title = snapshot.subject
    book.properties.creator = snapshot.letterhead or "coalition"
    book.properties.created = book.properties.modified = snapshot.frozen_time.replace(tzinfo=None)
    _sheet(book, "Signatories", exports.COLUMNS, exports.rows_of(snapshot), snapshot.language)
    _sheet(book, "Members", exports.MEMBER_COLUMNS, exports.members_of(snapshot), snapshot.language)
    _sheet(book, "Edition", ("key", "value"), _facts(snapshot), "en")
    written = io.BytesIO()
    # What `save` of the book does, without the time of day it would write into the file.
    ExcelWriter(book, zipfile.ZipFile(written, "w")).save()
    return without_times(written.getvalue())


def _sheet(book: Workbook, name: str, columns: Sequence[str], rows: Iterable[Sequence[object]],
           language: str) -> None:
    sheet: WriteOnlyWorksheet = book.create_sheet(name)
    sheet.freeze_panes = "A2"
    sheet.sheet_view.rightToLeft = direction_of_language(language) == "rtl"
    for place, column in enumerate(columns):
        letter = chr(ord("A") + place)
        sheet.column_dimensions[letter].width = _WIDTHS.get(column, _USUAL_WIDTH)
    head = [WriteOnlyCell(sheet, value=column) for column in columns]
    for cell in head:
        cell.font = Font(bold=True)
    sheet.append(head)
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])


def _cell(sheet: WriteOnlyWorksheet, value: object) -> object:
    """A number as a number, everything else as text that stays text when somebody edits it."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    text = str(value)[:_LONGEST]
    # What begins otherwise the library takes for text by itself, and faster.
    if not text.startswith((*exports.FORMULA_STARTS, "#")):
        return text
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    cell.quotePrefix = True
    return cell


def _facts(snapshot: Snapshot) -> Iterable[tuple[object, object]]:
    yield "letter", snapshot.letter
    yield "subject", snapshot.subject
    yield "version", snapshot.version
    yield "source_sha256", snapshot.source_sha256
    yield "edition", snapshot.edition if snapshot.edition is not None else "none: the list as it stood then"
    yield "edition_id", snapshot.edition_id
    yield "audience", snapshot.audience
    yield "frozen_at", snapshot.frozen_at
    yield "sha256", snapshot.sha256 if snapshot.edition is not None else ""
    yield "verify", snapshot.verify_address
    yield "sealed", "no: only the PDF of an edition carries the seal"
    for name, number in snapshot.counts.as_dict().items():
        yield name, "" if number is None else number
