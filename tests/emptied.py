"""A PostgreSQL database that one test after another uses, emptied in between, and its rows, kept and put back. Making a
database takes a tenth of a second, to empty one a few thousandths."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg

#: What was deleted still takes room: after so many tests a new one is quicker.
TIMES = 40
#: What holds the shape of a database, and whether anybody touched it.
_SHAPE = " UNION ALL ".join(
    f"SELECT '{name}', count(*), max({name}.xmin::text::bigint) FROM {name}"  # noqa: S608 - our own words
    for name in ("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_index", "pg_trigger", "pg_proc",
                 "pg_rewrite", "pg_type", "pg_namespace", "pg_policy", "pg_sequence", "pg_db_role_setting"))
_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY 1"
_SEQUENCES = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"
_END_OTHERS = """SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"""
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Rows:
    """All rows of all tables, and how far the sequences were."""

    tables: dict[str, bytes]
    sequences: dict[str, int]

    @classmethod
    def of(cls, connection: psycopg.Connection) -> Rows:
        tables = {}
        for (name,) in connection.execute(_TABLES).fetchall():
            with connection.cursor().copy(f'COPY "{name}" TO STDOUT') as out:
                tables[name] = b"".join(bytes(some) for some in out)
        return cls({name: rows for name, rows in tables.items() if rows},
                   dict(connection.execute(_SEQUENCES).fetchall()))

    def put_back(self, connection: psycopg.Connection) -> None:
        """These and no others."""
        empty(connection)
        connection.execute("SET LOCAL session_replication_role = replica")
        for name, rows in self.tables.items():
            with connection.cursor().copy(f'COPY "{name}" FROM STDIN') as into:
                into.write(rows)
        for name, last in self.sequences.items():
            connection.execute("SELECT setval(%s::text::regclass, %s)", (f'"{name}"', last))


def empty(connection: psycopg.Connection) -> None:
    """Take all rows out, in a transaction that is the caller's, and let all sequences begin anew."""
    connection.execute("SET LOCAL session_replication_role = replica")  # no trigger, and no order among the tables
    names = [name for (name,) in connection.execute(_TABLES).fetchall()]
    connection.execute(";".join(f'DELETE FROM "{name}"' for name in names))  # noqa: S608 - read from the catalogue
    for name, _last in connection.execute(_SEQUENCES).fetchall():
        connection.execute("SELECT setval(%s::text::regclass, 1, false)", (f'"{name}"',))
    connection.execute("SET LOCAL session_replication_role = DEFAULT")


@dataclass
class Emptied:
    """The database in use, on a `server` that has a migrated `template`."""

    server: psycopg.Connection
    template: str
    name: str = ""
    times: int = 0
    inside: psycopg.Connection | None = None
    shape: list[tuple[str, int, int]] = field(default_factory=list)

    @contextmanager
    def one(self) -> Iterator[str]:
        """The name of an empty database."""
        if self.inside is None:
            self._begin()
        yield self.name
        self.times += 1
        if self.times >= TIMES or not self._is_emptied():
            self.drop()

    def drop(self) -> None:
        if self.inside is not None:
            self.inside.close()
            self.inside = None
            self.server.execute(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _begin(self) -> None:
        self.name, self.times = f"emptied_{next(_numbers)}", 0
        self.server.execute(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.template}"')
        self.inside = psycopg.connect(self.server.info.dsn, dbname=self.name)
        self.shape = self.inside.execute(_SHAPE).fetchall()
        self.inside.commit()

    def _is_emptied(self) -> bool:
        """False where a test changed more than rows, or did to the server what tests do to servers."""
        assert self.inside is not None
        try:
            with self.inside.transaction():
                self.inside.execute(_END_OTHERS)
                if self.inside.execute(_SHAPE).fetchall() != self.shape:
                    return False
                empty(self.inside)
        except psycopg.Error:
            return False
        return True
