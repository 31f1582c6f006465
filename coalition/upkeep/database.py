"""Checks of what the database says: its shape, its soundness, the clock, the worker, mail that waits, backups."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text

from coalition import clock, migrating
from coalition.audit.models import AuditEntry
from coalition.config import setting
from coalition.db import db, is_sqlite
from coalition.mail import holding, outbox
from coalition.upkeep import sightings, starting
from coalition.upkeep.finding import Finding, fail, ok, warn
from coalition.upkeep.models import BACKUP

#: Clocks of two machines are never quite alike.
SLACK, TOO_MUCH = timedelta(seconds=5), timedelta(minutes=2)
#: Without these PostgreSQL says "stored" before it is.
_KEEPS_PROMISES = ("fsync", "synchronous_commit", "full_page_writes")
_BACKUP_WARN = timedelta(days=2)


def shape() -> Iterator[Finding]:
    """Whether all migrations were run."""
    if migrating.is_current():
        yield ok("migrations", "none pending")
    else:
        yield fail("migrations", "the database is of another release: make a backup, then run “coalition init”.")


def soundness() -> Iterator[Finding]:
    """Whether the database itself finds its pages and references whole."""
    if not is_sqlite():
        version = db.session.scalar(text("SHOW server_version"))
        yield ok("database", f"PostgreSQL {str(version).split()[0]} answers; it looks after its pages itself")
        for name in _KEEPS_PROMISES:
            if db.session.scalar(text(f"SHOW {name}")) == "off":  # of ours
                yield fail("database", f"{name} is off, so a power cut takes what people were told is done: switch it "
                                       "on in postgresql.conf.")
        return
    said = db.session.scalar(text("PRAGMA quick_check(1)"))
    loose = db.session.execute(text("PRAGMA foreign_key_check")).first()
    if said != "ok":
        yield fail("database", f"the file is damaged ({str(said)[:80]}): stop everything and restore a backup.")
    elif loose is not None:
        yield fail("database", f"rows of {loose[0]} refer to what is not there: restore a backup, tell the authors.")
    else:
        yield ok("database", "SQLite, pages and references whole")


def hours() -> Iterator[Finding]:
    """Whether this machine's clock agrees with the database server's, and with what was written before."""
    now = clock.now()
    newest = db.session.scalar(select(func.max(AuditEntry.at)))
    if newest is not None and newest > now + TOO_MUCH:
        yield fail("clock", f"it went back: the log was written at {newest:%Y-%m-%d %H:%M}, and now it is said to be "
                            f"{now:%Y-%m-%d %H:%M} UTC. Set it right, and have it kept by NTP.")
        return
    if not is_sqlite():
        there: datetime = db.session.scalar(text("SELECT clock_timestamp()")) or now
        apart = abs(now - there.astimezone(UTC))
        if apart > SLACK:
            level = fail if apart > TOO_MUCH else warn
            yield level("clock", f"it is {apart.total_seconds():.0f} s apart from the database server's: have both "
                                 "kept by NTP.")
            return
    yield ok("clock", f"{now:%Y-%m-%d %H:%M} UTC")


def people() -> Iterator[Finding]:
    """Whether the people of the demonstration are still here."""
    shown = list(starting.people_of_the_demonstration(Path(setting("INSTANCE"))))
    yield from ((fail if setting("PRODUCTION") else warn)("people", words) for words in shown)
    made_up = starting.people_with_made_up_addresses()
    if made_up and not shown:
        yield warn("people", f"{made_up} of the staff have addresses nobody can have, so no mail reaches them: invite "
                             "them anew.")


def worker() -> Iterator[Finding]:
    """Whether a worker is at work."""
    seen = sightings.last("worker")
    if seen is None:
        yield warn("worker", "none was ever seen: mails leave and documents are made by “coalition worker”.")
    elif sightings.worker_is_late():
        yield fail("worker", f"last seen {seen:%Y-%m-%d %H:%M} UTC: start “coalition worker”.")
    else:
        yield ok("worker", f"seen {seen:%H:%M} UTC")


def outgoing() -> Iterator[Finding]:
    """Whether mails leave."""
    numbers = outbox.count_by_state()
    waiting, failed = numbers.get("queued", 0), numbers.get("failed", 0)
    if holding.is_held():
        yield warn("outbox", f"all mail is held, {waiting} wait: “coalition mail release” lets them go.")
    elif failed:
        yield warn("outbox", f"{failed} could not be sent: see /admin/mail.")
    else:
        yield ok("outbox", f"{waiting} wait")


def backups() -> Iterator[Finding]:
    """Whether there is a new enough backup."""
    made = sightings.last(BACKUP)
    if made is None:
        yield warn("backup", "none was ever made: “coalition backup -o FILE”, every night, and copy it elsewhere.")
    elif made < clock.now() - _BACKUP_WARN:
        yield warn("backup", f"the last one is of {made:%Y-%m-%d}: make one every night.")
    else:
        yield ok("backup", f"made {made:%Y-%m-%d %H:%M} UTC")
