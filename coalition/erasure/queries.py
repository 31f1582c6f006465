"""What is due to be erased, how much it would be, and what was."""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from coalition import clock
from coalition.audit.models import AuditEntry
from coalition.config import setting
from coalition.db import db
from coalition.endorsements import workflow as endorsement_workflow
from coalition.endorsements.models import Endorsement
from coalition.erasure.models import Erasure
from coalition.erasure.scope import WHAT, Step, steps
from coalition.letters import workflow
from coalition.letters.models import Letter

#: The team is told so long before.
NOTICE = timedelta(days=30)
#: Letters on which nothing is done any more.
ENDED = (workflow.ARCHIVED, workflow.CANCELLED)
#: Signatures that do not count and will not by themselves.
LEAVABLE = (endorsement_workflow.WITHDRAWN, endorsement_workflow.DECLINED, endorsement_workflow.UNCONFIRMED)
_ENDINGS = ("letter.archived", "letter.cancelled")


def due_at(letter: Letter) -> datetime | None:
    """When the personal data of a letter is to be erased by itself: so many months after it ended. None where the
    setting is 0, the letter has not ended, or it is done."""
    months = int(setting("ERASE_AFTER_MONTHS"))
    if months <= 0 or letter.state not in ENDED or letter.erased_at is not None:
        return None
    ended = db.session.scalar(select(func.max(AuditEntry.at)).where(
        AuditEntry.letter_id == letter.id, AuditEntry.action.in_(_ENDINGS)))
    return _months_later(ended or letter.closed_at or letter.created_at, months)


def to_announce() -> list[int]:
    """The letters whose team is to be told now."""
    told = select(Erasure.letter_id).where(Erasure.endorsement_id.is_(None))
    ended = db.session.scalars(select(Letter).where(
        Letter.state.in_(ENDED), Letter.erased_at.is_(None), Letter.id.not_in(told)).order_by(Letter.id))
    return [letter.id for letter in ended
            if (due := due_at(letter)) is not None and due - NOTICE <= clock.now()]


def to_erase() -> list[int]:
    """The letters whose time has come, of which the team was told early enough."""
    return list(db.session.scalars(
        select(Erasure.letter_id).join(Letter, Letter.id == Erasure.letter_id).where(
            Erasure.erased_at.is_(None), Erasure.due_at <= clock.now(), Letter.state.in_(ENDED),
            Letter.erased_at.is_(None)).order_by(Erasure.letter_id)))


def to_wipe() -> list[int]:
    """The erasures that have not reached the files of the database yet."""
    return list(db.session.scalars(select(Erasure.id).where(Erasure.erased_at.is_not(None),
                                                            Erasure.wiped_at.is_(None))))


def would_go(letter_id: int, endorsement_id: int | None = None) -> dict[str, int]:
    """How much would be erased, by kind, while nothing is."""
    counts = dict.fromkeys(WHAT, 0)
    for step in steps(letter_id, endorsement_id):
        if step.what:
            counts[step.what] += number_of(step)
    return counts


def number_of(step: Step) -> int:
    """How many rows of a step stand for something."""
    rows = select(func.count()).select_from(step.table).where(step.rows)
    return db.session.scalar(rows if step.counted is None else rows.where(step.counted)) or 0


def ended_letters() -> list[Letter]:
    """Archived and cancelled letters, newest first."""
    return list(db.session.scalars(select(Letter).where(Letter.state.in_(ENDED)).order_by(Letter.id.desc())))


def erasures(limit: int = 50) -> list[Erasure]:
    """What was erased, newest first."""
    return list(db.session.scalars(select(Erasure).where(Erasure.erased_at.is_not(None)).options(
        joinedload(Erasure.letter), joinedload(Erasure.endorsement)).order_by(Erasure.id.desc()).limit(limit)))


def was_erased(endorsement: Endorsement) -> bool:
    """Whether what was known of this signature was erased, by itself or with its letter."""
    return endorsement.letter.erased_at is not None or db.session.scalar(
        select(Erasure.id).where(Erasure.endorsement_id == endorsement.id)) is not None


def by_reference(reference: str) -> Endorsement | None:
    """The signature with this reference, however it is typed."""
    letters = "".join(sign for sign in reference.upper() if sign.isascii() and sign.isalnum())
    return db.session.scalar(select(Endorsement).where(Endorsement.reference == f"{letters[:4]}-{letters[4:]}")
                             .options(joinedload(Endorsement.letter)))


def _months_later(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.month - 1 + months, 12)
    year += moment.year
    day = min(moment.day, calendar.monthrange(year, month + 1)[1])
    return moment.replace(year=year, month=month + 1, day=day)
