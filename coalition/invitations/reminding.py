"""When a reminder is due, and how long a link lives. Pure: three at the most, days apart, none on the last day."""

from __future__ import annotations

from datetime import datetime, timedelta

MOST = 3
#: After the invitation the first, after that the second; the third comes before the deadline.
GAPS = (timedelta(days=5), timedelta(days=7))
BEFORE_DEADLINE = timedelta(days=3)
#: Never sooner after the last mail, never later than this before the deadline.
LEAST, LAST = timedelta(days=2), timedelta(days=1)
#: So long after the deadline a link still says that the letter is closed; later it is no link any more. A deadline
#: that is moved moves this with it. No link lives longer than a year (`accounts.links`).
LINK_AFTER_DEADLINE = timedelta(hours=24)


def next_reminder(last_mailed_at: datetime, sent: int, deadline: datetime | None) -> datetime | None:
    """The moment of the next reminder after `sent` of them; None when there is none."""
    if deadline is None or sent >= MOST:
        return None
    wanted = last_mailed_at + GAPS[sent] if sent < len(GAPS) else deadline - BEFORE_DEADLINE
    moment = min(max(wanted, last_mailed_at + LEAST), deadline - LAST)
    return moment if moment >= last_mailed_at + LEAST else None
