"""Files of evidence at the doors: sent by signers, handed to the letter's coordinators alone (bad input C17, E02)."""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask

from coalition.db import unit_of_work
from coalition.endorsements import operations
from tests import cast
from tests.web.browser import Browser

SLUG = "protect-the-hospitals"
PDF = b"%PDF-1.7\n<</OpenAction<</S/JavaScript>>>> /EmbeddedFile <script>alert(1)</script>"


@pytest.fixture
def paths(app: Flask) -> dict[str, str]:
    """The signer's page and the coordinators' of one signature that waits."""
    with app.app_context():
        cast.staff()
        signed = cast.sign(cast.open_letter(), who=cast.contact("samira@ngo.example"))
        assert signed is not None
        made = cast.confirm(signed)
        with unit_of_work():
            secret = operations.manage_link(operations.get(made.id))
        return {"signer": f"/member/{secret}",
                "coordinator": f"/coordinator/letters/{SLUG}/endorsements/{made.public_id}"}


def send(browser: Browser, content: bytes, status: int = 200, name: str = "../../authority.pdf.exe") -> None:
    browser.submit({"file": (BytesIO(content), name)}, button="Send the file", status=status)


def test_a_signer_sends_a_file_sees_it_and_takes_it_back(app: Flask, browser: Browser, paths: dict[str, str]) -> None:
    browser.get(paths["signer"])
    browser.follow("Send a letter of authority")
    send(browser, PDF)
    assert "The file has arrived" in browser.page.text
    assert "PDF file, 1 kB" in browser.page.text
    assert "authority.pdf.exe" not in browser.page.source
    assert "You sent a file" in browser.get(paths["signer"]).text
    browser.get(paths["signer"] + "/files")
    browser.submit(action="/remove")
    assert "The file is removed" in browser.page.text
    assert "PDF file" not in browser.page.text


@pytest.mark.parametrize(("content", "said"), [
    (b"", "empty"), (b"MZ", "Send a PDF or a picture"), (b"PK\x03\x04", "Send a PDF or a picture")])
def test_what_cannot_be_taken_is_said_at_the_field(
        browser: Browser, paths: dict[str, str], content: bytes, said: str) -> None:
    browser.get(paths["signer"] + "/files")
    send(browser, content, status=422)
    assert said in browser.page.error("file")


def sent(browser: Browser, paths: dict[str, str]) -> None:
    browser.get(paths["signer"] + "/files")
    send(browser, PDF)


def test_a_coordinator_gets_the_bytes_to_save_and_never_to_show(browser: Browser, paths: dict[str, str]) -> None:
    sent(browser, paths)
    browser.sign_in(cast.NADIA)
    browser.get(paths["coordinator"])
    answer = browser.client.get(browser.page.link("Letter of authority, PDF"))
    assert answer.data == PDF
    assert answer.mimetype == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert answer.headers["Content-Disposition"].endswith(".pdf")
    assert "exe" not in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Security-Policy"].startswith("sandbox;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("who", ["stranger", "signer", cast.OLGA, cast.JONAS, cast.ADA])
def test_nobody_else_gets_the_bytes(browser: Browser, paths: dict[str, str], who: str) -> None:
    sent(browser, paths)
    browser.sign_in(cast.NADIA)
    browser.get(paths["coordinator"])
    path = browser.page.link("Letter of authority, PDF")
    browser.client.delete_cookie("session")
    if "@" in who:
        browser.sign_in(who)
    elif who == "signer":
        browser.get(paths["signer"])
    answer = browser.client.get(path)
    assert answer.status_code in (303, 403, 404)
    assert b"%PDF" not in answer.data


def test_an_unknown_file_is_not_found(browser: Browser, paths: dict[str, str]) -> None:
    browser.sign_in(cast.NADIA)
    for name in ("nothing", "%00", "..%2f..%2fsecret.key"):
        browser.get(f"{paths['coordinator']}/files/{name}", status=404)


def test_a_coordinator_adds_and_removes_a_file_with_a_reason(browser: Browser, paths: dict[str, str]) -> None:
    browser.sign_in(cast.NADIA)
    browser.get(paths["coordinator"])
    browser.submit({"kind": "message", "file": (BytesIO(b"From: samira\n\nWe sign."), "mail.eml")},
                   button="Keep the file")
    assert "Message, TXT" in browser.page.text
    browser.follow("Remove …")
    browser.submit(button="Remove the file", status=422)
    assert "Give the reason" in browser.page.error("reason")
    browser.submit({"reason": "Of another body."}, button="Remove the file")
    assert "Message, TXT" not in browser.page.text
    assert "A file of evidence was removed" in browser.page.text


def test_a_refused_file_is_told_on_the_page(browser: Browser, paths: dict[str, str]) -> None:
    browser.sign_in(cast.NADIA)
    browser.get(paths["coordinator"])
    browser.submit({"file": (BytesIO(b"PK\x03\x04"), "letter.docx")}, button="Keep the file", status=422)
    assert "Send a PDF or a picture" in browser.page.error("file")


def test_a_signature_that_no_mail_reached_is_confirmed_by_evidence(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        signed = cast.sign(cast.open_letter(), who=cast.contact("samira@ngo.example"))
        assert signed is not None
        path = f"/coordinator/letters/{SLUG}/endorsements/{signed.public_id}"
    browser.sign_in(cast.NADIA)
    browser.get(path)
    page = browser.follow("Confirm it by evidence")
    assert page.form(button="They signed").value("taken_by").startswith("Nadia")
    browser.submit({"origin": "phone", "evidence": "Called +254 20 000 from their website.", "file": (BytesIO(), "")},
                   button="They signed")
    assert "waits for review by another coordinator" in browser.page.text
    assert "by phone" in browser.page.text
    assert "Another coordinator must decide this" in browser.page.text
    browser.get(path + "/confirm-by-evidence", status=409)
