"""Corrections of editions, the files of their corrigenda, and who was told of them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coalition.db import UTCDateTime, db
from coalition.documents.models import Delivery, Edition
from coalition.endorsements.models import Endorsement
from coalition.letters.models import Letter


class Correction(db.Model):
    """One edition takes the place of another, and why. `reasons` are values of `corrigendum.Reason` with commas
    between them, `words` what the secretariat adds. `values_json` is what the corrigendum prints, for good."""

    __tablename__ = "corrections"

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey(Letter.id))
    old_id: Mapped[int] = mapped_column(ForeignKey(Edition.id))
    new_id: Mapped[int] = mapped_column(ForeignKey(Edition.id))
    reasons: Mapped[str] = mapped_column(String(100))
    words: Mapped[str] = mapped_column(String(600), default="")
    values_json: Mapped[str] = mapped_column("values", Text)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    made_by: Mapped[str] = mapped_column(String(100))
    notices_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    letter: Mapped[Letter] = relationship()
    old: Mapped[Edition] = relationship(foreign_keys=[old_id])
    new: Mapped[Edition] = relationship(foreign_keys=[new_id])
    files: Mapped[list[CorrigendumFile]] = relationship(order_by="CorrigendumFile.id")
    notices: Mapped[list[Notice]] = relationship(order_by="Notice.id")

    __table_args__ = (UniqueConstraint("old_id", "new_id"),)

    @property
    def reason_codes(self) -> tuple[str, ...]:
        """The reasons, one by one."""
        return tuple(self.reasons.split(","))


class CorrigendumFile(db.Model):
    """The one-page corrigendum in one language on one paper, kept as the bytes that are handed out."""

    __tablename__ = "corrigendum_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    correction_id: Mapped[int] = mapped_column(ForeignKey(Correction.id))
    language: Mapped[str] = mapped_column(String(10))
    paper: Mapped[str] = mapped_column(String(10))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)

    correction: Mapped[Correction] = relationship(viewonly=True)

    __table_args__ = (UniqueConstraint("correction_id", "language", "paper"),)


class Notice(db.Model):
    """Somebody was told of a correction: who was given the old edition, or a signatory whose entry is concerned.
    `way` is mail or hand; `note` says how it was done by hand."""

    __tablename__ = "correction_notices"

    id: Mapped[int] = mapped_column(primary_key=True)
    correction_id: Mapped[int] = mapped_column(ForeignKey(Correction.id))
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey(Delivery.id))
    endorsement_id: Mapped[int | None] = mapped_column(ForeignKey(Endorsement.id))
    way: Mapped[str] = mapped_column(String(4))
    note: Mapped[str] = mapped_column(String(200), default="")
    told_at: Mapped[datetime] = mapped_column(UTCDateTime)
    told_by: Mapped[str] = mapped_column(String(100))

    __table_args__ = (UniqueConstraint("correction_id", "delivery_id"),
                      UniqueConstraint("correction_id", "endorsement_id"))
