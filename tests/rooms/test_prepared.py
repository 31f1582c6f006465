"""Statements handed to the driver as they are: what they give, and what the house learns when they fail."""

from __future__ import annotations

import os

import pytest
from flask import Flask
from sqlalchemy import bindparam, delete, event, insert, select, table, update
from sqlalchemy.exc import DatabaseError

from coalition import clock
from coalition.db import db, unit_of_work
from coalition.errors import Clash
from coalition.mail.models import OutboxMail, RefusedAddress
from coalition.prepared import Prepared, adding, together
from coalition.upkeep.models import SharedKey

_KEYS = SharedKey.__table__
_KEEP = Prepared(insert(_KEYS).values(what=bindparam("called"), name=bindparam("word"), noted_at=bindparam("at"))
                 .returning(_KEYS.c.noted_at))
_FORGET = Prepared(delete(_KEYS).where(_KEYS.c.what == bindparam("called")))
_RENAME = Prepared(update(_KEYS).where(_KEYS.c.what == bindparam("called")).values(name="other"))
_KEPT = Prepared(select(_KEYS.c.name, _KEYS.c.noted_at).where(_KEYS.c.what == bindparam("called")))


def test_values_go_in_and_come_out_as_they_do_everywhere_else(room: Flask) -> None:
    now = clock.now()
    with unit_of_work():
        assert _KEEP.run(called="seal", word="العربية", at=now) == [(now,)]
    assert _KEPT.rows(called="seal") == [("العربية", now)]
    assert db.session.execute(select(SharedKey.name, SharedKey.noted_at)).all() == [("العربية", now)]
    assert _KEPT.rows(called="nobody") == []


def test_what_is_done_stands_and_falls_with_the_unit_of_work(room: Flask) -> None:
    with pytest.raises(RuntimeError), unit_of_work():
        _KEEP.run(called="seal", word="one", at=clock.now())
        raise RuntimeError
    assert _KEPT.rows(called="seal") == []
    with pytest.raises(Clash), unit_of_work():
        _KEEP.run(called="seal", word="one", at=clock.now())
        _KEEP.run(called="seal", word="two", at=clock.now())
    assert _KEPT.rows(called="seal") == []


def test_after_a_failed_reading_connections_begin_transactions_as_before(room: Flask) -> None:
    with pytest.raises(DatabaseError) as told:
        Prepared(select(table("nowhere"))).rows()
    assert told.value.params is None
    with pytest.raises(RuntimeError), unit_of_work():
        db.session.execute(insert(_KEYS).values(what="seal", name="one", noted_at=clock.now()))
        raise RuntimeError
    assert _KEPT.rows(called="seal") == []


def test_what_is_written_outside_a_unit_of_work_is_kept_by_neither_database(room: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        with pytest.raises(DatabaseError):
            _KEEP.run(called="seal", word="one", at=clock.now())
    else:
        _KEEP.run(called="seal", word="one", at=clock.now())  # a server lets everybody write; nobody commits it
    db.session.rollback()
    assert _KEPT.rows(called="seal") == []


def test_a_row_is_added_with_the_defaults_of_its_model_and_misnamed_values_are_refused(room: Flask) -> None:
    add = adding(RefusedAddress.__table__, returns="refused_at")
    now = clock.now()
    with unit_of_work():
        assert add.run(address_hash="a" * 64, refused_at=now) == [(now,)]
        number = adding(OutboxMail.__table__, returns="id").run(
            key="k", message_id="m", to="a@b.example", subject="s", text="t", html="h", language="en", created_at=now,
            next_attempt_at=now)[0][0]
    stored = db.session.get_one(OutboxMail, number)
    assert (stored.state, stored.attempts, stored.about, stored.hushed, stored.letter_id) == (
        "queued", 0, "", False, None)
    with pytest.raises(TypeError, match="adress"), unit_of_work():
        add.run(adress="a", refused_at=now)
    with pytest.raises(Clash), unit_of_work():
        add.run(refused_at=now)


def test_what_reads_stays_at_hand_till_its_pool_ends_and_follows_nobody_over_a_fork(
        room: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    lent: list[object] = []
    db.engine.dispose()
    event.listen(db.engine, "checkout", lambda driver, _entry, _fairy: lent.append(driver))

    def newly_lent() -> int:
        before = len(lent)
        for _turn in range(3):
            assert _KEPT.rows(called="seal") == []
        return len(lent) - before

    assert (newly_lent(), newly_lent()) == (1, 0)
    db.engine.dispose()
    with pytest.raises(Exception, match="closed"):
        lent[0].execute("SELECT 1")  # type: ignore[attr-defined]
    assert newly_lent() == 1
    with monkeypatch.context() as child:
        child.setattr(os, "getpid", lambda: -1)
        assert newly_lent() == 1
    for driver in lent:
        driver.close()  # type: ignore[attr-defined]
    db.engine.dispose()


def test_connections_that_read_are_none_of_those_that_write(room: Flask) -> None:
    """Else SQLite forgets what it has prepared, each time; on PostgreSQL they may be the same."""
    def used() -> tuple[bool, int]:
        connection = db.session.connection()
        return connection.info.get("writes", False), id(connection.connection.driver_connection)

    reading, writing = set(), set()
    for _turn in range(3):
        reading.add(used())
        with unit_of_work():
            writing.add(used())
    if db.engine.dialect.name == "sqlite":
        assert {writes for writes, _number in writing} == {True}
        assert not {number for _writes, number in reading} & {number for _writes, number in writing}
        assert len(writing) == 1, "the connection given back last is taken again"


def test_what_is_run_together_is_done_whole_or_refused_as_ever(room: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with unit_of_work(), together():
        _KEEP.run(called="one", word="1", at=clock.now())
        assert _KEPT.run(called="one")[0][0] == "1"
        _FORGET.run(called="nobody")
        _FORGET.run(called="one")
    assert _KEPT.rows(called="one") == []
    for ask in (True, False):
        with pytest.raises(Clash), unit_of_work(), together():
            _RENAME.run(called="two")
            add = adding(_KEYS)
            add.run(what="twice", name="1", noted_at=clock.now())
            add.run(what="twice", name="2", noted_at=clock.now())
            if ask:
                _KEPT.run(called="twice")
        assert _KEPT.rows(called="twice") == []
    assert not caplog.records
