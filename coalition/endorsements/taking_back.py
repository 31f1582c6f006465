"""Taking a decision back while its mail has not left: what stood before it, and how it is restored."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.policy import demand
from coalition.audit import chain
from coalition.config import setting
from coalition.db import db
from coalition.endorsements import queries
from coalition.endorsements.models import Decision, Endorsement
from coalition.endorsements.workflow import WORKFLOW
from coalition.errors import WrongState
from coalition.i18n import gettext as _
from coalition.mail import outbox
from coalition.mail.message import Message

#: What a decision changes, and taking it back restores.
_STANDING = ("state", "organisation_id", "approved_revision", "waiting_since", "decided_at", "decided_reason")


def delay() -> timedelta:
    """How long the mail about a decision is held."""
    return timedelta(seconds=setting("DECISION_DELAY_SECONDS"))


def standing_of(endorsement: Endorsement) -> dict[str, Any]:
    """What stands now, for `remember`, before a decision changes it."""
    return {name: getattr(endorsement, name) for name in _STANDING}


def remember(endorsement: Endorsement, action: str, before: dict[str, Any], mail: Message | None, *,
             wait: timedelta | None = None) -> None:
    """Keep what stood before the decision just taken, and put its mail into the outbox for after the delay, or after
    `wait`."""
    wait = delay() if wait is None else wait
    if mail is not None:
        outbox.put(mail, delay=wait)
    db.session.flush()
    db.session.merge(Decision(
        endorsement_id=endorsement.id, action=action, mail_key=mail.key if mail else "", lock=endorsement.lock,
        until=clock.now() + wait, verified_id=None, **before))


def decision_to_take_back(endorsement: Endorsement) -> Decision | None:
    """The last decision, if it can still be taken back: nothing changed since and its mail has not left."""
    kept = db.session.get(Decision, endorsement.id)
    if kept is None or kept.lock != endorsement.lock:
        return None
    waits = outbox.is_untouched(kept.mail_key) if kept.mail_key else clock.now() < kept.until
    return kept if waits else None


def take_back(actor: Actor, endorsement: Endorsement) -> Decision:
    """Restore what stood before the last decision and cancel its mail; gives what was taken back.

    Raises `WrongState` when the mail has left or something changed since.
    """
    for subject in (queries.subject_of(endorsement), queries.subject_of_entry(endorsement)):
        demand(actor, WORKFLOW.permission("take_back"), subject)
    WORKFLOW.check("take_back", endorsement.state, letter=endorsement.letter.state)
    kept, decided = decision_to_take_back(endorsement), endorsement.state
    try:
        with db.session.begin_nested():
            if kept is None or (kept.mail_key and not outbox.cancel(kept.mail_key)):
                raise WrongState(_("It is too late to take this back: the signer was told, or something changed "
                                   "since."))
            for name in _STANDING:
                setattr(endorsement, name, getattr(kept, name))
    except IntegrityError as clash:
        raise WrongState(_("Another endorsement of this organisation was approved meanwhile: it cannot stand on the "
                           "list twice.")) from clash
    db.session.delete(kept)
    chain.record(actor, "endorsement.decision_taken_back", "endorsement", endorsement.id,
                 letter_id=endorsement.letter_id, decision=kept.action, before=decided, after=endorsement.state)
    return kept
