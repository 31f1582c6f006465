"""The audit log's two tables: the chained facts, and the erasable personal values they commit to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from coalition.db import UTCDateTime, db


class AuditEntry(db.Model):
    """One act. `data` is canonical JSON of ids and facts; `hash` covers every column and `previous_hash`."""

    __tablename__ = "audit_entries"

    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    actor: Mapped[str] = mapped_column(String(100))
    action: Mapped[str] = mapped_column(String(60))
    subject_kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int]
    letter_id: Mapped[int | None]
    data: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)

    __table_args__ = (
        Index("ix_audit_entries_subject", "subject_kind", "subject_id"),
        Index("ix_audit_entries_letter", "letter_id", "sequence"),
    )


class AuditDetail(db.Model):
    """Personal values of an act (a reason in somebody's words). Erasing the row leaves the chain whole: the
    entry holds only sha256(salt + values)."""

    __tablename__ = "audit_details"

    sequence: Mapped[int] = mapped_column(ForeignKey("audit_entries.sequence"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(64))
    values: Mapped[str] = mapped_column(Text)
