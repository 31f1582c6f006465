"""Who has not confirmed a text that was changed in substance, and reminding them."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.audit import chain
from coalition.db import db
from coalition.endorsements import messages, queries, workflow
from coalition.endorsements.models import Endorsement
from coalition.endorsements.operations import manage_link
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter
from coalition.letters.workflow import CLOSED, OPEN
from coalition.mail import outbox

#: Nobody gets more reminders of one text, nor two within a day.
MOST, APART = 3, timedelta(hours=24)


def not_confirmed(letter: Letter) -> list[Endorsement]:
    """Endorsements that would count or may come to count, given for a text that no longer holds; oldest first."""
    listed = [version.id for version in letter_queries.listed_versions(letter)]
    return list(db.session.scalars(
        select(Endorsement).where(
            Endorsement.letter_id == letter.id, Endorsement.signed_version_id.not_in(listed),
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


def remind(actor: Actor, letter: Letter) -> int:
    """Remind everybody who has not confirmed and may be reminded; says how many."""
    demand(actor, Permission.LETTER_RUN, letter_queries.subject_of(letter))
    newest, told = letter.published, 0
    for endorsement in not_confirmed(letter) if newest is not None else ():
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
