"""Mail and the audit log, as administrators see them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from coalition import clock
from coalition.audit.models import AuditEntry
from coalition.db import db, unit_of_work
from coalition.jobs import tasks
from coalition.jobs.schedule import SEND_MAILS, queue_of
from coalition.mail.models import OutboxMail
from tests import cast
from tests.web.browser import Browser


@pytest.fixture
def ada(app: Flask, client: FlaskClient) -> Browser:
    with app.app_context():
        cast.staff()
    browser = Browser(client)
    browser.sign_in(cast.ADA)
    return browser


def set_mails(app: Flask, **values: object) -> None:
    with app.app_context(), unit_of_work():
        db.session.query(OutboxMail).update(values)


def test_the_overview_counts_people_and_mails(app: Flask, ada: Browser) -> None:
    page = ada.get("/admin")
    assert "people who can sign in 5" in page.text
    assert "mails waiting 5" in page.text


def test_mails_that_cannot_leave_stand_with_what_the_server_said(app: Flask, ada: Browser) -> None:
    set_mails(app, state="failed", attempts=12, error="554 5.7.1 refused <by policy>")
    page = ada.get("/admin/mail")
    assert "554 5.7.1 refused <by policy>" in page.text
    assert cast.JONAS in page.text
    assert "Not sent" in page.text


def test_a_server_that_is_away_shows_at_every_mail_that_waits(app: Flask, ada: Browser) -> None:
    set_mails(app, attempts=3, error="the mail server does not answer: refused",
              next_attempt_at=cast.MORNING + timedelta(minutes=15))
    page = ada.get("/admin/mail")
    assert "the mail server does not answer" in page.text
    assert "in 15 minutes" in page.text
    assert "Waiting to be sent" in page.text


def test_try_again_now_makes_all_of_them_due_and_wakes_a_worker(app: Flask, ada: Browser) -> None:
    set_mails(app, state="failed", attempts=12, error="554 refused")
    while queue_of(app).dequeue() is not None:
        pass
    ada.get("/admin/mail")
    page = ada.submit(button="Try again now")
    assert "5 mails are tried again now" in page.text
    with app.app_context():
        assert {(mail.state, mail.attempts) for mail in db.session.query(OutboxMail)} == {("queued", 0)}
    assert SEND_MAILS in [task.name for task in queue_of(app).pending()]


def test_when_all_have_left_there_is_no_button(app: Flask, ada: Browser) -> None:
    set_mails(app, state="sent")
    page = ada.get("/admin/mail")
    assert "Every mail has left" in page.text
    assert "Try again now" not in page.text
    assert "Nothing waits to be sent" in ada.post("/admin/mail/try-again").text


def test_a_worker_that_stands_still_is_noticed(app: Flask, ada: Browser) -> None:
    assert "stand still" not in ada.get("/admin").text
    with clock.fixed(cast.MORNING + timedelta(minutes=6)):
        for path in ("/admin", "/admin/mail"):
            assert "the worker seems to stand still" in ada.get(path).text


def test_who_signs_is_not_to_be_learnt_from_mails_or_the_log(app: Flask, ada: Browser) -> None:
    with app.app_context():
        letter = cast.open_letter()
        cast.approved(letter, "CNRY-hidden Body", visibility="withheld",
                      who=cast.contact("cnry-director@hidden.example", name="CNRY-director"))
        with unit_of_work():
            db.session.query(OutboxMail).filter(OutboxMail.about.startswith("endorsement:")).update(
                {"state": "failed", "error": "550 <cnry-director@hidden.example> no such user"})
    for path in ("/admin", "/admin/mail", "/admin/audit"):
        page = ada.get(path)
        assert "cnry" not in page.source.lower(), path
        assert "hidden.example" not in page.source, path
    assert "somebody who signs: known to the letter’s coordinators" in ada.get("/admin/mail").text


def test_the_log_tells_what_happened_last_with_who_and_when(app: Flask, ada: Browser) -> None:
    with app.app_context():
        cast.open_letter()
    page = ada.get("/admin/audit")
    assert "The letter was opened for signing – Nadia Example" in page.text
    assert "A member of staff was invited – the operator" in page.text
    assert "2 March 2026, 09:00 UTC" in page.text


def test_the_chain_is_checked_when_asked(app: Flask, ada: Browser) -> None:
    assert "Last read again never" in ada.get("/admin/audit").text
    page = ada.submit(button="Read it again now")
    assert "5 entries were read again: the chain is whole" in page.text
    assert "Last read again 2 March 2026, 09:00 UTC" in page.text and "How it was found whole" in page.text


def test_a_broken_chain_is_told_with_where_it_breaks(app: Flask, ada: Browser) -> None:
    with app.app_context(), unit_of_work():
        # Somebody with the database in their hands is stopped by no trigger.
        for name in db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            db.session.execute(text(f"DROP TRIGGER {name}"))
        db.session.query(AuditEntry).filter_by(sequence=3).update({"actor": "person:99"})
    assert not tasks.check_log(app)
    page = ada.get("/admin/audit")
    assert "The chain is broken" in page.text
    assert "Entry 3 does not fit: it was changed after it was written" in page.text
    with app.app_context():
        told = db.session.query(OutboxMail).filter(OutboxMail.key.startswith("audit-broken:")).one()
        assert told.to == cast.ADA and "entry 3 does not fit" in told.text
