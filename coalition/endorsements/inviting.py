"""Signing by a personal invitation: the address is known to be theirs, so nothing needs confirming."""

from __future__ import annotations

from coalition import clock
from coalition.access.actor import Actor
from coalition.audit import chain
from coalition.db import db
from coalition.endorsements import messages, queries, receipts, workflow
from coalition.endorsements.contact import SignerFields, checked_contact, checked_visibility
from coalition.endorsements.fields import EntryFields
from coalition.endorsements.models import Endorsement, Signer
from coalition.endorsements.operations import (
    get,
    make_endorsement,
    manage_link,
    sign_over,
    tell_coordinators,
)
from coalition.errors import Stale, WrongState
from coalition.i18n import gettext as _
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter
from coalition.mail import outbox
from coalition.organisations import operations as register


def sign_by_invitation(actor: Actor, letter: Letter, *, fields: EntryFields, contact: SignerFields, visibility: str,
                       version_number: int, form_key: str) -> Endorsement:
    """Sign for an invited organisation: it waits for review at once. Who may is asked by the room of invitations.

    What the same address has signed for the same body already stays as it is; of a signature that was never
    confirmed these are the newer answers. Raises `WrongState` when the letter is not open, `Stale` when its text
    has changed since the page was opened, `Invalid` for bad answers.
    """
    letter_queries.hold_as_it_is(letter)
    if not letter_queries.is_open_for_signing(letter):
        raise WrongState(_("This letter is not open for signing."))
    version = letter.published
    if version is None or version.number != version_number:
        raise Stale(_("The text was changed while you were reading. Read the new one, then sign."))
    contact, shown = checked_contact(contact, needs_role=False), checked_visibility(visibility)
    organisation = register.recognise_or_register(
        actor, name=fields.organisation, country=fields.country, country_text=fields.country_text,
        other_script=fields.other_script, kind="network" if fields.is_network else "single", website=contact.website)
    known = queries.live_of_signer(letter.id, email=contact.email, organisation_id=organisation.id,
                                   signatory=fields.signatory)
    if known is not None and known.state != workflow.UNCONFIRMED:
        return known
    if known is not None:
        sign_over(known, fields, contact, shown, form_key)
        endorsement = known
    else:
        endorsement = make_endorsement(letter, organisation, fields, visibility=shown, language=contact.language,
                                       origin="invitation", form_key=form_key)
        db.session.add(Signer(endorsement_id=endorsement.id, name=contact.name, role=contact.role, email=contact.email,
                              website=contact.website, language=contact.speaks))
    now = clock.now()
    endorsement.state, endorsement.confirmed_at, endorsement.waiting_since = workflow.SUBMITTED, now, now
    db.session.flush()
    db.session.expire(endorsement)
    endorsement = get(endorsement.id)
    if endorsement.signer is not None:
        endorsement.signer.authority, endorsement.signer.authority_confirmed_at = "own_role", now
    chain.record(actor, "endorsement.accepted", "endorsement", endorsement.id, letter_id=letter.id,
                 version=version.number, language=contact.language, visibility=shown,
                 revision=endorsement.latest_revision, organisation=organisation.id)
    register.acts_for(organisation, email=contact.email, name=contact.name, role=contact.role)
    outbox.put(messages.received(endorsement, manage_link(endorsement), receipts.for_mail(actor, endorsement)))
    tell_coordinators(endorsement)
    return endorsement
