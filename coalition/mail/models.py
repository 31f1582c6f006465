"""The outbox table, and the addresses that want no mails by forms."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text, false, func
from sqlalchemy.orm import Mapped, mapped_column

from coalition.db import UTCDateTime, db


class OutboxMail(db.Model):
    """One mail on its way. `state`: queued, held, sent, failed, cancelled. A worker takes it by writing a
    lease; a lease that has run out is anybody's, so a killed worker loses nothing."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(120), unique=True)
    message_id: Mapped[str] = mapped_column(String(120), unique=True)
    to: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(String(400))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(String(10))
    about: Mapped[str] = mapped_column(String(60), default="", index=True)
    letter_id: Mapped[int | None]
    unsubscribe: Mapped[str] = mapped_column(String(300), default="")
    hushed: Mapped[bool] = mapped_column(default=False, server_default=false())
    state: Mapped[str] = mapped_column(String(12), default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    next_attempt_at: Mapped[datetime] = mapped_column(UTCDateTime)
    lease: Mapped[str] = mapped_column(String(40), default="")
    leased_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    __table_args__ = (Index("ix_outbox_state", "state", "next_attempt_at"),
                      Index("ix_outbox_mailbox", func.lower(to), "created_at"))


class RefusedAddress(db.Model):
    """An address that wants no mails by forms that strangers fill in, as a keyed hash."""

    __tablename__ = "refused_addresses"

    address_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    refused_at: Mapped[datetime] = mapped_column(UTCDateTime)


class MailHold(db.Model):
    """While there is a row, no mail leaves: after a restore, or because the operator said so. `before` is the moment up
    to which mails had been written elsewhere, if the hold comes from a restore."""

    __tablename__ = "mail_holds"

    id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(UTCDateTime)
    before: Mapped[datetime | None] = mapped_column(UTCDateTime)
