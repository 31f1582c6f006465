"""The numbers a coordinator's dashboard is drawn from: withheld names are counted in them, named nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, or_, select

from coalition.audit.models import AuditEntry
from coalition.db import db
from coalition.endorsements import workflow
from coalition.endorsements.models import Endorsement, EntryRevision
from coalition.letters.models import Letter


@dataclass(frozen=True, slots=True)
class Steps:
    """How far the endorsements of a letter have come: each step is among those of the one before."""

    started: int
    confirmed: int
    approved: int


def steps_of(letter: Letter) -> Steps:
    """Started, confirmed by their signers (or entered with evidence), approved."""
    row = db.session.execute(select(
        func.count(), func.count().filter(is_confirmed()), func.count().filter(
            Endorsement.state == workflow.APPROVED)).where(Endorsement.letter_id == letter.id)).one()
    return Steps(*row)


def is_confirmed() -> object:
    """The condition that somebody stands by an endorsement: its address was confirmed, or there is evidence."""
    return or_(Endorsement.confirmed_at.is_not(None), Endorsement.evidence != "", Endorsement.origin == "file")


def moments_of_approval(letter: Letter) -> list[datetime]:
    """When each endorsement that is approved now was approved first, in no particular order."""
    # Each by its own acts: else all acts of all letters are read.
    first = select(func.min(AuditEntry.at)).where(
        AuditEntry.subject_kind == "endorsement", AuditEntry.subject_id == Endorsement.id,
        AuditEntry.action == "endorsement.approved").scalar_subquery()
    found = db.session.scalars(select(first).where(
        Endorsement.letter_id == letter.id, Endorsement.state == workflow.APPROVED))
    return [moment for moment in found if moment is not None]


def countries_of(letter: Letter) -> list[tuple[str, int]]:
    """Country codes of the approved entries ("" where none is given) with their numbers, the largest first."""
    number = func.count()
    rows = db.session.execute(
        select(EntryRevision.country, number).join(Endorsement, and_(
            Endorsement.id == EntryRevision.endorsement_id, Endorsement.approved_revision == EntryRevision.revision))
        .where(Endorsement.letter_id == letter.id, Endorsement.state == workflow.APPROVED)
        .group_by(EntryRevision.country).order_by(number.desc(), EntryRevision.country))
    return [(code, found) for code, found in rows]
