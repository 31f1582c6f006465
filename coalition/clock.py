"""The time of day, in one place, so that the demo can run in 2016 and tests at a fixed second.

All times are aware datetimes in UTC. No other module asks the system for the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_offset = timedelta(0)
_fixed: datetime | None = None


def now() -> datetime:
    """The current time in UTC."""
    if _fixed is not None:
        return _fixed
    return datetime.now(UTC) + _offset


@contextmanager
def fixed(at: datetime) -> Iterator[None]:
    """Stand the clock still at `at` (aware), in the whole process: job threads see the same time."""
    global _fixed
    if at.tzinfo is None:
        raise ValueError("a fixed time needs a time zone")
    before, _fixed = _fixed, at.astimezone(UTC)
    try:
        yield
    finally:
        _fixed = before


@contextmanager
def travelling(to: datetime) -> Iterator[None]:
    """Start the clock at `to` (aware) and let it run on from there, in the whole process."""
    global _offset
    if to.tzinfo is None:
        raise ValueError("a time to travel to needs a time zone")
    before, _offset = _offset, to.astimezone(UTC) - datetime.now(UTC)
    try:
        yield
    finally:
        _offset = before
