"""The database: one declarative base, the two engines' habits, and the unit of work.

Reading needs nothing. Writing happens inside `unit_of_work()` only: outside it SQLite refuses to write, so a
forgotten one shows at once. Rooms add to the session and never commit; doors open the unit of work.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Connection, DateTime, Engine, MetaData, event
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DatabaseError, IntegrityError, InternalError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.orm.exc import StaleDataError
from sqlalchemy.types import TypeDecorator

from coalition import postgresql, sqlite
from coalition.errors import Clash, Stale, Unavailable
from coalition.i18n import gettext as _
from coalition.i18n import lazy_gettext as _l

_CLASH = _l("Somebody else did the same at the same moment. Nothing was done: look again.")
#: PostgreSQL's serialization failure and deadlock.
_SERIALIZATION_FAILURES = ("40001", "40P01")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": True})

#: The session's connections of this unit of work, as they were asked for.
_asked: ContextVar[list[Connection] | None] = ContextVar("asked", default=None)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware datetime, kept in UTC on both databases; a naive one is a mistake and is refused."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


@event.listens_for(db.session, "after_commit")
def _let_the_next_one_write(session: Session) -> None:
    # What the session puts in order afterwards nobody need wait for.
    if not session.in_nested_transaction():
        sqlite.end_turn()


@contextmanager
def unit_of_work() -> Iterator[None]:
    """Everything written inside is stored together, or nothing is.

    What was read before is forgotten first, so that decisions are taken on what stands in the database now.
    Raises `Stale` when somebody else changed a row meanwhile, `Unavailable` when the database cannot write.
    """
    if sqlite.writing.get():
        raise RuntimeError("a unit of work inside a unit of work")
    db.session.rollback()
    token, asked = sqlite.writing.set(True), _asked.set([])
    try:
        yield
        db.session.commit()
    except StaleDataError as changed:
        db.session.rollback()
        raise Stale(_("Somebody else changed this at the same moment. Nothing was done: look again, then decide.")) \
            from changed
    except IntegrityError as clash:
        db.session.rollback()
        raise Clash(_CLASH) from clash
    except DatabaseError as trouble:
        db.session.rollback()
        if not is_out_of_order(trouble):
            raise
        if getattr(trouble.orig, "sqlstate", None) in _SERIALIZATION_FAILURES:
            raise Clash(_CLASH) from trouble
        raise Unavailable(sqlite.NOT_STORED) from trouble
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _asked.reset(asked)
        sqlite.writing.reset(token)
        sqlite.end_turn()


def connection_at_hand() -> Connection:
    """The connection that the session has in its transaction: a unit of work asks the session for it once, since asking
    takes longer than a short statement."""
    known = _asked.get()
    if known and not known[-1].closed:
        return known[-1]
    found = db.session.connection()
    if known is not None:
        known.append(found)
    return found


def is_out_of_order(trouble: SQLAlchemyError) -> bool:
    """Whether the database itself cannot be used (away, full, read-only, damaged, all connections in use), as against a
    statement of ours that it does not take."""
    # A damaged SQLite file raises the root of the errors itself.
    return isinstance(trouble, OperationalError | InternalError | PoolTimeout) or type(trouble) is DatabaseError


def takes_writes() -> bool:
    """Whether something could be stored now. Raises what the database raises when it cannot even be read."""
    if not is_sqlite():
        with db.engine.connect() as connection:
            return connection.exec_driver_sql("SHOW transaction_read_only").scalar() == "off"
    connection = db.engine.raw_connection()
    try:
        # A number that nobody uses is written and taken back: to begin alone is allowed on a read-only file too.
        for statement in ("PRAGMA query_only=OFF", "PRAGMA busy_timeout=200", "BEGIN IMMEDIATE",
                          "PRAGMA user_version=1", "ROLLBACK"):
            connection.cursor().execute(statement)
    except sqlite3.Error as trouble:
        return "locked" in str(trouble)  # somebody is writing this moment
    finally:
        connection.invalidate()
    return True


@contextmanager
def writing_elsewhere() -> Iterator[None]:
    """Let a library that commits by itself write (Flask-Security's own pages do)."""
    db.session.rollback()
    token = sqlite.writing.set(True)
    try:
        yield
    finally:
        sqlite.writing.reset(token)
        sqlite.end_turn()


def is_sqlite() -> bool:
    return db.engine.dialect.name == "sqlite"


def prepare_engine(engine: Engine, *, served: bool = False) -> None:
    """Give an engine the habits of this house; called once for each engine made. `served`: it is asked by pages."""
    if engine.dialect.name == "sqlite":
        sqlite.prepare(engine)
    else:
        postgresql.prepare(engine, served=served)
