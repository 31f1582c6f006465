"""Who may bind the organisation: naming a second person, having them asked, their answer, and evidence in its place."""

from __future__ import annotations

from sqlalchemy.orm.attributes import flag_modified

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.actor import second_person as second_person_of
from coalition.access.policy import demand
from coalition.accounts import links
from coalition.accounts.links import Purpose
from coalition.accounts.models import Link
from coalition.audit import chain
from coalition.db import db
from coalition.endorsements import messages, queries, second_person
from coalition.endorsements.contact import SecondPerson, checked_second
from coalition.endorsements.models import Endorsement, Signer
from coalition.endorsements.operations import get, manage_link, tell_coordinators
from coalition.endorsements.second_person import CONFIRMED, EVIDENCE, REFUSED, SECOND_PERSON
from coalition.endorsements.workflow import WORKFLOW
from coalition.errors import Stale, WrongState
from coalition.i18n import gettext as _
from coalition.mail import outbox
from coalition.organisations import operations as register
from coalition.signatories.entry import SigningAs
from coalition.signatories.names import identity_key


def name_another(actor: Actor, endorsement: Endorsement, second: SecondPerson) -> None:
    """Name who may bind the organisation, in place of the one named before or of the signer's own word, and ask
    them. A returned signature goes back to the queue by it: it is an answer to what was asked for.

    Raises `Invalid` for bad answers or the signer's own address, `WrongState` once authority is confirmed.
    """
    signer = _begin("name_authority", actor, endorsement)
    if signer.authority != second_person.OWN_ROLE and endorsement.authority_holds:
        raise WrongState(_("The authority to sign is confirmed already."))
    checked = checked_second(second, signer_email=signer.email)
    row = WORKFLOW.check("name_authority", endorsement.state, letter=endorsement.letter.state)
    before = signer.second_state
    second_person.note(signer, checked)
    if row.target:
        endorsement.state, endorsement.waiting_since = row.target, clock.now()
    chain.record(actor, "authority.named", "endorsement", endorsement.id, letter_id=endorsement.letter_id,
                 before=before, private={"name": checked.name, "role": checked.role, "address": checked.email})
    _changed(endorsement)
    second_person.ask(actor, endorsement)
    if row.target:
        tell_coordinators(endorsement)


def ask_again(actor: Actor, endorsement: Endorsement) -> None:
    """Mail the second person a new link: by the signer, or by a coordinator for them."""
    own = endorsement.id in actor.endorsements
    _begin("ask_authority" if own else "ask_authority_for_them", actor, endorsement)
    if not second_person.is_awaited(endorsement):
        raise WrongState(_("Nobody has to be asked for the authority."))
    second_person.ask(actor, endorsement)


def confirm(link: Link, *, seen: int) -> None:
    """The second person says that the organisation signs. `seen` is the revision that was on their page.

    Raises `LinkNotValid` when answered already, `Stale` when the entry changed since the page was opened.
    """
    endorsement, actor, signer = _answering(link, seen)
    links.use_up(link)
    signer.second_state, signer.authority = CONFIRMED, SECOND_PERSON
    signer.authority_confirmed_at = clock.now()
    signer.authority_for = identity_key(endorsement.entry.organisation)
    chain.record(actor, "authority.confirmed", "endorsement", endorsement.id, letter_id=endorsement.letter_id,
                 how=SECOND_PERSON)
    organisation = queries.organisation_of_entry(endorsement)
    if organisation is not None:
        register.acts_for(organisation, email=signer.second_email, name=signer.second_name, role=signer.second_role)
    _changed(endorsement)
    _tell_the_signer(endorsement, confirmed=True)


def refuse(link: Link, *, seen: int, words: str) -> None:
    """The second person says no; `words` may say why, to the signer and the coordinators. Raises as `confirm`."""
    endorsement, actor, signer = _answering(link, seen)
    links.use_up(link)
    signer.second_state, signer.second_words = REFUSED, words.strip()
    signer.authority_confirmed_at = None
    chain.record(actor, "authority.refused", "endorsement", endorsement.id, letter_id=endorsement.letter_id,
                 revision=seen, private={"reason": words.strip()})
    _changed(endorsement)
    _tell_the_signer(endorsement, confirmed=False)
    tell_coordinators(endorsement)


def establish(actor: Actor, endorsement: Endorsement, *, reason: str) -> None:
    """Take evidence, named in `reason`, for the authority: a letter, a call to the organisation's own number."""
    demand(actor, WORKFLOW.permission("establish_authority"), queries.subject_of(endorsement))
    WORKFLOW.check("establish_authority", endorsement.state, letter=endorsement.letter.state, reason=reason)
    signer = endorsement.signer
    if signer is None or endorsement.signing_as != SigningAs.ORGANISATION.value or endorsement.authority_holds:
        raise WrongState(_("There is no authority to establish here."))
    signer.authority, signer.authority_confirmed_at = EVIDENCE, clock.now()
    signer.authority_for = identity_key(endorsement.entry.organisation)
    links.revoke(f"endorsement:{endorsement.id}", Purpose.AUTHORISE)
    chain.record(actor, "authority.confirmed", "endorsement", endorsement.id, letter_id=endorsement.letter_id,
                 how=EVIDENCE, private={"reason": reason})
    _changed(endorsement)


def _begin(action: str, actor: Actor, endorsement: Endorsement) -> Signer:
    demand(actor, WORKFLOW.permission(action), queries.subject_of(endorsement))
    WORKFLOW.check(action, endorsement.state, letter=endorsement.letter.state)
    if endorsement.signer is None or endorsement.signing_as != SigningAs.ORGANISATION.value:
        raise WrongState(_("A person signs for themselves: nobody else has to confirm it."))
    return endorsement.signer


def _answering(link: Link, seen: int) -> tuple[Endorsement, Actor, Signer]:
    endorsement = get(links.endorsement_of(link))
    actor = second_person_of(endorsement.id)
    signer = _begin("answer_authority", actor, endorsement)
    if seen != endorsement.latest_revision:
        raise Stale(_("The entry was changed since you opened the page. Look at it again, then answer."))
    return endorsement, actor, signer


def _changed(endorsement: Endorsement) -> None:
    """Let whoever decides at this moment on what stood before find out: the row counts as changed."""
    flag_modified(endorsement, "language")
    db.session.flush()


def _tell_the_signer(endorsement: Endorsement, *, confirmed: bool) -> None:
    if endorsement.signer is not None and endorsement.signer.email:
        outbox.put(messages.authority_answered(endorsement, manage_link(endorsement), confirmed=confirmed))
