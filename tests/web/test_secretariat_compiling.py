"""Asking for an edition or a preview, watching it being made, and getting the files."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coalition import clock
from coalition.db import db, unit_of_work
from coalition.documents import drawing
from coalition.documents import operations as documents
from coalition.documents.models import CompileRequest, Rendition
from coalition.jobs import tasks
from coalition.letters import operations as letters
from coalition.letters.models import Letter
from coalition.web import proving
from tests import cast
from tests.web.browser import Browser

FINAL = "/secretariat/letters/protect-the-hospitals"


@pytest.fixture
def jonas(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Browser:
    monkeypatch.setattr(drawing, "draw_sealed", lambda snapshot, paper, **_options: b"%PDF " + paper.encode())
    monkeypatch.setattr(drawing, "draw", lambda snapshot, paper, **_options: b"%PDF preview")
    with app.app_context():
        cast.staff()
        cast.approved(cast.open_letter(), "Harbour Light Trust", country="KE")
    browser = Browser(client)
    browser.sign_in(cast.JONAS)
    browser.get(FINAL)
    return browser


def work(app: Flask) -> None:
    """What a worker does after the nudge."""
    tasks.run_requests(app)


def test_an_edition_is_asked_for_watched_and_downloaded(app: Flask, jonas: Browser) -> None:
    page = jonas.submit({"audience": "public", "paper": "A4"}, button="Compile edition")
    assert page.heading == "The edition is being made"
    assert re.fullmatch(f"{FINAL}/requests/[A-Za-z0-9_-]+", page.path)
    assert page.answer.headers["Refresh"] == "2"
    work(app)
    page = jonas.get(page.path)
    assert page.heading == "The edition is ready"
    assert "edition 1 with 1 signatory" in page.text
    assert "Refresh" not in page.answer.headers
    pdf = jonas.client.get(page.link("Download the PDF"))
    assert pdf.data == b"%PDF A4"
    assert pdf.mimetype == "application/pdf"
    assert pdf.headers["Content-Disposition"] == "attachment; filename=protect-the-hospitals-edition-1-A4-en.pdf"
    assert pdf.headers["Cache-Control"] == "no-store"
    assert hashlib.sha256(pdf.data).hexdigest() in page.source


def test_a_preview_is_made_without_a_number(app: Flask, jonas: Browser) -> None:
    page = jonas.submit({"audience": "recipients", "paper": "Letter"}, button="Make a preview")
    assert page.heading == "The preview is being made"
    assert jonas.client.get(f"{page.path}/preview.pdf").status_code == 404
    work(app)
    page = jonas.get(page.path)
    pdf = jonas.client.get(page.link("Download the preview"))
    assert pdf.data == b"%PDF preview"
    assert "preview" in pdf.headers["Content-Disposition"]
    assert "stands here with its number" in jonas.get(FINAL).text


def test_each_step_is_shown_while_it_lasts(app: Flask, jonas: Browser) -> None:
    path = jonas.submit({}, button="Compile edition").path
    for step, words in (("reading", "Reading the list In progress"), ("drawing", "Drawing the pages In progress"),
                        ("keeping", "Keeping the file In progress")):
        with app.app_context(), unit_of_work():
            asked = db.session.query(CompileRequest).one()
            asked.state, asked.step = "running", step
        assert words in jonas.get(path).text
    assert "See how far it is" in jonas.get(FINAL).text


def test_what_waits_can_be_called_off_and_what_runs_cannot(app: Flask, jonas: Browser) -> None:
    path = jonas.submit({}, button="Compile edition").path
    page = jonas.submit(button="Call it off")
    assert page.path == FINAL and "Called off" in page.text
    assert jonas.get(path).heading == "The edition was called off"
    work(app)
    with app.app_context():
        assert db.session.query(Rendition).count() == 0
    jonas.get(FINAL)
    path = jonas.submit({}, button="Compile edition").path
    with app.app_context(), unit_of_work():
        asked = db.session.query(CompileRequest).order_by(CompileRequest.id.desc()).first()
        assert asked is not None
        asked.state, asked.step = "running", "drawing"
    page = jonas.submit(button="Call it off")
    assert page.path == path and "cannot be called off any more" in page.text
    with pytest.raises(AssertionError):
        page.form(button="Call it off")


def test_when_no_worker_takes_it_up_the_page_says_so(jonas: Browser) -> None:
    path = jonas.submit({}, button="Compile edition").path
    assert "standing still" not in jonas.page.text
    with clock.fixed(cast.MORNING + timedelta(seconds=91)):
        assert "The worker of this installation may be standing still" in jonas.get(path).text


def test_unchanged_data_leads_to_the_same_edition(app: Flask, jonas: Browser) -> None:
    jonas.submit({}, button="Compile edition")
    work(app)
    with clock.fixed(cast.MORNING + timedelta(minutes=5)):
        jonas.get(FINAL)
        path = jonas.submit({}, button="Compile edition").path
        work(app)
        assert "It is edition 1 with 1 signatory. Nothing had changed" in jonas.get(path).text


def test_a_document_that_cannot_be_made_says_why(app: Flask, jonas: Browser,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    path = jonas.submit({}, button="Compile edition").path

    def refuse(*_given: object, **_named: object) -> bytes:
        raise documents.Invalid("The letter “ሀ” cannot be drawn with the fonts there are.")

    monkeypatch.setattr(drawing, "draw_sealed", refuse)
    work(app)
    page = jonas.get(path)
    assert page.heading == "The edition could not be made"
    assert "“ሀ” cannot be drawn" in page.text
    assert "Refresh" not in page.answer.headers


def test_what_would_be_refused_is_refused_before_a_worker_is_asked(app: Flask, jonas: Browser) -> None:
    with app.app_context(), unit_of_work():
        letter = db.session.get_one(Letter, 1)
        letters.write_draft(cast.actor(cast.NADIA), letter, "We are more than 200 organisations.\n")
        letters.publish(cast.actor(cast.NADIA), letter, change="editorial", note="Numbers.")
    page = jonas.submit({}, button="Compile edition")
    assert page.path == FINAL
    assert "does not bear out what the text says: “more than 200 organisations”" in page.text
    assert jonas.submit({}, button="Make a preview").heading == "The preview is being made"
    with app.app_context():
        assert [asked.kind for asked in db.session.query(CompileRequest)] == ["preview"]


def test_asking_twice_is_asking_once_and_a_third_document_has_to_wait(app: Flask, jonas: Browser) -> None:
    first = jonas.submit({}, button="Compile edition").path
    jonas.get(FINAL)
    assert jonas.submit({}, button="Compile edition").path == first
    jonas.get(FINAL)
    jonas.submit({}, button="Make a preview")
    jonas.get(FINAL)
    page = jonas.submit({"paper": "Letter"}, button="Make a preview")
    assert "One document is being made and another waits" in page.text


@pytest.mark.parametrize("smuggled", [{"audience": "everybody"}, {"paper": "A3"}])
def test_an_audience_or_paper_that_there_is_not_makes_nothing(app: Flask, jonas: Browser,
                                                             smuggled: dict[str, object]) -> None:
    page = jonas.submit({}, button="Make a preview", smuggled=smuggled)
    assert "Nothing was made" in page.text
    with app.app_context():
        assert db.session.query(CompileRequest).count() == 0


def test_an_edition_asks_for_a_fresh_sign_in_and_a_preview_does_not(app: Flask, jonas: Browser,
                                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    # The sign-in is as old as the test: a limit before its time makes it an old one.
    monkeypatch.setattr(proving, "FRESH", timedelta(seconds=-1))
    page = jonas.submit({}, button="Compile edition")
    assert page.path.startswith("/account/verify")
    assert "An edition is for good: confirm that it is you" in page.text
    with app.app_context():
        assert db.session.query(CompileRequest).count() == 0
    monkeypatch.undo()
    page = jonas.submit({"password": cast.PASSWORD})
    assert page.path == FINAL
    assert jonas.submit({}, button="Compile edition").heading == "The edition is being made"


def test_the_list_of_an_edition_is_exported_as_it_was_frozen(app: Flask, jonas: Browser) -> None:
    jonas.submit({}, button="Compile edition")
    work(app)
    with app.app_context():
        cast.approved(db.session.get_one(Letter, 1), "Came Later")
    base = f"{FINAL}/editions/1/signatories"
    table, data, text = (jonas.client.get(f"{base}.{form}") for form in ("csv", "json", "txt"))
    assert (table.mimetype, data.mimetype, text.mimetype) == ("text/csv", "application/json", "text/plain")
    assert json.loads(data.data)["edition"]["number"] == 1
    for answer in (table, data, text):
        assert b"Harbour Light Trust" in answer.data
        assert b"Came Later" not in answer.data
        assert "protect-the-hospitals-edition-1." in answer.headers["Content-Disposition"]


def test_a_file_that_was_changed_in_the_database_is_refused_in_words(app: Flask, jonas: Browser) -> None:
    jonas.submit({}, button="Compile edition")
    work(app)
    with app.app_context(), unit_of_work():
        db.session.query(Rendition).one().content = b"%PDF forged"
    page = jonas.get(f"{FINAL}/editions/1/A4.pdf", status=503)
    assert "its hash differs from the recorded one" in page.text
    assert "forged" not in page.source


@pytest.mark.parametrize("path", ["editions/1/Letter.pdf", "editions/2/A4.pdf", "editions/1/A3.pdf",
                                  "editions/0/A4.pdf", "editions/one/A4.pdf", "editions/1/signatories.xml",
                                  "editions/7/signatories.csv", "requests/nothing"])
def test_what_there_is_not_is_not_found(app: Flask, jonas: Browser, path: str) -> None:
    jonas.submit({}, button="Compile edition")
    work(app)
    jonas.get(f"{FINAL}/{path}", status=404)


def test_the_files_of_one_letter_are_not_reached_through_another(app: Flask, jonas: Browser) -> None:
    asked = jonas.submit({}, button="Make a preview").path.rpartition("/")[2]
    work(app)
    with app.app_context():
        cast.open_letter("Another letter")
    assert jonas.client.get(f"{FINAL}/requests/{asked}/preview.pdf").status_code == 200
    for path in (f"requests/{asked}", f"requests/{asked}/preview.pdf", "editions/1/A4.pdf"):
        jonas.get(f"/secretariat/letters/another-letter/{path}", status=404)
