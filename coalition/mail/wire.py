"""A mail as it goes on the wire: its few headers and its two parts as bytes. Sending them is `transport.py`.

Made with the older of Python's two kinds of mail objects: the newer one folds, parses and copies each header several
times over, which takes five times as long."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.charset import QP, Charset
from email.errors import HeaderParseError
from email.header import Header
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr, parseaddr
from typing import NamedTuple

from email_validator import EmailNotValidError, validate_email

from coalition.mail.models import OutboxMail

#: The only headers a mail of ours may have; anything else was smuggled in.
HEADERS = frozenset({b"from", b"to", b"subject", b"date", b"message-id", b"content-language", b"mime-version",
                     b"content-type", b"auto-submitted", b"list-unsubscribe", b"list-unsubscribe-post"})
_ADDRESS = re.compile(r"""[^\s<>()\[\],;:\\"@]+@[^\s<>()\[\],;:\\"@]+""")
_COMPACT, _READABLE = Charset("utf-8"), Charset("utf-8")
_READABLE.body_encoding = QP
_PLAIN = policy.compat32.clone(linesep="\r\n")


class Written(NamedTuple):
    """What is read of a mail in the outbox to send it, and what is written back."""

    id: int
    message_id: str
    to: str
    subject: str
    text: str
    html: str
    language: str
    unsubscribe: str
    hushed: bool
    created_at: datetime
    attempts: int
    next_attempt_at: datetime
    lease: str


class Refused(Exception):
    """The server will never take this mail; trying again is useless."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """`sender` and `to` are bare addresses, as the server is told them; `number` is the mail's own."""

    sender: str
    to: str
    number: str
    content: bytes


def compose(mail: OutboxMail | Written, sender: str) -> Envelope:
    """The mail as it goes on the wire. Raises `Refused` if it cannot be written or its headers are not ours."""
    try:
        to = _on_the_wire(mail.to)
        content = _written(mail, sender, to).as_bytes(policy=_PLAIN if to.isascii() else policy.SMTPUTF8)
    except (ValueError, EmailNotValidError, HeaderParseError) as reason:
        raise Refused(f"the mail cannot be written: {reason}") from reason
    # What is in a value can turn into headers of their own: the last look is at the very bytes.
    head = content.partition(b"\r\n\r\n")[0].splitlines()
    names = [line.partition(b":")[0].lower() for line in head if line[:1] not in (b" ", b"\t")]
    if len(set(names)) != len(names) or not HEADERS.issuperset(names) or "=?" in f"{mail.subject}{to}":
        raise Refused("the mail's headers are not the ones we wrote")
    if not _ADDRESS.fullmatch(to):
        raise Refused("a mail goes to exactly one address")
    return Envelope(parseaddr(sender)[1], to, mail.message_id, content)


def _written(mail: OutboxMail | Written, sender: str, to: str) -> MIMEMultipart:
    name, address = parseaddr(sender)
    # The boundary holds what no encoded part can: an underscore behind a sign of equality.
    message = MIMEMultipart("alternative", boundary=f"=_{mail.message_id}")
    message["From"] = formataddr(("" if mail.hushed else name, address))
    message["To"] = to
    message["Subject"] = mail.subject if mail.subject.isascii() else Header(mail.subject, "utf-8").encode()
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = f"<{mail.message_id}@{address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = mail.language
    if mail.unsubscribe:
        message["List-Unsubscribe"] = f"<{mail.unsubscribe}>"
        if mail.unsubscribe.startswith("https://"):
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    text, html = ("\r\n".join(words.split("\n")) for words in (mail.text, mail.html))
    # So that who looks at the mail as it is can read what Latin letters allow.
    is_latin = len(text.encode()) < len(text) * 1.1
    # It takes a Charset, too, whatever its stub says.
    message.attach(MIMEText(text, "plain", _READABLE if is_latin else _COMPACT))  # type: ignore[arg-type]
    message.attach(MIMEText(html, "html", _COMPACT))  # type: ignore[arg-type]
    return message


def _on_the_wire(address: str) -> str:
    """The address with its domain as mail servers know it: `bücher.example` is `xn--bcher-kva.example`."""
    local, _at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    return f"{local}@{validate_email(address, check_deliverability=False).ascii_domain}"
