"""People who sign in, and the mailed links by which everybody else comes back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_security import UserMixin
from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from coalition.db import UTCDateTime, db


class Person(db.Model, UserMixin):
    """A member of staff. `language` is that of their pages and mails, "" if never chosen. `fs_uniquifier` is what a
    session names, so that changing it ends every session of the person. `totp_secret` is the sealed key of their
    authenticator app, `totp_step` the newest half minute whose code was used; `passkey_handle` is what their passkeys
    know them by."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    is_administrator: Mapped[bool] = mapped_column(default=False)
    is_coordinator: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(String(10), default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    totp_secret: Mapped[str | None] = mapped_column(String(255))
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    passkey_handle: Mapped[str | None] = mapped_column("fs_webauthn_user_handle", String(64), unique=True)

    @property
    def roles(self) -> list[Any]:
        """Flask-Security's own roles are not used: rights come from `access.policy`."""
        return []


class Passkey(db.Model):
    """A passkey of a member of staff. `domain` is the one it was enrolled at: it works at no other. `is_synced` says
    that its maker keeps copies on further devices. `last_used_at` is when the newest question it answered was asked."""

    __tablename__ = "passkeys"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(100))
    domain: Mapped[str] = mapped_column(String(255))
    is_synced: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class RecoveryCode(db.Model):
    """A code for the day the phone is lost: its keyed hash only, and when it was used."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Link(db.Model):
    """A mailed link. Only the hash of its secret is kept. `subject` is such as `endorsement:17`; `address` the
    one it was mailed to; `data` what it will do, for purposes that need to know."""

    __tablename__ = "links"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(320))
    data: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (Index("ix_links_subject", "subject", "purpose"),)


class SentForm(db.Model):
    """A form of staff that was carried out; `location` is where its sender was led, "" until that is known."""

    __tablename__ = "sent_forms"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    location: Mapped[str] = mapped_column(String(1000), default="")
    sent_at: Mapped[datetime] = mapped_column(UTCDateTime)
