"""Uploaded and pasted tables become rows of text, whatever program and language they come from."""

import contextlib
import io
import zipfile
from datetime import UTC, date, datetime

import pytest
from openpyxl import Workbook

from coalition import spreadsheets
from coalition.encodings import encoding_of
from coalition.errors import Invalid
from coalition.spreadsheets import Limits, pasted, read

WESTERN = "Organisation;Pays\nFédération des Ligues des Droits de l’Homme;France\nZürich Öko e.V.;Suisse\n"
CYRILLIC = "Организация;Страна\nЦентр «Мемориал»;Россия\nКомитет солдатских матерей;Россия\n"
ARABIC = "المنظمة;البلد\nشبكة المرأة السورية;سوريا\nأطباء مستقلون;تركيا\n"
CHINESE = "组织;国家\n公民社会联盟;中国\n妇女网络;马来西亚\n"


def cells(table):
    return [list(row.cells) for row in table.rows]


def workbook(*rows, change=None):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(data, **replaced):
    """The archive with members replaced or added: `xl__workbook_xml=b"…"`."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        members = {name: old.read(name) for name in old.namelist()}
        members.update(replaced)
        for name, content in members.items():
            new.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize("text, encoding, name", [
    *[(text, encoding, name) for text in (WESTERN, CYRILLIC, ARABIC, CHINESE) for encoding, name in (
        ("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"))],
    (WESTERN, "cp1252", "Windows-1252"), (CYRILLIC, "cp1251", "Windows-1251"),
    (ARABIC, "cp1256", "Windows-1256"), (CHINESE, "gb18030", "GB18030"),
])
def test_a_file_in_any_common_encoding_is_read_and_says_which(text, encoding, name):
    table = read(text.encode(encoding))
    assert cells(table) == [line.split(";") for line in text.splitlines()]
    assert table.source == name


@pytest.mark.parametrize("encoding, text", [
    ("cp1252", "Zürich"), ("cp1252", "Café"), ("cp1252", "Côte d'Ivoire"), ("cp1252", "Åsgård fredslag, Ørsta"),
    ("cp1252", "“Peace” Now"), ("cp1251", "Мемориал"), ("cp1251", "ПРАВОЗАЩИТНЫЙ ЦЕНТР"),
    ("cp1251", "Українська Гельсінська спілка"), ("cp1256", "منظمة حقوق الإنسان"), ("cp1256", "الجمعية"),
    ("gb18030", "联合国协会"), ("gb18030", "中国人权"),
])
def test_a_single_name_is_enough_to_tell_its_encoding(encoding, text):
    assert encoding_of(text.encode(encoding)) == encoding


def test_a_wrong_guess_can_be_overruled():
    assert cells(read("ЗКНЗП".encode("cp1251"), encoding="cp1256")) == [["اتحاد"]]


def test_text_that_is_in_no_encoding_is_refused():
    with pytest.raises(Invalid, match="cannot be read as text"):
        read(b"\x00\x01\x02\xff\xfe\x81\x8d\x00")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_though_names_hold_commas(delimiter):
    rows = [["Name", "Country", "E-mail"], ["Women, Peace and Security", "Syria", "a@b.example"],
            ["Doctors, Nurses, and Friends", "", "c@d.example"]]
    text = "\n".join(delimiter.join(f'"{cell}"' if "," in cell else cell for cell in row) for row in rows)
    assert cells(read(text.encode())) == rows


def test_a_plain_list_of_names_stays_one_column():
    text = "Syrian Women’s Network\nDoctors, Nurses and Friends\n“Peace” Now\n\"Hope\" Association\nKurds House\n"
    assert [row[0] for row in cells(pasted(text))] == text.splitlines()


def test_cells_copied_from_a_spreadsheet_program_keep_their_quotation_marks():
    assert cells(pasted('Name\tCountry\n"Hope" Association\tSyria\n')) == [
        ["Name", "Country"], ['"Hope" Association', "Syria"]]


def test_a_line_that_names_the_delimiter_is_no_row():
    table = read(b"sep=;\r\nName;Country\r\nKurds House;Syria\r\n")
    assert [(row.number, list(row.cells)) for row in table.rows] == [
        (2, ["Name", "Country"]), (3, ["Kurds House", "Syria"])]


def test_rows_keep_the_numbers_a_spreadsheet_program_shows_and_are_equally_wide():
    table = read(b"Name,Country,\n,,\nKurds House\n\n  Tirej  ,\xc2\xa0Syria ,\n")
    assert [(row.number, row.cells) for row in table.rows] == [
        (1, ("Name", "Country")), (3, ("Kurds House", "")), (5, ("Tirej", "Syria"))]
    assert table.width == 2


def test_a_line_break_within_a_cell_is_kept():
    assert cells(read(b'Name,Country\r\n"First House\r\nSecond House",Syria\r\n'))[1] == [
        "First House\nSecond House", "Syria"]


def test_a_missing_quotation_mark_is_told_with_its_row():
    with pytest.raises(Invalid, match=r"^Row 3: the quotation marks"):
        read(b'Name,Country\nA,B\n"C,D\nE,F\n')


@pytest.mark.parametrize("limits, words", [
    (Limits(size=10), "too large"), (Limits(rows=2), "more than 2 rows"), (Limits(columns=1), "has 2 columns"),
    (Limits(cell=6), "Row 2: a cell holds more than 6 characters"),
])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_what_is_too_large_is_refused(form, limits, words):
    rows = [["Name", "In"], ["A longer name", "Syria"], ["B", "Syria"]]
    data = workbook(*rows) if form == "xlsx" else "\n".join(",".join(row) for row in rows).encode()
    with pytest.raises(Invalid, match=words):
        read(data, limits=limits)


@pytest.mark.parametrize("data", [b"", b"\n\n,,\n", workbook(["", None])])
def test_an_empty_table_is_refused(data):
    with pytest.raises(Invalid, match=r"empty|anything in it"):
        read(data)


def test_a_workbook_gives_what_its_cells_show():
    def change(book):
        book.active["B2"].number_format = "dd/mm/yyyy"

    moment = datetime(2026, 5, 1, 13, 45, tzinfo=UTC).replace(tzinfo=None)
    data = workbook(["Text", "Date", "Moment", "Phone", "Part", "Yes"],
                    ["منظمة", date(2026, 5, 1), moment, 447700900123, 1.5, True], change=change)
    table = read(data)
    assert cells(table)[1] == ["منظمة", "2026-05-01", "2026-05-01 13:45", "447700900123", "1.5", "TRUE"]
    assert (table.source, table.sheet) == ("xlsx", "Sheet")


def test_a_formula_gives_the_value_it_showed_and_is_never_computed():
    data = workbook(["Name"], ["=1+1"])
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")
    shown = sheet.replace(b"<v />", b"<v>as shown</v>").replace(b"<v></v>", b"<v>as shown</v>")
    shown = shown.replace(b'<c r="A2">', b'<c r="A2" t="str">')
    assert cells(read(repacked(data, **{"xl/worksheets/sheet1.xml": shown})))[1] == ["as shown"]


def test_hidden_sheets_are_not_read_and_the_others_are_named():
    def change(book):
        book.active.sheet_state = "hidden"
        book.create_sheet("Empty")
        book.create_sheet("List").append(["Kurds House"])
        book.create_sheet("More").append(["Not read"])

    table = read(workbook(["Secret"], change=change))
    assert cells(table) == [["Kurds House"]]
    assert (table.sheet, table.left_out) == ("List", ("Sheet", "Empty", "More"))


def test_a_cell_merged_over_rows_holds_for_each_and_over_columns_stands_once():
    def change(book):
        book.active.merge_cells("A1:B1")
        book.active.merge_cells("B2:B40")

    table = read(workbook(["Title", None], ["One", "Syria"], ["Two", None], ["Three", None], change=change))
    assert cells(table) == [["Title", ""], ["One", "Syria"], ["Two", "Syria"], ["Three", "Syria"]]


BOMB = (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
        b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>&b;</t></si></sst>')
OUTSIDE = BOMB.replace(b'<!ENTITY a "aaaaaaaaaa">', b'<!ENTITY a SYSTEM "file:///etc/passwd">')


@pytest.mark.parametrize("xml", [BOMB, OUTSIDE, BOMB.decode().encode("utf-16")])
def test_declarations_in_a_workbooks_xml_are_refused(xml):
    with pytest.raises(Invalid, match=r"declarations|damaged"):
        read(repacked(workbook(["Name"]), **{"xl/sharedStrings.xml": xml}))


def test_an_archive_is_judged_by_its_directory_before_it_is_unpacked(monkeypatch):
    data = repacked(workbook(["Name"]), **{"xl/media/zeros.bin": b"\0" * 3_000_000})
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("it was unpacked"))
    with pytest.raises(Invalid, match="too large when unpacked"):
        read(data, limits=Limits(unpacked=2_000_000))
    with pytest.raises(Invalid, match="too large when unpacked"):
        read(data, limits=Limits(members=3))


def test_a_directory_that_lies_about_sizes_gains_nothing():
    data = bytearray(repacked(workbook(["Name"]), **{"xl/media.xml": b"<a>" + b" " * 3_000_000 + b"</a>"}))
    for place in range(len(data)):
        if data[place:place + 4] == b"PK\x01\x02" and b"xl/media.xml" in data[place:place + 70]:
            data[place + 24:place + 28] = (100).to_bytes(4, "little")
    with pytest.raises(Invalid, match="damaged"):
        read(bytes(data))


@pytest.mark.parametrize("data, words", [
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old or password-protected"),
    (b"PK\x03\x04 and nothing behind it", "damaged"),
    (repacked(workbook(["Name"]), **{"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row"}), "damaged"),
    (repacked(workbook(["Name"]), **{"xl/workbook.xml": b"<nothing/>"}), "damaged|visible"),
    (b"%PDF-1.7\n%\x81\x8d\x8f\x90\xff\x00", "cannot be read as text"),
])
def test_other_and_damaged_files_are_refused_with_what_to_do(data, words):
    with pytest.raises(Invalid, match=words):
        read(data)


def test_an_archive_that_is_no_workbook_is_refused():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<a/>")
    with pytest.raises(Invalid, match="not an Excel workbook"):
        read(file.getvalue())


def test_every_damage_of_a_single_byte_is_refused_kindly_or_read():
    data = workbook(["Name", "Country"], ["Kurds House", "Syria"])
    for place in range(0, len(data), 97):
        broken = data[:place] + bytes([data[place] ^ 0xFF]) + data[place + 1:]
        with contextlib.suppress(Invalid):
            assert isinstance(read(broken), spreadsheets.Table)
