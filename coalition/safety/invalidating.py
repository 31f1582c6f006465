"""Declining many signatures together, by a condition: counted first, undone with one button for a while."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand, permits
from coalition.audit import chain
from coalition.config import setting
from coalition.db import db
from coalition.endorsements import decisions, taking_back
from coalition.endorsements import queries as endorsement_queries
from coalition.endorsements.models import Endorsement
from coalition.endorsements.workflow import WORKFLOW
from coalition.errors import Invalid, Stale, WrongState
from coalition.i18n import gettext as _
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter
from coalition.safety.conditions import Conditions, checked, matching
from coalition.safety.models import Invalidated, Invalidation


@dataclass(frozen=True, slots=True)
class Count:
    """What an invalidation would meet: those it declines, and those that are not this actor's to decide on."""

    found: tuple[Endorsement, ...]
    left: tuple[Endorsement, ...]


def delay() -> timedelta:
    """How long it can be undone, and its mails wait."""
    return timedelta(seconds=setting("INVALIDATION_DELAY_SECONDS"))


def count(actor: Actor, letter: Letter, conditions: Conditions) -> Count:
    """Who would be declined. Changes nothing. Raises `Invalid` for no condition, or one that cannot be used."""
    demand(actor, Permission.SIGN_ONS_SIFT, letter_queries.subject_of(letter))
    rows = matching(letter, checked(conditions))
    mine = {row.id for row in rows if _may_decide(actor, row)
            and WORKFLOW.allows("invalidate", row.state, letter.state)}
    return Count(tuple(row for row in rows if row.id in mine), tuple(row for row in rows if row.id not in mine))


def invalidate(actor: Actor, letter: Letter, conditions: Conditions, *, counted: int, reason: str) -> Invalidation:
    """Decline all who meet the conditions. `counted` is the number that was shown.

    Raises `Stale` when it is another one now, `Invalid` without a reason or condition, `WrongState` for nobody.
    """
    found = count(actor, letter, conditions).found
    if not reason.strip():
        message = _("Give the reason: it is kept, and mailed to those whose address was confirmed.")
        raise Invalid(message, {"reason": message})
    if not found:
        raise WrongState(_("Nobody meets these conditions."))
    if len(found) != counted:
        raise Stale(_("Since you counted, the number has changed from %(before)s to %(now)s. Nothing was done: look "
                      "again.", before=counted, now=len(found)))
    now = clock.now()
    made = Invalidation(public_id=secrets.token_urlsafe(9), letter_id=letter.id, conditions=conditions.to_json(),
                        reason=reason.strip(), number=len(found), done_by=actor.person_id, done_at=now,
                        until=now + delay())
    db.session.add(made)
    db.session.flush()
    for endorsement in found:
        decisions.invalidate(actor, endorsement, invalidation=made.id, reason=reason.strip(), wait=delay())
        db.session.add(Invalidated(invalidation_id=made.id, endorsement_id=endorsement.id))
    db.session.flush()
    chain.record(actor, "list.invalidated", "letter", letter.id, letter_id=letter.id, invalidation=made.id,
                 number=made.number, private={"reason": made.reason, "words": made.conditions})
    return made


def can_be_undone(invalidation: Invalidation) -> bool:
    """Whether the time for it has not run out."""
    return invalidation.undone_at is None and clock.now() < invalidation.until


def undo(actor: Actor, letter: Letter, invalidation: Invalidation) -> int:
    """Put everything back as it stood, as far as nobody has decided otherwise since; says how many. Their mails are
    never sent. Raises `WrongState` when it was undone, or too late."""
    demand(actor, Permission.SIGN_ONS_SIFT, letter_queries.subject_of(letter))
    if invalidation.letter_id != letter.id or not can_be_undone(invalidation):
        raise WrongState(_("This was undone already, or the time for it has run out."))
    back = 0
    for endorsement in _of(invalidation):
        if taking_back.decision_to_take_back(endorsement) is None or not _may_decide(actor, endorsement):
            continue
        try:
            with db.session.begin_nested():
                taking_back.take_back(actor, endorsement)
        except WrongState:
            continue  # another signature of the body was approved meanwhile
        back += 1
    invalidation.undone_at = clock.now()
    chain.record(actor, "list.invalidation_undone", "letter", letter.id, letter_id=letter.id,
                 invalidation=invalidation.id, number=back)
    return back


def _of(invalidation: Invalidation) -> Iterable[Endorsement]:
    return db.session.scalars(
        select(Endorsement).join(Invalidated, Invalidated.endorsement_id == Endorsement.id)
        .where(Invalidated.invalidation_id == invalidation.id).options(*endorsement_queries.WHOLE)
        .order_by(Endorsement.id)).all()


def _may_decide(actor: Actor, endorsement: Endorsement) -> bool:
    return all(permits(actor, Permission.ENDORSEMENT_DECIDE, subject) for subject in (
        endorsement_queries.subject_of(endorsement), endorsement_queries.subject_of_entry(endorsement)))
