"""Sending what the outbox holds. Several workers may do so at once: each mail is taken by a lease."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import or_, select, update

from coalition import clock
from coalition.db import db, unit_of_work
from coalition.errors import Unavailable
from coalition.mail.holding import NOT_HELD
from coalition.mail.models import OutboxMail
from coalition.mail.transport import Refused, ServerAway, Transport, compose

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
    for _ in range(limit):
        taken = _take_next()
        if taken is None:
            break
        word = _send_one(taken, transport, sender)
        away = away + 1 if word == "away" else 0
        result["later" if word == "away" else word] += 1
        if away == TRIES_A_ROUND:
            break
    return result


def _take_next() -> tuple[int, str] | None:
    """Claim one due mail: a guarded UPDATE, so that of two workers exactly one gets it."""
    now, lease = clock.now(), secrets.token_hex(16)
    # A lease that ends later than one taken now would is of a clock that ran ahead: nobody holds it.
    free = or_(OutboxMail.leased_until.is_(None), OutboxMail.leased_until < now, OutboxMail.leased_until > now + LEASE)
    come = or_(OutboxMail.next_attempt_at <= now, OutboxMail.next_attempt_at > now + LONGEST_WAIT)
    due = (select(OutboxMail.id).where(OutboxMail.state == "queued", come, free, NOT_HELD)
           .order_by(OutboxMail.id).limit(1))
    while (number := db.session.scalar(due)) is not None:
        with unit_of_work():
            claimed = db.session.execute(
                update(OutboxMail).where(OutboxMail.id == number, OutboxMail.state == "queued", free, NOT_HELD)
                .values(lease=lease, leased_until=now + LEASE)).rowcount
        if claimed:
            return number, lease
    db.session.rollback()
    return None


def _send_one(taken: tuple[int, str], transport: Transport, sender: str) -> str:
    number, lease = taken
    mail = db.session.get_one(OutboxMail, number)
    attempts = mail.attempts + 1
    outcome: dict[str, Any]
    try:
        message = compose(mail, sender)
        db.session.rollback()  # nothing is locked while the server thinks
        transport.send(message)
        word, outcome = "sent", {"state": "sent", "sent_at": clock.now(), "error": ""}
    except Refused as refusal:
        word, outcome = "failed", {"state": "failed", "error": str(refusal)[:500]}
    except Unavailable as trouble:
        if attempts > len(BACK_OFF):
            word, outcome = "failed", {"state": "failed", "error": trouble.message[:500]}
        else:
            word = "away" if isinstance(trouble, ServerAway) else "later"
            outcome = {"next_attempt_at": clock.now() + BACK_OFF[attempts - 1], "error": trouble.message[:500]}
    with unit_of_work():
        db.session.execute(update(OutboxMail).where(OutboxMail.id == number, OutboxMail.lease == lease)
                           .values(attempts=attempts, lease="", leased_until=None, **outcome))
    return word


def try_again_now() -> int:
    """Make every waiting mail due at once, and give failed ones another round; says how many."""
    with unit_of_work():
        return db.session.execute(
            update(OutboxMail).where(OutboxMail.state.in_(("queued", "failed")))
            .values(state="queued", next_attempt_at=clock.now(), attempts=0)).rowcount
