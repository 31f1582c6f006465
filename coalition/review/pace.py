"""How approvals come in day by day, and the pace that a goal asks for. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from zoneinfo import ZoneInfo

_SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Day:
    """A day on which something was approved: how many that day, how many by its end."""

    on: date
    new: int
    total: int


def by_day(times: Iterable[tuple[datetime, int]], zone: str) -> tuple[Day, ...]:
    """The days on the clocks of a zone, oldest first, of these moments with the number of approvals at each."""
    there, numbers = ZoneInfo(zone), Counter[date]()
    for moment, number in times:
        numbers[moment.astimezone(there).date()] += number
    days, total = [], 0
    for on in sorted(numbers):
        total += numbers[on]
        days.append(Day(on, numbers[on], total))
    return tuple(days)


def needed_a_day(total: int, goal: int | None, now: datetime, deadline: datetime | None) -> int | None:
    """How many approvals a day the goal asks for from now on, rounded up; None when there is no goal, no time left,
    or it is reached."""
    if goal is None or deadline is None or total >= goal or deadline <= now:
        return None
    days = (deadline - now).total_seconds() / _SECONDS_A_DAY
    return ceil((goal - total) / max(days, 1))
