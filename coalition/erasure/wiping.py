"""Making sure that what was erased is gone from the files of the database, not only from its tables."""

from __future__ import annotations

import sqlite3

from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError

from coalition import clock
from coalition.db import db, is_sqlite
from coalition.erasure.models import Erasure

#: PostgreSQL keeps old rows until their table is written anew; nobody waits longer than this for one in use.
_PATIENCE = "15s"


def wipe() -> bool:
    """Write the database anew without what was deleted from it: SQLite's file and write-ahead log, PostgreSQL's
    tables. False when somebody was using it; try again later then. Call it outside a unit of work."""
    db.session.rollback()
    try:
        return _wipe_sqlite() if is_sqlite() else _wipe_postgresql()
    except DBAPIError:
        return False


def mark_wiped(numbers: list[int]) -> None:
    """Remember which erasures have reached the files."""
    db.session.execute(update(Erasure).where(Erasure.id.in_(numbers)).values(wiped_at=clock.now())
                       .execution_options(synchronize_session=False))


def _wipe_sqlite() -> bool:
    # Deleted content is overwritten at once (secure_delete); older copies of pages stand in the write-ahead log.
    connection = db.engine.raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute("PRAGMA query_only=OFF")
        cursor.execute("VACUUM")
        busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        cursor.close()
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return not busy


def _wipe_postgresql() -> bool:
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"SET lock_timeout = '{_PATIENCE}'"))
        try:
            connection.execute(text("VACUUM (FULL)"))
        finally:
            connection.execute(text("RESET lock_timeout"))
    return True
