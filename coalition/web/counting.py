"""Where requests are counted for the limits, so that all processes of this machine count together: a small file of its
own, which may be lost without harm. Several machines name a Redis in `RATELIMIT_STORAGE_URI` instead."""

from __future__ import annotations

import os
import sqlite3
from threading import local
from typing import Any

from limits.storage import Storage

from coalition import clock

SCHEME = "instance"
FILE_NAME = "limits.sqlite"
#: Whoever waits longer than this for the file, in seconds, is told that it is gone.
_PATIENCE = 2.0
#: One count in so many sweeps out what has run out.
_SWEEP = 500

_TABLE = "CREATE TABLE IF NOT EXISTS counts (name TEXT PRIMARY KEY, number INTEGER NOT NULL, until REAL NOT NULL)"
_COUNT = """
INSERT INTO counts (name, number, until) VALUES (:name, :more, :now + :life)
ON CONFLICT (name) DO UPDATE SET
    number = CASE WHEN until <= :now THEN :more ELSE number + :more END,
    until = CASE WHEN until <= :now THEN :now + :life ELSE until END
RETURNING number
"""


class InstanceStorage(Storage):
    """Counts in a file of the instance folder: one statement each, so that no two processes count past each other.
    `instance:///path/limits.sqlite`. The file is opened at the first count."""

    STORAGE_SCHEME = [SCHEME]

    def __init__(self, uri: str, wrap_exceptions: bool = False, **_options: Any) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self._path = uri.removeprefix(f"{SCHEME}://")
        self._mine = local()

    @property
    def base_exceptions(self) -> type[Exception]:
        return sqlite3.Error

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        number = int(self._ask(_COUNT, name=key, more=amount, life=expiry)[0][0])
        self._mine.turns = (getattr(self._mine, "turns", 0) + 1) % _SWEEP
        if self._mine.turns == 0:
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
        except sqlite3.Error:
            return False
        return True

    def reset(self) -> int:
        number = int(self._ask("SELECT count(*) FROM counts")[0][0])
        self._ask("DELETE FROM counts")
        return number

    def clear(self, key: str) -> None:
        self._ask("DELETE FROM counts WHERE name = :name", name=key)

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
            for line in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=OFF", _TABLE):
                known.execute(line)
            self._mine.connection, self._mine.process = known, os.getpid()
        return known


def _opened(path: str) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as trouble:
        raise sqlite3.OperationalError(str(trouble)) from trouble
