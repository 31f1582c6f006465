"""Endorsements entered for a signatory, or confirmed in the place of a mail that never came: received on paper, by
mail or phone, or in a file, with the evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.accounts import links
from coalition.accounts.links import Purpose
from coalition.accounts.operations import clean_address
from coalition.audit import chain
from coalition.db import db
from coalition.endorsements import evidence as files
from coalition.endorsements import messages, queries, receipts, workflow
from coalition.endorsements.fields import EntryFields
from coalition.endorsements.models import Endorsement, Signer
from coalition.endorsements.operations import (
    SignerFields,
    checked_visibility,
    make_endorsement,
    manage_link,
    tell_coordinators,
)
from coalition.endorsements.second_person import EVIDENCE
from coalition.endorsements.workflow import WORKFLOW
from coalition.errors import Invalid, WrongState
from coalition.i18n import gettext as _
from coalition.letters import queries as letter_queries
from coalition.letters import workflow as letter_workflow
from coalition.letters.models import Letter
from coalition.mail import outbox
from coalition.organisations import operations as register

ORIGINS = ("paper", "mail", "phone", "file")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows that somebody signed: the way it came, in words what it is and where it is kept, who took it on
    which day, and the file itself if there is one."""

    origin: str
    words: str
    taken_by: str = ""
    taken_on: date | None = None
    file: bytes = b""


def enter(actor: Actor, letter: Letter, *, fields: EntryFields, visibility: str, evidence: Evidence,
          evidence_sha256: str = "", contact: SignerFields | None = None, tier: int = 1) -> Endorsement:
    """Enter an endorsement that came another way than by the form. It waits for approval like any other, and
    not by the one who entered it.

    Raises `Invalid` without evidence, `WrongState` when the letter takes no entries any more.
    """
    demand(actor, Permission.ENDORSEMENT_ENTER, letter_queries.subject_of(letter))
    if letter.state not in (letter_workflow.DRAFT, letter_workflow.OPEN, letter_workflow.CLOSED):
        raise WrongState(_("Nothing can be entered any more: the letter is archived or cancelled."))
    _require(evidence)
    shown = checked_visibility(visibility)
    organisation = None
    if fields.organisation:
        organisation = register.recognise_or_register(
            actor, name=fields.organisation, country=fields.country, country_text=fields.country_text,
            other_script=fields.other_script, kind="network" if fields.is_network else "single")
    endorsement = make_endorsement(letter, organisation, fields, visibility=shown, language=letter.language,
                                   origin=evidence.origin)
    now = clock.now()
    endorsement.state, endorsement.waiting_since = workflow.SUBMITTED, now
    _note(endorsement, evidence)
    endorsement.evidence_sha256 = evidence_sha256
    endorsement.tier, endorsement.last_edited_by = tier, actor.person_id
    who = contact or SignerFields(name="", role="", email="")
    db.session.add(Signer(endorsement_id=endorsement.id, name=who.name, role=who.role, email=who.email,
                          authority=EVIDENCE, authority_confirmed_at=now))
    db.session.flush()
    db.session.expire(endorsement, ["entries", "signer"])
    chain.record(actor, "endorsement.entered", "endorsement", endorsement.id, letter_id=letter.id,
                 version=endorsement.signed_version.number, visibility=shown, revision=1, evidence=evidence.origin,
                 evidence_sha256=evidence_sha256, organisation=organisation.id if organisation else None,
                 private={"reason": evidence.words.strip()})
    _keep_file(actor, endorsement, evidence)
    if letter.state != letter_workflow.DRAFT:
        tell_coordinators(endorsement)
    return endorsement


def confirm_by_evidence(actor: Actor, endorsement: Endorsement, *, evidence: Evidence, email: str = "") -> None:
    """Put evidence in the place of a confirmation mail that never arrived. It then waits for approval, by another
    coordinator. `email` is an address that works; without one the contact has none from now on, since mails must
    not go where nobody confirmed them. Raises as `enter` does."""
    demand(actor, WORKFLOW.permission("confirm_by_evidence"), queries.subject_of(endorsement))
    _require(evidence)
    row = WORKFLOW.check("confirm_by_evidence", endorsement.state, letter=endorsement.letter.state,
                         reason=evidence.words)
    address = clean_address(email) if email.strip() else ""
    signer, now = endorsement.signer, clock.now()
    before = signer.email if signer is not None else ""
    endorsement.state, endorsement.waiting_since = row.target or endorsement.state, now
    endorsement.origin, endorsement.last_edited_by = evidence.origin, actor.person_id
    _note(endorsement, evidence)
    if signer is not None:
        signer.email, signer.authority, signer.authority_confirmed_at = address, EVIDENCE, now
        signer.authority_for = ""
    links.revoke(f"endorsement:{endorsement.id}", *Purpose)
    chain.record(actor, "endorsement.confirmed_by_evidence", "endorsement", endorsement.id,
                 letter_id=endorsement.letter_id, revision=endorsement.latest_revision, evidence=evidence.origin,
                 private={"reason": evidence.words.strip(), "address": before})
    _keep_file(actor, endorsement, evidence)
    db.session.flush()
    if address:
        outbox.put(messages.received(endorsement, manage_link(endorsement), receipts.for_mail(actor, endorsement)))
    tell_coordinators(endorsement)


def _require(evidence: Evidence) -> None:
    problems = {}
    if evidence.origin not in ORIGINS or not evidence.words.strip():
        problems["evidence"] = _("Say how the signature reached you and where the evidence is kept.")
    if evidence.taken_on is not None and evidence.taken_on > clock.now().date() + timedelta(days=1):
        problems["taken_on"] = _("Enter a day that is not in the future.")
    if problems:
        raise Invalid(next(iter(problems.values())), problems)


def _note(endorsement: Endorsement, evidence: Evidence) -> None:
    endorsement.evidence, endorsement.evidence_by = evidence.words.strip(), evidence.taken_by.strip()
    endorsement.evidence_on = evidence.taken_on


def _keep_file(actor: Actor, endorsement: Endorsement, evidence: Evidence) -> None:
    if evidence.file:
        kind = files.MESSAGE if evidence.origin == "mail" else files.SIGNED
        endorsement.evidence_sha256 = files.add(actor, endorsement, evidence.file, kind=kind).sha256
