"""Limits hold across processes; when nothing can be counted, whoever would sign in or send is turned away kindly."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient

from coalition.postgresql import PASSING
from coalition.web.counting import FILE_NAME, MOST, SCHEME, SHARED, InstanceStorage, SharedStorage, place_for
from tests import cast
from tests.web.browser import Browser


@pytest.fixture
def settings() -> dict[str, Any]:
    return {"RATELIMIT_ENABLED": True}


_COUNT = """
import sys
from coalition.web.counting import InstanceStorage
store = InstanceStorage(sys.argv[1])
print(max(store.incr("one name", 60) for _turn in range(50)))
"""


def count_by_hand(store: InstanceStorage | SharedStorage) -> None:
    with cast.clock.fixed(cast.clock.now()):
        assert store.incr("another", 60) == 1
        assert store.incr("another", 60, amount=2) == 3
        assert (store.get("another"), store.get("none"), store.check()) == (3, 0, True)
    with cast.clock.fixed(cast.later(seconds=61)):
        assert store.get("another") == 0
        assert store.incr("another", 60) == 1
        store.clear("another")
        assert store.get("another") == 0
    assert store.reset() == 1


def test_processes_count_together_and_what_has_run_out_counts_no_more(app: Flask, tmp_path: Path) -> None:
    address = f"{SCHEME}://{tmp_path / 'elsewhere.sqlite'}"
    running = [subprocess.Popen([sys.executable, "-c", _COUNT, address], stdout=subprocess.PIPE) for _one in range(3)]
    highest = [int(process.communicate(timeout=60)[0]) for process in running]
    assert [process.returncode for process in running] == [0, 0, 0]
    assert max(highest) == 150, "no count is lost"
    count_by_hand(InstanceStorage(address))
    assert oct((tmp_path / "elsewhere.sqlite").stat().st_mode)[-3:] == "600"


def test_machines_count_together_in_the_database_they_share(app: Flask, postgres: str) -> None:
    machines = [SharedStorage(f"{SHARED}:{postgres}") for _one in range(3)]
    with ThreadPoolExecutor(6) as threads:
        counts = list(threads.map(lambda turn: machines[turn % 3].incr("one name", 60), range(150)))
    assert sorted(counts) == list(range(1, 151)), "no count is lost"
    store = machines[0]
    count_by_hand(store)
    with psycopg.connect(postgres, autocommit=True) as operator:
        operator.execute("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = "
                         "'coalition' AND pid <> pg_backend_pid()")
        assert store.incr("one name", 60) == 1, "goes on by itself when the server was started anew"
        operator.execute(f"DROP SCHEMA {PASSING} CASCADE")
        assert store.incr("one name", 60) == 1, "what passes may be thrown away at any time"
    with ThreadPoolExecutor(24) as threads:
        list(threads.map(lambda turn: store.incr(f"name {turn}", 60), range(200)))
    assert 1 < len(store._idle) <= MOST, "a server has few connections, and threads are many"
    for machine in machines:
        machine.close()


def test_where_the_database_is_a_postgresql_machines_count_in_it_unless_told_otherwise(tmp_path: Path) -> None:
    settings = {"RATELIMIT_STORAGE_URI": "", "INSTANCE": tmp_path, "SQLALCHEMY_DATABASE_URI": "sqlite:///x"}
    assert place_for(settings) == f"{SCHEME}://{tmp_path / FILE_NAME}"
    settings["SQLALCHEMY_DATABASE_URI"] = "postgresql+psycopg://a@db/c"
    assert place_for(settings) == f"{SHARED}:postgresql+psycopg://a@db/c"
    assert place_for(settings | {"RATELIMIT_STORAGE_URI": "redis://r"}) == "redis://r"


def test_k12_without_the_store_nobody_signs_in_and_everybody_reads(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        cast.staff()
        cast.approved(cast.open_letter(), "Harbour Light Trust")
    browser = Browser(client)
    browser.get("/account/login")
    browser.submit({"email": cast.NADIA, "password": "not this one at all"}, action="/login")
    folder = Path(app.config["INSTANCE"])
    assert (folder / FILE_NAME).exists(), "counted in the instance's own file"
    for limits in app.extensions["limiter"]:
        gone = InstanceStorage(f"{SCHEME}://{folder / 'no-such-folder' / 'limits.sqlite'}",
                               wrap_exceptions=not limits._swallow_errors)
        limits._storage = limits._limiter.storage = gone
    browser.get("/account/login")
    page = browser.submit({"email": cast.NADIA, "password": cast.PASSWORD}, action="/login", status=503)
    assert "cannot be counted" in page.text and "no-such-folder" not in page.text
    for path in ("/member/link-again", "/account/reset"):
        browser.get(path)
        browser.submit({"email": cast.NADIA}, action=path, status=503)
    here = "/letters/protect-the-hospitals"
    for path in ("/", here, f"{here}.json", f"{here}.docx", "/verify", f"/verify?sha256={'0' * 64}", "/help"):
        assert client.get(path).status_code == 200, path
