"""Coordinators send in a list, look it over, import it, send, phone."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import Workbook

from coalition.db import db
from coalition.invitations import preview
from coalition.letters.models import Letter
from tests import cast, inviting, old_lists
from tests.inviting import HARBOUR, HEADINGS, RIVERS, SEEDS
from tests.web.browser import Browser

HOME = "/coordinator/letters/protect-the-hospitals/invitations"
#: A folder of real letters, where there is one: the made-up list of the rooms' tests says the same of all machines.
LETTERS = Path(os.environ.get("COALITION_LETTERS", "nowhere"))


@pytest.fixture
def nadia(app: Flask, browser: Browser) -> Browser:
    """Nadia before the form for a new list."""
    with app.app_context():
        cast.staff()
        cast.open_letter()
    browser.sign_in(cast.NADIA)
    browser.get(f"{HOME}/new")
    return browser


def letter() -> Letter:
    return db.session.query(Letter).one()


def names(app: Flask) -> list[str]:
    with app.app_context():
        return [row.organisation for row in inviting.invitations(letter())]


def xlsx_of(*rows: tuple[str, ...]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(list(row))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("form", ["csv", "xlsx", "pasted"])
def test_a_list_is_looked_over_imported_and_sent(app: Flask, nadia: Browser, form: str) -> None:
    rows = (HARBOUR, RIVERS, SEEDS)
    if form == "pasted":
        nadia.submit({"pasted": "\n".join("\t".join(row) for row in (HEADINGS, *rows))})
    else:
        data = inviting.csv_of(*rows) if form == "csv" else xlsx_of(HEADINGS, *rows)
        nadia.submit({"file": (io.BytesIO(data), f"list.{form}")})
    assert nadia.page.heading == "Look the list over"
    assert names(app) == []
    nadia.submit(action="/import")
    assert "3 organisations were added. Nobody has been mailed yet." in nadia.page.text
    nadia.submit(button="Send 2 invitations")
    assert "2 invitations are on their way." in nadia.page.text
    assert names(app) == [row[0] for row in rows]


def test_C16_columns_that_would_decide_something_are_left_aside_and_said_so(app: Flask, nadia: Browser) -> None:
    data = inviting.csv_of(("Green Delta", "coordinator", "approved", "1"),
                           headings=("Organisation", "role", "status", "id"))
    nadia.submit({"file": (io.BytesIO(data), "list.csv")})
    assert "Columns that are left aside role · status · id" in nadia.page.text
    nadia.submit(action="/import")
    with app.app_context():
        [made] = inviting.invitations(letter())
        assert made.state == "prepared"


def test_the_export_of_an_old_form_is_read_and_its_faults_are_found(app: Flask, nadia: Browser) -> None:
    headings = ("Timestamp", "Name of your organisation", "Country", "Your name", "Position", "Email Address")
    rows = [("2025/11/02 9:12:44 am", "Reed and Willow Centre", "Kenya", "A B", "Director", "a@reed.example"),
            ("2025/11/02 9:15:02 am", "Reed & Willow Centre", "Kenya", "A B", "Director", "a@reed.example"),
            ("2025/11/03 1:00:00 pm", "First House (FIHO) Mona Sami, Help4Towns", "Syria", "", "", "m@first.example"),
            ("2025/11/03 1:05:00 pm", "Water for All", "Kenya", "", "", "w@water.example")]
    nadia.submit({"file": (io.BytesIO(inviting.csv_of(*rows, headings=headings)), "answers.csv")})
    assert "Seems to hold two organisations" in nadia.page.text
    assert "Looks like another one" in nadia.page.text
    nadia.submit({"row-3": "leave"}, action="/import", status=422)
    assert "Row 4: choose what to do with it" in nadia.page.text
    nadia.submit({"row-4": "split", "row-3": "leave"}, action="/import")
    assert names(app) == ["Reed and Willow Centre", "First House (FIHO)", "Mona Sami, Help4Towns", "Water for All"]


def test_a_row_that_cannot_be_read_is_named_and_nothing_is_half_imported(app: Flask, nadia: Browser) -> None:
    data = inviting.csv_of(HARBOUR, ("Free Voices", "Kenya", "", "voices at free", "", "", "", ""))
    nadia.submit({"file": (io.BytesIO(data), "list.csv")})
    assert "Row 3 Free Voices “voices at free” is not an e-mail address." in nadia.page.text
    nadia.submit(action="/import", status=422)
    assert names(app) == []
    nadia.submit({"without_bad": True}, action="/import")
    assert names(app) == ["Harbour Light Trust"]


def test_columns_are_corrected_by_hand(app: Flask, nadia: Browser) -> None:
    nadia.submit({"pasted": "A\tB\nKenya\tHarbour Light Trust\nKenya\tReed Centre"})
    nadia.submit({"column-0": "organisation", "column-1": "organisation", "headed": True}, action="/columns",
                 status=422)
    assert "Two columns are said to be the same" in nadia.page.text
    nadia.submit({"column-0": "country", "column-1": "organisation", "headed": True}, action="/columns")
    nadia.submit(action="/import")
    assert names(app) == ["Harbour Light Trust", "Reed Centre"]


@pytest.mark.parametrize(("data", "words"), [
    (b"%PDF-1.7\n", "cannot be read as text"), (b"\xd0\xcf\x11\xe0", "old or password-protected"),
    (b"PK\x03\x04", "damaged"), (b",,\n", "empty"),
])
def test_files_that_are_no_lists_are_refused_with_what_to_do(
        app: Flask, nadia: Browser, data: bytes, words: str) -> None:
    nadia.submit({"file": (io.BytesIO(data), "../../etc/passwd\u202egnp.exe")}, status=422)
    assert words in nadia.page.text
    assert names(app) == []


def test_neither_a_file_nor_rows_is_said_so(nadia: Browser) -> None:
    nadia.submit(status=422)
    assert "Choose a file, or paste rows." in nadia.page.text


def test_a_call_is_noted_the_contact_changed_and_the_invitation_withdrawn(app: Flask, nadia: Browser) -> None:
    with app.app_context():
        inviting.sent(letter(), HARBOUR)
    nadia.get(HOME)
    nadia.follow("Harbour Light Trust")
    nadia.submit(action="/note-call", status=422)
    nadia.submit({"outcome": "will_sign", "note": "Tomorrow"}, action="/note-call")
    assert "They want to sign" in nadia.page.text
    nadia.submit({"email": "nobody"}, action="/correct", status=422)
    nadia.submit({"email": "office@harbourlight.example"}, action="/correct")
    nadia.submit(action="/send")
    nadia.submit(action="/withdraw")
    nadia.submit(action="/invite-again")
    nadia.submit(action="/erase")
    assert "The contact details were erased" in nadia.page.text
    nadia.get(f"{HOME}?shown=withdrawn")
    assert "Erased" in nadia.page.text


@pytest.mark.parametrize("who", [cast.OLGA, cast.ADA, cast.JONAS])
def test_others_see_no_invitations(app: Flask, browser: Browser, who: str) -> None:
    with app.app_context():
        cast.staff()
        one = inviting.sent(cast.open_letter(), HARBOUR)[0].public_id
    browser.sign_in(who)
    refused = 403 if who == cast.JONAS else 404
    for path in (HOME, f"{HOME}/new", f"{HOME}/{one}"):
        browser.get(path, status=refused)
    browser.post(f"{HOME}/send", status=refused)


def old_letter(name: str) -> bytes:
    """A real letter's signatories as the sheet of an old drive."""
    entries = json.loads((LETTERS / name).read_text("utf-8"))["signatories"]
    return xlsx_of(("No.", "Organization", "Country", "Category"), *(
        (str(place), entry.get("organisation") or entry.get("signatory"), entry.get("country") or "",
         entry.get("category") or "") for place, entry in enumerate(entries, start=1)))


@pytest.mark.parametrize(("name", "rows", "duplicates", "glued"), [
    ("2020-04-30-wto-covid.json", 400,
     {"Missionary Society of St Columban", "Réseau Foi & Justice Afrique Europe antennne France"}, set()),
    ("2021-04-28-transform-wto.json", 201,
     {"Alternative Information and Development Centre (AIDC)",
      "Southern and Eastern Africa Trade Information and Negotiations Institute",
      "Southern and Eastern Africa Trade Information and Negotiations Institute (SEATINI)-Uganda"},
     {"Marshall Islands Council of Non-Governmental Organizations (MICNGOS), PIANGO, FELA, FLMMA"}),
])
def test_in_real_lists_the_duplicates_are_found_and_nothing_else_is_merged(
        app: Flask, name: str, rows: int, duplicates: set[str], glued: set[str]) -> None:
    if not (LETTERS / name).exists():
        pytest.skip("the real letters are not here")
    with app.app_context():
        cast.staff()
        look_over(cast.open_letter(), old_letter(name), rows, duplicates, glued, more=3)


def look_over(made: Letter, data: bytes, rows: int, duplicates: set[str], glued: set[str], *, more: int) -> None:
    """What the preview and the import make of a list: `more` rows at the most are shown as alike beside the known
    duplicates."""
    judged = preview.judged(made, inviting.keep(made, data)).rows
    assert len(judged) == rows
    flagged = {each.row.raw for each in judged if each.verdict in ("repeated", "alike")}
    assert duplicates <= flagged
    assert len(flagged - duplicates) <= more, flagged - duplicates
    assert {each.row.raw for each in judged if each.verdict == "glued"} == glued
    assert [each.row.raw for each in judged if each.verdict == "bad"] == []
    again = [each for each in judged if each.verdict == "repeated"]
    chosen = {each.row.number: "take" for each in judged if each.verdict == "glued"}
    assert inviting.bring_in(made, data, chosen) == rows - len(again)


def test_in_lists_like_the_real_ones_the_same_holds_as_csv_and_as_workbook(app: Flask) -> None:
    with app.app_context():
        cast.staff()
        for number, (old, form) in enumerate((
                (old_lists.sections(), "xlsx"), (old_lists.numbered(), "csv"), (old_lists.numbered(), "xlsx"))):
            data = old.as_xlsx() if form == "xlsx" else old.as_csv("cp1252" if False else "utf-8-sig")
            made = cast.open_letter(f"Letter {number}")
            look_over(made, data, len(old.rows), set(old.duplicates), set(old.glued), more=0)
            assert {name for name, _country in old_lists.FALSE_FRIENDS} <= {
                row.organisation for row in inviting.invitations(made)} | set(old.glued)
