"""Noting that something is at work, and asking when it was."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select

from coalition import clock
from coalition.db import db
from coalition.upkeep.models import WORKER, Sighting

#: The sweep comes every minute; a worker not seen for so long stands still.
LATE = timedelta(minutes=5)


def note(what: str) -> datetime | None:
    """Note that something is at work now; when it was seen before, None if never. In the caller's unit of work."""
    found = db.session.get(Sighting, what)
    before = found.at if found is not None else None
    if found is None:
        db.session.add(Sighting(what=what, at=clock.now()))
    else:
        found.at = clock.now()
    db.session.flush()
    return before


def last(what: str) -> datetime | None:
    """When something was last seen at work, None if never."""
    return db.session.scalar(select(Sighting.at).where(Sighting.what == what))


def worker_is_late() -> bool:
    """Whether no worker was seen for some minutes."""
    seen = last(WORKER)
    return seen is None or seen < clock.now() - LATE
