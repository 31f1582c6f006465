"""The edition in parts: each holds what it is named for, says what it belongs to, and how to verify it."""

from __future__ import annotations

import io
import json
from dataclasses import replace

import pikepdf
import pytest
import segno

from coalition.documents.drawing import draw
from coalition.documents.html import document_html
from coalition.documents.parts import SINGLE, Part, parts_of
from coalition.documents.quick_code import quick_code
from coalition.documents.represented import represented
from coalition.documents.words import Words, language_of_text
from coalition.errors import Invalid
from coalition.signatories.entry import Entry
from tests.documents import reading
from tests.documents.cast import mixed, snapshot, with_members

_HOLDS = {
    Part.LETTER: "President Putin,",
    Part.ANNEX_1: "Signatory list",
    Part.ANNEX_2: "Represented organisations Syrian",
    Part.NOTE: "Note on the list Syrian",
}


@pytest.mark.parametrize("part", SINGLE)
def test_a_part_alone_holds_its_own_and_nothing_of_the_others(part: Part) -> None:
    frozen = snapshot()
    pdf = draw(frozen, part=part)
    text = " ".join(reading.pages(pdf))
    assert [one for one, words in _HOLDS.items() if words in text] == [part]
    assert frozen.subject in text
    assert frozen.verify_address in text
    assert f"Edition 1, {frozen.short_hash}" in text


def test_each_part_has_its_own_identity_and_title_and_the_same_bytes_each_time() -> None:
    frozen = snapshot()
    seen = set()
    for part in Part:
        pdf = draw(frozen, part=part)
        assert draw(frozen, part=part) == pdf
        with pikepdf.open(io.BytesIO(pdf)) as document:
            seen.add((bytes(document.trailer.ID[0]), str(document.docinfo["/Title"])))
    assert len({identity for identity, _ in seen}) == len(Part)
    assert len({title for _, title in seen}) == len(Part) - 1  # the letter alone is called like the whole


def test_the_list_travels_with_annex_one_and_the_facts_with_every_part() -> None:
    frozen = snapshot()
    for part in SINGLE:
        with pikepdf.open(io.BytesIO(draw(frozen, part=part))) as document:
            names = sorted(document.attachments)
            listed = names == ["signatories.csv", "signatories.json"]
            assert listed == (part is Part.ANNEX_1)
            facts = json.loads(document.attachments[names[-1]].get_file().read_bytes())
        assert (facts["part"], facts["edition"]["sha256"]) == (part.value, frozen.sha256)
        assert ("signatories" in facts) == listed


def test_a_letter_without_statements_has_one_annex_without_a_number() -> None:
    frozen = snapshot(mixed(12))
    assert parts_of(frozen) == (Part.LETTER, Part.ANNEX_1, Part.NOTE)
    html = document_html(frozen)
    assert "Annex II" not in html
    assert '<span class="over">Annex</span>' in html
    assert "listed in the annex" in html
    with pytest.raises(Invalid, match="no Annex II"):
        document_html(frozen, part=Part.ANNEX_2)


def test_annex_two_tells_each_statement_in_its_own_unit_with_date_source_and_members() -> None:
    frozen = snapshot((*with_members(), *mixed(18)))
    text = reading.text(draw(frozen, part=Part.ANNEX_2), frozen.subject)
    assert "1. Federation of River Clinics speaking for 9 bodies along the river" in text
    assert "Stated: 9 organisations. As of 31 January 2016. Source: annual report." in text
    assert "Member list, as given: 9 names" in text
    assert "1. Clinic of the Upper Bend" in text
    assert "Stated: 2 organisations. No date and no source were given." in text
    assert "Stated: more than 1,200 members." in text
    for entry in frozen.stated:
        for member in entry.statement.members if entry.statement else ():
            assert all(word in text for word in member.split() if word.isascii()), member


def test_annex_two_follows_the_numbers_of_annex_one() -> None:
    frozen = snapshot((*with_members(), *mixed(18)))
    numbers = {entry.organisation: entry.number for entry in frozen.entries}
    found = represented(frozen, Words("en"))
    assert [(one.name, one.number) for one in found] == [(one.name, numbers[one.name]) for one in found]
    assert len(found) == len(frozen.stated)


def test_a_members_name_that_cannot_be_drawn_is_refused() -> None:
    (one, *rest) = with_members()
    assert one.statement is not None
    members = (*one.statement.members, "क संगठन")
    with pytest.raises(Invalid, match=r"U\+0915"):
        document_html(snapshot([_with(one, members), *rest]))


def _with(entry: Entry, members: tuple[str, ...]) -> Entry:
    assert entry.statement is not None
    return replace(entry, statement=replace(entry.statement, members=members))


def test_a_preview_has_no_code_and_no_address() -> None:
    html = document_html(snapshot(edition=None), watermark="Preview")
    assert "<svg" not in html
    assert "/verify/" not in html


def test_the_code_is_read_back_as_the_address_by_its_squares() -> None:
    """Drawn again square by square, the path gives the very matrix of the code."""
    address = "https://coalition.example/verify/ed-7HqRz2mWvK"
    code = quick_code(address)
    wanted = segno.make(address, error="m", micro=False, boost_error=False).matrix
    drawn = [[0] * code.side for _ in range(code.side)]
    for run in code.path.split("M")[1:]:
        start, _, length = run.partition("h")
        column, row = (int(number) for number in start.split())
        for place in range(int(length.partition("v")[0])):
            drawn[row][column + place] = 1
    assert [line[4:-4] for line in drawn[4:-4]] == [list(line) for line in wanted]
    assert not any(drawn[0]) and not any(line[0] for line in drawn)


@pytest.mark.parametrize(
    ("text", "around", "language"),
    [
        ("Syrian Women’s Network", "en", ""), ("شبكة المرأة", "en", "ar"), ("شبكة المرأة", "ar", ""),
        ("ڕێکخراوی مافی مرۆڤ", "en", "und-Arab"), ("Союз врачей", "en", "ru"), ("Українська спілка", "ru", "uk"),
        ("Удружење грађана ђака", "en", "und-Cyrl"), ("Ελληνική Ένωση", "fr", "el"), ("中国人权", "en", "zh"),
        ("Łódź", "en", ""), ("2016", "ar", ""), ("ANA Press", "ar", ""),
    ],
)  # fmt: skip
def test_a_name_is_read_in_the_language_its_letters_tell(text: str, around: str, language: str) -> None:
    assert language_of_text(text, around) == language
