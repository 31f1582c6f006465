"""Sending what the outbox holds. Several workers may do so at once: each mail is taken by a lease."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select, update

from coalition import clock
from coalition.db import db, unit_of_work
from coalition.errors import Unavailable
from coalition.mail.holding import NOT_HELD
from coalition.mail.models import OutboxMail
from coalition.mail.transport import ServerAway, Transport
from coalition.mail.wire import Refused, Written, compose
from coalition.prepared import Prepared

LEASE = timedelta(minutes=5)
#: Waiting times between attempts; after the last, the mail is marked failed and shown to the administrator.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120, 240, 480, 960, 1440))

#: A mail that is to wait longer than any mail waits was put off by a clock that ran ahead: it is due.
LONGEST_WAIT = 2 * BACK_OFF[-1]

#: So many mails in a row find no server, and the rest wait for the next round instead of for a time-out each.
TRIES_A_ROUND = 3


_MAIL = OutboxMail.__table__
# A lease that ends later than one taken now would is of a clock that ran ahead: nobody holds it.
_IS_FREE = or_(_MAIL.c.leased_until.is_(None), _MAIL.c.leased_until < bindparam("now"),
               _MAIL.c.leased_until > bindparam("lease_end"))
#: The mail that has waited longest; the index on these columns keeps a long queue from being sorted for each.
_NEXT = select(_MAIL.c.id).where(
    _MAIL.c.state == "queued", _IS_FREE, NOT_HELD,
    or_(_MAIL.c.next_attempt_at <= bindparam("now"), _MAIL.c.next_attempt_at > bindparam("longest"))).order_by(
    _MAIL.c.next_attempt_at, _MAIL.c.id).limit(1)
_DUE = Prepared(_NEXT)
#: Of two workers exactly one gets it: on PostgreSQL the other passes over a row that somebody is claiming.
_CLAIM = Prepared(
    update(_MAIL).where(_MAIL.c.id == _NEXT.with_for_update(skip_locked=True).scalar_subquery())
    .values(lease=bindparam("new_lease"), leased_until=bindparam("lease_end"))
    .returning(*(_MAIL.c[name] for name in Written._fields)))
#: What became of it, unless the lease ran out and the mail is somebody else's by now.
_NOTE = Prepared(
    update(_MAIL).where(_MAIL.c.id == bindparam("number"), _MAIL.c.lease == bindparam("held_by"))
    .values(lease="", leased_until=None, **{name: bindparam(f"new_{name}") for name in (
        "state", "attempts", "error", "next_attempt_at", "sent_at")}))


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


def _take_next(after: tuple[Written, dict[str, Any]] | None = None, *, goes_on: bool = True) -> Written | None:
    """Write down what became of the mail before, and claim one that is due."""
    if after is None and not is_one_due():
        return None
    with unit_of_work():
        if after is not None:
            _note(*after)
        return _claim() if goes_on else None


def _claim() -> Written | None:
    claimed = _CLAIM.run(new_lease=secrets.token_hex(16), **_moments())
    return Written(*claimed[0]) if claimed else None


def _moments() -> dict[str, datetime]:
    now = clock.now()
    return {"now": now, "lease_end": now + LEASE, "longest": now + LONGEST_WAIT}


def _send_one(mail: Written, transport: Transport, sender: str) -> tuple[str, dict[str, Any]]:
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


def _note(mail: Written, outcome: dict[str, Any]) -> None:
    became = {"state": "queued", "attempts": mail.attempts + 1, "next_attempt_at": mail.next_attempt_at,
              "sent_at": None, **outcome}
    _NOTE.run(number=mail.id, held_by=mail.lease, **{f"new_{name}": value for name, value in became.items()})


def is_one_due() -> bool:
    """Whether a mail waits that could leave now."""
    return bool(_DUE.rows(**_moments()))


def try_again_now() -> int:
    """Make every waiting mail due at once, and give failed ones another round; says how many."""
    with unit_of_work():
        return db.session.execute(
            update(OutboxMail).where(OutboxMail.state.in_(("queued", "failed")))
            .values(state="queued", next_attempt_at=clock.now(), attempts=0)).rowcount
