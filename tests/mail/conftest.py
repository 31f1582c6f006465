"""The stage of the mail tests: an application whose mails go to a real server on this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from flask import Flask

from coalition.config import setting
from coalition.db import db, unit_of_work
from coalition.mail import outbox
from coalition.mail.delivery import send_due
from coalition.mail.message import Message
from coalition.mail.models import OutboxMail
from coalition.mail.transport import transport_for
from tests.mail.server import MailServer

Put = Callable[..., OutboxMail]


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server that takes everything until told otherwise."""
    made = MailServer()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def settings(server: MailServer) -> dict[str, Any]:
    return {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": server.port, "MAIL_TIMEOUT": 5}


@pytest.fixture
def put(room: Flask) -> Put:
    """Puts a mail in the outbox."""

    def do(key: str = "one", **values: Any) -> OutboxMail:
        given = {"to": "samira@ngo.example", "subject": "Confirm your signature", "text": "Hello.\n",
                 "html": "<p>Hello.</p>", **values}
        with unit_of_work():
            outbox.put(Message(key=key, **given))
        return db.session.query(OutboxMail).filter_by(key=key).one()

    return do


@pytest.fixture
def send(room: Flask) -> Callable[[], dict[str, int]]:
    """Sends what is due now, as a worker does."""

    def do() -> dict[str, int]:
        with closing(transport_for(room.config)) as transport:
            return send_due(transport, setting("MAIL_FROM"))

    return do
