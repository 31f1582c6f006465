"""Whether the installation can do its work, in a word for each part: for those who ask every few seconds."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from coalition import clock, migrating
from coalition.db import db, takes_writes
from coalition.documents import seal
from coalition.errors import CoalitionError
from coalition.upkeep import machine, sightings

log = logging.getLogger("coalition.upkeep")


@dataclass(frozen=True, slots=True)
class Part:
    """`word` is "ok", or says what is wrong; `is_ready` is False where pages must not be served so."""

    name: str
    word: str
    is_ready: bool = True


def parts() -> list[Part]:
    """Database, seal and its certificate, disk, worker. A late worker keeps nobody from signing, so it is only told."""
    database = _database()
    return [database, *_seal(), _disk(), _worker() if database.is_ready else Part("worker", "not known")]


def _database() -> Part:
    try:
        current = migrating.is_current()
        if current and not takes_writes():
            log.error("not ready: the database can be read but takes no writes")
            current = False
    except SQLAlchemyError as trouble:
        log.error("not ready: the database (%s)", type(trouble).__name__)
        current = False
    return Part("database", "ok") if current else Part("database", "not ready", False)


def _seal() -> list[Part]:
    try:
        left = seal.own().expires_at - clock.now()
    except CoalitionError as trouble:
        log.error("not ready: %s", trouble.message)
        return [Part("seal", "not ready", False)]
    if left <= timedelta(0):
        return [Part("seal", "ok"), Part("certificate", "ended", False)]
    return [Part("seal", "ok"), Part("certificate", "ends soon" if left < machine.CERTIFICATE_WARN else "ok")]


def _disk() -> Part:
    try:
        free = machine.free_bytes()
    except OSError:
        return Part("disk", "not ready", False)
    if free < machine.DISK_FAIL:
        return Part("disk", "full", False)
    return Part("disk", "nearly full" if free < machine.DISK_WARN else "ok")


def _worker() -> Part:
    try:
        return Part("worker", "not seen" if sightings.worker_is_late() else "ok")
    except SQLAlchemyError:
        db.session.rollback()
        return Part("worker", "not known")
