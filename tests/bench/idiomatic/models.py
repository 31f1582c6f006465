"""The tables of the peer: one class each, related to one another."""

from __future__ import annotations

from datetime import UTC, datetime

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, ForeignKey, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


db = SQLAlchemy(model_class=Base)


def now() -> datetime:
    return datetime.now(UTC)


class Letter(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    subject: Mapped[str] = mapped_column(String(300))
    deadline_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    is_open: Mapped[bool] = mapped_column(default=True)
    versions: Mapped[list[Version]] = relationship(back_populates="letter", order_by="Version.number")
    endorsements: Mapped[list[Endorsement]] = relationship(back_populates="letter", lazy="select")

    @property
    def published(self) -> Version:
        return self.versions[-1]


class Version(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), index=True)
    number: Mapped[int]
    source: Mapped[str] = mapped_column(Text)
    letter: Mapped[Letter] = relationship(back_populates="versions")


class Organisation(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), index=True)
    website: Mapped[str] = mapped_column(String(300), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    is_verified: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    endorsements: Mapped[list[Endorsement]] = relationship(back_populates="organisation")


class Endorsement(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey("letter.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("version.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    form_key: Mapped[str] = mapped_column(String(64), unique=True)
    signing_as: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), default="unconfirmed", index=True)
    visibility: Mapped[str] = mapped_column(String(12))
    signed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    letter: Mapped[Letter] = relationship(back_populates="endorsements")
    version: Mapped[Version] = relationship()
    organisation: Mapped[Organisation | None] = relationship(back_populates="endorsements")
    entries: Mapped[list[Entry]] = relationship(back_populates="endorsement", cascade="all, delete-orphan")
    signer: Mapped[Signer] = relationship(back_populates="endorsement", cascade="all, delete-orphan")
    links: Mapped[list[Link]] = relationship(back_populates="endorsement", cascade="all, delete-orphan")


class Entry(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    endorsement_id: Mapped[int] = mapped_column(ForeignKey("endorsement.id"), index=True)
    revision: Mapped[int] = mapped_column(default=1)
    organisation: Mapped[str] = mapped_column(String(200), default="")
    other_script: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    honorific: Mapped[str] = mapped_column(String(40), default="")
    signatory: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    description: Mapped[str] = mapped_column(String(600), default="")
    is_network: Mapped[bool] = mapped_column(default=False)
    represents_count: Mapped[int | None]
    represents_exactness: Mapped[str] = mapped_column(String(10), default="exact")
    represents_unit: Mapped[str] = mapped_column(String(15), default="organisations")
    represents_text: Mapped[str] = mapped_column(String(1000), default="")
    represents_as_of: Mapped[str] = mapped_column(String(10), default="")
    members: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    endorsement: Mapped[Endorsement] = relationship(back_populates="entries")


class Signer(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    endorsement_id: Mapped[int] = mapped_column(ForeignKey("endorsement.id"), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(320), index=True)
    website: Mapped[str] = mapped_column(String(300), default="")
    authority: Mapped[str] = mapped_column(String(15), default="own_role")
    second_name: Mapped[str] = mapped_column(String(200), default="")
    second_role: Mapped[str] = mapped_column(String(200), default="")
    second_email: Mapped[str] = mapped_column(String(320), default="")
    endorsement: Mapped[Endorsement] = relationship(back_populates="signer")


class Link(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    endorsement_id: Mapped[int] = mapped_column(ForeignKey("endorsement.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    endorsement: Mapped[Endorsement] = relationship(back_populates="links")


class Mail(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    to: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="queued", index=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class AuditEntry(db.Model):
    id: Mapped[int] = mapped_column(primary_key=True)
    action: Mapped[str] = mapped_column(String(60), index=True)
    subject: Mapped[str] = mapped_column(String(60), index=True)
    data: Mapped[dict[str, object]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
