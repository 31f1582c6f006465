"""The queue that wakes workers: an alarm clock and nothing more.

What there is to do stands as rows with leases in the database. A wake-up may be lost or come twice without harm.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from huey import Huey, MemoryHuey, PostgresHuey, RedisHuey
from huey.exceptions import ConfigurationError
from huey.serializer import SignedSerializer
from huey.storage import SqliteStorage

from coalition.errors import Unavailable

NAME = "coalition"


class _OwnFile(SqliteStorage):
    """Huey's SQLite file, without a wait for the disk at each wake-up and without long waits for a lock."""

    def _create_connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._create_connection()
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection


def make(settings: Mapping[str, Any]) -> Huey:
    """The queue that `HUEY_URL` names: empty for `jobs.sqlite` in the instance folder, `redis://…`,
    `postgresql://…`, or `memory://` for a single process.

    Raises `Unavailable` for an address that cannot be used.
    """
    address = str(settings["HUEY_URL"])
    # Huey's messages are pickles: only those signed with this installation's key are opened.
    common: dict[str, Any] = {"name": NAME, "results": False,
                              "serializer": SignedSerializer(secret=settings["SECRET_KEY"], salt="jobs")}
    scheme = address.partition("://")[0]
    try:
        if not address:
            return Huey(storage_class=_OwnFile, filename=str(Path(settings["INSTANCE"]) / "jobs.sqlite"),
                        timeout=1, **common)
        if scheme == "memory":
            return MemoryHuey(**common)
        if scheme in ("redis", "rediss"):
            return RedisHuey(url=address, **common)
        if scheme == "postgresql":
            return PostgresHuey(dsn=address, **common)
    except (ConfigurationError, OSError, sqlite3.Error) as trouble:
        raise Unavailable(f"The queue HUEY_URL names cannot be used: {trouble}.") from trouble
    raise Unavailable("HUEY_URL must begin with redis://, postgresql:// or memory://, or be empty.")
