"""Putting a mail in the outbox, in the transaction of the act it tells of; and asking how it fares."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, exists, func, insert, or_, select, update

from coalition import clock
from coalition.db import db
from coalition.mail import refusing
from coalition.mail.message import Message
from coalition.mail.models import MailHold, OutboxMail, RefusedAddress
from coalition.prepared import Prepared

#: Mails that a form sends to whatever address is typed into it: so many go to one address in so long.
SPARING_KINDS = ("confirm", "already")
SPARING_MOST, SPARING_WITHIN = 3, timedelta(hours=6)
_AT_ONCE = timedelta(0)

_MAILS = OutboxMail.__table__
_COLUMNS = ("key", "message_id", "to", "subject", "text", "html", "language", "about", "letter_id", "unsubscribe",
            "hushed", "created_at", "next_attempt_at")
_NEW = {f"new_{name}": bindparam(f"new_{name}", type_=_MAILS.c[name].type) for name in _COLUMNS}
#: Added, unless the key is there: one statement, since others may wait to write.
_ADD = Prepared(insert(_MAILS).from_select(_COLUMNS, select(*_NEW.values()).where(
    ~exists().where(_MAILS.c.key == _NEW["new_key"]))))
_HAD = Prepared(select(
    select(RefusedAddress.address_hash).where(RefusedAddress.address_hash == bindparam("hash")).scalar_subquery(),
    select(func.count()).select_from(_MAILS).where(
        func.lower(_MAILS.c.to) == bindparam("address"), _MAILS.c.created_at > bindparam("since"),
        or_(*(_MAILS.c.key.startswith(f"{kind}:", autoescape=True) for kind in SPARING_KINDS))).scalar_subquery()))

_HELD_UP = Prepared(select(or_(
    exists(select(MailHold.__table__.c.id)), exists().where(_MAILS.c.state == "queued", _MAILS.c.attempts > 0))))


def put(message: Message, *, delay: timedelta = _AT_ONCE) -> None:
    """Queue a message, to leave after the delay. The same key again changes nothing: it is one mail."""
    db.session.flush()
    now = clock.now()
    values = (message.key, secrets.token_hex(16), message.to, message.subject, message.text, message.html,
              message.language, message.about, message.letter_id, message.unsubscribe, message.hushed, now, now + delay)
    _ADD.run(**dict(zip(_NEW, values, strict=True)))


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
    refused, had = _HAD.run(
        hash=refusing.hash_of(address), address=address.lower(), since=clock.now() - SPARING_WITHIN)[0]
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
    return bool(_HELD_UP.rows()[0][0])
