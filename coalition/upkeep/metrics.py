"""Numbers for Prometheus, read from the database when they are asked for: so it does not matter how many processes
there are. Nothing about letters or who signs them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime

from sqlalchemy import func, select

from coalition import clock, migrating
from coalition.audit.models import AuditEntry
from coalition.db import db
from coalition.documents import seal
from coalition.documents.models import CompileRequest
from coalition.errors import CoalitionError
from coalition.mail import holding, outbox
from coalition.upkeep import machine, sightings
from coalition.upkeep.models import BACKUP, WORKER

MAIL_STATES = ("queued", "held", "sent", "failed", "cancelled")

Values = Mapping[str, float] | float


def as_text() -> str:
    """All of them in the text format of Prometheus."""
    return "".join(f"# HELP coalition_{name} {told}\n# TYPE coalition_{name} gauge\n" + "".join(_lines(name, values))
                   for name, told, values in _numbers())


def _lines(name: str, values: Values) -> Iterable[str]:
    if isinstance(values, Mapping):
        return [f'coalition_{name}{{state="{state}"}} {value:g}\n' for state, value in values.items()]
    return [f"coalition_{name} {values:.17g}\n"]


def _numbers() -> Iterator[tuple[str, str, Values]]:
    current = migrating.is_current()
    yield "database_current", "1 if all migrations were run", float(current)
    yield "disk_free_bytes", "What is left on the disk of the instance folder", float(machine.free_bytes())
    with suppress(CoalitionError):
        yield "certificate_end_seconds", "When the certificate of the seal ends", seal.own().expires_at.timestamp()
    if current:
        yield from _of_the_database()


def _of_the_database() -> Iterator[tuple[str, str, Values]]:
    counts = outbox.count_by_state()
    yield "mails", "Mails by state", {state: float(counts.get(state, 0)) for state in MAIL_STATES}
    yield "mail_is_held", "1 while all mail is held back", float(holding.is_held())
    waiting = func.count().filter(CompileRequest.finished_at.is_(None))
    yield "documents_waiting", "Documents asked for and not made yet", float(db.session.scalar(select(waiting)) or 0)
    newest = select(func.max(AuditEntry.sequence))
    yield "audit_entries", "Entries of the audit log", float(db.session.scalar(newest) or 0)
    for what, name in ((WORKER, "worker_seen_seconds"), (BACKUP, "backup_made_seconds")):
        yield name, f"When a {what} was last seen, 0 for never", _moment(sightings.last(what))
    yield "time_seconds", "The time of this machine", clock.now().timestamp()


def _moment(at: datetime | None) -> float:
    return at.timestamp() if at is not None else 0.0
