"""An update of the database that fails, or is killed, at any of its steps: the old shape stands with all that is in it,
the application says that it is not ready, and the next try completes it. On SQLite a copy is kept before. (K09, K10)"""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Callable
from datetime import timedelta

import pytest
from alembic.runtime.migration import HeadMaintainer
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import func, inspect, select, text

from coalition import clock, migrating
from coalition.audit import chain
from coalition.db import db
from tests import cast
from tests.killing import in_a_child

pytestmark = pytest.mark.both_databases

#: So many of the newest steps are tried each.
NEWEST = 3


def steps() -> list[str]:
    """All revisions, oldest first."""
    scripts = ScriptDirectory.from_config(migrating.configuration())
    return [script.revision for script in scripts.walk_revisions()][::-1]


def as_it_is() -> tuple[str, dict[str, int], set[str]]:
    db.session.rollback()
    tables = inspect(db.engine).get_table_names()
    with db.engine.connect() as connection:
        counts = {name: connection.execute(select(func.count()).select_from(text(f'"{name}"'))).scalar_one()
                  for name in tables}
        here = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    return here, counts, set(inspect(db.engine).get_view_names())


def stopping_at(monkeypatch: pytest.MonkeyPatch, step: str, stop: Callable[[], None]) -> None:
    """Let the update go wrong once this step is done."""
    take = HeadMaintainer.update_to_step

    def stumble(self: HeadMaintainer, done: object) -> None:
        take(self, done)
        if step in self.heads:
            stop()

    monkeypatch.setattr(HeadMaintainer, "update_to_step", stumble)


def raise_fault() -> None:
    raise RuntimeError("a fault in the middle")


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_an_update_that_fails_at_any_step_leaves_the_old_shape_and_the_next_completes_it(
        room: Flask, monkeypatch: pytest.MonkeyPatch, engine: str) -> None:
    cast.staff()
    cast.approved(cast.open_letter())
    entries = chain.verify()
    old, *newer = steps()[-NEWEST - 1:]
    migrating.downgrade(old)
    before = as_it_is()
    assert before[0] == old
    for step in newer:
        with monkeypatch.context() as patched:
            stopping_at(patched, step, raise_fault)
            with pytest.raises(RuntimeError, match="in the middle"):
                migrating.upgrade()
        assert as_it_is() == before
        assert "database not ready" in room.test_client().get("/readyz").text
    with monkeypatch.context() as patched:
        stopping_at(patched, newer[-1], kill)
        assert in_a_child(migrating.upgrade) is None
    assert as_it_is() == before
    migrating.upgrade()
    assert migrating.is_current() and chain.verify() == entries
    assert cast.approve(cast.confirm(cast.sign(cast.open_letter("After the update")))).state == "approved"
    copies = sorted(room.config["INSTANCE"].glob("coalition-before-update-*"))
    assert [path.name for path in copies] == ([f"coalition-before-update-{old}.sqlite"] if engine == "sqlite" else [])
    for path in copies:
        assert path.stat().st_mode & 0o077 == 0
        with sqlite3.connect(path) as kept:
            assert kept.execute("SELECT version_num FROM alembic_version").fetchone() == (old,)
            assert kept.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            assert kept.execute("SELECT count(*) FROM endorsements").fetchone() == (1,)
        kept.close()
        written = path.stat().st_mtime
        with clock.fixed(clock.now().fromtimestamp(written, clock.now().tzinfo) + timedelta(days=30)):
            assert migrating.forget_copies() == 0
        with clock.fixed(clock.now().fromtimestamp(written, clock.now().tzinfo) + timedelta(days=32)):
            assert migrating.forget_copies() == 1
