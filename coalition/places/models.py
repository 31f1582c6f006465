"""The one table of this room."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from coalition.db import UTCDateTime, db


class CountryName(db.Model):
    """What this installation calls a country in one language, in place of the name of the locale data."""

    __tablename__ = "country_names"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(2))
    language: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(100))
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (UniqueConstraint("code", "language"),)
