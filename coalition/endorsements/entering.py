"""Endorsements entered for a signatory: received on paper, by mail or phone, or in a file, with the evidence."""

from __future__ import annotations

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.audit import chain
from coalition.db import db
from coalition.endorsements import workflow
from coalition.endorsements.fields import EntryFields
from coalition.endorsements.models import Endorsement, Signer
from coalition.endorsements.operations import (
    SignerFields,
    checked_visibility,
    make_endorsement,
    tell_coordinators,
)
from coalition.errors import Invalid, WrongState
from coalition.i18n import gettext as _
from coalition.letters import queries as letter_queries
from coalition.letters import workflow as letter_workflow
from coalition.letters.models import Letter
from coalition.organisations import operations as register

ORIGINS = ("paper", "mail", "phone", "file")


def enter(actor: Actor, letter: Letter, *, fields: EntryFields, visibility: str, origin: str, evidence: str,
          evidence_sha256: str = "", contact: SignerFields | None = None, tier: int = 1) -> Endorsement:
    """Enter an endorsement that came another way than by the form. It waits for approval like any other, and
    not by the one who entered it.

    Raises `Invalid` without evidence, `WrongState` when the letter takes no entries any more.
    """
    demand(actor, Permission.ENDORSEMENT_ENTER, letter_queries.subject_of(letter))
    if letter.state not in (letter_workflow.DRAFT, letter_workflow.OPEN, letter_workflow.CLOSED):
        raise WrongState(_("Nothing can be entered any more: the letter is archived or cancelled."))
    if origin not in ORIGINS or not evidence.strip():
        message = _("Say how the signature reached you and where the evidence is kept.")
        raise Invalid(message, {"evidence": message})
    shown = checked_visibility(visibility)
    organisation = None
    if fields.organisation:
        organisation = register.recognise_or_register(
            actor, name=fields.organisation, country=fields.country, country_text=fields.country_text,
            other_script=fields.other_script, kind="network" if fields.is_network else "single")
    endorsement = make_endorsement(letter, organisation, fields, visibility=shown, language=letter.language,
                                   origin=origin)
    now = clock.now()
    endorsement.state, endorsement.waiting_since = workflow.SUBMITTED, now
    endorsement.evidence, endorsement.evidence_sha256 = evidence.strip(), evidence_sha256
    endorsement.tier, endorsement.last_edited_by = tier, actor.person_id
    who = contact or SignerFields(name="", role="", email="")
    db.session.add(Signer(endorsement_id=endorsement.id, name=who.name, role=who.role, email=who.email,
                          authority="evidence", authority_confirmed_at=now))
    db.session.flush()
    db.session.expire(endorsement, ["entries", "signer"])
    chain.record(actor, "endorsement.entered", "endorsement", endorsement.id, letter_id=letter.id,
                 version=endorsement.signed_version.number, visibility=shown, revision=1, evidence=origin,
                 evidence_sha256=evidence_sha256, organisation=organisation.id if organisation else None,
                 private={"reason": evidence})
    if letter.state != letter_workflow.DRAFT:
        tell_coordinators(endorsement)
    return endorsement
