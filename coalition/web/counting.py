"""Where requests are counted for the limits, so that all processes count together: those of one machine in a small file
of its own, those of several machines in the PostgreSQL they share. What is counted may be lost without harm."""

from __future__ import annotations

import os
import re
import sqlite3
from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from threading import BoundedSemaphore, local
from typing import TYPE_CHECKING, Any

from limits.storage import Storage

from coalition import clock, postgresql
from coalition.late import late

if TYPE_CHECKING:
    import psycopg
else:
    psycopg = late("psycopg")

#: A file of the instance; the database that all machines share.
SCHEME, SHARED = "instance", "shared"
FILE_NAME = "limits.sqlite"
#: Whoever waits longer than this for the file, in seconds, is told that it is gone.
_PATIENCE = 2.0
#: Connections of one process that count: a server has a hundred for all, and each thread is held up but a moment.
MOST = 4
#: One count in so many sweeps out what has run out.
_SWEEP = 500

_TABLE = "TABLE IF NOT EXISTS counts (name TEXT PRIMARY KEY, number INTEGER NOT NULL, until DOUBLE PRECISION NOT NULL)"
_COUNT = """
INSERT INTO counts (name, number, until) VALUES (:name, :more, :now + :life)
ON CONFLICT (name) DO UPDATE SET
    number = CASE WHEN counts.until <= :now THEN :more ELSE counts.number + :more END,
    until = CASE WHEN counts.until <= :now THEN :now + :life ELSE counts.until END
RETURNING number
"""


def place_for(settings: Mapping[str, Any]) -> str:
    """Where to count by these settings: `RATELIMIT_STORAGE_URI`, else the PostgreSQL, else a file of the instance."""
    if settings["RATELIMIT_STORAGE_URI"]:
        return str(settings["RATELIMIT_STORAGE_URI"])
    address = str(settings["SQLALCHEMY_DATABASE_URI"])
    if postgresql.is_meant(address):
        return f"{SHARED}:{address}"
    return f"{SCHEME}://{Path(settings['INSTANCE']) / FILE_NAME}"


class _Counting(Storage):
    """One statement each, so that no two processes count past each other."""

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        number = int(self._ask(_COUNT, name=key, more=amount, life=float(expiry))[0][0])
        self._turns = (getattr(self, "_turns", 0) + 1) % _SWEEP
        if self._turns == 0:
            self._ask("DELETE FROM counts WHERE until <= :now")
        return number

    def get(self, key: str) -> int:
        rows = self._ask("SELECT number FROM counts WHERE name = :name AND until > :now", name=key)
        return int(rows[0][0]) if rows else 0

    def get_expiry(self, key: str) -> float:
        rows = self._ask("SELECT until FROM counts WHERE name = :name AND until > :now", name=key)
        return float(rows[0][0]) if rows else clock.now().timestamp()

    def check(self) -> bool:
        try:
            self._ask("SELECT 1")
        except self.base_exceptions:
            return False
        return True

    def reset(self) -> int:
        number = int(self._ask("SELECT count(*) FROM counts")[0][0])
        self._ask("DELETE FROM counts")
        return number

    def clear(self, key: str) -> None:
        self._ask("DELETE FROM counts WHERE name = :name", name=key)

    @abstractmethod
    def _ask(self, statement: str, **values: Any) -> list[Any]:
        """The rows that a statement gives, `:now` and these values filled in."""


class InstanceStorage(_Counting):
    """Counts in a file of the instance folder, `instance:///path/limits.sqlite`, opened at the first count."""

    STORAGE_SCHEME = [SCHEME]

    def __init__(self, uri: str, wrap_exceptions: bool = False, **_options: Any) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._path = uri.removeprefix(f"{SCHEME}://")
        self._mine = local()

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    def _ask(self, statement: str, **values: Any) -> list[Any]:
        connection = self._connection()
        return connection.execute(statement, {"now": clock.now().timestamp(), **values}).fetchall()

    def _connection(self) -> sqlite3.Connection:
        """One for each thread, and never one that came over a fork."""
        known = getattr(self._mine, "connection", None)
        if known is None or self._mine.process != os.getpid():
            # It holds network and mail addresses: nobody else on the machine reads it.
            os.close(_opened(self._path))
            known = sqlite3.connect(self._path, timeout=_PATIENCE, isolation_level=None)
            for line in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=OFF", f"CREATE {_TABLE}"):
                known.execute(line)
            self._mine.connection, self._mine.process = known, os.getpid()
        return known


class SharedStorage(_Counting):
    """Counts in a PostgreSQL, `shared:postgresql://…`: in a table that is written to no log and kept by no backup. The
    few connections are opened when they are needed, and no more than `MOST` of them: who counts while all are busy
    waits its turn, a matter of milliseconds."""

    STORAGE_SCHEME = [SHARED]

    def __init__(self, uri: str, wrap_exceptions: bool = False, **_options: Any) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._address = uri.removeprefix(f"{SHARED}:")
        self._idle: list[psycopg.Connection] = []
        self._seats = BoundedSemaphore(MOST)
        self._process = os.getpid()

    @property
    def base_exceptions(self) -> type[Exception]:
        return psycopg.Error

    def close(self) -> None:
        """End the connections that are idle."""
        while connection := self._idle_one():
            connection.close()

    def _ask(self, statement: str, **values: Any) -> list[Any]:
        if not self._seats.acquire(timeout=_PATIENCE):
            raise psycopg.OperationalError("all connections that count are busy")
        try:
            return self._asked(statement, **values)
        finally:
            self._seats.release()

    def _asked(self, statement: str, **values: Any) -> list[Any]:
        written = re.sub(r":(\w+)", r"%(\1)s", statement).encode()
        given = {"now": clock.now().timestamp(), **values}
        while connection := self._idle_one():
            try:
                return self._said(connection, written, given)
            except (psycopg.OperationalError, psycopg.errors.UndefinedTable):
                # The server was started anew meanwhile, or somebody threw the table away.
                connection.close()
        return self._said(self._fresh(), written, given)

    def _said(self, connection: psycopg.Connection, statement: bytes, values: dict[str, Any]) -> list[Any]:
        cursor = connection.execute(statement, values)
        rows = cursor.fetchall() if cursor.description else []
        self._idle.append(connection)
        return rows

    def _idle_one(self) -> psycopg.Connection | None:
        if self._process != os.getpid():
            # Those of before a fork are the parent's.
            self._idle, self._process = [], os.getpid()
        try:
            return self._idle.pop()
        except IndexError:
            return None

    def _fresh(self) -> psycopg.Connection:
        made = postgresql.connect_passing(self._address)
        postgresql.prepare_passing(made, (f"CREATE UNLOGGED {_TABLE}",))
        return made


def _opened(path: str) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as trouble:
        raise sqlite3.OperationalError(str(trouble)) from trouble
