"""The tables of a letter."""

from __future__ import annotations

import json
from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coalition.accounts.models import Person
from coalition.db import UTCDateTime, db


class Letter(db.Model):
    """`date_text` is the date as printed, in the letter's language; `dated_on` the day it stands for, if whole.
    `reach` says who sees it before `releases_at`; `link_secret` is the secret of a letter reached by link.
    `rule` and `grouping` order its list (see `signatories`). `source_sha256` is the file it was imported from,
    `logo_sha256` the picture over its letterhead.
    `erased_at` is when everything personal about it was erased: it is never opened again then.
    `goal` is how many approved signatures are hoped for.
    `edits` counts changes of the details, so that a page opened before one is known to be old.
    """

    __tablename__ = "letters"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), unique=True)
    subject: Mapped[str] = mapped_column(String(300))
    language: Mapped[str] = mapped_column(String(10), default="en")
    letterhead: Mapped[str] = mapped_column(String(200), default="")
    place: Mapped[str] = mapped_column(String(100), default="")
    date_text: Mapped[str] = mapped_column(String(60), default="")
    dated_on: Mapped[date | None]
    closing: Mapped[str] = mapped_column(String(300), default="")
    deadline_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    deadline_zone: Mapped[str] = mapped_column(String(60), default="UTC")
    closed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reach: Mapped[str] = mapped_column(String(10), default="public")
    link_secret: Mapped[str] = mapped_column(String(50))
    releases_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    rule: Mapped[str] = mapped_column(String(20), default="networks_first")
    grouping: Mapped[str] = mapped_column(String(10), default="none")
    ignore_articles: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(10), default="draft")
    source_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    logo_sha256: Mapped[str | None] = mapped_column(String(64))
    goal: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    edits: Mapped[int] = mapped_column(default=1)
    lock: Mapped[int] = mapped_column(default=1)

    recipients: Mapped[list[Recipient]] = relationship(
        order_by="Recipient.position", cascade="all, delete-orphan")
    versions: Mapped[list[Version]] = relationship(order_by="Version.number", cascade="all, delete-orphan")
    team: Mapped[list[TeamMember]] = relationship(
        primaryjoin="and_(Letter.id == TeamMember.letter_id, TeamMember.left_at.is_(None))",
        order_by="TeamMember.id", viewonly=True)

    __mapper_args__ = {"version_id_col": lock}

    @property
    def published(self) -> Version | None:
        """The newest published version."""
        return next((version for version in reversed(self.versions) if version.state == "published"), None)

    @property
    def draft(self) -> Version | None:
        """The version being worked on, if there is one."""
        return next((version for version in self.versions if version.state == "draft"), None)


class Logo(db.Model):
    """A picture of ours, drawn anew from one that was sent, by the SHA-256 of its bytes. Kept for good: editions
    name it by that hash."""

    __tablename__ = "logos"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    width: Mapped[int]
    height: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Recipient(db.Model):
    """One addressee or copy, as a block of lines, in order."""

    __tablename__ = "letter_recipients"

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey(Letter.id), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(1000))


class Version(db.Model):
    """One text of the letter. Once published nothing in the row changes: `sha256` is of `source`, the very
    bytes a signer can download, made of subject, recipients and text, which are frozen beside it (`addressees`
    and `copies` as JSON lists of text blocks)."""

    __tablename__ = "letter_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey(Letter.id), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="draft")
    language: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(300), default="")
    addressees_json: Mapped[str] = mapped_column("addressees", Text, default="[]")
    copies_json: Mapped[str] = mapped_column("copies", Text, default="[]")
    body: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(Text, default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")
    change: Mapped[str] = mapped_column(String(12), default="first")
    note: Mapped[str] = mapped_column(String(1000), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    edits: Mapped[int] = mapped_column(default=1)

    translations: Mapped[list[Translation]] = relationship(
        order_by="Translation.language", cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": edits}
    __table_args__ = (UniqueConstraint("letter_id", "number"),)

    def translation(self, language: str) -> Translation | None:
        """The text in another language, if there is one."""
        return next((other for other in self.translations if other.language == language), None)

    @property
    def addressees(self) -> list[str]:
        return list(json.loads(self.addressees_json))

    @property
    def copies(self) -> list[str]:
        return list(json.loads(self.copies_json))


class Translation(db.Model):
    """A version's text in another language; each has its own source file and hash and is frozen with the version.
    Where recipients, place, date or closing are empty, those of the governing language are printed."""

    __tablename__ = "letter_translations"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey(Version.id), index=True)
    language: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(300))
    addressees_json: Mapped[str] = mapped_column("addressees", Text, default="[]")
    copies_json: Mapped[str] = mapped_column("copies", Text, default="[]")
    body: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(100), default="")
    date_text: Mapped[str] = mapped_column(String(60), default="")
    closing: Mapped[str] = mapped_column(String(300), default="")
    source: Mapped[str] = mapped_column(Text, default="")
    sha256: Mapped[str] = mapped_column(String(64), default="")

    __table_args__ = (UniqueConstraint("version_id", "language"),)

    @property
    def addressees(self) -> list[str]:
        return list(json.loads(self.addressees_json))

    @property
    def copies(self) -> list[str]:
        return list(json.loads(self.copies_json))


class TeamMember(db.Model):
    """Who works on the letter, as what, from when to when."""

    __tablename__ = "letter_team"

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey(Letter.id), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    role: Mapped[str] = mapped_column(String(12))
    joined_at: Mapped[datetime] = mapped_column(UTCDateTime)
    left_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship()


class Deputy(db.Model):
    """Who stands in for a coordinator of a letter who is away, from one moment to another; ended before that by
    `ended_at`. It counts only while the coordinator is on the team."""

    __tablename__ = "letter_deputies"

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey(Letter.id), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey(Person.id))
    deputy_id: Mapped[int] = mapped_column(ForeignKey(Person.id), index=True)
    starts_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ends_at: Mapped[datetime] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    deputy: Mapped[Person] = relationship(foreign_keys=[deputy_id])


class ClaimOverride(db.Model):
    """A claim of a version that the list does not bear out, let stand by somebody, with a reason that every
    edition of the version prints."""

    __tablename__ = "claim_overrides"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey(Version.id), index=True)
    words: Mapped[str] = mapped_column(String(400))
    reason: Mapped[str] = mapped_column(String(1000))
    by: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
