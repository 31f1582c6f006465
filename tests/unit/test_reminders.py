"""When the clock reminds of a text that was changed in substance."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from coalition.endorsements.reminding import moments

TEXT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(("days_to_deadline", "days_to_reminders"), [
    (18.0, [3, 17]),
    (5.0, [3, 4]),
    (4.5, [3.5]),  # two would come within a day: the later one is kept
    (4.0, [3]),
    (2.0, [1]),
    (1.5, [1]),  # not a day before the deadline: everybody was told yesterday
    (1.0, []),
    (0.0, [3]),  # published when the letter was closed already
    (-9.0, [3]),
    (None, [3]),
])
def test_reminders_are_two_at_the_most_a_day_apart_and_before_the_deadline(
        days_to_deadline: float | None, days_to_reminders: list[float]) -> None:
    deadline = TEXT + timedelta(days=days_to_deadline) if days_to_deadline is not None else None
    assert moments(TEXT, deadline) == tuple(TEXT + timedelta(days=days) for days in days_to_reminders)
