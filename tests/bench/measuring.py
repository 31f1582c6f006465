"""What the parts of the bench share: an installation, approved entries, processor time, ratios and goals."""

from __future__ import annotations

import math
import os
import platform
import resource
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from flask import Flask

from coalition import migrating
from coalition.access.actor import OPERATOR
from coalition.app import create_app
from coalition.db import unit_of_work
from coalition.documents import press, seal
from coalition.endorsements import entering
from coalition.endorsements.entering import Evidence
from coalition.endorsements.fields import checked
from coalition.letters.models import Letter
from coalition.review import operations as review
from tests import cast
from tests.conftest import SETTINGS

#: `BENCH_ROUNDS=1` for a quick look; figures are medians of three.
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
_TOLD = ("flask", "sqlalchemy", "weasyprint", "pikepdf", "gunicorn", "psycopg")


def sizes(*usual: int) -> tuple[int, ...]:
    """How many entries to measure with: the usual sizes, or those of `BENCH_SIZES=20,200`."""
    asked = os.environ.get("BENCH_SIZES", "")
    return tuple(sorted(int(size) for size in asked.split(","))) if asked else usual


def installation(folder: Path, **settings: Any) -> Flask:
    """A fresh installation with a seal and an empty database; rate limits are off unless `settings` say otherwise."""
    folder.mkdir()
    seal.new_key(folder)
    app = create_app(folder, {**SETTINGS, **settings})
    with app.app_context():
        migrating.upgrade()
    return app


def open_letter() -> Letter:
    """An open letter with its team; inside an application context, once."""
    cast.staff()
    return cast.open_letter(deadline=cast.later(days=5))


def approve(letter: Letter, *entries: Mapping[str, Any]) -> None:
    """Enter and approve entries (the form's fields) by the product's own operations, in one unit of work."""
    with unit_of_work():
        for entry in entries:
            made = entering.enter(OPERATOR, letter, fields=checked(dict(entry)), visibility="public",
                                  evidence=Evidence("file", "bench"))
            review.approve(OPERATOR, made, seen=1, verified=True)


def cpu(work: Callable[[], Any], times: int) -> float:
    """Processor seconds of one call in this process: the median of the rounds."""
    work()
    found = []
    for _round in range(ROUNDS):
        began = time.process_time()
        for _time in range(times):
            work()
        found.append((time.process_time() - began) / times)
    return statistics.median(found)


def spent() -> float:
    """Processor seconds so far of this process, of those it started that have ended, and of the press's work."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime + press.processor_seconds()


def exponent(small: tuple[int, float], large: tuple[int, float]) -> float:
    """How something grows between two (size, figure) pairs: 1 is in step with the size."""
    return math.log(large[1] / small[1]) / math.log(large[0] / small[0])


def at_most(what: str, measured: float, goal: float) -> dict[str, Any]:
    """A goal that a figure must not exceed, as kept under `goals` of a part's figures."""
    return {"what": what, "goal": f"at most {goal:g}", "measured": measured, "met": measured <= goal,
            "missed_by": max(0.0, measured / goal - 1)}


def at_least(what: str, measured: float, goal: float) -> dict[str, Any]:
    """A goal that a figure must reach."""
    return {"what": what, "goal": f"at least {goal:g}", "measured": measured, "met": measured >= goal,
            "missed_by": max(0.0, 1 - measured / goal)}


def goal_lines(goals: list[dict[str, Any]]) -> Iterator[str]:
    """Each goal, what was measured, and whether that is enough."""
    for one in goals:
        verdict = "met" if one["met"] else f"MISSED by {one['missed_by']:.0%}"
        yield f"{one['what']}: {one['measured']:.3g}, goal {one['goal']}: {verdict}"


def machine() -> dict[str, Any]:
    """What it was measured on."""
    return {"cores": len(os.sched_getaffinity(0)), "processor": platform.machine(), "system": platform.system(),
            "python": platform.python_version(), "rounds": ROUNDS,
            "versions": {name: metadata.version(name) for name in _TOLD}}
