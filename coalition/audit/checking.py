"""Holding the log against all that is known of it outside the database, and remembering how that came out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from coalition import clock
from coalition.audit import chain, checkpoints
from coalition.audit.chain import Broken, Head, Known
from coalition.audit.models import AuditCheck
from coalition.db import db


@dataclass(frozen=True, slots=True)
class Found:
    """How the log was found: how far it goes, the checkpoints it was held against, and what is wrong, if anything."""

    head: Head
    checkpoints: int
    broken: Broken | None


def check(*, files: Sequence[Path] = (), known: Iterable[Known] = ()) -> Found:
    """Read the log from its first entry and hold it against the installation's own checkpoints, copies of them in
    `files`, and what else is `known`."""
    marks = [mark for path in (checkpoints.own_file(), *files) for mark in checkpoints.read(path)]
    forged = min((mark.reached.sequence for mark in marks if not mark.is_ours), default=None)
    noted = [Known(mark.reached.hash, mark.reached.sequence) for mark in marks if mark.is_ours]
    since = min((mark.reached.sequence for mark in marks if mark.is_ours), default=None)
    head = chain.head()
    result = chain.verify((*noted, *known), keyed_since=since)
    if isinstance(result, Broken):
        return Found(head, len(marks), result)
    return Found(head, len(marks), Broken(forged, "checkpoint") if forged is not None else None)


def remember(found: Found) -> None:
    """Keep the outcome, for administrators to see when the log was last read again."""
    broken = found.broken
    db.session.add(AuditCheck(
        at=clock.now(), entries=found.head.sequence, head=found.head.hash, checkpoints=found.checkpoints,
        broken_at=broken.sequence if broken else None, broken_to=broken.to if broken else None,
        problem=broken.problem if broken else ""))
    db.session.flush()


def last_check() -> AuditCheck | None:
    """The newest outcome that was kept."""
    return db.session.scalar(select(AuditCheck).order_by(AuditCheck.id.desc()).limit(1))


def broken_of(kept: AuditCheck) -> Broken | None:
    """What was wrong then."""
    return Broken(kept.broken_at or 0, kept.problem, kept.broken_to) if kept.problem else None
