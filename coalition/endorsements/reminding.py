"""Who has not confirmed a text that was changed in substance, and reminding them: by a coordinator's button, and
twice by the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from coalition import clock
from coalition.access.actor import SYSTEM, Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.audit import chain
from coalition.db import db
from coalition.endorsements import messages, queries, workflow
from coalition.endorsements.models import Endorsement
from coalition.endorsements.operations import manage_link
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter, Version
from coalition.letters.workflow import CLOSED, OPEN
from coalition.mail import outbox

#: Nobody gets more reminders of one text, nor two within a day.
MOST, APART = 3, timedelta(hours=24)
#: By the clock: so long after the new text, and so long before the deadline.
AFTER_TEXT, BEFORE_DEADLINE = timedelta(days=3), timedelta(days=1)
#: A worker that slept makes up for so much, and writes to nobody about what is long past.
MADE_UP_FOR = timedelta(days=3)


def not_confirmed(letter: Letter) -> list[Endorsement]:
    """Endorsements that would count or may come to count, given for a text that no longer holds; oldest first."""
    return list(db.session.scalars(
        select(Endorsement).where(
            Endorsement.letter_id == letter.id, queries.has_lapsed(letter),
            Endorsement.state.in_((workflow.APPROVED, workflow.SUBMITTED, workflow.RETURNED)))
        .options(*queries.WHOLE).order_by(Endorsement.id)))


def times_reminded(endorsement: Endorsement) -> int:
    """How many reminders went out about the newest text."""
    newest = endorsement.letter.published
    return endorsement.reminders if newest is not None and endorsement.reminded_for == newest.number else 0


def may_be_reminded(endorsement: Endorsement) -> bool:
    """Whether a reminder would go out now."""
    reminded, times = endorsement.reminded_at, times_reminded(endorsement)
    return (endorsement.letter.state in (OPEN, CLOSED) and endorsement.signer is not None
            and bool(endorsement.signer.email) and times < MOST
            and (not times or reminded is None or clock.now() - reminded >= APART))


def moments(published_at: datetime, deadline: datetime | None) -> tuple[datetime, ...]:
    """When the clock reminds of a text published then: twice at the most, a day apart, never after the deadline. Of
    a text that was published after it, once."""
    first = published_at + AFTER_TEXT
    if deadline is None or deadline <= published_at:
        return (first,)
    last = max(deadline - BEFORE_DEADLINE, published_at + APART)
    if last >= deadline:
        return ()
    return (first, last) if first <= last - APART else (last,)


def next_by_clock(letter: Letter) -> datetime | None:
    """The moment at which the clock reminds those who have not confirmed by then; None when there is none to come."""
    newest = letter.published
    if newest is None or newest.published_at is None or letter.state not in (OPEN, CLOSED):
        return None
    return next((moment for moment in moments(newest.published_at, letter.deadline_at) if moment > clock.now()), None)


def letters_to_remind() -> list[int]:
    """Ids of the letters of which a reminder by the clock may be due: a few, found without looking at signatures."""
    rows = db.session.scalars(select(Letter).where(
        Letter.state.in_((OPEN, CLOSED)),
        Letter.versions.any((Version.state == "published") & (Version.change == "substantive"))).order_by(Letter.id))
    return [letter.id for letter in rows if _due_since(letter) is not None]


def remind_by_clock(letter_id: int) -> int:
    """Remind those who have not confirmed and heard nothing since the moment that has come; says how many."""
    letter = db.session.get_one(Letter, letter_id)
    moment = _due_since(letter)
    if moment is None:
        return 0
    db.session.execute(select(Endorsement.id).where(
        Endorsement.letter_id == letter.id, queries.has_lapsed(letter)).with_for_update())
    return _remind(SYSTEM, letter, [row for row in not_confirmed(letter)
                                    if not times_reminded(row) or row.reminded_at is None or row.reminded_at < moment])


def remind(actor: Actor, letter: Letter) -> int:
    """Remind everybody who has not confirmed and may be reminded; says how many."""
    return _remind(actor, letter, not_confirmed(letter))


def _due_since(letter: Letter) -> datetime | None:
    newest, now = letter.published, clock.now()
    if newest is None or newest.published_at is None:
        return None
    come = [moment for moment in moments(newest.published_at, letter.deadline_at)
            if now - MADE_UP_FOR < moment <= now]
    return come[-1] if come else None


def _remind(actor: Actor, letter: Letter, endorsements: list[Endorsement]) -> int:
    demand(actor, Permission.LETTER_RUN, letter_queries.subject_of(letter))
    newest, told = letter.published, 0
    for endorsement in endorsements:
        if newest is None or not may_be_reminded(endorsement):
            continue
        endorsement.reminders = times_reminded(endorsement) + 1
        endorsement.reminded_for, endorsement.reminded_at = newest.number, clock.now()
        chain.record(actor, "endorsement.reminded", "endorsement", endorsement.id, letter_id=letter.id,
                     version=newest.number, times=endorsement.reminders)
        outbox.put(messages.text_reminder(endorsement, manage_link(endorsement), version=newest.number,
                                          times=endorsement.reminders))
        told += 1
    db.session.flush()
    return told
