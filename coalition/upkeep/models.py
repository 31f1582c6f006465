"""When parts of the installation were last seen at work, and which keys it works with."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from coalition.db import UTCDateTime, db

WORKER, BACKUP = "worker", "backup"


class Sighting(db.Model):
    """`what` is one of the words above; `at` the newest time it was seen."""

    __tablename__ = "sightings"

    what: Mapped[str] = mapped_column(String(20), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class SharedKey(db.Model):
    """What a key is called that all machines must have alike: a short hash or a fingerprint; `what` it is for."""

    __tablename__ = "shared_keys"

    what: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    noted_at: Mapped[datetime] = mapped_column(UTCDateTime)
