"""The line of approvals as points to draw, in a wide and a narrow variant. Pure; words are the template's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from coalition.review.pace import Day

#: Room beside the plot for the numbers of the scale, above it for labels, below it for days.
_BEFORE, _ABOVE, _BELOW, _AFTER = 44, 24, 30, 12


@dataclass(frozen=True, slots=True)
class Variant:
    """One drawing: a box and what stands in it. `pace` is a line from now to the goal, "" without one."""

    name: str
    across: int
    down: int
    line: str
    pace: str
    now: tuple[float, float]
    goal: float | None
    scale: tuple[tuple[float, int], ...]
    plot: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Span:
    """What the drawing covers: from a day to a day, today in between, the total and the goal, if there is one."""

    first: date
    last: date
    today: date
    total: int
    goal: int | None


def variants(days: tuple[Day, ...], span: Span) -> tuple[Variant, Variant]:
    """The same picture for a screen and for a phone."""
    return _drawn("wide", 720, 280, days, span), _drawn("narrow", 340, 250, days, span)


def _drawn(name: str, across: int, down: int, days: tuple[Day, ...], span: Span) -> Variant:
    start, end, top, floor = _BEFORE, across - _AFTER, _ABOVE, down - _BELOW
    length = max((span.last - span.first).days, 1)
    ceiling = _ceiling(max(span.total, span.goal or 0, 1))

    def x(day: date) -> float:
        return round(start + (end - start) * min(max((day - span.first).days / length, 0), 1), 1)

    def y(number: float) -> float:
        return round(floor - (floor - top) * number / ceiling, 1)

    points, total = [(x(span.first), y(0))], 0
    for day in days:
        points += [(x(day.on), y(total)), (x(day.on), y(day.total))]
        total = day.total
    now = (x(span.today), y(total))
    aim = span.goal if span.goal is not None and span.goal > total and span.last > span.today else None
    return Variant(
        name=name, across=across, down=down, line=_joined([*points, now]), now=now,
        pace=_joined([now, (x(span.last), y(aim))]) if aim is not None else "",
        goal=y(span.goal) if span.goal is not None else None, plot=(start, top, end, floor),
        scale=tuple((y(number), number) for number in (0, ceiling // 2, ceiling)))


def _ceiling(number: int) -> int:
    """An even, round number that leaves all points below it."""
    step = 10 ** max(len(str(number)) - 1, 0)
    for times in (2, 4, 6, 8, 10):
        if times * step >= number:
            return times * step
    return 20 * step


def _joined(points: list[tuple[float, float]]) -> str:
    return " ".join(f"{x:g},{y:g}" for x, y in points)
