"""What is SQLite's alone: how we connect to it, connections for writing apart from those for reading, the habits of its
transactions, and whose turn it is to write."""

from __future__ import annotations

import sqlite3
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from coalition.errors import Unavailable
from coalition.i18n import lazy_gettext as _l
from coalition.turns import Turns

NOT_STORED = _l("The database cannot store this right now. Nothing was lost: try again in a minute.")

#: Whether what begins now is to write; set by `db.unit_of_work`.
writing: ContextVar[bool] = ContextVar("writing", default=False)
#: The queue in which this writer's turn is, until its unit of work ends.
_turn: ContextVar[Turns | None] = ContextVar("turn", default=None)
#: Seconds that a writer waits for others.
_PATIENCE = 10
#: Connections that are kept, of each of the two kinds: a server has no more threads.
_KEPT = 10


class Pool(QueuePool):
    """Connections that read, and apart from them some that write. One that goes to and fro between the two forgets all
    statements it has prepared, each time."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        # The one given back last knows best what the file holds.
        self._writers = QueuePool(*arguments, **{**named, "use_lifo": True})
        self._writers.dispatch = self.dispatch

    def _do_get(self) -> ConnectionPoolEntry:
        return self._writers._do_get() if writing.get() else super()._do_get()

    def dispose(self) -> None:
        super().dispose()
        self._writers.dispose()


def engine_options() -> dict[str, Any]:
    """What SQLAlchemy's engine is made with, unless the settings say otherwise."""
    return {"poolclass": Pool, "pool_size": _KEPT}


def prepare(engine: Engine) -> None:
    """Give an engine its habits. Whoever waits too long to write is told so by `Unavailable` where they begin."""

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling neither begins before reading nor rolls back DDL.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "foreign_keys=ON",
                       # A sign-on writes forty pages: a thousand, as is usual, would be moved at every 25th of them.
                       "secure_delete=ON", "wal_autocheckpoint=4000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    turns = Turns(Path(f"{engine.url.database or ''}-turns"))

    @event.listens_for(engine, "begin")
    def on_begin(connection: Any) -> None:
        writes = writing.get()
        if connection.info.get("writes") != writes:
            connection.connection.driver_connection.execute(f"PRAGMA query_only={'OFF' if writes else 'ON'}")
            connection.info["writes"] = writes
        # By the driver itself: every page begins so, and whoever writes lets others wait from here on.
        begin = connection.connection.driver_connection.execute
        if not writes:
            begin("BEGIN")
            return
        _wait_for_turn(turns)
        try:
            # Taking the write lock before reading: a plain BEGIN fails at once when two read, then write.
            begin("BEGIN IMMEDIATE")
        except sqlite3.Error as trouble:
            raise DBAPIError.instance("BEGIN IMMEDIATE", None, trouble, sqlite3.Error, dialect=engine.dialect) \
                from trouble


def end_turn() -> None:
    """Let the next one write, if it was this one's turn."""
    turns = _turn.get()
    if turns is not None:
        _turn.set(None)
        turns.give_back()


def _wait_for_turn(turns: Turns) -> None:
    if _turn.get() is None:
        if not turns.take(_PATIENCE):
            raise Unavailable(NOT_STORED)
        _turn.set(turns)
