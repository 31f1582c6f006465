"""Signing through real servers, beside an idiomatic build of the same form: signatures a second, how long people wait,
processor time, nothing lost. Rate limits, the audit log and `synchronous=FULL` are on.

A signature is a visitor who reads the form and sends it, over one keep-alive connection; there are 16 at any time. What
visitors cost shares the two cores and is told apart. How many signatures one machine takes with mails leaving is in
`release_day.py`."""

from __future__ import annotations

import asyncio
import random
import statistics
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tests.bench import measuring
from tests.bench.load import raw
from tests.bench.load.answers import visitors
from tests.bench.load.builds import Build, peer, product
from tests.bench.load.servers import WebServer, postgres
from tests.bench.load.visitors import Told, drive, reads, signs

CONNECTIONS = 16
SECONDS, SHORT = 8.0, 3.0
CPU_GOAL, SPREAD_GOAL = 10.0, 3.0
FASTER_GOALS = {"sqlite": 3.5, "postgresql": 4.0}
DATABASES = ("sqlite", "postgresql")


def measure() -> dict[str, Any]:
    """Figures of each database: the product, the peer, what the disk allows; medians of interleaved rounds."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgres())
        hello = WebServer("tests.bench.load.hello:create_app()")
        stack.callback(hello.stop)
        builds = {}
        for database, place in zip(DATABASES, (None, server), strict=True):
            builds[database, "product"] = stack.enter_context(product(folder / f"product-{database}", place))[0]
            builds[database, "idiomatic"] = stack.enter_context(peer(folder / f"idiomatic-{database}", place))
        for build in builds.values():
            _round(build, SHORT / 2, "warm")
        rounds: dict[str, list[Any]] = {}
        for number in range(measuring.ROUNDS):
            rounds.setdefault("hello", []).append(_hello(hello))
            rounds.setdefault("raw/sqlite", []).append({"commits": raw.sqlite_commits(folder, SHORT / 2)})
            rounds.setdefault("raw/postgresql", []).append(
                {"commits": raw.postgres_commits(server.database(f"raw{number}"), SHORT / 2, CONNECTIONS)})
            for (database, name), build in builds.items():
                rounds.setdefault(f"{name}/{database}", []).append(_round(build, SECONDS, f"r{number}"))
            for database in DATABASES:
                rounds.setdefault(f"walked/{database}", []).append(
                    _round(builds[database, "product"], SHORT, f"w{number}", looks=True))
        figures: dict[str, Any] = {name: _medians(found) for name, found in rounds.items()}
    return {**figures, "goals": list(_goals(figures))}


def _hello(hello: WebServer) -> dict[str, float]:
    before = hello.cpu()
    told = asyncio.run(drive(hello.port, [reads("/")] * CONNECTIONS, SHORT))
    return {"cpu": (hello.cpu() - before) / len(told.gets), "a_second": len(told.gets) / told.seconds}


def _round(build: Build, seconds: float, mark: str, *, looks: bool = False) -> dict[str, float]:
    people = visitors(mark, random.Random(f"{mark} {build.name}"))
    web, base = build.server.cpu(), build.database_cpu()
    visit = signs(build.slug, people, looks=looks)
    told = asyncio.run(drive(build.server.port, [visit] * CONNECTIONS, seconds))
    web, base = build.server.cpu() - web, build.database_cpu() - base
    _nothing_lost(build, told)
    done = len(told.acknowledged)
    posts = statistics.quantiles(told.posts, n=100)
    return {"a_second": done / told.seconds, "cpu": web / done, "database_cpu": base / done,
            "visitors_cpu": told.own_cpu / done, "get_p50": statistics.median(told.gets), "post_p50": posts[49],
            "post_p99": posts[98], "post_longest": max(told.posts), "signed": done}


def _nothing_lost(build: Build, told: Told) -> None:
    """Raise unless everybody who was told that it is done is stored, and nobody was refused."""
    if told.refused:
        raise RuntimeError(f"{build.name}: refused with {sorted(set(told.refused))}, {len(told.refused)} times")
    lost = set(told.acknowledged) - build.stored()
    if lost or not told.acknowledged:
        raise RuntimeError(f"{build.name}: {len(lost)} of {len(told.acknowledged)} acknowledged signatures are lost")
    build.check()


def _medians(rounds: list[dict[str, float]]) -> dict[str, float]:
    return {name: statistics.median(one[name] for one in rounds) for name in rounds[0]}


def _goals(figures: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for database in DATABASES:
        ours, theirs = figures[f"product/{database}"], figures[f"idiomatic/{database}"]
        yield measuring.at_most(f"{database}: server CPU of a signature ÷ a bare hello",
                                ours["cpu"] / figures["hello"]["cpu"], CPU_GOAL)
        yield measuring.at_least(f"{database}: signatures a second ÷ the idiomatic build",
                                 ours["a_second"] / theirs["a_second"], FASTER_GOALS[database])
        yield measuring.at_most(f"{database}: POST p99 ÷ p50 at {CONNECTIONS} connections",
                                ours["post_p99"] / ours["post_p50"], SPREAD_GOAL)


def tell(figures: dict[str, Any]) -> Iterable[str]:
    """A line for each build and database, then the goals."""
    hello = figures["hello"]
    yield (f"bare hello under the same gunicorn: {hello['a_second']:.0f}/s, {hello['cpu'] * 1000:.2f} ms of processor "
           "each")
    for database in DATABASES:
        commits = figures[f"raw/{database}"]["commits"]
        yield f"{database}: the disk allows {commits:.0f} commits/s without an application"
        for name, words in (("product", "product"), ("idiomatic", "idiomatic build"),
                            ("walked", "product, with check page and word of thanks")):
            yield f"  {words}: {_line(figures[f'{name}/{database}'], hello['cpu'])}"
    yield from measuring.goal_lines(figures["goals"])


def _line(row: dict[str, float], hello: float) -> str:
    web, base, visitors_ = (row[name] * 1000 for name in ("cpu", "database_cpu", "visitors_cpu"))
    return (f"{row['a_second']:.0f} signatures/s; POST p50 {row['post_p50'] * 1000:.0f} ms, p99 "
            f"{row['post_p99'] * 1000:.0f} ms; processor {row['cpu'] / hello:.1f} x a hello ({web:.1f} ms; database "
            f"{base:.1f} ms, visitors {visitors_:.1f} ms)")
