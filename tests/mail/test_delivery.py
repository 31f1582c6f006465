"""Mails on their way, against a real SMTP server: sent, put off, refused; never lost, never doubled."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from threading import Thread

import pytest
from flask import Flask

from coalition import clock
from coalition.config import setting
from coalition.db import db, unit_of_work
from coalition.errors import Unavailable
from coalition.mail import delivery, status, wire
from coalition.mail.delivery import BACK_OFF, LEASE, TRIES_A_ROUND, send_due
from coalition.mail.models import OutboxMail
from coalition.mail.transport import transport_for
from tests import cast
from tests.mail.conftest import Put
from tests.mail.server import MailServer

Send = Callable[[], dict[str, int]]
NOTHING = {"sent": 0, "later": 0, "failed": 0}


def state_of(mail: OutboxMail) -> tuple[str, int, str]:
    db.session.rollback()
    db.session.refresh(mail)
    return mail.state, mail.attempts, mail.error


def test_a_mail_arrives_whole(server: MailServer, put: Put, send: Send) -> None:
    mail = put(subject="أكّد توقيعك", text="مرحبا\n", html="<p dir=rtl>مرحبا</p>", language="ar")
    assert send() == {"sent": 1, "later": 0, "failed": 0}
    [(sender, recipients, arrived)] = server.received
    assert (sender, recipients) == ("letters@coalition.example", ["samira@ngo.example"])
    assert arrived["Subject"] == "أكّد توقيعك"
    assert arrived["From"] == "letters@coalition.example"
    assert arrived["Content-Language"] == "ar"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Message-ID"] == f"<{mail.message_id}@coalition.example>"
    text, html = arrived.get_body(("plain",)), arrived.get_body(("html",))
    assert text is not None and text.get_content().splitlines() == ["مرحبا"]
    assert html is not None and "مرحبا" in html.get_content()
    assert state_of(mail) == ("sent", 1, "")


def test_a_mail_is_sent_once(server: MailServer, put: Put, send: Send) -> None:
    put()
    send()
    assert send() == NOTHING
    assert len(server.received) == 1


def test_the_same_key_is_one_mail(server: MailServer, put: Put, send: Send) -> None:
    put("approved:1", text="First.\n")
    put("approved:1", text="Second.\n")
    send()
    put("approved:1", text="Third.\n")
    send()
    [arrived] = server.mails
    assert "First." in arrived.as_string()


@pytest.mark.parametrize("answer", ["451 try later", "421 closing", "450 mailbox busy"])
def test_a_server_that_says_later_is_asked_again_after_a_pause(server: MailServer, put: Put, send: Send,
                                                               answer: str) -> None:
    server.answers = [answer]
    mail = put()
    assert send() == {"sent": 0, "later": 1, "failed": 0}
    assert state_of(mail) == ("queued", 1, answer)
    assert send() == NOTHING
    with clock.fixed(cast.MORNING + BACK_OFF[0] - timedelta(seconds=1)):
        assert send() == NOTHING
    with clock.fixed(cast.MORNING + BACK_OFF[0]):
        assert send() == {"sent": 1, "later": 0, "failed": 0}
    assert state_of(mail) == ("sent", 2, "")
    assert len(set(server.message_ids)) == 1


def test_a_recipient_who_is_busy_is_tried_again_and_an_unknown_one_is_not(server: MailServer, put: Put,
                                                                          send: Send) -> None:
    server.to_recipients = ["450 mailbox busy", "550 no such user"]
    busy, unknown = put("busy"), put("unknown")
    assert send() == {"sent": 0, "later": 1, "failed": 1}
    assert state_of(busy) == ("queued", 1, "450 mailbox busy")
    assert state_of(unknown) == ("failed", 1, "550 no such user")


def test_pauses_grow_and_in_the_end_the_mail_is_given_up(server: MailServer, put: Put, send: Send) -> None:
    mail, now = put(), cast.MORNING
    for pause in BACK_OFF:
        server.answers = ["451 try later"]
        with clock.fixed(now):
            assert send() == {"sent": 0, "later": 1, "failed": 0}
            assert send() == NOTHING
        now += pause
    server.answers = ["451 try later"]
    with clock.fixed(now):
        assert send() == {"sent": 0, "later": 0, "failed": 1}
    assert state_of(mail)[0] == "failed"
    assert list(BACK_OFF) == sorted(BACK_OFF)


def test_what_the_server_refuses_for_good_is_not_tried_again(server: MailServer, put: Put, send: Send) -> None:
    server.answers = ["554 5.7.1 message refused"]
    mail = put()
    assert send() == {"sent": 0, "later": 0, "failed": 1}
    assert state_of(mail) == ("failed", 1, "554 5.7.1 message refused")
    with clock.fixed(cast.MORNING + timedelta(days=9)):
        assert send() == NOTHING


def test_while_the_server_is_away_everything_waits_and_says_why(server: MailServer, put: Put, send: Send) -> None:
    server.stop()
    mails = [put(f"mail-{number}") for number in range(TRIES_A_ROUND + 2)]
    assert send() == {"sent": 0, "later": TRIES_A_ROUND, "failed": 0}, "each mail waits for a time-out of its own"
    assert {state_of(mail)[0] for mail in mails} == {"queued"}
    assert "does not answer" in state_of(mails[0])[2]
    back = MailServer(port=server.port)
    back.start()
    with clock.fixed(cast.MORNING + BACK_OFF[0]):
        assert send() == {"sent": len(mails), "later": 0, "failed": 0}
    back.stop()
    assert len(set(back.message_ids)) == len(mails)


def test_a_server_that_hangs_is_given_up_after_the_time_out(room: Flask, server: MailServer, put: Put,
                                                            send: Send) -> None:
    room.config["MAIL_TIMEOUT"] = 0.3
    server.slow = 1.0
    mail = put()
    assert send() == {"sent": 0, "later": 1, "failed": 0}
    state, _attempts, error = state_of(mail)
    assert state == "queued"
    assert "does not answer" in error


def test_a_server_that_turns_everybody_away_says_nothing_about_a_mail(room: Flask, server: MailServer, put: Put,
                                                                      send: Send) -> None:
    room.config.update(MAIL_USERNAME="letters", MAIL_PASSWORD="wrong")
    mail = put()
    assert send() == {"sent": 0, "later": 1, "failed": 0}
    assert state_of(mail)[0] == "queued"


def test_trying_again_now_gives_failed_and_waiting_mails_another_round(server: MailServer, put: Put,
                                                                       send: Send) -> None:
    server.answers = ["554 refused", "451 later"]
    refused, put_off = put("refused"), put("put-off")
    send()
    assert delivery.try_again_now() == 2
    assert send() == {"sent": 2, "later": 0, "failed": 0}
    assert state_of(refused)[0] == state_of(put_off)[0] == "sent"
    assert delivery.try_again_now() == 0


def test_a_mail_that_another_worker_holds_is_left_to_it_until_its_lease_runs_out(server: MailServer, put: Put,
                                                                                 send: Send) -> None:
    mail = put()
    with unit_of_work():
        held = db.session.get_one(OutboxMail, mail.id)
        held.lease, held.leased_until = "somebody else", cast.MORNING + LEASE
    assert send() == NOTHING
    with clock.fixed(cast.MORNING + LEASE):
        assert send() == NOTHING
    with clock.fixed(cast.MORNING + LEASE + timedelta(seconds=1)):
        assert send() == {"sent": 1, "later": 0, "failed": 0}
    assert server.message_ids == [f"<{mail.message_id}@coalition.example>"]


class _Overtaken:
    """A server so slow that the lease runs out and another worker sends the mail meanwhile."""

    def send(self, _mail: wire.Envelope) -> None:
        with unit_of_work():
            mail = db.session.query(OutboxMail).one()
            mail.lease, mail.state, mail.attempts, mail.sent_at = "another worker", "sent", 2, clock.now()
        raise Unavailable("451 too late")


def test_a_worker_whose_lease_ran_out_changes_nothing_any_more(room: Flask, put: Put) -> None:
    mail = put()
    send_due(_Overtaken(), setting("MAIL_FROM"))
    assert state_of(mail) == ("sent", 2, "")


@pytest.mark.both_databases
def test_several_workers_send_each_mail_once(room: Flask, server: MailServer, put: Put) -> None:
    for number in range(24):
        put(f"mail-{number}", to=f"director{number}@ngo.example")
    troubles: list[BaseException] = []

    def work() -> None:
        try:
            with room.app_context(), closing(transport_for(room.config)) as transport:
                send_due(transport, setting("MAIL_FROM"))
        except BaseException as trouble:
            troubles.append(trouble)

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert not troubles
    assert sorted(recipients[0] for _sender, recipients, _mail in server.received) == sorted(
        f"director{number}@ngo.example" for number in range(24))
    assert len(set(server.message_ids)) == 24


def test_mails_in_a_row_go_over_one_connection_until_the_server_has_enough(server: MailServer, put: Put,
                                                                           send: Send) -> None:
    for number in range(3):
        put(f"mail-{number}")
    assert send()["sent"] == 3
    assert server.connections == 1
    server.hangs_up = True
    for number in range(3):
        put(f"more-{number}")
    assert send()["sent"] == 3, "a connection that is gone is not this mail's fault"
    assert server.connections == 4
    assert len(set(server.message_ids)) == len(server.message_ids) == 6


def test_an_address_in_another_script_goes_to_a_server_that_takes_it(server: MailServer, put: Put,
                                                                     send: Send) -> None:
    put(to="sámira@bücher.example")
    assert send() == {"sent": 1, "later": 0, "failed": 0}
    assert server.received[0][1] == ["sámira@xn--bcher-kva.example"]


def test_without_a_server_mails_are_files_that_only_the_owner_reads(room: Flask, put: Put, send: Send) -> None:
    room.config["MAIL_SERVER"] = ""
    mail = put()
    assert send() == {"sent": 1, "later": 0, "failed": 0}
    folder = room.config["INSTANCE"] / "mail"
    assert [path.name for path in folder.iterdir()] == [f"{mail.message_id}.eml"]
    assert folder.stat().st_mode & 0o077 == 0


def test_mails_that_nobody_tries_are_noticed(put: Put, send: Send) -> None:
    assert not status.stands_still()
    put()
    assert not status.stands_still()
    with clock.fixed(cast.MORNING + status.STANDSTILL + timedelta(seconds=1)):
        assert status.stands_still()
        send()
        assert not status.stands_still()


def test_administrators_are_told_what_fails_but_not_who_signs(server: MailServer, put: Put, send: Send) -> None:
    server.answers = ["554 5.1.1 <hidden@body.example>: no such user", "554 5.1.1 <olga@coalition.example>: gone"]
    put("to-signer", to="hidden@body.example", about="endorsement:1")
    put("to-staff", to="olga@coalition.example", about="person:1")
    send()
    to_signer, to_staff = status.unsent()
    assert "hidden@body.example" not in repr(to_signer)
    assert "no such user" in to_signer.error
    assert to_staff.to == "olga@coalition.example"


def test_refusing_one_mail_spoils_none_after_it_and_dots_stay(server: MailServer, put: Put, send: Send) -> None:
    server.to_recipients = ["250 OK", "550 no such user", "450 mailbox busy"]
    known, unknown, busy, dots = (put(f"mail-{number}", text=".\n..dots\n") for number in range(4))
    assert send() == {"sent": 2, "later": 1, "failed": 1}
    assert state_of(unknown) == ("failed", 1, "550 no such user")
    assert state_of(busy) == ("queued", 1, "450 mailbox busy")
    assert server.message_ids == [f"<{mail.message_id}@coalition.example>" for mail in (known, dots)]
    text = server.mails[1].get_body(("plain",))
    assert text is not None and text.get_content().split() == [".", "..dots"]
