"""What is asked about invitations: who is invited, who is silent, whom to phone."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, exists, func, literal, or_, select
from sqlalchemy.orm import joinedload, selectinload

from coalition import clock
from coalition.access.predicates import Subject
from coalition.config import setting
from coalition.db import db
from coalition.endorsements import workflow as endorsement_workflow
from coalition.endorsements.models import Endorsement, Signer
from coalition.invitations import workflow
from coalition.invitations.models import (
    Invitation,
    InvitationCall,
    InvitationList,
    InvitationPlan,
    InvitationRefusal,
)
from coalition.invitations.reminding import LEAST, LINK_AFTER_DEADLINE, MOST
from coalition.letters import queries as letter_queries
from coalition.letters import workflow as letter_workflow
from coalition.letters.models import Letter
from coalition.mail.models import OutboxMail
from coalition.organisations.models import Organisation
from coalition.signatories.entry import SigningAs
from coalition.signatories.names import identity_key

#: What the page of invitations can show; "silent" is where it opens.
FILTERS = ("silent", "to_phone", "to_send", "accepted", "otherwise", "failed", "stopped", "withdrawn", "all")


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[Invitation]
    total: int
    number: int
    pages: int


def by_id(number: int) -> Invitation | None:
    """The invitation with its letter."""
    return db.session.scalar(select(Invitation).where(Invitation.id == number)
                             .options(joinedload(Invitation.letter), joinedload(Invitation.endorsement)))


def by_public_id(letter: Letter, public_id: str) -> Invitation | None:
    """The invitation to this letter with this random id, with its calls."""
    return db.session.scalar(
        select(Invitation).where(Invitation.letter_id == letter.id, Invitation.public_id == public_id)
        .options(joinedload(Invitation.letter), joinedload(Invitation.endorsement),
                 selectinload(Invitation.calls).joinedload(InvitationCall.person)))


def list_by_public_id(letter: Letter, public_id: str) -> InvitationList | None:
    """The list sent in for this letter with this random id."""
    return db.session.scalar(select(InvitationList).where(
        InvitationList.letter_id == letter.id, InvitationList.public_id == public_id))


def imported_before(letter: Letter, sha256: str) -> InvitationList | None:
    """The import of the same file for the same letter, if there was one."""
    return db.session.scalar(select(InvitationList).where(
        InvitationList.letter_id == letter.id, InvitationList.sha256 == sha256,
        InvitationList.imported_at.is_not(None)).order_by(InvitationList.id.desc()).limit(1))


def waiting_lists(letter: Letter) -> list[InvitationList]:
    """Lists that were sent in and not imported yet, newest first."""
    return list(db.session.scalars(select(InvitationList).where(
        InvitationList.letter_id == letter.id, InvitationList.imported_at.is_(None))
        .order_by(InvitationList.id.desc())))


def page_of(letter: Letter, *, shown: str = "silent", search: str = "", page: int = 1, size: int = 50) -> Page:
    """A page of the letter's invitations: those phoned longest ago, or never, first. `search` looks in names of
    bodies and contacts, in addresses and phone numbers. The number of queries does not depend on that of rows."""
    wanted = and_(Invitation.letter_id == letter.id, _condition(shown), _search(search))
    total = db.session.scalar(select(func.count()).select_from(Invitation).where(wanted)) or 0
    pages = max(1, -(-total // size))
    page = min(max(page, 1), pages)
    rows = db.session.scalars(
        select(Invitation).where(wanted)
        .order_by(Invitation.called_at.is_not(None), Invitation.called_at, Invitation.organisation, Invitation.id)
        .limit(size).offset((page - 1) * size)
        .options(joinedload(Invitation.endorsement),
                 selectinload(Invitation.calls).joinedload(InvitationCall.person)))
    return Page(list(rows), total, page, pages)


def counts_of(letter: Letter) -> dict[str, int]:
    """How many invitations stand under each filter, in one query."""
    row = db.session.execute(
        select(*(func.count().filter(_condition(name)).label(name) for name in FILTERS))
        .select_from(Invitation).where(Invitation.letter_id == letter.id)).one()
    return {name: getattr(row, name) for name in FILTERS}


def to_send(letter: Letter, limit: int) -> list[Invitation]:
    """Invitations that can be sent now: those with an address that wants mails, of bodies that have not signed."""
    return list(db.session.scalars(
        select(Invitation).where(Invitation.letter_id == letter.id, _condition("to_send"), _can_be_mailed())
        .order_by(Invitation.id).limit(limit)))


def to_remind(letter: Letter, limit: int) -> list[Invitation]:
    """Silent ones that may be reminded now by hand."""
    return list(db.session.scalars(
        select(Invitation).where(Invitation.letter_id == letter.id, *_remindable())
        .order_by(Invitation.id).limit(limit)))


def how_many_to_send(letter: Letter) -> int:
    return db.session.scalar(select(func.count()).select_from(Invitation).where(
        Invitation.letter_id == letter.id, _condition("to_send"), _can_be_mailed())) or 0


def how_many_to_remind(letter: Letter) -> int:
    return db.session.scalar(select(func.count()).select_from(Invitation).where(
        Invitation.letter_id == letter.id, *_remindable())) or 0


def due_for_reminder(now: datetime, limit: int = 200) -> list[tuple[int, int]]:
    """(letter id, invitation id) of those the clock is to remind: of open letters whose reminders go by themselves."""
    rows = db.session.execute(
        select(Invitation.letter_id, Invitation.id).join(Letter, Letter.id == Invitation.letter_id)
        .outerjoin(InvitationPlan, InvitationPlan.letter_id == Invitation.letter_id)
        .where(Invitation.next_reminder_at.is_not(None), Invitation.next_reminder_at <= now,
               Letter.state == letter_workflow.OPEN, Letter.deadline_at > now,
               or_(InvitationPlan.reminders.is_(None), InvitationPlan.reminders.is_(True)),
               _condition("silent"), _can_be_mailed(), Invitation.reminders < MOST)
        .order_by(Invitation.next_reminder_at, Invitation.id).limit(limit))
    return [(letter_id, number) for letter_id, number in rows]


def reminds_by_itself(letter: Letter) -> bool:
    """Whether reminders go out by the clock."""
    plan = db.session.get(InvitationPlan, letter.id)
    return plan is None or plan.reminders


def mail_failed(invitation_ids: Iterable[int]) -> dict[int, str]:
    """What the mail server said, for those whose newest mail was refused."""
    abouts = [f"invitation:{number}" for number in invitation_ids]
    rows = db.session.execute(select(OutboxMail.about, OutboxMail.state, OutboxMail.error)
                              .where(OutboxMail.about.in_(abouts)).order_by(OutboxMail.id))
    newest = {about: (state, error) for about, state, error in rows}
    return {int(about.partition(":")[2]): error for about, (state, error) in newest.items() if state == "failed"}


def signed_otherwise_among(invitation_ids: Iterable[int]) -> frozenset[int]:
    """Those whose organisation or address has signed this letter, whether by the invitation or not."""
    return frozenset(db.session.scalars(
        select(Invitation.id).where(Invitation.id.in_(list(invitation_ids)), _has_signed())))


def refused_among(addresses: Iterable[str]) -> frozenset[str]:
    """Those of the addresses that want no invitations from this installation."""
    by_hash = {hash_of(address): address for address in addresses if address}
    if not by_hash:
        return frozenset()
    return frozenset(by_hash[found] for found in db.session.scalars(
        select(InvitationRefusal.address_hash)) if found in by_hash)


def hash_of(address: str) -> str:
    """An address as a refusal remembers it."""
    key = str(setting("SECURITY_PASSWORD_SALT")).encode()
    return hmac.new(key, address.strip().casefold().encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def link_has_run_out(invitation: Invitation) -> bool:
    """Whether its personal link leads nowhere any more: a day after the letter's deadline, as it stands now."""
    deadline = invitation.letter.deadline_at
    return deadline is not None and clock.now() >= deadline + LINK_AFTER_DEADLINE


def subject_of(invitation: Invitation) -> Subject:
    """The invitation as the policy sees it."""
    return letter_queries.subject_of(invitation.letter, invitation_id=invitation.id)


def _has_signed() -> ColumnElement[bool]:
    """A live endorsement of the letter by the same body or from the same address."""
    same_country = or_(Organisation.country == Invitation.country, Organisation.country == "", Invitation.country == "")
    body = and_(Organisation.identity_key == Invitation.identity_key, same_country)
    address = and_(Invitation.email != "", func.lower(Signer.email) == func.lower(Invitation.email))
    return exists(
        select(Endorsement.id).outerjoin(Organisation, Organisation.id == Endorsement.organisation_id)
        .outerjoin(Signer, Signer.endorsement_id == Endorsement.id)
        .where(Endorsement.letter_id == Invitation.letter_id,
               Endorsement.signing_as == SigningAs.ORGANISATION.value,
               Endorsement.state.in_(endorsement_workflow.LIVE), or_(body, address))
        .correlate(Invitation))


def _mail_was_refused() -> ColumnElement[bool]:
    about = literal("invitation:") + cast(Invitation.id, String)
    return exists(select(OutboxMail.id).where(OutboxMail.about == about, OutboxMail.state == "failed")
                  .correlate(Invitation))


def _can_be_mailed() -> ColumnElement[bool]:
    return and_(Invitation.email != "", Invitation.stopped_at.is_(None))


def _remindable() -> tuple[ColumnElement[bool], ...]:
    return (_condition("silent"), _can_be_mailed(), Invitation.reminders < MOST,
            Invitation.last_mailed_at <= clock.now() - LEAST)


def _condition(shown: str) -> ColumnElement[bool]:
    """The invitations that a filter shows."""
    live = Invitation.state.in_(workflow.LIVE)
    if shown == "silent":
        return and_(Invitation.state == workflow.INVITED, ~_has_signed())
    if shown == "to_phone":
        silent_with_phone = and_(live, Invitation.phone != "", ~_has_signed())
        return and_(silent_with_phone, or_(Invitation.state == workflow.INVITED, Invitation.email == "",
                                           Invitation.stopped_at.is_not(None)))
    if shown == "to_send":
        return and_(Invitation.state == workflow.PREPARED, ~_has_signed())
    if shown == "accepted":
        return Invitation.state == workflow.ACCEPTED
    if shown == "otherwise":
        return and_(live, _has_signed())
    if shown == "failed":
        return and_(live, _mail_was_refused())
    if shown == "stopped":
        return and_(live, Invitation.stopped_at.is_not(None))
    if shown == "withdrawn":
        return Invitation.state == workflow.WITHDRAWN
    return Invitation.id.is_not(None)


def _search(text: str) -> Any:
    """Names are compared as the register compares them, so capitals do not matter in any script."""
    wanted = text.strip()
    if not wanted:
        return Invitation.id.is_not(None)
    folded = identity_key(wanted)
    return or_(Invitation.identity_key.contains(folded, autoescape=True),
               *(func.lower(column).contains(wanted.lower(), autoescape=True)
                 for column in (Invitation.other_script, Invitation.contact_name, Invitation.email,
                                Invitation.phone)))
