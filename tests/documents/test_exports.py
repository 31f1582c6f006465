"""The list as CSV, JSON and text: the same entries as the document, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace

import pytest
from flask import Flask

from coalition.documents.exports import COLUMNS, as_csv, as_json, as_text
from coalition.signatories.compile import compile_list
from coalition.signatories.entry import Entry, SigningAs
from coalition.signatories.grouping import Grouping
from coalition.signatories.ordering import Rule
from tests.documents.cast import mixed, snapshot
from tests.unit.signatories.letter_2016 import ENTRIES, LINES


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_csv_holds_every_entry_of_2016_in_order_with_its_line_and_statement() -> None:
    text = as_csv(snapshot())
    assert text.startswith("\ufeffnumber,printed_line,")
    assert text.count("\r\n") == 20
    rows = _rows(text)
    assert tuple(rows[0]) == COLUMNS
    assert [row["printed_line"] for row in rows] == list(LINES)
    assert [row["stated_count"] for row in rows[:3]] == ["92", "120", ""]
    assert rows[0]["network"] == "yes"
    assert rows[13]["honorific"] == "Dr."


def test_json_says_what_it_is_the_list_of_and_holds_the_same_lines() -> None:
    frozen = snapshot()
    data = json.loads(as_json(frozen))
    assert data["format"] == "coalition.signatories/1"
    assert data["letter"]["text_sha256"] == frozen.text_sha256
    assert data["edition"] == {
        "number": 1, "id": "ed-7HqRz2mWvK", "audience": "public", "frozen_at": "2016-02-24T12:00:00+00:00",
        "sha256": frozen.sha256,
    }  # fmt: skip
    assert data["counts"]["organisations_total"] == 231
    assert [entry["line"] for entry in data["signatories"]] == list(LINES)
    assert data["signatories"][1]["statement"]["count"] == 120
    assert json.loads(as_json(replace(frozen, edition=None)))["edition"] is None


def test_text_is_the_numbered_list_with_headings_and_countries() -> None:
    text = as_text(snapshot(mixed(18), grouping=Grouping.KIND))
    assert "\norganisations\n" in text.lower()
    assert "1. الاتحاد العام لمنظمات الإغاثة السورية – يمثل 120 جمعية خيرية ومنظمة إغاثة سورية" in text
    assert "(Egypt)" in text
    assert as_text(snapshot()).splitlines()[2:] == [
        f"{number}. {line}" for number, line in enumerate(LINES, start=1)
    ]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"])
def test_no_cell_is_a_formula(start: str) -> None:
    name = f"{start}1+1"
    entry = Entry("k", SigningAs.ORGANISATION, organisation=name, title=name, country_text=name)
    (row,) = _rows(as_csv(snapshot([entry])))
    for column in ("printed_line", "organisation", "title", "country"):
        assert row[column].startswith("'")
    assert json.loads(as_json(snapshot([entry])))["signatories"][0]["organisation"] == name


def test_commas_quotes_and_line_ends_come_back_as_they_were() -> None:
    name = 'A "B", C\nD; ثوار'
    entry = Entry(key="k", signing_as=SigningAs.ORGANISATION, organisation=name)
    (row,) = _rows(as_csv(snapshot([entry])))
    assert row["organisation"] == name


def test_a_list_that_is_not_frozen_can_be_exported_too(room: Flask) -> None:
    listed = compile_list(ENTRIES, rule=Rule.ARRANGED)
    assert [row["printed_line"] for row in _rows(as_csv(listed))] == list(LINES)
    data = json.loads(as_json(listed))
    assert "edition" not in data
    assert len(data["signatories"]) == 19
    assert as_text(listed).startswith("1. Union of Syrian")


def test_nothing_that_is_not_printed_is_exported() -> None:
    (entry, *_) = mixed(1)
    frozen = snapshot([replace(entry, organisation_key="secret-register-key", position=4711)])
    for text in (as_csv(frozen), as_json(frozen), as_text(frozen), frozen.to_json()):
        assert "secret-register-key" not in text
        assert "4711" not in text
