"""Decisions as coordinators take them: verify and approve together, one by one or many; and notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.audit import chain
from coalition.db import db
from coalition.endorsements import decisions, taking_back
from coalition.endorsements import queries as endorsement_queries
from coalition.endorsements.models import Endorsement
from coalition.errors import Invalid, NotPermitted, Stale, WrongState
from coalition.i18n import gettext as _
from coalition.letters.models import Letter
from coalition.organisations import operations as register
from coalition.organisations import workflow as organisation_workflow
from coalition.organisations.models import Organisation
from coalition.review import queries, reasons
from coalition.review.flags import SERIOUS
from coalition.review.models import Note
from coalition.signatories.entry import SigningAs


def approve(actor: Actor, endorsement: Endorsement, *, seen: int, verified: bool = False, reason: str = "") -> None:
    """Approve the newest entry. An organisation that is not verified yet is verified in the same decision when
    `verified` says so; without that, or without a confirmed authority, a `reason` is needed and kept.

    Raises `Invalid` when neither is given, else what `decisions.approve` raises.
    """
    decisions.check_approval(actor, endorsement, seen=seen)
    lacking = what_is_lacking(endorsement, verified=verified)
    if lacking and not reason.strip():
        message = " ".join((*lacking, _("Verify it, or give the reason for approving all the same.")))
        raise Invalid(message, {"verified" if len(lacking) > 1 or endorsement.authority_holds else "reason": message})
    organisation = queries.organisation_to_decide_on(endorsement)
    verifies = verified and organisation is not None and organisation.state != organisation_workflow.VERIFIED
    if verifies:
        register.verify(actor, organisation, letter_id=endorsement.letter_id)
    decisions.approve(actor, endorsement, seen=seen, reason=reason, override=bool(lacking))
    kept = taking_back.decision_to_take_back(endorsement)
    if verifies and kept is not None:
        kept.verified_id = organisation.id


def what_is_lacking(endorsement: Endorsement, *, verified: bool) -> list[str]:
    """What an approval still asks for, in words; empty when nothing."""
    if endorsement.signing_as != SigningAs.ORGANISATION.value:
        return []
    lacking = []
    organisation = queries.organisation_to_decide_on(endorsement)
    if not verified and (organisation is None or organisation.state != organisation_workflow.VERIFIED):
        lacking.append(_("The organisation is not verified."))
    if not endorsement.authority_holds:
        lacking.append(_("Nobody has confirmed the authority to sign."))
    return lacking


def require_unchanged(endorsement: Endorsement, looked_at: int) -> None:
    """Raise `Stale` when anything about the endorsement changed since the page that a decision comes from.
    `looked_at` is the row's `lock` on that page: it catches a colleague's decision too, which leaves the
    revision as it was."""
    if looked_at != endorsement.lock:
        raise Stale(_("This endorsement changed since you opened the page. Nothing was decided: look at it again."))


@dataclass
class BulkResult:
    """What became of the rows of a bulk decision: ids done, and why the others were skipped."""

    done: list[int] = field(default_factory=list)
    skipped: dict[int, str] = field(default_factory=dict)


def approve_unflagged(actor: Actor, letter: Letter, chosen: Iterable[tuple[str, int]], *,
                      verified: bool = False) -> BulkResult:
    """Approve those of the chosen (public id, revision seen) that nothing speaks against. Each row is checked
    again; what is flagged, changed or not the actor's to decide is skipped with the reason. `verified`: the
    actor says of each of them that the organisation is real."""

    def why_not(endorsement: Endorsement) -> str:
        if not {"approve", "approve_amendment"} & queries.what_can_be_done(actor, endorsement):
            return _("the letter takes no decisions now")
        if what_is_lacking(endorsement, verified=verified):
            return _("organisation not verified")
        if any(rival.state == "approved" for rival in endorsement_queries.rivals_of(endorsement)):
            return _("the organisation stands on the list already")
        return ""

    return _each_unflagged(actor, letter, chosen, why_not, lambda endorsement, seen: approve(
        actor, endorsement, seen=seen, verified=verified))


def return_unflagged(actor: Actor, letter: Letter, chosen: Iterable[tuple[str, int]], *, standard: str = "",
                     own_words: str = "") -> BulkResult:
    """Ask the signers of the chosen (public id, revision seen) for changes, each in their own language: the
    standard reason of this key, own words, or both. Rows are checked and skipped as in a bulk approval.

    Raises `Invalid` when neither is given.
    """
    if not reasons.in_words("return", standard, own_words, ()):
        message = _("Choose a reason or give one in your own words: the signers read it.")
        raise Invalid(message, {"reason": message})

    def why_not(endorsement: Endorsement) -> str:
        if endorsement.has_amendment:
            return _("its approved line would leave the list")
        return "" if "return" in queries.what_can_be_done(actor, endorsement) else _(
            "the letter takes no decisions now")

    return _each_unflagged(actor, letter, chosen, why_not, lambda endorsement, seen: decisions.return_for_changes(
        actor, endorsement, seen=seen, standard=standard,
        reason=reasons.in_words("return", standard, own_words, endorsement.wishes)))


def _each_unflagged(actor: Actor, letter: Letter, chosen: Iterable[tuple[str, int]],
                    why_not: Callable[[Endorsement], str],
                    decide: Callable[[Endorsement, int], object]) -> BulkResult:
    result = BulkResult()
    rows = []
    for public_id, seen in chosen:
        endorsement = endorsement_queries.by_public_id(letter, public_id)
        if endorsement is not None:
            rows.append((endorsement, seen))
    flags = queries.flags_of(letter, [endorsement for endorsement, _seen in rows])
    for endorsement, seen in rows:
        reason = (_why_left_out(actor, endorsement, seen, flagged=bool(flags[endorsement.id] & SERIOUS))
                  or why_not(endorsement))
        if reason:
            result.skipped[endorsement.id] = reason
        else:
            decide(endorsement, seen)
            result.done.append(endorsement.id)
    return result


def _why_left_out(actor: Actor, endorsement: Endorsement, seen: int, *, flagged: bool) -> str:
    if flagged:
        return _("flagged")
    if seen != endorsement.latest_revision:
        return _("changed since you loaded the page")
    if endorsement.state != "submitted" and not endorsement.has_amendment:
        return _("decided already")
    if not queries.may_decide(actor, endorsement):
        return _("another coordinator must decide")
    return ""


def take_back(actor: Actor, endorsement: Endorsement) -> None:
    """Take the last decision back while its mail has not left, with the verification that was part of it.

    Raises `WrongState` when it is too late.
    """
    taken = taking_back.take_back(actor, endorsement)
    organisation = db.session.get(Organisation, taken.verified_id) if taken.verified_id else None
    if organisation is not None and organisation.state == organisation_workflow.VERIFIED:
        register.unverify(actor, organisation, letter_id=endorsement.letter_id,
                          reason=_("The approval it was part of was taken back."))


def take_back_all(actor: Actor, letter: Letter, public_ids: Iterable[str]) -> BulkResult:
    """Take back the last decision on each of these; what it is too late for is skipped with the reason."""
    result = BulkResult()
    for public_id in public_ids:
        endorsement = endorsement_queries.by_public_id(letter, public_id)
        if endorsement is None:
            continue
        try:
            take_back(actor, endorsement)
        except (WrongState, NotPermitted):
            result.skipped[endorsement.id] = _("too late, or not yours to take back")
        else:
            result.done.append(endorsement.id)
    return result


def write_note(actor: Actor, endorsement: Endorsement, text: str) -> Note:
    """Keep a note for the other coordinators."""
    demand(actor, Permission.ENDORSEMENT_SEE, endorsement_queries.subject_of(endorsement))
    if not text.strip():
        raise Invalid(_("Write the note first."), {"text": _("Write the note first.")})
    if len(text) > 4000:
        raise WrongState(_("A note can be 4,000 characters long."))
    note = Note(endorsement_id=endorsement.id, person_id=actor.person_id, text=text.strip(),
                created_at=clock.now())
    db.session.add(note)
    chain.record(actor, "note.written", "endorsement", endorsement.id, letter_id=endorsement.letter_id,
                 private={"text": text.strip()})
    return note
