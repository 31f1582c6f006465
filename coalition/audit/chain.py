"""Writing to the log and checking that it is whole. Nothing else writes to its tables."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, text

from coalition import clock
from coalition.access.actor import Actor
from coalition.audit.actions import ACTIONS
from coalition.audit.models import AuditDetail, AuditEntry
from coalition.db import db, is_sqlite

#: Stands before the first entry.
GENESIS = "0" * 64
#: Any number will do, as long as nothing else in the house takes the same advisory lock.
_CHAIN_LOCK = 20160224


def record(actor: Actor, action: str, subject_kind: str, subject_id: int, *, letter_id: int | None = None,
           private: dict[str, str] | None = None, **facts: Any) -> AuditEntry:
    """Add an act to the log, in the transaction of the act itself.

    Raises KeyError for an action, fact or private value that `actions.py` does not list: a mistake of ours.
    """
    known = ACTIONS[action]
    if set(facts) != known.facts:
        raise KeyError(f"{action} must carry {sorted(known.facts)}, got {sorted(facts)}")
    kept = {key: value for key, value in (private or {}).items() if value}
    if not set(kept) <= known.private:
        raise KeyError(f"{action} may carry {sorted(known.private)}, got {sorted(kept)}")
    previous = _head()
    if kept:
        salt, values = secrets.token_hex(32), _canonical(kept)
        facts["private"] = hashlib.sha256((salt + values).encode()).hexdigest()
    entry = AuditEntry(
        sequence=previous[0] + 1, at=clock.now(), actor=actor.reference, action=action,
        subject_kind=subject_kind, subject_id=subject_id, letter_id=letter_id, data=_canonical(facts),
        previous_hash=previous[1],
    )
    entry.hash = _hash(entry)
    db.session.add(entry)
    db.session.flush()
    if kept:
        db.session.add(AuditDetail(sequence=entry.sequence, salt=salt, values=values))
    return entry


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that does not fit, and why."""

    sequence: int
    reason: str


def head_hash() -> str:
    """The hash of the newest entry, `GENESIS` in an empty log."""
    return _head(lock=False)[1]


def verify() -> Broken | int:
    """Walk the whole chain: the number of entries when it is whole, else the first that is broken."""
    expected, previous = 0, GENESIS
    for entry, detail in _all():
        expected += 1
        if entry.sequence != expected:
            return Broken(expected, f"entry {expected} is missing")
        if entry.previous_hash != previous:
            return Broken(entry.sequence, "it does not follow the entry before it")
        if entry.hash != _hash(entry):
            return Broken(entry.sequence, "it was changed after it was written")
        if detail is not None:
            commitment = hashlib.sha256((detail.salt + detail.values).encode()).hexdigest()
            if json.loads(entry.data).get("private") != commitment:
                return Broken(entry.sequence, "its personal values were changed after they were written")
        previous = entry.hash
    return expected


def _all() -> Iterator[tuple[AuditEntry, AuditDetail | None]]:
    rows = db.session.execute(
        select(AuditEntry, AuditDetail)
        .outerjoin(AuditDetail, AuditDetail.sequence == AuditEntry.sequence)
        .order_by(AuditEntry.sequence)
        .execution_options(yield_per=500)
    )
    yield from rows


def _head(*, lock: bool = True) -> tuple[int, str]:
    if lock and not is_sqlite():
        # SQLite has one writer anyway; PostgreSQL's writers queue here until the other's commit.
        db.session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _CHAIN_LOCK})
    newest = select(AuditEntry.sequence, AuditEntry.hash).where(
        AuditEntry.sequence == select(func.max(AuditEntry.sequence)).scalar_subquery()
    )
    row = db.session.execute(newest).one_or_none()
    return (row.sequence, row.hash) if row else (0, GENESIS)


def _canonical(values: dict[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _hash(entry: AuditEntry) -> str:
    covered = _canonical({
        "sequence": entry.sequence, "at": entry.at.isoformat(), "actor": entry.actor, "action": entry.action,
        "subject_kind": entry.subject_kind, "subject_id": entry.subject_id, "letter_id": entry.letter_id,
        "data": entry.data, "previous": entry.previous_hash,
    })
    return hashlib.sha256(covered.encode()).hexdigest()
