"""Nothing that somebody typed becomes a header of its own, or a second recipient."""

from __future__ import annotations

from email import message_from_bytes
from typing import Any

import pytest
from flask import Flask

from coalition import clock
from coalition.config import setting
from coalition.db import db, unit_of_work
from coalition.errors import Invalid
from coalition.mail.delivery import send_due
from coalition.mail.message import Message
from coalition.mail.models import OutboxMail
from coalition.mail.transport import transport_for
from coalition.mail.wire import compose
from tests.mail.server import MailServer

SMUGGLED = "=?utf-8?q?a=0d=0aBcc:_x@evil.example?="


@pytest.mark.parametrize("value", [
    SMUGGLED, "a\r\nBcc: x@evil.example", "a\nb", "a\0b", "a\u2028Bcc: x@evil.example", "a\u2066b", "a\x85b"])
@pytest.mark.parametrize("field", ["subject", "to"])
def test_a_message_takes_no_headers_in_its_values(field: str, value: str) -> None:
    given = {"key": "k", "to": "a@ngo.example", "subject": "Hello", "text": "", "html": "", field: value}
    with pytest.raises(Invalid):
        Message(**given)


@pytest.mark.parametrize("words", ["Protégez les hôpitaux", "احموا المستشفيات", "Защитите\u200dбольницы", "保护医院"])
def test_words_of_all_languages_stand_in_a_subject(words: str) -> None:
    assert Message(key="k", to="a@ngo.example", subject=words, text="", html="").subject == words


@pytest.mark.parametrize("spoilt", [
    {"subject": SMUGGLED},
    {"subject": "a\r\nBcc: x@evil.example"},
    {"to": "a@ngo.example, x@evil.example"},
    {"to": "a@ngo.example\r\nBcc: x@evil.example"},
    {"to": f"{SMUGGLED} <a@ngo.example>"},
])
def test_a_mail_with_other_headers_than_ours_is_not_sent(room: Flask, server: MailServer,
                                                         spoilt: dict[str, Any]) -> None:
    """Even if it got into the outbox past the message: the last look is at the very bytes to be sent."""
    row: dict[str, Any] = {"to": "a@ngo.example", "subject": "Hello", **spoilt}
    with unit_of_work():
        _put(row)
    assert send_due(transport_for(room.config), setting("MAIL_FROM")) == {"sent": 0, "later": 0, "failed": 1}
    assert server.received == []


def _put(row: dict[str, Any]) -> None:
    now = clock.now()
    db.session.add(OutboxMail(key="k", message_id="0" * 32, text="Hello.", html="<p>Hello.</p>", language="en",
                              created_at=now, next_attempt_at=now, **row))
    db.session.flush()


@pytest.mark.parametrize(("address", "one_click"), [
    ("https://letters.test/member/no-reminders/x", True), ("http://letters.test/member/no-reminders/x", False),
    ("", None)])
def test_a_mail_nobody_asked_for_names_its_way_out(address: str, one_click: bool | None) -> None:
    mail = OutboxMail(to="a@ngo.example", subject="Hello", text="x", html="<p>x</p>", language="en",
                      unsubscribe=address, message_id="1", created_at=clock.now())
    made = message_from_bytes(compose(mail, "letters@coalition.example").content)
    assert made["List-Unsubscribe"] == (f"<{address}>" if address else None)
    assert (made["List-Unsubscribe-Post"] is not None) is bool(one_click)
