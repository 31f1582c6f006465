"""Reading the log: timelines of one thing or one letter."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from coalition.audit.actions import ACTIONS
from coalition.audit.models import AuditDetail, AuditEntry
from coalition.db import db
from coalition.prepared import Prepared

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
#: For statements that ask for more: when the last act happened, NULL before the first.
NEWEST_MOMENT = select(AuditEntry.at).order_by(AuditEntry.sequence.desc()).limit(1).scalar_subquery()
_NEWEST = Prepared(select(NEWEST_MOMENT))


@dataclass(frozen=True, slots=True)
class Event:
    """An act as a page shows it; `actor` is a reference such as `person:3`."""

    sequence: int
    at: datetime
    actor: str
    action: str
    sentence: str
    subject_kind: str
    subject_id: int
    facts: dict[str, Any]
    private: dict[str, str]


def timeline_of(subject_kind: str, subject_id: int) -> list[Event]:
    """What happened to one thing, oldest first."""
    return _events(select_events().where(AuditEntry.subject_kind == subject_kind,
                                         AuditEntry.subject_id == subject_id)
                   .order_by(AuditEntry.sequence))


def recent_of_letter(letter_id: int, limit: int = 100) -> list[Event]:
    """What happened last around a letter, newest first."""
    return _events(select_events().where(AuditEntry.letter_id == letter_id)
                   .order_by(AuditEntry.sequence.desc()).limit(limit))


def head_of_letter(letter_id: int) -> int:
    """The sequence of the last act around a letter, 0 before the first: what pages about it were made after.
    It moves with acts outsiders may not know of, so it must not be told to them."""
    return db.session.scalar(select(AuditEntry.sequence).where(AuditEntry.letter_id == letter_id)
                             .order_by(AuditEntry.sequence.desc()).limit(1)) or 0


def newest_moment() -> datetime:
    """When the last act happened: no act to come can have happened before it, whatever the clock says."""
    return _NEWEST.run()[0][0] or _BEGINNING


def recent(limit: int = 200) -> list[Event]:
    """What happened last in the installation, newest first."""
    return _events(select_events().order_by(AuditEntry.sequence.desc()).limit(limit))


def numbers_of_acts(letter_ids: Iterable[int], since: datetime) -> dict[tuple[int, str], int]:
    """How often each act happened around these letters from a moment on, by (letter id, action)."""
    rows = db.session.execute(
        select(AuditEntry.letter_id, AuditEntry.action, func.count()).where(
            AuditEntry.letter_id.in_(list(letter_ids)), AuditEntry.at >= since)
        .group_by(AuditEntry.letter_id, AuditEntry.action))
    return {(letter_id, action): number for letter_id, action, number in rows}


def select_events() -> Any:
    return select(AuditEntry, AuditDetail.values).outerjoin(
        AuditDetail, AuditDetail.sequence == AuditEntry.sequence)


def _events(statement: Any) -> list[Event]:
    return [
        Event(row.sequence, row.at, row.actor, row.action, ACTIONS[row.action].sentence, row.subject_kind,
              row.subject_id, json.loads(row.data), json.loads(values) if values else {})
        for row, values in db.session.execute(statement)
    ]
