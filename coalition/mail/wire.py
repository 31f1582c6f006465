"""A mail as it goes on the wire: its few headers and its two parts as bytes. Sending them is `transport.py`.

Python's own mail objects fold, parse and copy each header several times over, which costs more than all the rest of
sending; ours are few, and most of them are the same in every mail."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import NamedTuple

from email_validator import EmailNotValidError, validate_email

from coalition.mail.models import OutboxMail

#: The only headers a mail of ours may have; anything else was smuggled in.
HEADERS = frozenset({b"from", b"to", b"subject", b"date", b"message-id", b"content-language", b"mime-version",
                     b"content-type", b"auto-submitted", b"list-unsubscribe", b"list-unsubscribe-post"})
#: What no line of a mail may exceed (RFC 5322).
_LONGEST_LINE = 998
_ENDS_AN_ADDRESS = re.compile(r"[\s<>]")


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

    def __post_init__(self) -> None:
        if _ENDS_AN_ADDRESS.search(self.sender + self.to):
            raise Refused("the mail's addresses are not addresses alone")


def compose(mail: OutboxMail | Written, sender: str) -> Envelope:
    """The mail as it goes on the wire. Raises `Refused` if it cannot be written or its headers are not ours."""
    try:
        to = _on_the_wire(mail.to)
        head = b"".join(_headers(mail, sender, to))
    except (ValueError, EmailNotValidError) as reason:
        raise Refused(f"the mail cannot be written: {reason}") from reason
    # Encoded words can turn into headers of their own: the last look is at the very bytes.
    names = [line.partition(b":")[0].lower() for line in head.splitlines() if line[:1] not in (b" ", b"\t")]
    if len(set(names)) != len(names) or not HEADERS.issuperset(names):
        raise Refused("the mail's headers are not the ones we wrote")
    boundary = f"--=_{mail.message_id}"
    parts = f"{boundary}\r\n{_part('plain', mail.text)}{boundary}\r\n{_part('html', mail.html)}"
    return Envelope(parseaddr(sender)[1], to, mail.message_id,
                    head + b"\r\n" + f"{parts}{boundary}--\r\n".encode("ascii"))


def _headers(mail: OutboxMail | Written, sender: str, to: str) -> Iterator[bytes]:
    address = parseaddr(sender)[1]
    yield _always_alike("From", address if mail.hushed else sender)
    yield _header_to(to)
    yield _always_alike("Subject", mail.subject)
    yield f"Date: {format_datetime(mail.created_at)}\r\n".encode("ascii")
    yield f"Message-ID: <{mail.message_id}@{address.rpartition('@')[2]}>\r\n".encode("ascii")
    yield b"Auto-Submitted: auto-generated\r\n"
    if mail.unsubscribe:
        yield f"List-Unsubscribe: <{mail.unsubscribe}>\r\n".encode("ascii")
        if mail.unsubscribe.startswith("https://"):
            yield b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    yield b"MIME-Version: 1.0\r\n"
    yield f'Content-Type: multipart/alternative; boundary="=_{mail.message_id}"\r\n'.encode("ascii")
    yield f"Content-Language: {mail.language}\r\n".encode("ascii")


@lru_cache(maxsize=256)
def _always_alike(name: str, words: str) -> bytes:
    """A header that many mails share: remembered, so nothing that is one person's alone may come here."""
    return policy.SMTP.fold_binary(*policy.SMTP.header_store_parse(name, words))


def _header_to(address: str) -> bytes:
    # An address in other letters goes to servers that take it as it is.
    rules = policy.SMTP if address.isascii() else policy.SMTPUTF8
    name, header = rules.header_store_parse("To", address)
    if [str(one.addr_spec) for one in header.addresses] != [address]:
        raise Refused("a mail goes to exactly one address")
    return rules.fold_binary(name, header)


def _on_the_wire(address: str) -> str:
    """The address with its domain as mail servers know it: `bücher.example` is `xn--bcher-kva.example`."""
    local, _at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    return f"{local}@{validate_email(address, check_deliverability=False).ascii_domain}"


def _part(kind: str, words: str) -> str:
    """One of the two parts, in the shortest form that any server passes on unchanged."""
    lines = words.encode().splitlines()
    whole = b"".join(line + b"\r\n" for line in lines)
    if whole.isascii() and all(len(line) <= _LONGEST_LINE for line in lines):
        form, body = "7bit", whole
    else:
        form, body = "quoted-printable", binascii.b2a_qp(whole)
        if len(body) > len(whole) * 4 // 3:
            form, body = "base64", base64.encodebytes(whole).replace(b"\n", b"\r\n")
    return (f'Content-Type: text/{kind}; charset="utf-8"\r\nContent-Transfer-Encoding: {form}\r\n\r\n'
            f"{body.decode('ascii')}")
