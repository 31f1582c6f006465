"""Notes beside an endorsement, who is looking at one, and which mails about waiting ones were written."""

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


class Look(db.Model):
    """What a coordinator has open, until the lease runs out. It tells colleagues and keeps nobody from anything."""

    __tablename__ = "review_looks"

    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), primary_key=True)
    endorsement_id: Mapped[int] = mapped_column(ForeignKey(Endorsement.id), index=True)
    until: Mapped[datetime] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship()


class Digest(db.Model):
    """When a coordinator's last daily digest was considered: what came since then goes into the next one."""

    __tablename__ = "review_digests"

    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), primary_key=True)
    considered_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Alert(db.Model):
    """That coordinators were told that an endorsement waits too long: once for each time it waits."""

    __tablename__ = "review_alerts"

    endorsement_id: Mapped[int] = mapped_column(ForeignKey(Endorsement.id), primary_key=True)
    waiting_since: Mapped[datetime] = mapped_column(UTCDateTime)
