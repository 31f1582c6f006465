"""The database is full, read-only or damaged: whoever acts is told in words, nothing is lost, the process lives on and
says that it is not ready, and afterwards everything works again. (K01, K02, C18)"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from coalition.access.actor import signer
from coalition.db import db, unit_of_work
from coalition.endorsements import decisions, operations
from coalition.errors import Unavailable
from coalition.jobs import tasks
from tests import cast, stage
from tests.oracles import Oracles, state_of
from tests.web.browser import Browser
from tests.web.signing import fill, sign, signed

SLUG = "protect-the-hospitals"


@pytest.fixture
def letter(app: Flask) -> None:
    with app.app_context():
        cast.staff()
        cast.open_letter()


@pytest.fixture
def file(app: Flask) -> Path:
    with app.app_context():
        return Path(str(db.engine.url.database))


@contextmanager
def reconnected(app: Flask, address: str) -> Iterator[None]:
    """The application with another address of its database."""
    own = app.config["SQLALCHEMY_DATABASE_URI"]
    for uri in (address, own):
        with app.app_context():
            db.engine.dispose()
        app.config["SQLALCHEMY_DATABASE_URI"] = uri
        stage.connect(app)
        if uri == address:
            yield


@contextmanager
def read_only(app: Flask, file: Path) -> Iterator[None]:
    with reconnected(app, f"sqlite:///file:{file}?mode=ro&uri=true"):
        yield


@contextmanager
def damaged(app: Flask, file: Path) -> Iterator[None]:
    """The file holds rubbish until it is put back."""
    with app.app_context():
        db.engine.dispose()
    for ending in ("-wal", "-shm"):
        Path(f"{file}{ending}").unlink(missing_ok=True)
    whole = file.read_bytes()
    file.write_bytes(b"rubbish " * (len(whole) // 8))
    yield
    with app.app_context():
        db.engine.dispose()
    for ending in ("-wal", "-shm"):
        Path(f"{file}{ending}").unlink(missing_ok=True)
    file.write_bytes(whole)


@contextmanager
def no_room_for(table: str) -> Iterator[None]:
    """The disk is full when a row is to go into this table: nothing before it is that much."""

    def full(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(f"INSERT INTO {table} "):
            raise OperationalError(statement, None, sqlite3.OperationalError("database or disk is full"))

    engine = db.engine
    event.listen(engine, "before_cursor_execute", full)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", full)


def ready(client: FlaskClient) -> tuple[int, str]:
    answer = client.get("/readyz")
    return answer.status_code, answer.text.splitlines()[0]


def test_on_a_read_only_database_pages_are_read_and_nothing_is_stored_and_it_says_so(
        app: Flask, client: FlaskClient, letter: None, file: Path, oracles: Oracles) -> None:
    browser = Browser(client)
    fill(browser, SLUG)
    oracles.begin()
    with read_only(app, file):
        assert client.get(f"/letters/{SLUG}").status_code == 200
        page = browser.submit(button="Sign for", status=503)
        assert "cannot store this right now" in page.text
        oracles.answered(page)
        oracles.alive()
        assert ready(client) == (503, "database not ready")
        assert tasks.do_each(app, tasks.close_letters, tasks.write_digests) <= 2
    oracles.nothing_lost()
    assert ready(client) == (200, "database ok")
    assert browser.submit(button="Sign for").heading == "Check your e-mail"


def test_a_damaged_database_is_told_in_words_and_the_process_lives(
        app: Flask, client: FlaskClient, letter: None, file: Path, oracles: Oracles) -> None:
    browser = Browser(client)
    fill(browser, SLUG)
    oracles.begin()
    with damaged(app, file):
        for path in ("/", f"/letters/{SLUG}", f"/letters/{SLUG}.json"):
            answer = client.get(path)
            assert answer.status_code == 503, path
            assert "cannot be reached" in answer.text
            oracles.answered(answer)
        assert browser.submit(button="Sign for", status=503)
        assert ready(client) == (503, "database not ready")
        oracles.alive()
        assert tasks.do_each(app, tasks.close_letters, tasks.watch_clock, tasks.send_mails) == 3
    oracles.nothing_lost()
    assert ready(client) == (200, "database ok")
    assert sign(Browser(app.test_client()), SLUG).heading == "Check your e-mail"


def test_K02_on_a_full_disk_no_act_is_done_without_its_audit_entry_and_mail(
        app: Flask, letter: None, oracles: Oracles) -> None:
    with app.app_context():
        waiting, approved = (cast.sign(cast.letters.queries.by_slug(SLUG), cast.fields(name)).id
                             for name in ("Harbour Light Trust", "Open Door"))
        cast.approve(cast.confirm(operations.get(approved)))
        secret, nadia = cast.secret_in_mail(operations.get(waiting)), cast.actor(cast.NADIA)
    long = cast.fields("Open Door", description="charity " * 70)
    acts: dict[str, Callable[[], object]] = {
        "sign": lambda: cast.sign(cast.letters.queries.by_slug(SLUG), cast.fields("Lighthouse")),
        "confirm": lambda: operations.confirm(operations.links.look_up(secret, operations.Purpose.CONFIRM)),
        "amend": lambda: operations.amend(signer(approved), operations.get(approved), fields=long, seen=1,
                                          take_down=False),
        "return": lambda: decisions.return_for_changes(nadia, operations.get(approved), seen=1, reason="why " * 400),
        "withdraw": lambda: operations.withdraw(signer(approved), operations.get(approved)),
    }
    oracles.begin()
    for (name, act), table in product(acts.items(), ("audit_entries", "outbox")):
        with app.app_context(), no_room_for(table), pytest.raises(Unavailable, match="Nothing was lost"):
            if name == "sign":
                act()
            else:
                with unit_of_work():
                    act()
        oracles.nothing_lost()
    before = state_of(app)
    with app.app_context():
        with unit_of_work():
            acts["confirm"]()
        assert [made.state for made in signed(app)] == ["submitted", "approved"]
    assert state_of(app)["audit_entries"] > before["audit_entries"]
    oracles.alive()
