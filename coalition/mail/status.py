"""How the mails of the installation fare, for its administrator, who is not to learn from them who signs what."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from coalition import clock
from coalition.db import db
from coalition.mail.holding import is_held
from coalition.mail.models import OutboxMail

#: A worker that stands still shows by mails that have been due for so long.
STANDSTILL = timedelta(minutes=5)

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")


@dataclass(frozen=True, slots=True)
class Unsent:
    """A mail that waits or failed. `to` is empty for mails to signers: their addresses are for the coordinators
    of the letter alone, and are taken out of what the server said, too."""

    to: str
    subject: str
    state: str
    attempts: int
    error: str
    created_at: datetime
    next_attempt_at: datetime


def unsent(limit: int = 100) -> list[Unsent]:
    """What waits or failed, failed ones first, then the oldest."""
    rows = db.session.scalars(
        select(OutboxMail).where(OutboxMail.state.in_(("queued", "held", "failed")))
        .order_by(OutboxMail.state, OutboxMail.id).limit(limit))
    return [_for_administrators(mail) for mail in rows]


def stands_still() -> bool:
    """Whether mails are due and nobody has tried them, though nothing holds them: no worker seems to be at work."""
    if is_held():
        return False
    oldest = db.session.scalar(select(func.min(OutboxMail.next_attempt_at)).where(OutboxMail.state == "queued"))
    return oldest is not None and oldest < clock.now() - STANDSTILL


def _for_administrators(mail: OutboxMail) -> Unsent:
    to_signer = mail.about.startswith(("endorsement:", "invitation:"))
    return Unsent(
        to="" if to_signer else mail.to, subject=mail.subject, state=mail.state, attempts=mail.attempts,
        error=_ADDRESS.sub("…", mail.error) if to_signer else mail.error, created_at=mail.created_at,
        next_attempt_at=mail.next_attempt_at)
