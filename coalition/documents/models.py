"""Editions, their files, deliveries, and the requests a worker compiles."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, deferred, mapped_column, relationship

from coalition.db import UTCDateTime, db
from coalition.letters.models import Letter, Version


class Edition(db.Model):
    """A frozen, numbered snapshot for one audience. `sha256` is of `snapshot`; `content_sha256` of the same
    without number and moment, so that unchanged data is known to be the same edition. `taken_down_at` is when its
    public file was first found to hold a name that is no longer public, `watched` the act around the letter after
    which that was last looked at (`watching.py`)."""

    __tablename__ = "editions"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey(Letter.id))
    version_id: Mapped[int] = mapped_column(ForeignKey(Version.id))
    number: Mapped[int]
    audience: Mapped[str] = mapped_column(String(12))
    snapshot: Mapped[str] = deferred(mapped_column(Text))
    sha256: Mapped[str] = mapped_column(String(64), unique=True)
    content_sha256: Mapped[str] = mapped_column(String(64))
    signatories: Mapped[int]
    organisations_total: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[str] = mapped_column(String(100))
    taken_down_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    watched: Mapped[int] = mapped_column(default=0)

    letter: Mapped[Letter] = relationship()
    renditions: Mapped[list[Rendition]] = relationship(order_by="Rendition.id")
    deliveries: Mapped[list[Delivery]] = relationship(order_by="Delivery.id")

    __table_args__ = (UniqueConstraint("letter_id", "number"),)


class Rendition(db.Model):
    """One file made from an edition, kept as the bytes that were handed out. `language` names the languages it
    holds, one after another, with commas."""

    __tablename__ = "renditions"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey(Edition.id), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    language: Mapped[str] = mapped_column(String(30))
    paper: Mapped[str] = mapped_column(String(10))
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    size: Mapped[int]
    content: Mapped[bytes] = deferred(mapped_column(LargeBinary))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    edition: Mapped[Edition] = relationship(viewonly=True)

    __table_args__ = (UniqueConstraint("edition_id", "kind", "language", "paper"),)


class Delivery(db.Model):
    """An edition handed over: to whom, how, when, by whom, under which reference. `email` is where the recipient is
    told of a correction, if that is known. `assigned_reference` is the number that the recipient gave the letter
    later, such as an S/ symbol."""

    __tablename__ = "deliveries"

    id: Mapped[int] = mapped_column(primary_key=True)
    edition_id: Mapped[int] = mapped_column(ForeignKey(Edition.id), index=True)
    rendition_sha256: Mapped[str] = mapped_column(String(64))
    recipient: Mapped[str] = mapped_column(String(1000))
    how: Mapped[str] = mapped_column(String(200))
    handed_over_on: Mapped[date]
    handed_over_by: Mapped[str] = mapped_column(String(200))
    reference: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(320), default="")
    recorded_at: Mapped[datetime] = mapped_column(UTCDateTime)
    recorded_by: Mapped[str] = mapped_column(String(100))
    assigned_reference: Mapped[str] = mapped_column(String(100), default="")
    assigned_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    edition: Mapped[Edition] = relationship(viewonly=True)
    covering_letters: Mapped[list[CoveringLetter]] = relationship(order_by="CoveringLetter.id")

    def covering(self, kind: str) -> CoveringLetter | None:
        """Its covering letter of this kind, without the bytes."""
        return next((made for made in self.covering_letters if made.kind == kind), None)


class CoveringLetter(db.Model):
    """A letter that went with a delivery, made for it alone: `kind` is president, other or mission (the draft a
    Member State's mission sends in its own name). `values_json` holds what is printed, for good; the bytes are
    those that were handed out."""

    __tablename__ = "covering_letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey(Delivery.id))
    kind: Mapped[str] = mapped_column(String(10))
    values_json: Mapped[str] = mapped_column("values", Text)
    sha256: Mapped[str] = mapped_column(String(64))
    pdf: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    docx_sha256: Mapped[str] = mapped_column(String(64), default="")
    docx: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)

    delivery: Mapped[Delivery] = relationship(viewonly=True)

    __table_args__ = (UniqueConstraint("delivery_id", "kind"),)

    @property
    def values(self) -> dict[str, Any]:
        """What is printed, by name."""
        found: dict[str, Any] = json.loads(self.values_json)
        return found


class CompileRequest(db.Model):
    """Work for a worker: `state` is waiting, running, done, failed or cancelled. A lease that has run out is anybody's.
    `content` keeps the file of a preview, which is never an edition. `language` is as in `Rendition`; empty: the
    letter's own."""

    __tablename__ = "compile_requests"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey(Letter.id))
    kind: Mapped[str] = mapped_column(String(10))
    audience: Mapped[str] = mapped_column(String(12))
    paper: Mapped[str] = mapped_column(String(10), default="A4")
    language: Mapped[str] = mapped_column(String(30), default="")
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    step: Mapped[str] = mapped_column(String(20), default="")
    error: Mapped[str] = mapped_column(String(1000), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str] = mapped_column(String(40), default="")
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    requested_by: Mapped[int | None]
    requested_at: Mapped[datetime] = mapped_column(UTCDateTime)
    finished_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    edition_id: Mapped[int | None] = mapped_column(ForeignKey(Edition.id))
    content: Mapped[bytes | None] = deferred(mapped_column(LargeBinary))

    letter: Mapped[Letter] = relationship()
    edition: Mapped[Edition | None] = relationship()

    __table_args__ = (Index("ix_compile_requests_state", "state", "id"),)
