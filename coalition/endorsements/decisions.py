"""What is decided about endorsements: approve, return, decline, take up again. Who may, and the state, are
checked here; whether the organisation is real is the register's, and `review` joins the two."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.exc import IntegrityError

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.policy import demand
from coalition.audit import chain
from coalition.db import db
from coalition.endorsements import messages, queries
from coalition.endorsements.models import Endorsement
from coalition.endorsements.operations import manage_link, restore_approved_entry
from coalition.endorsements.taking_back import remember, standing_of
from coalition.endorsements.workflow import UNCONFIRMED, WORKFLOW
from coalition.errors import Stale, WrongState
from coalition.i18n import gettext as _
from coalition.i18n import lazy_gettext as _l
from coalition.mail import outbox
from coalition.workflow import Transition

_OUTDATED = _l("This entry changed since you opened the page. Nothing was decided: look at it again.")


def approve(actor: Actor, endorsement: Endorsement, *, seen: int, reason: str = "", override: bool = False) -> None:
    """Let the newest entry count: a new endorsement's, or a waiting amendment.

    `seen` is the revision the coordinator looked at. Raises `Stale` when there is a newer one, `WrongState` when
    it is not waiting, or when another endorsement of this organisation stands approved already.
    """
    row = check_approval(actor, endorsement, seen=seen)
    stood, listed = standing_of(endorsement), endorsement.approved_entry
    was_printed = messages.line_of(listed, endorsement) if listed is not None else ""
    endorsement.organisation_id = endorsement.entry.organisation_id
    endorsement.state = row.target or endorsement.state
    endorsement.approved_revision, endorsement.waiting_since = endorsement.latest_revision, None
    endorsement.decided_at, endorsement.decided_reason = clock.now(), reason
    try:
        db.session.flush()
    except IntegrityError as clash:
        raise WrongState(_("This organisation stands on the list already, by another endorsement. Decline this "
                         "one, or withdraw the other first.")) from clash
    chain.record(actor, "endorsement.approved", "endorsement", endorsement.id, letter_id=endorsement.letter_id,
                 before=stood["state"], revision=seen, override=override, private={"reason": reason})
    remember(endorsement, "approve", stood,
             messages.approved(endorsement, manage_link(endorsement), before=was_printed)
             if _has_address(endorsement) else None)


def check_approval(actor: Actor, endorsement: Endorsement, *, seen: int) -> Transition:
    """What an approval would be, if the actor may and can give it now. Raises as `approve` does."""
    action = "approve_amendment" if endorsement.has_amendment else "approve"
    # An amendment may name another organisation than the approved entry: both must be free of conflict.
    for subject in (queries.subject_of(endorsement), queries.subject_of_entry(endorsement)):
        demand(actor, WORKFLOW.permission(action), subject)
    row = WORKFLOW.check(action, endorsement.state, letter=endorsement.letter.state)
    _require_newest(endorsement, seen)
    return row


def return_for_changes(actor: Actor, endorsement: Endorsement, *, seen: int, reason: str, standard: str = "") -> None:
    """Ask the signer for changes. An approved entry leaves the list by it; to keep it and refuse only a waiting
    amendment, use `turn_down_amendment`. `standard` is the key of the standard reason in `reason`, if any: the
    log keeps it, so that colleagues read it in their own language."""
    demand(actor, WORKFLOW.permission("return"), queries.subject_of(endorsement))
    row = WORKFLOW.check("return", endorsement.state, reason=reason, letter=endorsement.letter.state)
    _require_newest(endorsement, seen)
    stood, endorsement.state = standing_of(endorsement), row.target or endorsement.state
    _decided(endorsement, reason)
    chain.record(actor, "endorsement.returned", "endorsement", endorsement.id, letter_id=endorsement.letter_id,
                 before=stood["state"], revision=seen, standard=standard, private={"reason": reason})
    remember(endorsement, "return", stood, messages.returned(endorsement, manage_link(endorsement), reason)
             if _has_address(endorsement) else None)


def turn_down_amendment(actor: Actor, endorsement: Endorsement, *, seen: int, reason: str) -> None:
    """Refuse a waiting amendment with a reason: the approved entry stands and becomes the newest one again."""
    demand(actor, WORKFLOW.permission("turn_down_amendment"), queries.subject_of(endorsement))
    WORKFLOW.check("turn_down_amendment", endorsement.state, reason=reason, letter=endorsement.letter.state)
    _require_newest(endorsement, seen)
    if not endorsement.has_amendment:
        raise WrongState(_("There is no change waiting."))
    restore_approved_entry(endorsement)
    endorsement.decided_at, endorsement.decided_reason = clock.now(), reason
    chain.record(actor, "endorsement.amendment_turned_down", "endorsement", endorsement.id,
                 letter_id=endorsement.letter_id, revision=seen, private={"reason": reason})
    if _has_address(endorsement):
        outbox.put(messages.amendment_turned_down(endorsement, manage_link(endorsement), reason))


def decline(actor: Actor, endorsement: Endorsement, *, reason: str, standard: str = "") -> None:
    """Decide that the endorsement does not count. `standard` as for `return_for_changes`."""
    demand(actor, WORKFLOW.permission("decline"), queries.subject_of(endorsement))
    row = WORKFLOW.check("decline", endorsement.state, reason=reason, letter=endorsement.letter.state)
    stood, endorsement.state = standing_of(endorsement), row.target or endorsement.state
    _decided(endorsement, reason)
    chain.record(actor, "endorsement.declined", "endorsement", endorsement.id, letter_id=endorsement.letter_id,
                 before=stood["state"], standard=standard, private={"reason": reason})
    remember(endorsement, "decline", stood,
             messages.declined(endorsement, reason) if _has_address(endorsement) else None)


def invalidate(actor: Actor, endorsement: Endorsement, *, invalidation: int, reason: str, wait: timedelta) -> None:
    """Decline it as one of many that met a condition. Its mail is held for `wait`; whose address was never confirmed
    gets none."""
    demand(actor, WORKFLOW.permission("invalidate"), queries.subject_of(endorsement))
    row = WORKFLOW.check("invalidate", endorsement.state, reason=reason, letter=endorsement.letter.state)
    stood, endorsement.state = standing_of(endorsement), row.target or endorsement.state
    _decided(endorsement, reason)
    chain.record(actor, "endorsement.invalidated", "endorsement", endorsement.id, letter_id=endorsement.letter_id,
                 before=stood["state"], invalidation=invalidation, private={"reason": reason})
    told = stood["state"] != UNCONFIRMED and _has_address(endorsement)
    remember(endorsement, "invalidate", stood, messages.declined(endorsement, reason) if told else None, wait=wait)


def reinstate(actor: Actor, endorsement: Endorsement, *, reason: str) -> None:
    """Take a declined endorsement up again: it waits in the queue anew."""
    demand(actor, WORKFLOW.permission("reinstate"), queries.subject_of(endorsement))
    row = WORKFLOW.check("reinstate", endorsement.state, reason=reason, letter=endorsement.letter.state)
    before, endorsement.state = endorsement.state, row.target or endorsement.state
    endorsement.waiting_since = clock.now()
    chain.record(actor, "endorsement.reinstated", "endorsement", endorsement.id,
                 letter_id=endorsement.letter_id, before=before, private={"reason": reason})


def _decided(endorsement: Endorsement, reason: str) -> None:
    endorsement.decided_at, endorsement.decided_reason = clock.now(), reason
    endorsement.waiting_since, endorsement.approved_revision = None, 0
    db.session.flush()


def _require_newest(endorsement: Endorsement, seen: int) -> None:
    if seen != endorsement.latest_revision:
        raise Stale(_OUTDATED)


def _has_address(endorsement: Endorsement) -> bool:
    return endorsement.signer is not None and bool(endorsement.signer.email)
