"""The file as archives and screen readers want it: PDF/A-3a and PDF/UA-1, sealed or not, and tidy inside."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from coalition.documents import exports
from coalition.documents.drawing import draw, draw_sealed
from coalition.documents.parts import Part
from coalition.documents.seal import Seal
from coalition.signatories.entry import Entry, SigningAs
from tests.documents.cast import mixed, snapshot, with_members
from tests.documents.conformance import problems
from tests.documents.conftest import Sealed

_RICH = """# Demands

1. one
2. two
   - [three](https://example.org/three)

> **quoted** words

| who | what |
|-----|------|
| all | this |

## More

السيد الرئيس
"""


def test_the_edition_of_2016_is_pdf_a_and_pdf_ua(letter_2016: Sealed, tmp_path: Path) -> None:
    assert problems(letter_2016.drawn, tmp_path / "drawn.pdf") == []


def test_the_seal_keeps_both_standards(letter_2016: Sealed, tmp_path: Path) -> None:
    assert problems(letter_2016.pdf, tmp_path / "sealed.pdf") == []


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_rich_text_many_scripts_and_both_papers_keep_them_too(paper: str, tmp_path: Path) -> None:
    frozen = snapshot(mixed(40), body=_RICH, language="ar")
    assert problems(draw(frozen, paper=paper), tmp_path / "rich.pdf") == []


@pytest.mark.parametrize("part", list(Part))
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_part_alone_keeps_them_sealed(part: Part, language: str, issuer: Seal, tmp_path: Path) -> None:
    frozen = replace(snapshot((*with_members(), *mixed(18)), language=language), issuer=issuer.fingerprint)
    assert problems(draw_sealed(frozen, issuer=issuer, part=part), tmp_path / f"{part}.pdf") == []


def test_names_in_another_language_say_so_in_the_structure() -> None:
    with pikepdf.open(io.BytesIO(draw(snapshot(mixed(18))))) as document:
        languages = {
            str(item.Lang)
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem" and "/Lang" in item
        }
        assert document.Root.Lang == "en"
    assert languages == {"ar", "el", "ru", "uk", "zh"}


def test_the_fixed_words_in_a_letter_of_another_language_say_so_too() -> None:
    with pikepdf.open(io.BytesIO(draw(snapshot(mixed(3), language="ar")))) as document:
        spoken = [
            (str(item.S), str(item.Lang))
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem" and "/Lang" in item
        ]
        assert document.Root.Lang == "ar"
    assert ("/Sect", "en") in spoken
    assert ("/P", "ar") not in spoken


def test_the_code_is_a_picture_with_words_where_it_stands_on_the_page(letter_2016: Sealed) -> None:
    with pikepdf.open(io.BytesIO(letter_2016.drawn)) as document:
        (figure,) = [
            item for item in document.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Figure"
        ]
        assert "verifies this edition" in str(figure.Alt)
        left, bottom, right, top = (float(edge) for edge in figure.A.BBox)
        assert right - left == pytest.approx(26 / 25.4 * 72, abs=1)
        page = [float(edge) for edge in figure.Pg.MediaBox]
        assert 0 < left < right < page[2] and 0 < bottom < top < page[3]


def test_the_validator_finds_what_is_wrong(letter_2016: Sealed, tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(letter_2016.drawn)) as document:
        del document.Root.MarkInfo
        broken = io.BytesIO()
        document.save(broken)
    assert any("TAGGED" in problem for problem in problems(broken.getvalue(), tmp_path / "broken.pdf"))


def test_only_intended_metadata_is_in_the_file(letter_2016: Sealed) -> None:
    with pikepdf.open(io.BytesIO(letter_2016.pdf)) as document:
        assert {str(key): str(value) for key, value in document.docinfo.items()} == {
            "/Title": "Syrian civil society letter to President Putin",
            "/Author": "Syrian Civil Society Coalition",
            "/Subject": "Edition 1 of the letter syrian-civil-society-letter-to-president-putin",
            "/Creator": "coalition",
            "/Producer": "coalition",
            "/CreationDate": "D:20160224120000Z",
            "/ModDate": "D:20160224120000Z",
        }
        metadata = document.Root.Metadata.read_bytes().decode()
    assert "WeasyPrint" not in metadata
    assert "pdfuaid:part" in metadata
    assert str(Path.home()) not in metadata


def test_the_file_holds_no_scripts_no_actions_and_only_links_of_the_text() -> None:
    with pikepdf.open(io.BytesIO(draw(snapshot(body=_RICH)))) as document:
        actions = []
        for item in document.objects:
            if isinstance(item, pikepdf.Dictionary):
                assert not {"/JS", "/JavaScript", "/OpenAction", "/AA", "/Launch"} & set(item.keys())
                action = item.get("/A")
                if isinstance(action, pikepdf.Dictionary) and "/S" in action:
                    actions.append((str(action.S), str(action.get("/URI"))))
        assert actions == [
            ("/URI", "https://example.org/three"), ("/URI", "https://coalition.example/verify/ed-7HqRz2mWvK"),
        ]  # fmt: skip


def test_the_list_is_attached_once_as_csv_and_json(letter_2016: Sealed) -> None:
    frozen = letter_2016.snapshot
    with pikepdf.open(io.BytesIO(letter_2016.pdf)) as document:
        assert sorted(document.attachments) == ["signatories.csv", "signatories.json"]
        attached = {
            name: document.attachments[name].get_file().read_bytes() for name in document.attachments
        }
        assert len(document.Root.AF) == 2
        assert {str(item.AFRelationship) for item in document.Root.AF} == {"/Data"}
    assert attached["signatories.csv"].decode("utf-8") == exports.as_csv(frozen)
    assert json.loads(attached["signatories.json"]) == json.loads(exports.as_json(frozen))


def test_heads_and_feet_are_furniture_and_not_content(letter_2016: Sealed) -> None:
    with pikepdf.open(io.BytesIO(letter_2016.drawn)) as document:
        for sheet in document.pages:
            content = sheet.Contents.read_bytes()
            assert content.count(b"/Artifact\n<</Type /Pagination>>") >= 1
            marks = [int(mark) for mark in re.findall(rb"/MCID (\d+)", content)]
            assert len(marks) == len(set(marks))


def test_the_list_is_a_list_for_those_who_hear_it(letter_2016: Sealed) -> None:
    with pikepdf.open(io.BytesIO(letter_2016.drawn)) as document:
        kinds = [
            str(item.S)
            for item in document.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/StructElem"
        ]
    assert kinds.count("/LI") == 19
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == 3


def test_the_parts_can_be_reached_by_bookmarks(letter_2016: Sealed) -> None:
    with pikepdf.open(io.BytesIO(letter_2016.drawn)) as document, document.open_outline() as outline:
        assert [item.title for item in outline.root] == [
            "Syrian civil society letter to President Putin", "Annex I: Signatory list",
            "Annex II: Represented organisations", "Note on the list",
        ]  # fmt: skip


def test_a_hostile_name_harms_neither_standard(tmp_path: Path) -> None:
    entry = Entry(key="k", signing_as=SigningAs.ORGANISATION, organisation="(\\) <</JS (x)>> endstream")
    assert problems(draw(snapshot([entry])), tmp_path / "hostile.pdf") == []
