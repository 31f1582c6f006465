"""What makes thousands of tests quick: an application is built once for each process and given a fresh database for
each test; what the cast always does first is done once, kept as a database, and put back."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec

import psycopg
from flask import Flask, current_app
from sqlalchemy import Engine, make_url

from coalition import clock
from coalition.accounts.models import Person
from coalition.app import create_app
from coalition.audit import chain
from coalition.db import db, is_sqlite, prepare_engine
from coalition.letters.models import Letter
from coalition.organisations.models import Organisation
from coalition.web.security import limiter, reading_limiter
from tests.emptied import Rows

LIMITERS = (limiter, reading_limiter)

#: The moment every test begins at: a Monday morning.
MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@contextmanager
def for_a_module(folder: Path, seal_file: Path, template: Path, settings: dict[str, Any]) -> Iterator[Flask]:
    """An application for all tests of a module, with a migrated database in `folder`, at Monday morning."""
    shutil.copy(seal_file, folder)
    shutil.copy(template, folder / "coalition.sqlite")
    app = create_app(folder, {**settings, "SQLALCHEMY_DATABASE_URI": f"sqlite:///{folder / 'coalition.sqlite'}"})
    with clock.fixed(MORNING):
        yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@dataclass(frozen=True)
class Kept:
    """An application as it was when it was new. The limiters are the same for all applications."""

    app: Flask
    config: dict[str, Any]
    extensions: dict[str, Any]
    limiters: tuple[dict[str, Any], ...]

    @classmethod
    def of(cls, app: Flask) -> Kept:
        return cls(app, dict(app.config), dict(app.extensions), tuple(dict(vars(one)) for one in LIMITERS))

    def as_new(self) -> Flask:
        for there, then in ((self.app.config, self.config), (self.app.extensions, self.extensions),
                            *((vars(one), then) for one, then in zip(LIMITERS, self.limiters, strict=True))):
            there.clear()
            there.update(then)
        return self.app


_kept: dict[str, Kept] = {}
_first: dict[str, Engine] = {}
_moments: dict[tuple[Any, ...], bytes | Rows] = {}


def application(folder: Path, settings: dict[str, Any]) -> Flask:
    """The one application of this process with these settings, as new, with its instance in `folder`."""
    own = {"SQLALCHEMY_DATABASE_URI": settings["SQLALCHEMY_DATABASE_URI"], "INSTANCE": folder}
    key = repr(sorted((name, value) for name, value in settings.items() if name not in own))
    if key not in _kept:
        made = own_application(folder, settings)
        _kept[key] = Kept.of(made)
        return made
    made = _kept[key].as_new()
    made.config.update(own)
    made.instance_path = str(folder)
    connect(made)
    return made


def own_application(folder: Path, settings: dict[str, Any]) -> Flask:
    """A new application, for settings of a test's own."""
    made = create_app(folder, settings)
    for engine in db._app_engines[made].values():
        _teach(engine)
    return made


def connect(app: Flask) -> None:
    """Give the application a new engine, as it gets its first one."""
    options: dict[str, Any] = {"url": make_url(app.config["SQLALCHEMY_DATABASE_URI"]),
                               **app.config["SQLALCHEMY_ENGINE_OPTIONS"]}
    db._apply_driver_defaults(options, app)
    engine = db._make_engine(None, options, app)
    db._app_engines[app] = {None: engine}
    prepare_engine(engine)
    _teach(engine)


def _teach(engine: Engine) -> None:
    """Give a new engine what the first one of its kind learned: compiling the same statements for each test anew was
    half of the time of all tests."""
    first = _first.setdefault(engine.url.drivername, engine)
    if first is engine:
        engine.connect().close()  # its dialect asks the server who it is
    engine.dialect = engine.pool._dialect = first.dialect
    engine._compiled_cache = first._compiled_cache


P = ParamSpec("P")


def once(play: Callable[P, None]) -> Callable[P, None]:
    """Let one of the first scenes be played once; later its outcome is put in place. Only while there is nothing in the
    database but people: the log alone does not tell one test's signatories from another's."""

    @wraps(play)
    def played(*arguments: P.args, **named: P.kwargs) -> None:
        # With a key of its own for the log, a scene is good for one instance folder only.
        if not current_app.config["AUDIT_KEY"]:
            return play(*arguments, **named)
        if db.session.query(Letter.id).first() or db.session.query(Organisation.id).first():
            return play(*arguments, **named)
        people = tuple(db.session.query(Person.email, Person.active, Person.language).order_by(Person.id).all())
        key = (is_sqlite(), play.__name__, people, chain.head_hash(), clock.now(), repr(arguments), repr(named),
               current_app.config["PUBLIC_URL"], current_app.config["COALITION_NAME"])
        db.session.rollback()
        if key in _moments:
            _put_back(_moments[key])
            return None
        play(*arguments, **named)
        db.session.rollback()
        _moments[key] = _keep()
        return None

    return played


def _keep() -> bytes | Rows:
    if not is_sqlite():
        with _inside() as connection:
            return Rows.of(connection)
    connection = sqlite3.connect(str(db.engine.url.database))
    try:
        return connection.serialize()
    finally:
        connection.close()


def _put_back(moment: bytes | Rows) -> None:
    # Nothing that a test still holds is detached: it is read anew.
    db.session.rollback()
    db.session.expire_all()
    if isinstance(moment, Rows):
        with _inside() as connection:
            moment.put_back(connection)
        return
    db.engine.dispose()
    path = str(db.engine.url.database)
    for ending in ("-wal", "-shm"):
        Path(path + ending).unlink(missing_ok=True)
    Path(path).write_bytes(moment)


@contextmanager
def _inside() -> Iterator[psycopg.Connection]:
    """A transaction on one of the engine's own connections: they know the tables already."""
    lent = db.engine.raw_connection()
    try:
        connection: Any = lent.driver_connection
        with connection.transaction():
            yield connection
    finally:
        lent.close()
