"""The list in every format, read back from the file and held against the PDF's list, entry by entry, in order."""

from __future__ import annotations

import csv
import io
import json
import re
import time
import zipfile
from collections.abc import Iterable
from dataclasses import replace

import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from coalition.documents import drawing, exports
from coalition.documents.catalogues import words_in
from coalition.documents.editable import as_docx
from coalition.documents.outputs import OUTPUTS, output
from coalition.documents.parts import Part
from coalition.documents.snapshot import Snapshot
from coalition.documents.spreadsheet import as_xlsx
from coalition.errors import Invalid
from coalition.signatories.counting import Hidden
from coalition.signatories.entry import Entry, SigningAs
from coalition.signatories.grouping import Grouping
from coalition.signatories.ordering import Rule
from tests.documents.cast import mixed, snapshot, with_members
from tests.unit.signatories.letter_2016 import LINES

_RICH = """Dear *Council*,

## Demands

3. stop
4. talk
   - [to us](https://example.org/talk)

> **quoted**

| who | what |
|-----|------|
| all | this |

السيد الرئيس
"""

# Steers the order of a mixed line in office programs; stands in no name.
_MARKS = str.maketrans("", "", "\u200e\u200f")


def _listed(frozen: Snapshot) -> list[str]:
    """The entries as every output must give them back: number, line, country."""
    by_country = frozen.grouping == "country"
    return [
        f"{entry.number}. {entry.line}" + (f" ({entry.country_name})" if entry.country_name and not by_country else "")
        for entry in frozen.entries
    ]


def _paragraphs(docx: bytes, style: str | None = None) -> list[str]:
    found = Document(io.BytesIO(docx)).paragraphs
    return [one.text.translate(_MARKS).replace("\t", " ") for one in found if style in (None, one.style.name)]


def _annex(docx: bytes) -> list[str]:
    """The numbered entries between the heading of Annex I and the next heading of its rank."""
    entries: list[str] = []
    inside = False
    for one in Document(io.BytesIO(docx)).paragraphs:
        if one.style.name == "Heading 2":
            inside = "Signatory list" in one.text
        elif inside and one.style.name == "Signatory":
            entries.append(one.text.translate(_MARKS).replace("\t", " "))
    return entries


def _sheet(xlsx: bytes, name: str) -> list[tuple[object, ...]]:
    return list(load_workbook(io.BytesIO(xlsx))[name].iter_rows(values_only=True))


LISTS = {
    "2016": lambda: snapshot(),
    "many scripts": lambda: snapshot(mixed(60)),
    "by country": lambda: snapshot(mixed(36), rule=Rule.COUNTRY, grouping=Grouping.COUNTRY),
    "by kind in Arabic": lambda: snapshot((*with_members(), *mixed(36)), grouping=Grouping.KIND, language="ar"),
    "nobody": lambda: snapshot([]),
}


@pytest.mark.parametrize("which", LISTS)
def test_every_output_gives_back_every_entry_in_order(which: str) -> None:
    frozen = LISTS[which]()
    wanted = _listed(frozen)
    assert _annex(OUTPUTS["docx"].make(frozen, "")) == wanted
    rows = _sheet(OUTPUTS["xlsx"].make(frozen, ""), "Signatories")
    assert rows[0] == exports.COLUMNS
    assert [row[:2] for row in rows[1:]] == [(entry.number, entry.line) for entry in frozen.entries]
    data = json.loads(OUTPUTS["json"].make(frozen, ""))
    assert [(one["number"], one["line"]) for one in data["signatories"]] == [
        (entry.number, entry.line) for entry in frozen.entries
    ]
    text = OUTPUTS["txt"].make(frozen, "").decode().splitlines()
    assert [line.partition(" (")[0] for line in text if re.match(r"\d+\. ", line)] == [
        f"{entry.number}. {entry.line}".partition(" (")[0] for entry in frozen.entries
    ]
    assert _found_in_order(OUTPUTS["press"].make(frozen, "").decode(), [
        exports.press_line(entry) for entry in frozen.entries])  # fmt: skip


def _found_in_order(text: str, wanted: Iterable[str]) -> bool:
    lines = iter(text.splitlines())
    return all(one in lines for one in wanted)


def test_the_table_of_the_spreadsheet_is_the_table_of_the_csv_file() -> None:
    frozen = snapshot((*with_members(), *mixed(36)))
    rows = _sheet(as_xlsx(frozen), "Signatories")[1:]
    assert [tuple("" if value is None else value for value in row) for row in rows] == list(exports.rows_of(frozen))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "#", "\t", "\n"])
def test_no_cell_of_the_spreadsheet_is_a_formula_and_names_stay_as_they_are(start: str) -> None:
    name = f"{start}HYPERLINK(1)"
    frozen = snapshot([Entry("k", SigningAs.ORGANISATION, organisation=name, title=name, country_text=name)])
    book = load_workbook(io.BytesIO(as_xlsx(replace(frozen, subject=name))))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type in ("s", "n", "inlineStr") for cell in row)
    cell = book["Signatories"].cell(2, exports.COLUMNS.index("organisation") + 1)
    assert (cell.value, cell.quotePrefix) == (name, True)
    assert book["Signatories"].cell(2, 1).value == 1


def test_the_spreadsheet_names_its_edition_the_counts_and_all_members() -> None:
    frozen = snapshot((*with_members(), *mixed(18)))
    facts = dict(_sheet(as_xlsx(frozen), "Edition")[1:])
    assert (facts["edition"], facts["sha256"]) == (1, frozen.sha256)
    assert facts["organisations_total"] == frozen.counts.organisations_total
    assert facts["sealed"].startswith("no")
    members = [row[2] for row in _sheet(as_xlsx(frozen), "Members")[1:]]
    assert members == [name for entry in frozen.stated if entry.statement for name in entry.statement.members]
    assert "none" in dict(_sheet(as_xlsx(replace(frozen, edition=None)), "Edition")[1:])["edition"]


def test_the_members_come_as_a_table_of_their_own_and_with_the_pdf() -> None:
    frozen = snapshot((*with_members(), *mixed(18)))
    rows = list(csv.reader(io.StringIO(OUTPUTS["members"].make(frozen, "").decode().removeprefix("\ufeff"))))
    assert rows[0] == list(exports.MEMBER_COLUMNS)
    assert [tuple(row) for row in rows[1:]] == [
        (str(entry.number), entry.organisation, member)
        for entry in frozen.stated if entry.statement for member in entry.statement.members]
    assert len(rows) > 3
    named = {part: [one.name for one in drawing._attachments(frozen, part, words_in("en"))] for part in Part}
    assert named[Part.WHOLE] == ["signatories.csv", "signatories.json", "members.csv"]
    assert named[Part.ANNEX_1] == ["signatories.csv", "signatories.json"]
    assert named[Part.ANNEX_2] == ["edition.json", "members.csv"]
    assert named[Part.NOTE] == ["edition.json"]


def test_a_member_whose_name_begins_like_a_formula_is_text() -> None:
    (entry, *_) = with_members()
    assert entry.statement is not None
    frozen = snapshot([replace(entry, statement=replace(entry.statement, members=("=1+1", "Plain")))])
    assert ",'=1+1" in exports.as_members_csv(frozen)


#: What only the Secretariat of the United Nations, or nobody, may say of a letter.
CLAIMED = re.compile(r"will be (?:circulated|issued|published as)|has been circulated|United Nations\s+S/\d|"
                     r"Distr\.|Original: \w+\s*$|\bS/20\d\d/\d|A/RES/", re.IGNORECASE)


@pytest.mark.parametrize("form", OUTPUTS)
def test_no_output_is_dressed_as_a_document_of_the_united_nations(form: str) -> None:
    frozen = snapshot((*with_members(), *mixed(18)), body="We ask the Council to act.\n")
    content = OUTPUTS[form].make(frozen, "a@b.example")
    if form in ("docx", "xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert not [name for name in archive.namelist() if re.search(r"\.(png|jpe?g|gif|svg|emf|wmf)$", name)]
            content = b"\n".join(archive.read(name) for name in archive.namelist() if name.endswith(".xml"))
    assert CLAIMED.search(content.decode()) is None


def test_the_search_for_such_dress_finds_it() -> None:
    for words in ("This letter will be circulated as a document.", "Distr.: General", "S/2016/189"):
        assert CLAIMED.search(words)


def test_a_list_in_arabic_is_a_sheet_from_the_right() -> None:
    book = load_workbook(io.BytesIO(as_xlsx(snapshot(mixed(3), language="ar"))))
    assert book["Signatories"].sheet_view.rightToLeft
    assert not load_workbook(io.BytesIO(as_xlsx(snapshot())))["Signatories"].sheet_view.rightToLeft


def test_the_editable_letter_says_which_edition_it_is_and_that_it_is_not_sealed() -> None:
    frozen = snapshot()
    docx = as_docx(frozen)
    first = _paragraphs(docx)[0]
    assert f"edition 1 ({frozen.short_hash}" in first
    assert "not sealed" in first
    assert frozen.verify_address in first
    document = Document(io.BytesIO(docx))
    assert "not sealed" in document.sections[0].footer.paragraphs[0].text
    assert document.core_properties.title == frozen.subject
    assert not any("digital seal" in words for words in _paragraphs(docx))
    unnumbered = as_docx(replace(frozen, edition=None))
    assert "no edition" in _paragraphs(unnumbered)[0]
    assert not any(paragraph.startswith("Preview") for paragraph in _paragraphs(unnumbered))


def test_the_editable_letter_is_the_letter() -> None:
    frozen = snapshot()
    said = _paragraphs(as_docx(frozen))
    places = [said.index(words) for words in (
        "Syrian Civil Society Coalition", "Aleppo, 24 February 2016",
        "Vladimir Putin\nPresident of the Russian Federation\n4 Staraya Square\nMoscow 103132", "Copy to:",
        frozen.subject, "President Putin,", "Yours sincerely,", "Annex I\nSignatory list", f"1. {LINES[0]}",
        "Annex II\nRepresented organisations", "Note on the list")]  # fmt: skip
    assert places == sorted(places)
    body = [" ".join(paragraph.split()) for paragraph in frozen.body.split("\n\n") if paragraph.strip()]
    assert set(body) <= set(said)


def test_rich_text_keeps_its_shape() -> None:
    document = Document(io.BytesIO(as_docx(snapshot(body=_RICH))))
    items = [one.text for one in document.paragraphs if one.style.name == "Item"]
    assert items == ["3.\tstop", "4.\ttalk", "•\tto us"]
    (quoted,) = [one for one in document.paragraphs if one.style.name == "Quotation"]
    assert quoted.runs[0].bold
    (dear,) = [one for one in document.paragraphs if one.text.startswith("Dear")]
    assert [run.text for run in dear.runs if run.italic] == ["Council"]
    (table,) = document.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [["who", "what"], ["all", "this"]]
    targets = [part.target_ref for part in document.part.rels.values() if part.is_external]
    assert targets == ["https://example.org/talk"]


def test_text_from_the_right_is_marked_so_word_by_word_and_paragraph_by_paragraph() -> None:
    document = Document(io.BytesIO(as_docx(snapshot(mixed(18), body=_RICH))))
    for one in document.paragraphs:
        directed = one._p.pPr.find(qn("w:bidi")) is not None
        first = next((c for c in one.text if c.isalpha()), "a")
        if one.style.name in ("Signatory", "Text"):
            assert directed == ("\u0590" <= first <= "\u08ff"), one.text
        for run in one.runs:
            letters = [c for c in run.text if c.isalpha()]
            if letters:
                marked = run._r.rPr.find(qn("w:rtl")) is not None
                assert marked == ("\u0590" <= letters[0] <= "\u08ff"), run.text
    assert Document(io.BytesIO(as_docx(snapshot(mixed(3), language="ar")))).sections[0]._sectPr.find(
        qn("w:bidi")) is not None  # fmt: skip


def test_a_hostile_name_is_text_in_every_file() -> None:
    nasty = "<w:t>&\"'{{ 7*7 }}]]></w:t>"
    frozen = snapshot([Entry("k", SigningAs.ORGANISATION, organisation=nasty)], subject=nasty, letterhead=nasty)
    assert _annex(as_docx(frozen)) == [f"1. {nasty}"]
    assert _sheet(as_xlsx(frozen), "Signatories")[1][1] == nasty


@pytest.mark.parametrize("form", OUTPUTS)
def test_the_same_list_gives_the_same_bytes_whenever_it_is_asked_for(form: str) -> None:
    frozen = snapshot(mixed(18))
    first = OUTPUTS[form].make(frozen, "press@example.org")
    time.sleep(1.1 if form in ("docx", "xlsx") else 0)
    assert OUTPUTS[form].make(frozen, "press@example.org") == first


def test_what_office_programs_get_holds_no_day_of_making_and_no_name_of_ours() -> None:
    for packed in (as_docx(snapshot()), as_xlsx(snapshot())):
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            properties = archive.read("docProps/core.xml").decode()
        assert "2016-02-24T12:00:00Z" in properties
        assert "openpyxl" not in properties
        assert "python-docx" not in properties


def test_the_press_list_has_names_and_places_without_what_they_say_of_themselves() -> None:
    text = exports.as_press_list(snapshot(mixed(18), hidden=Hidden(entries=4, organisations=3)), contact="a@b.example")
    assert "Norsk Folkehjelp på Østlandet (Norway)\n" in text
    assert (
        "José Ángel Muñoz, professor of public health, Universidad Nacional (in a personal capacity) (Mexico)" in text
    )
    assert "clears mines" not in text
    assert text.startswith(
        "Syrian civil society letter to President Putin\nAleppo, 24 February 2016\n\n22 signatories\n"
    )
    assert "and 4 signatories who are not named" in text
    assert text.endswith("Contact: a@b.example\n")
    assert "231 organisations in all: 19 that sign and 212 as stated" in exports.as_press_list(snapshot())


def test_a_format_there_is_not_is_refused_with_those_there_are() -> None:
    with pytest.raises(Invalid, match="csv, xlsx, json, docx, txt, members, press"):
        output("odt")


def test_nothing_that_is_not_printed_is_in_any_output() -> None:
    (entry, *_) = mixed(1)
    frozen = snapshot([replace(entry, organisation_key="secret-register-key", position=4711)])
    for form, kind in OUTPUTS.items():
        content = kind.make(frozen, "")
        if form in ("docx", "xlsx"):
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                content = b"".join(archive.read(name) for name in archive.namelist())
        assert b"secret-register-key" not in content
        assert b"4711" not in content
