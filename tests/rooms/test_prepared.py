"""Statements handed to the driver as they are: what they give, and what the house learns when they fail."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import bindparam, insert, select, table
from sqlalchemy.exc import DatabaseError

from coalition import clock
from coalition.db import db, unit_of_work
from coalition.errors import Clash
from coalition.prepared import Prepared
from coalition.upkeep.models import SharedKey

_KEYS = SharedKey.__table__
_KEEP = Prepared(insert(_KEYS).values(what=bindparam("called"), name=bindparam("word"), noted_at=bindparam("at"))
                 .returning(_KEYS.c.noted_at))
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


def test_nothing_is_written_outside_a_unit_of_work(room: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL lets everybody write")
    with pytest.raises(DatabaseError):
        _KEEP.run(called="seal", word="one", at=clock.now())
