"""How a server is best divided: sign-ons a second by number of gunicorn's processes and threads, beside what the README
recommends for two processors. The figure that says so is the ratio; the load shares the machine."""

from __future__ import annotations

import asyncio
import random
import statistics
import tempfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.bench import measuring
from tests.bench.load.answers import visitors
from tests.bench.load.builds import product
from tests.bench.load.servers import WebServer, postgres
from tests.bench.load.visitors import drive, signs

#: (processes, threads of each); the first is the one recommended.
SHAPES = ((2, 8), (1, 8), (2, 16), (4, 8))
CONNECTIONS, SECONDS, WARM_SECONDS = 16, 3.0, 1.0


def measure() -> dict[str, Any]:
    """Figures by database and shape; medians of the rounds, in which shapes take turns."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgres())
        return {database: _shapes(stack, folder / database, place)
                for database, place in (("sqlite", None), ("postgresql", server))}


def _shapes(stack: ExitStack, folder: Path, place: Any) -> dict[str, dict[str, float]]:
    build, _app, environment = stack.enter_context(product(folder, place))
    build.server.stop()
    rounds: dict[str, list[dict[str, float]]] = {}
    for number in range(measuring.ROUNDS):
        for processes, threads in SHAPES:
            people = visitors(f"s{number}-{processes}-{threads}", random.Random(number))
            # One server at a time: all of them together keep more connections than PostgreSQL usually allows.
            server = WebServer("coalition.app:create_app()", workers=processes, threads=threads, **environment)
            try:
                _round(server, build.slug, people, WARM_SECONDS)
                rounds.setdefault(f"{processes} x {threads}", []).append(_round(server, build.slug, people, SECONDS))
            finally:
                server.stop()
    return {shape: {name: statistics.median(one[name] for one in found) for name in found[0]}
            for shape, found in rounds.items()}


def _round(server: WebServer, slug: str, people: Any, seconds: float) -> dict[str, float]:
    before = server.cpu()
    told = asyncio.run(drive(server.port, [signs(slug, people)] * CONNECTIONS, seconds))
    if told.refused:
        raise RuntimeError(f"somebody was refused: {told.refused[:3]}")
    number = len(told.acknowledged)
    return {"a_second": number / told.seconds, "cpu_ms": 1000 * (server.cpu() - before) / number,
            "p99_ms": 1000 * statistics.quantiles(told.posts, n=100)[98]}


def tell(figures: dict[str, Any]) -> Iterable[str]:
    """A line for each shape, beside the recommended one."""
    usual = f"{SHAPES[0][0]} x {SHAPES[0][1]}"
    for database, shapes in figures.items():
        for shape, found in shapes.items():
            yield (f"{database}, {shape} (processes x threads): signatures a second x "
                   f"{found['a_second'] / shapes[usual]['a_second']:.2f}, processor time of each x "
                   f"{found['cpu_ms'] / shapes[usual]['cpu_ms']:.2f}, p99 of POST x "
                   f"{found['p99_ms'] / shapes[usual]['p99_ms']:.2f} of {usual}")
