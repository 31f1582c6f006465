"""The migrations go up and down on both databases, and end where the models stand."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from coalition import migrating
from coalition.audit import chain
from coalition.db import db, unit_of_work, writing_elsewhere
from tests import cast

pytestmark = pytest.mark.both_databases

VIEWS = {"public_entries", "recipient_entries", "unnamed_endorsements"}


# SQLite does not tell what an index on an expression is of.
@pytest.mark.filterwarnings("ignore:.*expression-based index")
def test_the_migrated_database_is_what_the_models_say(room: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []
    assert set(inspect(db.engine).get_view_names()) == VIEWS
    assert migrating.is_current()


def test_down_leaves_nothing_and_up_again_works(room: Flask) -> None:
    migrating.downgrade("base")
    assert set(inspect(db.engine).get_table_names()) - {"alembic_version"} == set()
    assert inspect(db.engine).get_view_names() == []
    assert not migrating.is_current()
    migrating.upgrade()
    assert migrating.is_current()
    cast.staff()
    assert cast.approved(cast.open_letter()).state == "approved"


def test_upgrading_twice_changes_nothing(room: Flask) -> None:
    cast.staff()
    entries = chain.verify()
    migrating.upgrade()
    assert chain.verify() == entries


def test_every_migration_can_be_found_in_one_line_of_history(room: Flask) -> None:
    scripts = ScriptDirectory.from_config(migrating.configuration())
    assert len(scripts.get_heads()) == 1
    assert len(list(scripts.walk_revisions())) >= 1


@pytest.mark.parametrize("statement", [
    "UPDATE audit_entries SET action = 'x' WHERE sequence = 1",
    "DELETE FROM audit_entries WHERE sequence = 1",
])
def test_the_database_refuses_to_change_the_audit_log(room: Flask, statement: str) -> None:
    cast.staff()
    with writing_elsewhere(), pytest.raises(DBAPIError, match="never changed"):
        db.session.execute(text(statement))
    db.session.rollback()
    assert isinstance(chain.verify(), int)


def test_writing_outside_a_unit_of_work_is_refused_on_sqlite(room: Flask, engine: str) -> None:
    if engine != "sqlite":
        with unit_of_work():
            db.session.execute(text("UPDATE people SET name = 'x'"))
        return
    with pytest.raises(DBAPIError, match="readonly"):
        db.session.execute(text("UPDATE people SET name = 'x'"))
    db.session.rollback()
