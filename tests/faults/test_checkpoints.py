"""`kill -9` at each checkpoint of signing, confirming, approving, withdrawing, compiling and sending: of the process
that acts, and of the PostgreSQL that stores. What was acknowledged is there, whole; what was not is there wholly or not
at all; the same again gives one act. (K03, K04, I06, I10)

The suite takes a few checkpoints (see `tests/killing.py`), `make soak` every one."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from itertools import count
from pathlib import Path
from random import Random

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from coalition import clock
from coalition.access.actor import VISITOR, signer
from coalition.audit import chain
from coalition.config import setting
from coalition.db import db, unit_of_work
from coalition.documents import operations as documents
from coalition.documents.models import CompileRequest, Edition
from coalition.documents.operations import LEASE as COMPILE_LEASE
from coalition.endorsements import operations
from coalition.endorsements import signing as by_form
from coalition.endorsements.fields import EntryFields
from coalition.errors import CoalitionError, Unavailable
from coalition.jobs import tasks
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter
from coalition.mail import outbox
from coalition.mail.delivery import LEASE, send_due
from coalition.mail.message import Message
from coalition.mail.models import OutboxMail
from coalition.mail.wire import Envelope
from coalition.review import operations as review
from tests import cast
from tests.killing import Checkpoints, die, in_a_child, kill_the_database
from tests.rooms.conftest import no_drawing as no_drawing

pytestmark = pytest.mark.both_databases

Act = Callable[[], object]
_numbers = count(1)
def a_few(points: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """The last write of an act, and before and after its commit."""
    last = {kind: (kind, number) for kind, number in points}
    return [last[kind] for kind in ("write", "commit", "committed") if kind in last]


# --- acts: each gives what does it, always to the same thing ------------------------------------------------------


def letter() -> Letter:
    found = letter_queries.by_slug("protect-the-hospitals")
    assert found is not None
    return found


def body(turn: int) -> EntryFields:
    """Each time another body, and like none before it."""
    return cast.fields("".join(Random(turn).choices("bcdfghjklmnpqrstvwxyz", k=14)).title())


def signing(turn: int) -> Act:
    def act() -> None:
        with unit_of_work():
            by_form.sign(VISITOR, letter(), fields=body(turn), contact=cast.contact(f"samira{turn}@ngo.example"),
                         visibility="public", version_number=1, form_key=f"form-{turn}-for-it")

    return act


def confirming(turn: int) -> Act:
    made = cast.sign(letter(), body(turn))
    assert made is not None
    secret = cast.secret_in_mail(made)

    def act() -> None:
        with unit_of_work():
            operations.confirm(operations.links.look_up(secret, operations.Purpose.CONFIRM))

    return act


def approving(turn: int) -> Act:
    made = cast.sign(letter(), body(turn))
    assert made is not None
    number, nadia = cast.confirm(made).id, cast.actor(cast.NADIA)

    def act() -> None:
        with unit_of_work():
            review.approve(nadia, operations.get(number), seen=1, verified=True)

    return act


def withdrawing(turn: int) -> Act:
    number = cast.approved(letter(), body(turn).organisation).id

    def act() -> None:
        with unit_of_work():
            operations.withdraw(signer(number), operations.get(number))

    return act


ACTS = {"sign": signing, "confirm": confirming, "approve": approving, "withdraw": withdrawing}


def rows() -> dict[str, int]:
    db.session.rollback()
    found = {name: db.session.scalar(select(func.count()).select_from(table)) or 0
             for name, table in db.metadata.tables.items()}
    db.session.rollback()
    return found


def added(before: dict[str, int], after: dict[str, int]) -> dict[str, int]:
    """How many rows came to each table; of a name's search keys only that there are some."""
    return {name: 1 if name == "organisation_keys" else after[name] - before[name]
            for name in after if after[name] != before[name]}


def once_more(act: Act) -> None:
    """As somebody who got no answer: the second time is the first, changes nothing, or is refused in words."""
    try:
        act()
    except Unavailable:
        raise
    except CoalitionError:
        db.session.rollback()


def measured(name: str) -> tuple[Checkpoints, dict[str, int]]:
    """The checkpoints of an act that nothing disturbs, and the rows it adds."""
    act = ACTS[name](next(_numbers))
    before, found = rows(), Checkpoints()
    with found.watching():
        act()
    whole = added(before, rows())
    assert whole["audit_entries"] and whole.get("outbox", 1)
    return found, whole


def walk(name: str, points: Callable[[list[tuple[str, int]]], list[tuple[str, int]]],
         do: Callable[[Act, tuple[str, int]], str | None]) -> list[str]:
    """Kill at these checkpoints, one after the other; what was acknowledged, and what was stored without."""
    found, whole = measured(name)
    seen, fresh = [], True
    for point in points(found.all()):
        if fresh:
            act, before = ACTS[name](next(_numbers)), rows()
        said = do(act, point)
        now = added(before, rows())
        assert now in ({}, whole), f"half done, killed at {point}"
        assert said is None or now == whole, f"acknowledged and lost, killed at {point}"
        assert isinstance(chain.verify(), int)
        seen.append(f"{point[0]}:{'stored' if now else 'nothing'}")
        fresh = bool(now)
        if fresh:
            once_more(act)
            assert added(before, rows()) == whole, f"done twice, killed at {point}"
    once_more(act)
    assert added(before, rows()) == whole, "what was killed cannot be done any more"
    return seen


def in_a_killed_process(act: Act, point: tuple[str, int]) -> str | None:
    def work() -> None:
        with Checkpoints(point).watching():
            act()

    said = in_a_child(work)
    assert said in (None, "done"), said
    return said


def on_a_killed_database(act: Act, point: tuple[str, int]) -> str | None:
    try:
        with Checkpoints(point, kill_the_database).watching():
            act()
        said = "done"
    except (Unavailable, DBAPIError):
        said = None
    db.session.remove()
    wait_for_the_database()
    return said


def wait_for_the_database() -> None:
    """By a connection of its own: one of the pool's may answer once more before the server has noticed anything."""
    address, until = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False), time.monotonic()
    while True:
        try:
            psycopg.connect(address).close()
            return
        except psycopg.OperationalError:
            assert time.monotonic() < until + 30, "the database did not come back"
            time.sleep(0.05)


@pytest.fixture
def stage(room: Flask) -> None:
    """An open letter and its staff."""
    cast.staff()
    cast.open_letter()


def test_an_act_killed_at_a_checkpoint_is_done_wholly_or_not_at_all_and_never_twice(stage: None) -> None:
    seen = {name: walk(name, a_few, in_a_killed_process) for name in ("sign", "approve")}
    assert set(map(tuple, seen.values())) == {("write:nothing", "commit:nothing", "committed:stored")}


def test_a_database_killed_at_a_checkpoint_loses_nothing_acknowledged(stage: None, engine: str) -> None:
    if engine == "sqlite":
        pytest.skip("SQLite is no process of its own")
    assert walk("approve", a_few, on_a_killed_database)[:2] == ["write:nothing", "commit:nothing"]


@pytest.mark.soak
@pytest.mark.parametrize("name", ACTS)
def test_an_act_killed_at_every_checkpoint(stage: None, name: str) -> None:
    seen = walk(name, lambda points: points * (1 + 20 // len(points)), in_a_killed_process)
    print(f"{name}: {len(seen)} kills, 0 half done, {sum(one.endswith('stored') for one in seen)} stored")


@pytest.mark.soak
@pytest.mark.parametrize("name", ACTS)
def test_a_database_killed_twenty_times(stage: None, engine: str, name: str) -> None:
    if engine == "sqlite":
        pytest.skip("SQLite is no process of its own")
    seen = walk(name, lambda points: (points * 20)[:20], on_a_killed_database)
    print(f"{name}: {len(seen)} kills of PostgreSQL, 0 half done, {sum(one.endswith('stored') for one in seen)} stored")


# --- compiling ----------------------------------------------------------------------------------------------------


def compile_killed_at(app: Flask, point: tuple[str, int] | None, now: datetime, turn: int) -> Checkpoints:
    """Ask for an edition, kill the worker at the point, let another take it up when the lease has run out."""
    with clock.fixed(now):
        cast.approved(letter(), body(turn).organisation)
        with unit_of_work():
            documents.request(cast.actor(cast.JONAS), letter(), kind="edition", audience="public", paper="A4")
        before, seen = db.session.query(Edition).count(), Checkpoints(point)

        def work() -> None:
            with seen.watching():
                tasks.run_requests(app)

        if point is None:
            work()
        else:
            assert in_a_child(work) in (None, "done")
    with clock.fixed(now + COMPILE_LEASE + timedelta(seconds=1)):
        tasks.run_requests(app)
    db.session.rollback()
    assert db.session.query(Edition).count() == before + 1, f"killed at {point}"
    newest = db.session.query(Edition).order_by(Edition.id.desc()).first()
    assert newest is not None and newest.number == before + 1 and len(newest.renditions) == 1
    asked = db.session.query(CompileRequest).order_by(CompileRequest.id.desc()).first()
    assert asked is not None and (asked.state, asked.edition_id, asked.lease) == ("done", newest.id, "")
    assert isinstance(chain.verify(), int)
    return seen


def test_K03_a_worker_killed_while_compiling_leaves_one_edition_and_no_half_file(room: Flask, no_drawing: None) -> None:
    cast.staff()
    cast.open_letter()
    now = cast.MORNING + timedelta(hours=1)
    points = compile_killed_at(room, None, now, 0).all()
    few = [("commit", 1), ("committed", 2), ("write", points.count(("write", 1)) + 4), points[-1]]
    for turn, point in enumerate(few, start=1):
        compile_killed_at(room, point, now + turn * timedelta(hours=1), turn)


@pytest.mark.soak
def test_K03_at_every_checkpoint(room: Flask, no_drawing: None) -> None:
    cast.staff()
    cast.open_letter(deadline=cast.later(days=90))
    now = cast.MORNING + timedelta(hours=1)
    points = compile_killed_at(room, None, now, 0).all()
    for turn, point in enumerate(points, start=1):
        compile_killed_at(room, point, now + turn * timedelta(hours=1), turn)
    print(f"compile: {len(points)} kills, {len(points) + 1} editions, 0 half written, 0 doubled")


# --- sending ------------------------------------------------------------------------------------------------------


@dataclass
class Wire:
    """A mail server that keeps what it took in a file, so that it outlives the worker; `dies` before or after."""

    path: Path
    dies: str = ""

    def send(self, envelope: Envelope) -> None:
        message = message_from_bytes(envelope.content)
        if self.dies == "before":
            die()
        with self.path.open("a") as file:
            file.write(f"{message['To']} {message['Message-ID']}\n")
            file.flush()
            os.fsync(file.fileno())
        if self.dies == "after":
            die()

    @property
    def taken(self) -> list[tuple[str, str]]:
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        return [(to, identity) for to, _blank, identity in (line.partition(" ") for line in lines)]


def send_killed_at(wire: Wire, point: tuple[str, int] | None, dies: str, now: datetime) -> Checkpoints:
    """Send what is due with a worker that is killed, then with one that comes after the lease."""
    seen = Checkpoints(point)

    def work() -> None:
        with seen.watching():
            send_due(Wire(wire.path, dies), setting("MAIL_FROM"))

    with clock.fixed(now):
        if point is None and not dies:
            work()
        else:
            assert in_a_child(work) is None
    with clock.fixed(now + LEASE + timedelta(seconds=1)):
        send_due(wire, setting("MAIL_FROM"))
    db.session.rollback()
    assert {mail.state for mail in db.session.query(OutboxMail)} == {"sent"}
    assert {identity for _to, identity in wire.taken} == {
        f"<{mail.message_id}@coalition.example>" for mail in db.session.query(OutboxMail)}
    return seen


def three_mails() -> None:
    with unit_of_work():
        for _mail in range(3):
            number = next(_numbers)
            outbox.put(Message(key=f"mail-{number}", to=f"director{number}@ngo.example", subject="Hello",
                               text="Hello.\n", html="<p>Hello.</p>"))


def test_a_worker_killed_while_sending_loses_no_mail_and_gives_none_a_second_identity(
        room: Flask, tmp_path: Path) -> None:
    wire = Wire(tmp_path / "wire")
    three_mails()
    seen = send_killed_at(wire, None, "", cast.MORNING).all()
    doubled = []
    for turn, (point, dies) in enumerate([(("commit", 1), ""), (None, "before"), (None, "after"),
                                          (("commit", 2), ""), (seen[-1], "")], start=1):
        three_mails()
        before = len(wire.taken)
        send_killed_at(wire, point, dies, cast.MORNING + turn * timedelta(minutes=10))
        doubled.append(len(wire.taken) - before - 3)
    assert doubled == [0, 0, 1, 1, 0], "the one mail that was on its way may come twice, as the same mail"


@pytest.mark.soak
def test_a_worker_killed_at_every_checkpoint_of_sending(room: Flask, tmp_path: Path) -> None:
    wire = Wire(tmp_path / "wire")
    three_mails()
    seen = send_killed_at(wire, None, "", cast.MORNING).all()
    turns = [*((point, "") for point in seen), (None, "before"), (None, "after")]
    for turn, (point, dies) in enumerate(turns * (1 + 20 // len(turns)), start=1):
        three_mails()
        send_killed_at(wire, point, dies, cast.MORNING + turn * timedelta(minutes=10))
    print(f"send: {turn} kills, {len({identity for _to, identity in wire.taken})} mails, {len(wire.taken)} arrivals")
