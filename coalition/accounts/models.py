"""People who sign in, and the mailed links by which everybody else comes back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_security import AsaList, UserMixin
from sqlalchemy import Index, String, Text
from sqlalchemy.ext.mutable import MutableList
from sqlalchemy.orm import Mapped, mapped_column

from coalition.db import UTCDateTime, db


class Person(db.Model, UserMixin):
    """A member of staff. `language` is that of their pages and mails, "" if never chosen. Column names below it are
    those Flask-Security asks for; `fs_uniquifier` is what a session names, so that changing it ends every session
    of the person."""

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
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    tf_phone_number: Mapped[str | None] = mapped_column(String(128))
    mf_recovery_codes: Mapped[Any | None] = mapped_column(MutableList.as_mutable(AsaList()))
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(String(64), unique=True)

    @property
    def roles(self) -> list[Any]:
        """Flask-Security's own roles are not used: rights come from `access.policy`."""
        return []


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
