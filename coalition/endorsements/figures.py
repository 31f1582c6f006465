"""The numbers a coordinator's dashboard is drawn from: withheld names are counted in them, named nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import and_, extract, func, or_, select

from coalition.audit.models import AuditEntry
from coalition.db import db
from coalition.endorsements import workflow
from coalition.endorsements.models import Endorsement, EntryRevision
from coalition.letters.models import Letter

#: In seconds: where it is midnight in some time zone, a quarter of an hour begins.
_QUARTER = 900


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


def times_of_approval(letter: Letter) -> list[tuple[datetime, int]]:
    """When the endorsements that are approved now were approved first: quarters of an hour, by their beginnings, with
    the number of each, in no particular order. Days in every time zone are made of these."""
    # Each by its own acts: else all acts of all letters are read.
    first = select(func.min(AuditEntry.at)).where(
        AuditEntry.subject_kind == "endorsement", AuditEntry.subject_id == Endorsement.id,
        AuditEntry.action == "endorsement.approved").scalar_subquery()
    approved = select(func.floor(extract("epoch", first) / _QUARTER).label("quarter")).where(
        Endorsement.letter_id == letter.id, Endorsement.state == workflow.APPROVED).subquery()
    rows = db.session.execute(select(approved.c.quarter, func.count()).group_by(approved.c.quarter))
    # Those without such an act are left out here: a condition has SQLite look for the act of each once more.
    return [(datetime.fromtimestamp(int(quarter) * _QUARTER, UTC), number)
            for quarter, number in rows if quarter is not None]


def countries_of(letter: Letter) -> list[tuple[str, int]]:
    """Country codes of the approved entries ("" where none is given) with their numbers, the largest first."""
    number = func.count()
    rows = db.session.execute(
        select(EntryRevision.country, number).join(Endorsement, and_(
            Endorsement.id == EntryRevision.endorsement_id, Endorsement.approved_revision == EntryRevision.revision))
        .where(Endorsement.letter_id == letter.id, Endorsement.state == workflow.APPROVED)
        .group_by(EntryRevision.country).order_by(number.desc(), EntryRevision.country))
    return [(code, found) for code, found in rows]
