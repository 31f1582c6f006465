"""Sending what the outbox holds. Several workers may do so at once: each mail is taken by a lease."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, or_, select, update

from coalition import clock
from coalition.db import db, unit_of_work
from coalition.errors import Unavailable
from coalition.mail.holding import NOT_HELD
from coalition.mail.models import OutboxMail
from coalition.mail.transport import ServerAway, Transport
from coalition.mail.wire import Refused, compose

LEASE = timedelta(minutes=5)
#: Waiting times between attempts; after the last, the mail is marked failed and shown to the administrator.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120, 240, 480, 960, 1440))

#: A mail that is to wait longer than any mail waits was put off by a clock that ran ahead: it is due.
LONGEST_WAIT = 2 * BACK_OFF[-1]

#: So many mails in a row find no server, and the rest wait for the next round instead of for a time-out each.
TRIES_A_ROUND = 3


def send_due(transport: Transport, sender: str, *, limit: int = 500) -> dict[str, int]:
    """Send what is due, one by one, and say how many were sent, put off and refused."""
    result = {"sent": 0, "later": 0, "failed": 0}
    away = 0
    taken = _take_next()
    while taken is not None:
        word, outcome = _send_one(taken, transport, sender)
        away = away + 1 if word == "away" else 0
        result["later" if word == "away" else word] += 1
        # With the last word on one mail the next is taken: one wait for the disk for each mail, not two.
        goes_on = away < TRIES_A_ROUND and sum(result.values()) < limit
        taken = _take_next(after=(taken, outcome), goes_on=goes_on)
    return result


def _take_next(after: tuple[Row[Any], dict[str, Any]] | None = None, *, goes_on: bool = True) -> Row[Any] | None:
    """Write down what became of the mail before, and claim one that is due: its row. The claim is a guarded UPDATE, so
    that of two workers exactly one gets it."""
    if after is None and db.session.scalar(_due(clock.now())) is None:
        db.session.rollback()
        return None
    with unit_of_work():
        if after is not None:
            _note(*after)
        return _claim() if goes_on else None


def _claim() -> Row[Any] | None:
    now, lease = clock.now(), secrets.token_hex(16)
    while (number := db.session.scalar(_due(now))) is not None:
        claimed = db.session.execute(
            update(OutboxMail).where(OutboxMail.id == number, OutboxMail.state == "queued", _is_free(now), NOT_HELD)
            .values(lease=lease, leased_until=now + LEASE)
            .returning(*OutboxMail.__table__.columns).execution_options(synchronize_session=False)).one_or_none()
        if claimed is not None:
            return claimed
    return None


def _due(now: datetime) -> Select[tuple[int]]:
    """The mail that has waited longest; the index on these columns keeps a long queue from being sorted for each."""
    come = or_(OutboxMail.next_attempt_at <= now, OutboxMail.next_attempt_at > now + LONGEST_WAIT)
    return select(OutboxMail.id).where(OutboxMail.state == "queued", come, _is_free(now), NOT_HELD).order_by(
        OutboxMail.next_attempt_at, OutboxMail.id).limit(1)


def _is_free(now: datetime) -> ColumnElement[bool]:
    # A lease that ends later than one taken now would is of a clock that ran ahead: nobody holds it.
    return or_(OutboxMail.leased_until.is_(None), OutboxMail.leased_until < now, OutboxMail.leased_until > now + LEASE)


def _send_one(mail: Row[Any], transport: Transport, sender: str) -> tuple[str, dict[str, Any]]:
    """Hand it over, while nothing in the database is locked: the word for it, and what is to be written down."""
    attempts = mail.attempts + 1
    try:
        transport.send(compose(mail, sender))
        return "sent", {"state": "sent", "sent_at": clock.now(), "error": ""}
    except Refused as refusal:
        return "failed", {"state": "failed", "error": str(refusal)[:500]}
    except Unavailable as trouble:
        if attempts > len(BACK_OFF):
            return "failed", {"state": "failed", "error": trouble.message[:500]}
        return ("away" if isinstance(trouble, ServerAway) else "later",
                {"next_attempt_at": clock.now() + BACK_OFF[attempts - 1], "error": trouble.message[:500]})


def _note(mail: Row[Any], outcome: dict[str, Any]) -> None:
    """What became of it, unless the lease ran out and the mail is somebody else's by now."""
    db.session.execute(update(OutboxMail).where(OutboxMail.id == mail.id, OutboxMail.lease == mail.lease)
                       .values(attempts=mail.attempts + 1, lease="", leased_until=None, **outcome)
                       .execution_options(synchronize_session=False))


def try_again_now() -> int:
    """Make every waiting mail due at once, and give failed ones another round; says how many."""
    with unit_of_work():
        return db.session.execute(
            update(OutboxMail).where(OutboxMail.state.in_(("queued", "failed")))
            .values(state="queued", next_attempt_at=clock.now(), attempts=0)).rowcount
