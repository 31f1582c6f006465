"""K11: the machine's clock runs ahead for a while, or is set back. Nothing waits for a year, no link comes back to
life, what happened is ordered by its number, and the alarm is raised."""

from __future__ import annotations

import logging
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask

from coalition import clock
from coalition.access.actor import signer
from coalition.accounts import links
from coalition.accounts.links import Purpose
from coalition.accounts.queries import person_by_email
from coalition.audit import chain
from coalition.audit.queries import recent_of_letter
from coalition.config import setting
from coalition.db import db, unit_of_work
from coalition.documents import operations as documents
from coalition.documents.models import CompileRequest
from coalition.endorsements import operations
from coalition.errors import LinkNotValid, Unavailable
from coalition.jobs import tasks
from coalition.mail import delivery, outbox
from coalition.mail.delivery import send_due
from coalition.review.models import Digest
from tests import cast
from tests.rooms.conftest import no_drawing as no_drawing

AHEAD = cast.MORNING + timedelta(days=365)


class Away:
    """A mail server that does not answer."""

    def send(self, message: EmailMessage) -> None:
        raise Unavailable("away")


class Taken:
    """A mail server that takes everything."""

    def send(self, message: EmailMessage) -> None:
        return


def test_K11_what_was_begun_by_a_clock_that_ran_ahead_a_year_is_done_once_it_is_right_again(
        room: Flask, no_drawing: None) -> None:
    cast.staff()
    letter = cast.open_letter()
    cast.approved(letter)
    tasks.write_digests(room)
    with unit_of_work():
        documents.request(cast.actor(cast.JONAS), letter, kind="edition", audience="public", paper="A4")
    with clock.fixed(AHEAD):
        tasks.write_digests(room)
        assert delivery._take_next() is not None
        assert documents._take_request() is not None
        assert send_due(Away(), setting("MAIL_FROM"))["later"] > 1
    with clock.fixed(cast.later(days=1)):
        assert tasks.run_requests(room) == 1
        waiting = outbox.count_by_state()["queued"]
        assert waiting and send_due(Taken(), setting("MAIL_FROM"))["sent"] == waiting
        tasks.write_digests(room)
        db.session.rollback()
        assert db.session.query(CompileRequest).one().state == "done"
        nadia = person_by_email(cast.NADIA)
        assert nadia is not None and db.session.get_one(Digest, nadia.id).considered_at == clock.now()


def test_K11_a_clock_set_back_revives_no_link_and_raises_the_alarm(
        room: Flask, caplog: pytest.LogCaptureFixture) -> None:
    cast.staff()
    letter = cast.open_letter()
    made, number = cast.sign(letter), letter.id
    assert made is not None
    secret = cast.secret_in_mail(made)
    with clock.fixed(cast.later(hours=73)):
        cast.approved(letter, "Came Later")
    with clock.fixed(cast.later(hours=60)):  # thirteen hours back: the link was good at this time of day
        with pytest.raises(LinkNotValid):
            links.look_up(secret, Purpose.CONFIRM)
        assert tasks.watch_clock(room)
        later = cast.approved(letter, "Came Last")
        assert chain.verify() and recent_of_letter(number)[0].subject_id == later.id
    assert [record.levelno for record in caplog.records if "went back" in record.getMessage()] == [logging.ERROR]
    assert "13:00:00" in caplog.text
    with clock.fixed(cast.later(hours=74)):
        assert not tasks.watch_clock(room)


def test_K11_links_outlive_a_clock_that_ran_far_ahead_before(room: Flask) -> None:
    cast.staff()
    letter = cast.open_letter(deadline=AHEAD + timedelta(days=9))
    with clock.fixed(AHEAD):
        gone = cast.approved(letter, "Signed Too Early")
        with unit_of_work():
            operations.withdraw(signer(gone.id), operations.get(gone.id))
    made = cast.sign(letter, cast.fields("Signed In Time"))
    assert made is not None
    assert cast.confirm(made).state == "submitted"
    assert chain.verify()
