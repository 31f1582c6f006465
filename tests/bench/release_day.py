"""Release day on one machine: people sign, a worker sends mails to a real server, links in them are opened and pressed.

Signatures a second beside the 33 of the UK Parliament's petition of 2019 in the minute it went down. Whoever was told
that it is done is stored, whatever was told to have been sent has arrived, the audit log is whole."""

from __future__ import annotations

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import ExitStack, asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask

from coalition import clock
from coalition.db import db
from coalition.endorsements.models import Endorsement
from coalition.mail.models import OutboxMail
from coalition.upkeep import sightings
from coalition.upkeep.models import WORKER
from tests.bench import measuring
from tests.bench.load.answers import visitors
from tests.bench.load.builds import Build, product
from tests.bench.load.servers import HOME, Process, free_port, postgres
from tests.bench.load.visitors import Told, confirms, drive, signs
from tests.bench.watching import processor_seconds

#: "Nearly 2,000 a minute" when it went down, by what the House of Commons said.
RECORD = 33.0
GOALS = {"sqlite": 3.0, "postgresql": 4.0}
SIGNING, CONFIRMING = 14, 2
SECONDS, WARM_SECONDS = 10.0, 2.0
#: So long a round waits for mails that are still to leave.
PATIENCE = 20.0


def measure() -> dict[str, Any]:
    """Figures of each database; medians of the rounds, which take turns."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        server = stack.enter_context(postgres())
        stages = {}
        for database, place in (("sqlite", None), ("postgresql", server)):
            port = free_port()
            build, app, environment = stack.enter_context(product(
                folder / database, place, MAIL_SERVER="127.0.0.1", MAIL_PORT=port))
            stages[database] = build, app, port, environment, []
        for build, *_others in stages.values():
            # Templates and fonts are loaded once by each process; no mails leave yet.
            warm = visitors("warm", random.Random(build.name))
            asyncio.run(drive(build.server.port, [signs(build.slug, warm)] * SIGNING, WARM_SECONDS))
        rounds: dict[str, list[dict[str, float]]] = {database: [] for database in stages}
        for number in range(measuring.ROUNDS):
            for database, (build, app, port, environment, seen) in stages.items():
                worker = Process("coalition", "worker", **environment)
                try:
                    rounds[database].append(asyncio.run(_round(
                        build, app, worker, port, seen, f"d{number}")))
                finally:
                    worker.stop()
    figures: dict[str, Any] = {
        database: {name: statistics.median(one[name] for one in found) for name in found[0]}
        for database, found in rounds.items()}
    return {**figures, "goals": [
        measuring.at_least(f"{database}: signatures a second with mails leaving ÷ {RECORD:.0f}",
                           figures[database]["a_second"] / RECORD, goal) for database, goal in GOALS.items()]}


async def _round(build: Build, app: Flask, worker: Process, port: int, seen: list[str],
                 mark: str) -> dict[str, float]:
    """One round; `seen` are the mails that have arrived in all of them."""
    people = visitors(mark, random.Random(mark))
    links: asyncio.Queue[str] = asyncio.Queue()
    arrived: list[str] = []
    async with _post_office(port, links, arrived) as office:
        await _worker_is_up(app)
        clocks = (build.server.cpu, worker.cpu, build.database_cpu, lambda: processor_seconds(office))
        before = [clock() for clock in clocks]
        told = await drive(build.server.port, [signs(build.slug, people)] * SIGNING + [confirms(links)] * CONFIRMING,
                           SECONDS)
        left = len(arrived)
        spent = [clock() - then for clock, then in zip(clocks, before, strict=True)]
        began = time.perf_counter()
        waiting = await _until_sent(app)
        drained = time.perf_counter() - began
        more = len(arrived) - left
    seen += arrived
    _nothing_lost(build, app, told, seen)
    done = len(told.acknowledged)
    posts = statistics.quantiles(told.posts, n=100)
    return {"a_second": done / told.seconds, "mails_a_second": left / told.seconds,
            "confirmed_a_second": told.confirmed / told.seconds, "alone_mails_a_second": more / drained,
            "waiting_at_the_end": waiting, "post_p50": posts[49], "post_p99": posts[98], "web_cpu": spent[0] / done,
            "worker_cpu": spent[1] / max(left, 1), "database_cpu": spent[2] / done,
            "visitors_cpu": told.own_cpu / done, "post_office_cpu": spent[3] / max(left, 1)}


@asynccontextmanager
async def _post_office(port: int, links: asyncio.Queue[str], arrived: list[str]) -> AsyncIterator[int]:
    """The mail server, in a process of its own, whose number is given; what it took, and the links to confirm, as they
    come."""
    office = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.load.post_office", str(port), cwd=HOME, stdout=asyncio.subprocess.PIPE)

    async def listen() -> None:
        assert office.stdout is not None
        async for line in office.stdout:
            number, path = line.decode().split()
            arrived.append(number)
            if "/confirm/" in path:
                links.put_nowait(path)

    listening = asyncio.create_task(listen())
    try:
        yield office.pid
    finally:
        office.terminate()
        await office.wait()
        await listening


async def _worker_is_up(app: Flask) -> None:
    """Wait for its first sweep and for what was left to leave: to start it takes seconds of processor time."""
    began, until = clock.now(), time.perf_counter() + PATIENCE
    await asyncio.sleep(3)
    while not _was_seen(app, began) and time.perf_counter() < until:
        await asyncio.sleep(0.1)
    await _until_sent(app)


async def _until_sent(app: Flask) -> int:
    """Wait until no mail waits, but not for ever; how many wait still."""
    until = time.perf_counter() + PATIENCE
    while (waiting := _queued(app)) and time.perf_counter() < until:
        await asyncio.sleep(0.1)
    return waiting


def _was_seen(app: Flask, since: datetime) -> bool:
    with app.app_context():
        seen = sightings.last(WORKER)
    return seen is not None and seen >= since


def _queued(app: Flask) -> int:
    with app.app_context():
        return db.session.query(OutboxMail).filter_by(state="queued").count()


def _nothing_lost(build: Build, app: Flask, told: Told, seen: list[str]) -> None:
    """Raise unless all that was acknowledged is stored with its mail, and all that was sent has arrived."""
    if told.refused:
        raise RuntimeError(f"refused with {sorted(set(told.refused))}, {len(told.refused)} times")
    if lost := set(told.acknowledged) - build.stored():
        raise RuntimeError(f"{len(lost)} acknowledged signatures are lost")
    with app.app_context():
        written = set(db.session.scalars(db.select(OutboxMail.to)))
        sent = set(db.session.scalars(db.select(OutboxMail.message_id).where(OutboxMail.state == "sent")))
        confirmed = db.session.query(Endorsement).filter(Endorsement.confirmed_at.is_not(None)).count()
        failed = db.session.query(OutboxMail).filter(OutboxMail.error != "").count()
    if lost := set(told.acknowledged) - written:
        raise RuntimeError(f"{len(lost)} acknowledged signatures have no mail")
    if failed or confirmed < told.confirmed or len(set(seen)) != len(seen):
        raise RuntimeError(f"{failed} mails failed, {told.confirmed} told of {confirmed} confirmed, "
                           f"{len(seen) - len(set(seen))} mails came twice")
    if missing := sent - {number.strip("<>").partition("@")[0] for number in seen}:
        raise RuntimeError(f"{len(missing)} mails are noted as sent and have not arrived")
    build.check()


def tell(figures: dict[str, Any]) -> Iterable[str]:
    """A line for each database, then the goals."""
    yield from (f"{database}: {line}" for database in GOALS for line in _lines(figures[database]))
    yield from measuring.goal_lines(figures["goals"])


def _lines(row: dict[str, float]) -> Iterator[str]:
    yield (f"{row['a_second']:.0f} signatures/s ({row['a_second'] * 60:.0f} a minute), {row['mails_a_second']:.0f} "
           f"mails/s and {row['confirmed_a_second']:.0f} confirmations/s meanwhile; POST p50 "
           f"{row['post_p50'] * 1000:.0f} ms, p99 {row['post_p99'] * 1000:.0f} ms")
    web, worker, base, people = (row[f"{name}_cpu"] * 1000 for name in ("web", "worker", "database", "visitors"))
    yield (f"processor per signature: web {web:.1f} ms, database {base:.1f} ms, visitors {people:.1f} ms; per mail: "
           f"worker {worker:.1f} ms with all it does, post office {row['post_office_cpu'] * 1000:.1f} ms")
    yield (f"mails once nobody signs: {row['alone_mails_a_second']:.0f}/s; {row['waiting_at_the_end']:.0f} still "
           f"waited {PATIENCE:.0f} s later")
