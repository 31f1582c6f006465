"""Killing in the middle of something: a child process with connections of its own to the same database, or the server
process of the database.

A checkpoint is a word to the database: the n-th that is written, each commit, before and after."""

from __future__ import annotations

import os
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import event

from coalition.db import db

Kill = Callable[[int], None]


def in_a_child(work: Callable[[], object]) -> str | None:
    """Do the work in a child: "done" when it ended, "failed: …" when it raised, None when the child was killed before.
    Nothing is said before the work has returned: what is said is acknowledged."""
    db.session.remove()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _work(work, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        words = said.read().decode()
    os.waitpid(child, 0)
    return words or None


def _work(work: Callable[[], object], writing: int) -> None:
    try:
        for engine in db.engines.values():
            engine.dispose(close=False)
        work()
        os.write(writing, b"done")
    except BaseException:
        os.write(writing, f"failed: {traceback.format_exc()}".encode())
    finally:
        # Nothing of the parent's is cleared away by its child.
        os._exit(0)


def die(_server: int = 0) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_the_database(server: int) -> None:
    """End the server process that serves us: PostgreSQL then ends all others and recovers from its log. Back when it
    has noticed: until then others of its processes answer."""
    os.kill(server, signal.SIGKILL)
    until = time.monotonic() + 30
    with suppress(ProcessLookupError):
        while time.monotonic() < until:
            os.kill(server, 0)
            time.sleep(0.005)


@dataclass
class Checkpoints:
    """Counts the words to the database, and kills at one of them: ("write", 3), ("commit", 1), ("committed", 1)."""

    at: tuple[str, int] | None = None
    kill: Kill = die
    counted: dict[str, int] = field(default_factory=dict)
    is_committed: bool = False
    server: int = 0

    def pass_by(self, kind: str) -> None:
        self.counted[kind] = self.counted.get(kind, 0) + 1
        if (kind, self.counted[kind]) == self.at:
            self.kill(self.server)

    def look_at(self, connection: Any) -> None:
        """Note which server process serves us, and that a commit before is done."""
        # SQLAlchemy's connection, or what the pool lent to a prepared statement.
        held = connection if hasattr(connection, "driver_connection") else connection.connection
        self.server = getattr(getattr(held.driver_connection, "info", None), "backend_pid", 0)
        if self.is_committed:
            self.is_committed = False
            self.pass_by("committed")

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Pass by every checkpoint of what is done inside."""

        def before(connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            self.look_at(connection)
            if statement.lstrip().startswith(("INSERT", "UPDATE", "DELETE")):
                self.pass_by("write")

        def commit(connection: Any) -> None:
            self.look_at(connection)
            self.pass_by("commit")
            self.is_committed = True

        listeners = ("before_cursor_execute", before), ("commit", commit)
        for name, listener in listeners:
            event.listen(db.engine, name, listener)
        try:
            yield
            if self.is_committed:
                self.pass_by("committed")
        finally:
            for name, listener in listeners:
                event.remove(db.engine, name, listener)

    def all(self) -> list[tuple[str, int]]:
        """Every checkpoint that was passed."""
        return [(kind, number) for kind, times in self.counted.items() for number in range(1, times + 1)]
