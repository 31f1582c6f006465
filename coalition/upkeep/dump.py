"""The database as lines of text and back, the same for SQLite and PostgreSQL: so a backup of the one can be restored
into the other. Tables are taken as they stand in the database, not as today's models say."""

from __future__ import annotations

import base64
import hashlib
import json
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

from sqlalchemy import Boolean, Connection, DateTime, Integer, LargeBinary, MetaData, Table, and_, insert, text, update
from sqlalchemy.exc import SAWarning

from coalition.db import db
from coalition.errors import Unavailable

#: Alembic's own: restored by migrating.
_VERSIONS = "alembic_version"
_BATCH = 200


@dataclass
class Digest:
    """Rows counted and hashed without regard to their order: databases sort text differently."""

    rows: int = 0
    total: int = 0

    def add(self, line: bytes) -> None:
        self.rows += 1
        self.total = (self.total + int.from_bytes(hashlib.sha256(line).digest(), "big")) % 2**256

    def facts(self) -> dict[str, Any]:
        """As it stands in a backup."""
        return {"rows": self.rows, "sha256": f"{self.total:064x}"}


def tables_in(connection: Connection) -> list[Table]:
    """The tables of the database, those first that others refer to."""
    found = MetaData()
    with warnings.catch_warnings():
        # An index over an expression is of no use here and is reported as one that cannot be read.
        warnings.simplefilter("ignore", SAWarning)
        found.reflect(connection)
        return [table for table in found.sorted_tables if table.name != _VERSIONS]


def revision_of(connection: Connection) -> str:
    """The migration the database stands at, "" for none."""
    if not db.inspect(connection).has_table(_VERSIONS):
        return ""
    return connection.scalar(text(f"SELECT version_num FROM {_VERSIONS}")) or ""  # a constant  # noqa: S608  # nosec B608


def lines_of(connection: Connection, table: Table) -> Iterator[bytes]:
    """Each row as one line of JSON, its columns by name."""
    heavy = any(isinstance(column.type, LargeBinary) for column in table.columns)
    statement = table.select().order_by(*table.primary_key.columns)
    for row in connection.execute(statement.execution_options(yield_per=4 if heavy else 500)):
        values = {name: _told(value) for name, value in row._mapping.items()}
        yield json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def digests(connection: Connection) -> dict[str, dict[str, Any]]:
    """What the whole database holds, table by table."""
    made = {}
    for table in tables_in(connection):
        digest = Digest()
        for line in lines_of(connection, table):
            digest.add(line)
        made[table.name] = digest.facts()
    return made


def load(connection: Connection, table: Table, lines: Iterable[bytes]) -> None:
    """Put rows into a table of a fresh database. References to rows that come later are set by `tie`."""
    later = {column.name for column in _forward(table)}
    batch: list[dict[str, Any]] = []
    for line in lines:
        values = json.loads(line)
        batch.append({column.name: None if column.name in later else _taken(values[column.name], column.type)
                      for column in table.columns})
        if len(batch) >= _BATCH or len(line) > 1_000_000:
            connection.execute(insert(table), batch)
            batch = []
    if batch:
        connection.execute(insert(table), batch)


def tie(connection: Connection, table: Table, lines: Iterable[bytes]) -> None:
    """Set the references that `load` left out."""
    later = _forward(table)
    if not later:
        return
    key = list(table.primary_key.columns)
    for line in lines:
        values = json.loads(line)
        given = {column.name: _taken(values[column.name], column.type) for column in later}
        if any(value is not None for value in given.values()):
            same = and_(*(column == _taken(values[column.name], column.type) for column in key))
            connection.execute(update(table).where(same).values(given))


def clear(connection: Connection, tables: Iterable[Table]) -> None:
    """Take out what migrations put into a fresh database."""
    for table in reversed(list(tables)):
        if connection.execute(table.select().limit(1)).first() is not None:
            connection.execute(table.delete())


def count_on(connection: Connection, tables: Iterable[Table]) -> None:
    """Have the next numbers follow those that were restored; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in tables:
        for column in table.primary_key.columns:
            if not isinstance(column.type, Integer):
                continue
            sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"),
                                         {"table": f'"{table.name}"', "column": column.name})
            newest = connection.scalar(db.select(db.func.max(column)))
            if sequence and newest:
                connection.execute(text("SELECT setval(:sequence, :newest)"), {"sequence": sequence, "newest": newest})


def _forward(table: Table) -> list[Any]:
    """Columns that refer to a row of the same table."""
    return [column for column in table.columns
            if any(key.column.table is table for key in column.foreign_keys) and column.nullable]


def _told(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return {"number": repr(value)}
    if isinstance(value, datetime):
        aware = value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
        return {"at": aware.isoformat()}
    if isinstance(value, date | time):
        return {"on": value.isoformat()}
    if isinstance(value, bytes | memoryview):
        return {"bytes": base64.b64encode(value).decode("ascii")}
    if isinstance(value, Decimal):
        return {"number": str(value)}
    if isinstance(value, dict | list):
        return {"json": value}
    raise Unavailable(f"the database holds a value of a kind that cannot be kept: {type(value).__name__}")


def _taken(value: Any, kind: Any) -> Any:
    if isinstance(kind, Boolean) and value is not None:
        return bool(value)
    if not isinstance(value, dict):
        return value
    ((word, told),) = value.items()
    if word == "at":
        moment = datetime.fromisoformat(told)
        return moment if getattr(kind, "timezone", False) or not isinstance(kind, DateTime) \
            else moment.replace(tzinfo=None)
    if word == "on":
        return time.fromisoformat(told) if ":" in told else date.fromisoformat(told)
    if word == "bytes":
        return base64.b64decode(told)
    return float(told) if word == "number" else told
