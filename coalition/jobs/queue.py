"""The queue that wakes workers: an alarm clock and nothing more.

What there is to do stands as rows with leases in the database. A wake-up may be lost or come twice without harm.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from huey import Huey, MemoryHuey, RedisHuey
from huey.exceptions import ConfigurationError
from huey.serializer import SignedSerializer
from huey.storage import PostgresStorage, SqliteStorage

from coalition import postgresql
from coalition.errors import Unavailable
from coalition.late import late

psycopg = late("psycopg")

NAME = "coalition"


class _OwnFile(SqliteStorage):
    """Huey's SQLite file, without a wait for the disk at each wake-up and without long waits for a lock."""

    def _create_connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection = super()._create_connection()
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection


class _OnServer(PostgresStorage):
    """Huey's tables on PostgreSQL, in the place for what passes: written to no log, and waited for by nobody."""

    def initialize_schema(self) -> None:
        with self._connect() as connection:
            postgresql.prepare_passing(
                connection, (line.replace("create table", "create unlogged table", 1) for line in self.ddl))

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        # Said, not rung: a bell wakes every thread of every worker, and each asks what there is. They look by
        # themselves, as often as with a file.
        self.sql(f"INSERT INTO {self.table_task} (queue, data, priority) VALUES (%s, %s, %s)",  # noqa: S608  # nosec B608  a name of Huey's
                 (self.name, data, priority or 0))


def make(settings: Mapping[str, Any]) -> Huey:
    """The queue that `HUEY_URL` names: `redis://…`, `postgresql://…`, or `memory://` for a single process. Empty: the
    database where that is a PostgreSQL, else `jobs.sqlite` in the instance folder.

    Raises `Unavailable` for an address that cannot be used.
    """
    database = str(settings.get("SQLALCHEMY_DATABASE_URI", ""))
    address = str(settings["HUEY_URL"]) or (database if postgresql.is_meant(database) else "")
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
        if postgresql.is_meant(address):
            return Huey(storage_class=_OnServer, blocking=False,
                        connection=lambda: postgresql.connect_passing(address), **common)
    except (ConfigurationError, OSError, sqlite3.Error, psycopg.Error) as trouble:
        raise Unavailable(f"The queue HUEY_URL names cannot be used: {trouble}.") from trouble
    raise Unavailable("HUEY_URL must begin with redis://, postgresql:// or memory://, or be empty.")
