"""Bringing the database's shape up to date, and asking whether it is. Before an SQLite file is changed a copy of it is
kept, for a month: it holds all that the database held."""

from __future__ import annotations

import logging
import os
import sqlite3
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from coalition import clock, postgresql
from coalition.config import setting
from coalition.db import db, is_sqlite, writing_elsewhere
from coalition.late import late
from coalition.paths import migrations_folder

if TYPE_CHECKING:
    from alembic import command, config, script
    from alembic.runtime import migration
else:
    command, config, script = late("alembic.command"), late("alembic.config"), late("alembic.script")
    migration = late("alembic.runtime.migration")

log = logging.getLogger("coalition.migrating")

#: How the copies are called, before the revision they are of.
COPY = "coalition-before-update-"
COPIES_LAST = timedelta(days=31)


def configuration(connection: Connection | None = None) -> config.Config:
    """Alembic's configuration for the application's database."""
    made = config.Config()
    made.set_main_option("script_location", str(migrations_folder()))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


def upgrade(target: str = "head") -> None:
    """Bring the database to a revision, the newest by default: wholly, or, if a step fails, not at all. Of several
    machines that do so at once one does it, the others wait and find it done."""
    if target == "head" and is_sqlite() and _here() and not is_current():
        _keep_copy()
    with writing_elsewhere(), db.engine.connect() as connection:
        if not is_sqlite():
            postgresql.wait_to_be_alone(connection)
        command.upgrade(configuration(connection), target)
        connection.commit()


def downgrade(target: str) -> None:
    """Take the database back to a revision."""
    with writing_elsewhere(), db.engine.connect() as connection:
        command.downgrade(configuration(connection), target)
        connection.commit()


def known() -> set[str]:
    """All migrations this program knows."""
    scripts = script.ScriptDirectory.from_config(configuration())
    return {one.revision for one in scripts.walk_revisions()}


def is_current() -> bool:
    """Whether the database has the shape this program expects."""
    return _here() == set(script.ScriptDirectory.from_config(configuration()).get_heads())


def forget_copies() -> int:
    """Remove copies that are older than a month; says how many."""
    old = [path for path in _copies() if path.stat().st_mtime < (clock.now() - COPIES_LAST).timestamp()]
    for path in old:
        path.unlink()
    return len(old)


def _here() -> set[str]:
    """The revision of the database; nothing for one that is empty."""
    with db.engine.connect() as connection:
        return set(migration.MigrationContext.configure(connection).get_current_heads())


def _keep_copy() -> None:
    """Copy the file as it is, for its owner's eyes only, in place of copies made before."""
    path = Path(setting("INSTANCE")) / f"{COPY}{'-'.join(sorted(_here()))}.sqlite"
    before = _copies()
    unfinished = path.with_suffix(".part")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    source, copy = db.engine.raw_connection(), sqlite3.connect(unfinished)
    try:
        source.driver_connection.backup(copy)
    finally:
        copy.close()
        source.close()
    unfinished.replace(path)
    for older in before:
        if older != path:
            older.unlink()
    log.info("the database as it was is kept in %s", path.name)


def _copies() -> list[Path]:
    return sorted(Path(setting("INSTANCE")).glob(f"{COPY}*.sqlite"))
