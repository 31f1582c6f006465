"""Holding all mail back, and letting it go: after a restore nothing may leave that has perhaps left before."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, literal, select, update

from coalition import clock
from coalition.db import db
from coalition.mail.models import MailHold, OutboxMail

#: Part of the WHERE of whoever sends: a hold works from the next mail on, in every worker.
NOT_HELD = ~select(literal(1)).select_from(MailHold).exists()


def is_held() -> bool:
    """Whether all mail is held back."""
    return db.session.scalar(select(MailHold.id).limit(1)) is not None


def hold(*, before: datetime | None = None) -> int:
    """Hold all mail back; says how many mails wait. `before`: mails written up to then may have left elsewhere."""
    db.session.execute(delete(MailHold))
    db.session.add(MailHold(since=clock.now(), before=before))
    db.session.flush()
    return _waiting()


def let_go(*, without_old: bool = False) -> tuple[int, int]:
    """Let mail leave again: how many wait now, and how many were cancelled. `without_old` cancels those that
    were written before the moment the hold names, since they have most likely left elsewhere."""
    before = db.session.scalar(select(func.max(MailHold.before)))
    cancelled = 0
    if without_old and before is not None:
        cancelled = db.session.execute(
            update(OutboxMail).where(OutboxMail.state == "queued", OutboxMail.created_at <= before)
            .values(state="cancelled").execution_options(synchronize_session=False)).rowcount
    db.session.execute(delete(MailHold))
    return _waiting(), cancelled


def _waiting() -> int:
    return db.session.scalar(select(func.count()).select_from(OutboxMail).where(OutboxMail.state == "queued")) or 0
