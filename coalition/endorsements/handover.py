"""A representative hands over to another: the old links end, the new one gets links of their own."""

from __future__ import annotations

import secrets

from sqlalchemy import func, select

from coalition import clock
from coalition.access.actor import Actor, Kind, Role
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.accounts import links
from coalition.accounts.links import Purpose
from coalition.audit import chain
from coalition.db import db
from coalition.endorsements import bodies, messages, workflow
from coalition.endorsements.contact import SignerFields, checked_contact
from coalition.endorsements.models import Endorsement, Signer
from coalition.endorsements.operations import manage_link, send_confirmation
from coalition.errors import Invalid, WrongState
from coalition.i18n import gettext as _
from coalition.mail import outbox
from coalition.organisations import profile
from coalition.organisations.models import Organisation, Representative
from coalition.signatories.entry import SigningAs


def hand_over(actor: Actor, organisation: Organisation, before: Representative, *, name: str, role: str, email: str,
              reason: str) -> list[Endorsement]:
    """Let somebody else act for the organisation in a representative's place, from today on. The signatures that
    the old address holds on letters the actor coordinates pass to the new one: its links end at once, new ones are
    mailed, both are told. Returns those signatures. What is printed does not change.

    Raises `Invalid` for bad answers or without a reason, `WrongState` when the term is over.
    """
    demand(actor, Permission.ORGANISATION_EDIT, bodies.subject_of(organisation))
    if before.ended_on is not None:
        raise WrongState(_("This person acts for the organisation no longer."))
    if not reason.strip():
        message = _("Say who asked for it, and how: it is kept with the change.")
        raise Invalid(message, {"reason": message})
    contact = _checked(SignerFields(name=name, role=role, email=email))
    if contact.email.casefold() == before.email.casefold():
        message = _("This is the address of the one who hands over.")
        raise Invalid(message, {"email": message})
    held = held_by(actor, organisation, before)
    after = _successor(actor, organisation, contact)
    before.ended_on = clock.now().date()
    occasion = secrets.token_hex(8)
    for endorsement in held:
        outbox.put(messages.handed_over(endorsement, occasion))
        _pass_on(endorsement, contact, occasion)
    chain.record(actor, "representative.handed_over", "organisation", organisation.id, before=before.id,
                 after=after.id, endorsements=len(held), private={"reason": reason})
    return held


def held_by(actor: Actor, organisation: Organisation, representative: Representative) -> list[Endorsement]:
    """The live signatures of the organisation whose contact is this address, on letters the actor coordinates."""
    own = None if actor.kind is Kind.OPERATOR else [letter for letter, role in actor.roles if role == Role.COORDINATOR]
    statement = select(Endorsement).join(Signer).where(
        Endorsement.organisation_id == organisation.id, Endorsement.signing_as == SigningAs.ORGANISATION.value,
        Endorsement.state.in_(workflow.LIVE), func.lower(Signer.email) == representative.email.lower())
    if own is not None:
        statement = statement.where(Endorsement.letter_id.in_(own))
    return list(db.session.scalars(statement.order_by(Endorsement.id)))


def _pass_on(endorsement: Endorsement, contact: SignerFields, occasion: str) -> None:
    links.revoke(f"endorsement:{endorsement.id}", Purpose.CONFIRM, Purpose.MANAGE)
    signer = endorsement.signer
    if signer is None:
        return
    signer.name, signer.role, signer.email = contact.name, contact.role, contact.email
    db.session.flush()
    if endorsement.state == workflow.UNCONFIRMED:
        send_confirmation(endorsement)
    else:
        outbox.put(messages.taken_over(endorsement, manage_link(endorsement), occasion))


def _successor(actor: Actor, organisation: Organisation, contact: SignerFields) -> Representative:
    for known in organisation.representatives:
        if known.ended_on is None and known.email.casefold() == contact.email.casefold():
            return known
    return profile.add_representative(actor, organisation, name=contact.name, role=contact.role, email=contact.email,
                                      subject=bodies.subject_of(organisation))


def _checked(contact: SignerFields) -> SignerFields:
    """The contact, cleaned; problems stand under the names of this form's fields."""
    try:
        return checked_contact(contact)
    except Invalid as invalid:
        raise Invalid(invalid.message, {name.removeprefix("signer_"): words
                                        for name, words in invalid.fields.items()}) from invalid
