"""The outbox: a mail is kept with the act it tells of, once, and can be asked about."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from coalition import clock
from coalition.db import db, unit_of_work
from coalition.endorsements import operations
from coalition.mail import outbox
from coalition.mail.message import Message
from coalition.mail.models import OutboxMail
from tests import cast


def message(key: str = "one", **values: str) -> Message:
    return Message(key=key, to="samira@ngo.example", subject="Hello", text="Hello.\n", html="<p>Hello.</p>", **values)


def count() -> int:
    db.session.rollback()
    return db.session.query(OutboxMail).count()


def test_a_mail_stands_or_falls_with_the_act_it_tells_of(room: Flask) -> None:
    with pytest.raises(RuntimeError), unit_of_work():
        outbox.put(message())
        raise RuntimeError("power cut")
    assert count() == 0
    with unit_of_work():
        outbox.put(message())
    assert count() == 1


def test_an_act_that_falls_leaves_no_mail_behind(room: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.staff()
    made = cast.sign(cast.open_letter())
    assert made is not None
    before = count()

    def fail(*_anything: object) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr(operations, "tell_coordinators", fail)
    with pytest.raises(RuntimeError):
        cast.confirm(made)
    assert count() == before
    assert operations.get(made.id).state == "unconfirmed"


def test_the_same_key_is_one_mail_also_within_one_act(room: Flask) -> None:
    with unit_of_work():
        outbox.put(message())
        outbox.put(message())
    with unit_of_work():
        outbox.put(message())
    assert count() == 1


def test_every_mail_has_a_message_id_of_its_own_from_the_start(room: Flask) -> None:
    with unit_of_work():
        for number in range(20):
            outbox.put(message(f"mail-{number}"))
    assert len({mail.message_id for mail in db.session.query(OutboxMail)}) == 20


def test_a_page_can_ask_how_the_mails_about_something_fare(room: Flask) -> None:
    with unit_of_work():
        outbox.put(message("first", about="endorsement:1"))
        outbox.put(message("second", about="endorsement:1"))
        outbox.put(message("third", about="endorsement:11"))
    assert [state.state for state in outbox.mails_about("endorsement:1")] == ["queued", "queued"]
    assert outbox.mails_about("endorsement:2") == []


def test_mails_are_counted_by_state(room: Flask) -> None:
    assert outbox.count_by_state() == {}
    with unit_of_work():
        for number, state in enumerate(("sent", "queued", "queued", "failed")):
            outbox.put(message(f"mail-{number}"))
            db.session.query(OutboxMail).filter_by(key=f"mail-{number}").update({"state": state})
    assert outbox.count_by_state() == {"sent": 1, "queued": 2, "failed": 1}


def test_a_form_sends_one_address_three_mails_in_six_hours_and_no_more(room: Flask) -> None:
    cast.staff()
    letter = cast.open_letter()
    victim = "victim@elsewhere.example"
    for number in range(6):
        cast.sign(letter, cast.fields(f"Invented Body {number}"), who=cast.contact(victim))
    assert len(cast.mails_to(victim)) == 3
    with clock.fixed(cast.MORNING + timedelta(hours=7)):
        cast.sign(letter, cast.fields("Invented Body 7"), who=cast.contact(victim.upper()))
    assert sum(mail.to.lower() == victim for mail in db.session.query(OutboxMail)) == 4
