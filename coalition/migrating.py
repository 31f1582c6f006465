"""Bringing the database's shape up to date, and asking whether it is."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from coalition.db import db, writing_elsewhere
from coalition.paths import migrations_folder


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration for the application's database."""
    made = Config()
    made.set_main_option("script_location", str(migrations_folder()))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def upgrade(target: str = "head") -> None:
    """Bring the database to a revision, the newest by default."""
    with writing_elsewhere(), db.engine.connect() as connection:
        command.upgrade(configuration(connection), target)
        connection.commit()


def downgrade(target: str) -> None:
    """Take the database back to a revision."""
    with writing_elsewhere(), db.engine.connect() as connection:
        command.downgrade(configuration(connection), target)
        connection.commit()


def known() -> set[str]:
    """All migrations this program knows."""
    scripts = ScriptDirectory.from_config(configuration())
    return {script.revision for script in scripts.walk_revisions()}


def is_current() -> bool:
    """Whether the database has the shape this program expects."""
    with db.engine.connect() as connection:
        here = MigrationContext.configure(connection).get_current_heads()
    return set(here) == set(ScriptDirectory.from_config(configuration()).get_heads())
