"""Everything a coordinator looks at before deciding. The queue is in `queue.py`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import permits
from coalition.audit import queries as audit_queries
from coalition.db import db
from coalition.endorsements import bodies, second_person, standing, workflow
from coalition.endorsements import queries as endorsement_queries
from coalition.endorsements.entries import as_entry
from coalition.endorsements.models import Decision, Endorsement
from coalition.endorsements.taking_back import decision_to_take_back
from coalition.letters.holding import Holding, holding
from coalition.letters.models import Letter
from coalition.mail import outbox
from coalition.mail.models import OutboxMail
from coalition.organisations import suggestions
from coalition.organisations import workflow as organisation_workflow
from coalition.organisations.models import Organisation, OrganisationLikeness
from coalition.review.flags import DomainCheck, Flag, compare_domains
from coalition.review.looking import lookers
from coalition.review.models import Note
from coalition.signatories.entry import SigningAs, Visibility
from coalition.signatories.glued import two_signatories
from coalition.signatories.line import printed_line


def what_can_be_done(actor: Actor, endorsement: Endorsement,
                     of: Iterable[str] = workflow.WORKFLOW.actions) -> frozenset[str]:
    """The actions of the workflow, or `of` these, that this actor may take now on this endorsement: what its page
    offers."""
    table, subject = workflow.WORKFLOW, endorsement_queries.subject_of(endorsement)
    possible = {action for action in of
                if table.allows(action, endorsement.state, endorsement.letter.state)
                and permits(actor, table.permission(action), subject)}
    possible = {action for action in possible if not standing.lacks_occasion(action, endorsement)}
    if possible & {"approve", "approve_amendment"} and not may_decide(actor, endorsement):
        possible -= {"approve", "approve_amendment"}
    possible -= {"take_back"}  # for a short time only: `dossier` says whether it can be
    if not endorsement.has_amendment:
        possible -= {"approve_amendment", "turn_down_amendment", "take_back_amendment"}
    return frozenset(possible)


def may_decide(actor: Actor, endorsement: Endorsement) -> bool:
    """Whether the policy lets the actor decide on the organisation as it stands and as the newest entry names it."""
    return all(permits(actor, Permission.ENDORSEMENT_DECIDE, subject) for subject in (
        endorsement_queries.subject_of(endorsement), endorsement_queries.subject_of_entry(endorsement)))


def may_verify(actor: Actor, endorsement: Endorsement) -> bool:
    """Whether the policy lets the actor say whether the organisation that the newest entry names is real."""
    return permits(actor, Permission.ORGANISATION_VERIFY, endorsement_queries.subject_of_entry(endorsement))


def organisation_to_decide_on(endorsement: Endorsement) -> Organisation | None:
    """The body the newest entry names."""
    return endorsement_queries.organisation_of_entry(endorsement)


def flags_of(letter: Letter, endorsements: list[Endorsement]) -> dict[int, frozenset[Flag]]:
    """The flags of several endorsements of one letter, in a constant number of queries."""
    if not endorsements:
        return {}
    contested = endorsement_queries.contested_organisations(
        letter, {row.organisation_id for row in endorsements if row.organisation_id is not None})
    failed = _failed_mails(endorsements)
    alike = bodies.flagged(row.organisation_id for row in endorsements if row.organisation_id is not None)
    holds = holding(letter)
    return {row.id: _flags(row, contested, failed, alike, holds) for row in endorsements}


def _flags(row: Endorsement, contested: frozenset[int], failed: frozenset[str], alike: frozenset[int],
           holds: Holding) -> frozenset[Flag]:
    found = set()
    signs_as_body = row.signing_as == SigningAs.ORGANISATION.value
    if signs_as_body and row.organisation_id in contested and row.state in workflow.LIVE:
        found.add(Flag.CONTESTED)
    if signs_as_body and row.organisation_id in alike:
        found.add(Flag.DUPLICATE)
    if row.signer is not None and row.signer.email:
        domains = domains_of(row)
        if domains.differs:
            found.add(Flag.DOMAIN_DIFFERS)
        if domains.is_in_other_script:
            found.add(Flag.FOREIGN_SCRIPT)
        if domains.is_free_mail and signs_as_body:
            found.add(Flag.FREE_MAIL)
    if signs_as_body and row.state != workflow.UNCONFIRMED and not row.authority_holds:
        refused = row.signer is not None and row.signer.second_state == second_person.REFUSED
        found.add(Flag.AUTHORITY_REFUSED if refused else Flag.AUTHORITY)
    if not holds.covers(row.signed_version_id, row.language):
        found.add(Flag.EARLIER_VERSION)
    if row.has_amendment:
        found.add(Flag.AMENDMENT)
    if f"endorsement:{row.id}" in failed:
        found.add(Flag.BOUNCED)
    if two_signatories(printed_line(as_entry(row))):
        found.add(Flag.TWO_SIGNATORIES)
    if signs_as_body and row.organisation is not None \
            and row.organisation.state != organisation_workflow.VERIFIED:
        found.add(Flag.UNVERIFIED)
    return frozenset(found)


def domains_of(endorsement: Endorsement, email: str | None = None) -> DomainCheck:
    """Whose domain an address is (the signer's, if none is given), against the organisation's website."""
    signer, organisation = endorsement.signer, endorsement.organisation
    website = (organisation.website if organisation else "") or (signer.website if signer else "")
    own = signer.email if signer else ""
    return compare_domains(own if email is None else email, website)


def _failed_mails(endorsements: list[Endorsement]) -> frozenset[str]:
    return frozenset(db.session.scalars(select(OutboxMail.about).where(
        OutboxMail.state == "failed", OutboxMail.about.in_([f"endorsement:{row.id}" for row in endorsements]))))


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything the page of one endorsement shows beside the entry itself."""

    flags: frozenset[Flag]
    domains: DomainCheck
    second_domains: DomainCheck
    look_alikes: list[tuple[Organisation, OrganisationLikeness]]
    rivals: list[Endorsement]
    earlier: list[Endorsement]
    notes: list[Note]
    timeline: list[audit_queries.Event]
    mails: list[outbox.MailState]
    cut: tuple[str, str] | None
    lookers: tuple[str, ...]
    to_take_back: Decision | None


def dossier(actor: Actor, endorsement: Endorsement) -> Dossier:
    """Gather what this coordinator should see before deciding. Of other letters it holds only what the actor may
    know: a name withheld there is nobody's business here."""
    timeline = audit_queries.timeline_of("endorsement", endorsement.id)
    if endorsement.organisation_id is not None:
        timeline += audit_queries.timeline_of("organisation", endorsement.organisation_id)
    return Dossier(
        flags=flags_of(endorsement.letter, [endorsement])[endorsement.id],
        domains=domains_of(endorsement),
        second_domains=domains_of(endorsement, endorsement.signer.second_email if endorsement.signer else ""),
        look_alikes=_look_alikes(actor, endorsement),
        rivals=endorsement_queries.rivals_of(endorsement),
        earlier=[other for other in endorsement_queries.earlier_of_organisation(endorsement)
                 if may_know_of(actor, other)],
        notes=notes_on(endorsement), timeline=sorted(timeline, key=lambda event: event.sequence),
        mails=outbox.mails_about(f"endorsement:{endorsement.id}"),
        cut=two_signatories(printed_line(as_entry(endorsement))),
        lookers=tuple(lookers(actor, [endorsement.id]).get(endorsement.id, ())),
        to_take_back=decision_to_take_back(endorsement) if may_decide(actor, endorsement) else None)


def may_know_of(actor: Actor, endorsement: Endorsement) -> bool:
    """Whether the actor may know that this endorsement exists: by its letter's team, or since it is public."""
    subject = endorsement_queries.subject_of(endorsement)
    is_public = endorsement.state == workflow.APPROVED and endorsement.visibility == Visibility.PUBLIC.value
    return (permits(actor, Permission.ENDORSEMENT_SEE, subject)
            or (is_public and permits(actor, Permission.LETTER_SEE, subject)))


def _look_alikes(actor: Actor, endorsement: Endorsement) -> list[tuple[Organisation, OrganisationLikeness]]:
    organisation = organisation_to_decide_on(endorsement)
    found = suggestions.look_alikes(organisation) if organisation is not None else []
    signed = endorsement_queries.of_organisations([other.id for other, _why in found])
    known = {other.organisation_id for other in signed if may_know_of(actor, other)}
    return [(other, why) for other, why in found if other.id in known]


def notes_on(endorsement: Endorsement) -> list[Note]:
    """The coordinators' notes, oldest first."""
    return list(db.session.scalars(select(Note).where(Note.endorsement_id == endorsement.id)
                                   .options(joinedload(Note.person)).order_by(Note.id)))
