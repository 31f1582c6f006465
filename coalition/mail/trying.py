"""One mail to see whether mails leave; past the outbox, since nothing depends on it."""

from __future__ import annotations

import secrets
from contextlib import closing

from flask import current_app

from coalition import clock
from coalition.config import public_url, setting
from coalition.errors import Invalid, Unavailable
from coalition.mail.models import OutboxMail
from coalition.mail.transport import transport_for
from coalition.mail.wire import Refused, compose


def send(address: str) -> None:
    """Send it. Raises `Invalid` for what is no address or is refused for good, `Unavailable` when no mail leaves."""
    if "@" not in address or any(sign.isspace() for sign in address):
        raise Invalid(f"{address} is no address.")
    words = (f"A mail of {setting('COALITION_NAME')} ({public_url('/')}), to see whether mails leave. "
             "Nothing is to be done.")
    mail = OutboxMail(to=address, subject="A mail to try whether mails leave", text=words, html=f"<p>{words}</p>",
                      language="en", unsubscribe="", created_at=clock.now(), message_id=secrets.token_hex(16))
    try:
        with closing(transport_for(dict(current_app.config))) as transport:
            transport.send(compose(mail, str(setting("MAIL_FROM"))))
    except Refused as refusal:
        raise Invalid(str(refusal)) from refusal
    except Unavailable as trouble:
        raise Unavailable(trouble.message) from trouble
