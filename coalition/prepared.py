"""Statements asked at nearly every request: put into the database's words once and handed to its driver as they are,
which takes a tenth of what SQLAlchemy takes for each asking. For everything else its own ways are clearer."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import CompoundSelect, Connection, Engine, FromClause, Insert, Select, Table, event, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import PoolProxiedConnection, QueuePool
from sqlalchemy.sql.dml import UpdateBase

from coalition import postgresql
from coalition.db import connection_at_hand, db

Convert = Callable[[Any], Any]
_CURSOR, _READERS = "prepared.cursor", "prepared.readers"
#: Of how many connections of a pool one stays with us from one reading to the next: few read at the same moment.
_OF_SO_MANY = 5


@dataclass(frozen=True, slots=True)
class _Words:
    """A statement in one database's words. `places` is the order of the values where they have no names."""

    text: str
    fixed: dict[str, Any]
    places: tuple[str, ...] | None
    given: dict[str, Convert]
    found: tuple[tuple[int, Convert], ...]
    gives_rows: bool

    def values(self, values: dict[str, Any]) -> Any:
        if not values.keys() <= self.fixed.keys():
            raise TypeError(f"no such values: {values.keys() - self.fixed.keys()}")
        every = self.fixed | values
        for name, convert in self.given.items():
            every[name] = convert(every[name])
        return every if self.places is None else tuple([every[name] for name in self.places])

    def rows(self, cursor: Any) -> list[Any]:
        if not self.gives_rows:
            return []
        rows = cursor.fetchall()
        if not self.found:
            return list(rows)
        return [self._row(row) for row in rows]

    def _row(self, row: Any) -> tuple[Any, ...]:
        values = list(row)
        for place, convert in self.found:
            values[place] = convert(values[place])
        return tuple(values)


class Prepared:
    """A statement of fixed shape, its values named by `bindparam`. Lists of values (IN) have no fixed shape."""

    def __init__(self, statement: Select[Any] | CompoundSelect[Any] | UpdateBase, *,
                 columns: Sequence[str] | None = None) -> None:
        self._statement, self._columns = statement, columns
        self._known, self._making = dict[str, _Words](), threading.Lock()

    def rows(self, **values: Any) -> list[Any]:
        """The rows it gives, read apart from the session; on PostgreSQL in no transaction, since one statement is one.
        Raises SQLAlchemy's errors."""
        engine = db.engine
        words = self._words(engine.dialect)
        try:
            return _read(engine, words, words.values(values))
        except engine.dialect.loaded_dbapi.Error as trouble:
            raise _as_sqlalchemy_tells(trouble, words.text, engine.dialect) from trouble

    def run(self, **values: Any) -> list[Any]:
        """Do it in the session's own transaction; the rows it returns. Nothing of the session is flushed before, and
        none of its objects learns of it. Raises SQLAlchemy's errors."""
        connection = connection_at_hand()
        lent, words = connection.connection, self._words(connection.dialect)
        given = words.values(values)
        _tell_listeners(connection, connection, words.text, given)
        try:
            return words.rows(_said(lent, words.text, given))
        except connection.dialect.loaded_dbapi.Error as trouble:
            raise _refused(connection, trouble, words.text) from trouble

    def run_each(self, several: Sequence[dict[str, Any]]) -> None:
        """Do it for each of these values, in one go; what it returns is lost. Otherwise as `run`."""
        connection = connection_at_hand()
        words = self._words(connection.dialect)
        given = [words.values(values) for values in several]
        _tell_listeners(connection, connection, words.text, given, many=True)
        try:
            _cursor(connection.connection).executemany(words.text, given)
        except connection.dialect.loaded_dbapi.Error as trouble:
            raise _refused(connection, trouble, words.text) from trouble

    def _words(self, dialect: Dialect) -> _Words:
        known = self._known.get(dialect.name)
        if known is None:
            with self._making:
                known = self._known[dialect.name] = _words(self._statement, self._columns, dialect)
        return known


def adding(to: FromClause, *, returns: str = "") -> Prepared:
    """The statement that adds a row to a model's `__table__`: what is not given is as the model says, or NULL. It
    returns one column, where one is named."""
    table = cast(Table, to)
    statement, columns = insert(table), [
        column.name for column in table.columns if column is not table.autoincrement_column]
    return Prepared(statement.returning(table.c[returns]) if returns else statement, columns=columns)


@contextmanager
def together() -> Iterator[None]:
    """What is run inside goes to PostgreSQL in one go as far as nothing is asked in between, with one wait for all: for
    where others wait, too. Prepared statements only: others would find no answer. Raises SQLAlchemy's errors."""
    db.session.flush()
    connection = connection_at_hand()
    refused = connection.dialect.loaded_dbapi.Error
    with ExitStack() as sent:
        try:
            if connection.dialect.name == "postgresql":
                sent.enter_context(cast(Any, connection.connection.driver_connection).pipeline())
            yield
            sent.close()
        except refused as trouble:
            raise _refused(connection, trouble, "") from trouble
        except BaseException:
            # What was sent behind a refused statement is refused, too: psycopg would tell the log of it, now and then.
            with suppress(refused):
                sent.close()
            raise


def _words(statement: Any, columns: Sequence[str] | None, dialect: Dialect) -> _Words:
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    defaults = {column.key: column.default.arg for column in statement.table.columns if column.default is not None} \
        if isinstance(statement, Insert) else {}
    if any(map(callable, defaults.values())):
        raise TypeError("a default that is made anew each time")
    fixed = compiled.params | dict.fromkeys(columns or ())
    fixed |= {name: defaults[name] for name in fixed.keys() & defaults.keys()}
    names = getattr(compiled, "positiontup", None)
    given = {name: bound.type.dialect_impl(dialect).bind_processor(dialect)
             for bound, name in compiled.bind_names.items()}
    found = [column.type.dialect_impl(dialect).result_processor(dialect, None)
             for column in statement.exported_columns]
    return _Words(str(compiled), fixed, tuple(names) if names is not None else None,
                  {name: convert for name, convert in given.items() if convert},
                  tuple((place, convert) for place, convert in enumerate(found) if convert), bool(found))


def _tell_listeners(listened_to: Any, connection: Any, text: str, values: Any, *, many: bool = False) -> None:
    """Whoever listens to what SQLAlchemy is about to say hears this, too: those who count, those who kill."""
    for listener in listened_to.dispatch.before_cursor_execute:
        listener(connection, None, text, values, None, many)


class _Readers:
    """An engine's connections that read apart from all sessions, in no transaction. To have the pool lend one and take
    it back, and PostgreSQL's driver change its ways, takes longer than a short statement: so a few stay here."""

    def __init__(self) -> None:
        self._idle: list[tuple[int, PoolProxiedConnection]] = []

    @classmethod
    def of(cls, engine: Engine) -> _Readers:
        known: _Readers | None = vars(engine).get(_READERS)
        if known is None:
            made = cls()
            known = cast(_Readers, vars(engine).setdefault(_READERS, made))
            if known is made:
                event.listen(engine, "engine_disposed", made.end)
        return known

    def take(self, engine: Engine) -> PoolProxiedConnection:
        is_sqlite = engine.dialect.name == "sqlite"
        while lent := self._idle_one():
            if is_sqlite or not postgresql.has_something_to_say(lent.driver_connection):
                return lent
            lent.invalidate()  # the server has gone away meanwhile
        lent = engine.raw_connection()
        if not is_sqlite:
            cast(Any, lent.driver_connection).autocommit = True
        return lent

    def give_back(self, engine: Engine, lent: PoolProxiedConnection) -> None:
        if isinstance(engine.pool, QueuePool) and len(self._idle) < engine.pool.size() // _OF_SO_MANY:
            self._idle.append((os.getpid(), lent))
            return
        if engine.dialect.name != "sqlite":
            cast(Any, lent.driver_connection).autocommit = False
        lent.close()

    def end(self, _engine: Engine) -> None:
        """With the pool they are from."""
        while lent := self._idle_one():
            lent.invalidate()

    def _idle_one(self) -> PoolProxiedConnection | None:
        while True:
            try:
                process, lent = self._idle.pop()
            except IndexError:
                return None
            if process == os.getpid():  # those of before a fork are the parent's
                return lent


def _read(engine: Engine, words: _Words, values: Any) -> list[Any]:
    """On a connection that is in no transaction and begins none."""
    readers = _Readers.of(engine)
    lent = readers.take(engine)
    try:
        _tell_listeners(engine, lent, words.text, values)
        rows = words.rows(_said(lent, words.text, values))
    except BaseException:
        lent.invalidate()  # whatever state it was left in, nobody after us gets it
        raise
    readers.give_back(engine, lent)
    return rows


def _said(lent: PoolProxiedConnection, text: str, values: Any) -> Any:
    cursor = _cursor(lent)
    cursor.execute(text, values)
    return cursor


def _cursor(lent: PoolProxiedConnection) -> Any:
    """One that stays with its connection: psycopg's remembers how values of each kind are written."""
    cursor = lent.info.get(_CURSOR)
    if cursor is None:
        cursor = lent.info[_CURSOR] = lent.driver_connection.cursor()  # type: ignore[union-attr]
    return cursor


def _refused(connection: Connection, trouble: Exception, text: str) -> Exception:
    """What to raise; nobody after us gets a connection that has ended."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.is_disconnect(trouble, driver, None):
        connection.invalidate(trouble)
    return _as_sqlalchemy_tells(trouble, text, connection.dialect)


def _as_sqlalchemy_tells(trouble: Exception, text: str, dialect: Dialect) -> Exception:
    """The driver's error as SQLAlchemy raises it, which is what the rest of the house knows; the values untold."""
    error: Any = dialect.loaded_dbapi.Error
    return DBAPIError.instance(text, None, trouble, error, hide_parameters=True, dialect=dialect)
