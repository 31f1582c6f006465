"""Putting a mail in the outbox, in the transaction of the act it tells of; and asking how it fares."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, func, insert, or_, select, update

from coalition import clock
from coalition.db import db
from coalition.mail import refusing
from coalition.mail.holding import is_held
from coalition.mail.message import Message
from coalition.mail.models import OutboxMail, RefusedAddress

#: Mails that a form sends to whatever address is typed into it: so many go to one address in so long.
SPARING_KINDS = ("confirm", "already")
SPARING_MOST, SPARING_WITHIN = 3, timedelta(hours=6)
_AT_ONCE = timedelta(0)

_MAILS = OutboxMail.__table__
_ADD, _OF_KEY = insert(_MAILS), select(_MAILS.c.id).where(_MAILS.c.key == bindparam("key"))
_HAD = select(
    select(RefusedAddress.address_hash).where(RefusedAddress.address_hash == bindparam("hash")).scalar_subquery(),
    select(func.count()).select_from(_MAILS).where(
        func.lower(_MAILS.c.to) == bindparam("address"), _MAILS.c.created_at > bindparam("since"),
        or_(*(_MAILS.c.key.startswith(f"{kind}:", autoescape=True) for kind in SPARING_KINDS))).scalar_subquery())


def put(message: Message, *, delay: timedelta = _AT_ONCE) -> None:
    """Queue a message, to leave after the delay. The same key again changes nothing: it is one mail."""
    db.session.flush()
    connection, now = db.session.connection(), clock.now()
    if connection.execute(_OF_KEY, {"key": message.key}).first():
        return
    connection.execute(_ADD, {
        "key": message.key, "message_id": secrets.token_hex(16), "to": message.to, "subject": message.subject,
        "text": message.text, "html": message.html, "language": message.language, "about": message.about,
        "letter_id": message.letter_id, "unsubscribe": message.unsubscribe, "hushed": message.hushed,
        "created_at": now, "next_attempt_at": now + delay})


def cancel_about(about: str) -> None:
    """Keep mails about something from leaving, those that have not left."""
    db.session.execute(update(OutboxMail).where(OutboxMail.about == about, OutboxMail.state.in_(("queued", "held")))
                       .values(state="cancelled").execution_options(synchronize_session=False))


def erase_about(about: str) -> None:
    """Forget the words of mails about something and whom they went to; that they went stays known."""
    cancel_about(about)
    db.session.execute(update(OutboxMail).where(OutboxMail.about == about)
                       .values(to="", text="", html="", error="", unsubscribe="")
                       .execution_options(synchronize_session=False))


def forget_sent(before: datetime) -> list[str]:
    """Forget the words of mails that left before a moment, and whom they went to; that they left stays known. Gives
    their message ids."""
    old = and_(OutboxMail.state == "sent", OutboxMail.sent_at < before, OutboxMail.text != "")
    numbers = list(db.session.scalars(select(OutboxMail.message_id).where(old)))
    db.session.execute(update(OutboxMail).where(old).values(to="", text="", html="", error="", unsubscribe="")
                       .execution_options(synchronize_session=False))
    return numbers


def has_had_enough(address: str) -> bool:
    """Whether forms have sent so many mails to this address lately that no more are to go there for now, or its owner
    wants none at all."""
    refused, had = db.session.connection().execute(_HAD, {
        "hash": refusing.hash_of(address), "address": address.lower(), "since": clock.now() - SPARING_WITHIN}).one()
    return refused is not None or had >= SPARING_MOST


def cancel(key: str) -> bool:
    """Keep a mail from leaving; False when it has left, or somebody is sending it this second."""
    return bool(db.session.execute(
        update(OutboxMail).where(OutboxMail.key == key, *_UNTOUCHED).values(state="cancelled")
        .execution_options(synchronize_session=False)).rowcount)


def is_untouched(key: str) -> bool:
    """Whether a mail waits and nobody has tried to send it."""
    return db.session.scalar(select(OutboxMail.id).where(OutboxMail.key == key, *_UNTOUCHED)) is not None


#: A mail that was tried may have reached the server without our learning of it.
_UNTOUCHED = (OutboxMail.state == "queued", OutboxMail.attempts == 0, OutboxMail.lease == "")


@dataclass(frozen=True, slots=True)
class MailState:
    """How the newest mail about something fares."""

    to: str
    subject: str
    state: str
    attempts: int
    error: str


def mails_about(about: str) -> list[MailState]:
    """The mails about one thing, oldest first."""
    rows = db.session.execute(
        select(OutboxMail.to, OutboxMail.subject, OutboxMail.state, OutboxMail.attempts, OutboxMail.error)
        .where(OutboxMail.about == about).order_by(OutboxMail.id))
    return [MailState(*row) for row in rows]


def count_by_state() -> dict[str, int]:
    """How many mails stand in each state."""
    rows = db.session.execute(select(OutboxMail.state, func.count()).group_by(OutboxMail.state))
    return dict(rows.all())


def count_begun() -> int:
    """How many mails a worker has taken and not finished with."""
    return db.session.scalar(select(func.count()).select_from(OutboxMail).where(
        OutboxMail.state == "queued", OutboxMail.lease != "")) or 0


def is_held_up() -> bool:
    """Whether mails wait because the server did not take them when they were tried, or because all mail is held."""
    return is_held() or db.session.scalar(select(OutboxMail.id).where(
        OutboxMail.state == "queued", OutboxMail.attempts > 0).limit(1)) is not None
