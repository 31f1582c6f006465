"""When parts of the installation were last seen at work."""

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
