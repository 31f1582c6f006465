"""PostgreSQL away, back again, busy: pages say so and go on by themselves. Two machines bring it up to date at once."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.exc import DataError

from coalition import migrating, postgresql
from coalition.app import create_app
from coalition.db import db, prepare_engine
from tests import cast
from tests.conftest import SETTINGS, _database, _sqlalchemy
from tests.web.browser import Browser
from tests.web.signing import fill

_numbers = itertools.count(1)
HERE = "/letters/protect-the-hospitals"


@pytest.fixture
def database_uri(postgres: str) -> Iterator[str]:
    name = f"away_{next(_numbers)}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template_coalition')
        yield _sqlalchemy(_database(postgres, name))
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def settings() -> dict[str, Any]:
    """As in production, but less patient."""
    options = postgresql.engine_options() | {"pool_size": 2, "max_overflow": 0, "pool_timeout": 0.1}
    options["connect_args"]["options"] += " -c lock_timeout=100ms"
    return {"SQLALCHEMY_ENGINE_OPTIONS": options}


@pytest.fixture
def operator(postgres: str) -> Iterator[psycopg.Connection]:
    """Somebody who looks after the server."""
    with psycopg.connect(postgres, autocommit=True) as connection:
        yield connection


def name_of(app: Flask) -> str:
    with app.app_context():
        return str(db.engine.url.database)


def end_connections(operator: psycopg.Connection, name: str) -> None:
    operator.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s", (name,))


def test_while_it_is_away_pages_say_so_and_afterwards_they_go_on_by_themselves(
        app: Flask, client: FlaskClient, operator: psycopg.Connection) -> None:
    with app.app_context():
        cast.staff()
        cast.open_letter()
    browser, name = Browser(client), name_of(app)
    fill(browser, "protect-the-hospitals")
    operator.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    end_connections(operator, name)
    assert (client.get(HERE).status_code, client.get("/readyz").status_code) == (503, 503)
    assert client.get("/healthz").status_code == 200
    client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
    kept = browser.submit(button="Sign for", status=503)
    assert kept.heading == "Not saved yet, and nothing is lost" and "cannot be reached" in kept.text
    operator.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    assert (client.get(HERE).status_code, client.get("/readyz").status_code) == (200, 200)
    assert browser.submit(button="Send it now").heading == "Check your e-mail"


def test_a_connection_that_ended_is_noticed_before_it_is_used_and_none_is_asked_whether_it_lives(
        app: Flask, client: FlaskClient, operator: psycopg.Connection) -> None:
    pings: list[str] = []
    with app.app_context():
        event.listen(db.engine.pool, "invalidate", lambda *_all: pings.append("ended"))
    for _turn in range(3):
        assert client.get("/").status_code == 200
    assert pings == []
    end_connections(operator, name_of(app))
    assert client.get("/").status_code == 200
    assert pings == ["ended"]


def test_who_waits_too_long_for_a_lock_or_a_connection_is_told_to_try_again(
        app: Flask, client: FlaskClient, operator: psycopg.Connection) -> None:
    with app.app_context():
        cast.staff()
        cast.open_letter()
    browser = Browser(client)
    fill(browser, "protect-the-hospitals")
    with psycopg.connect(operator.info.dsn, dbname=name_of(app)) as other:
        # Somebody is at the end of a commit: nobody else is given a place in the log.
        other.execute("SELECT 1 FROM audit_heads FOR UPDATE")
        assert "cannot store this right now" in browser.submit(button="Sign for", status=503).text
    with app.app_context():
        held = [db.engine.connect() for _one in range(2)]
        assert client.get(HERE).status_code == 503
        for connection in held:
            connection.close()
    assert browser.submit(button="Sign for").heading == "Check your e-mail"


def test_what_is_prepared_outlives_the_rollback_every_reading_ends_in_and_errors_are_rolled_back(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        for _turn in range(8):
            connection.execute(text("SELECT 1 FROM letters"))
            connection.rollback()
        kept = connection.execute(text("SELECT statement FROM pg_prepared_statements")).scalars()
        assert "SELECT 1 FROM letters" in kept.all()
        connection.execute(text("CREATE TABLE of_a_moment (one integer)"))
        connection.rollback()
        assert connection.execute(text("SELECT to_regclass('of_a_moment')")).scalar_one() is None
        with pytest.raises(DataError):
            connection.execute(text("SELECT 1 / 0"))
        connection.rollback()
        assert connection.execute(text("SELECT 1")).scalar_one() == 1


@pytest.mark.parametrize(("served", "expected"), [(True, ["1min", "1min"]), (False, ["0", "0"])])
def test_pages_have_limits_that_long_work_has_not(app: Flask, served: bool, expected: list[str]) -> None:
    with app.app_context():
        engine = db._make_engine(None, {"url": db.engine.url}, app)
        prepare_engine(engine, served=served)
        with engine.connect() as connection:
            shown = [connection.execute(text(f"SHOW {name}")).scalar_one()
                     for name in ("statement_timeout", "idle_in_transaction_session_timeout")]
        engine.dispose()
    assert shown == expected


def test_two_machines_that_bring_it_up_to_date_at_once_do_it_once(
        postgres: str, operator: psycopg.Connection, tmp_path: Path) -> None:
    operator.execute("CREATE DATABASE empty_coalition")
    uri = _sqlalchemy(_database(postgres, "empty_coalition"))
    machines = [create_app(tmp_path / name, {**SETTINGS, "SQLALCHEMY_DATABASE_URI": uri}) for name in ("one", "two")]
    troubles: list[BaseException] = []

    def upgrade(machine: Flask) -> None:
        with machine.app_context():
            try:
                migrating.upgrade()
            except BaseException as trouble:
                troubles.append(trouble)
            db.engine.dispose()

    threads = [Thread(target=upgrade, args=(machine,)) for machine in machines]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert troubles == []
    with machines[0].app_context():
        assert migrating.is_current()
        db.engine.dispose()
    operator.execute("DROP DATABASE empty_coalition WITH (FORCE)")
