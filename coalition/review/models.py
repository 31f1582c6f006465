"""Notes that coordinators keep beside an endorsement."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coalition.accounts.models import Person
from coalition.db import UTCDateTime, db
from coalition.endorsements.models import Endorsement


class Note(db.Model):
    """A note for the letter's coordinators only."""

    __tablename__ = "review_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    endorsement_id: Mapped[int] = mapped_column(ForeignKey(Endorsement.id), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    person: Mapped[Person | None] = relationship()
