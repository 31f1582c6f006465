"""The audit log's tables: the chained facts, the erasable personal values they commit to, how far the chain goes, and
when it was last read again."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from coalition.db import UTCDateTime, db

#: Sign-ons, of which there are most, stand in no index of what is seen.
_SEEN = text("seen_on IS NOT NULL")
#: Whatever is asked for by its letter has one.
_OF_LETTER = text("letter_id IS NOT NULL")


class AuditEntry(db.Model):
    """One act. `data` is canonical JSON of ids and facts; `hash` covers what is written and `previous_hash`. It is made
    with the key called `key_name`; entries from before there were keys have none and a plain hash. `seen_on` is the
    letter whose public pages may look different after it (0: those of all, None: no page that outsiders see)."""

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
    key_name: Mapped[str] = mapped_column(String(12), default="", server_default="")
    seen_on: Mapped[int | None]

    __table_args__ = (
        Index("ix_audit_entries_subject", "subject_kind", "subject_id"),
        Index("ix_audit_entries_letter", "letter_id", "sequence", sqlite_where=_OF_LETTER,
              postgresql_where=_OF_LETTER),
        Index("ix_audit_entries_seen_on", "seen_on", "sequence", sqlite_where=_SEEN, postgresql_where=_SEEN),
    )


class AuditHead(db.Model):
    """The one row that says how far the log goes, sealed: so that a log cut off at its end is known for one."""

    __tablename__ = "audit_heads"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
    key_name: Mapped[str] = mapped_column(String(12))
    seal: Mapped[str] = mapped_column(String(64))


class AuditCheck(db.Model):
    """The log was read again from the first entry: how many there were, the newest one's hash, and, where it was not
    whole, the entry it breaks at with the name of what is wrong (`chain.PROBLEMS`)."""

    __tablename__ = "audit_checks"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    entries: Mapped[int]
    head: Mapped[str] = mapped_column(String(64), default="")
    checkpoints: Mapped[int] = mapped_column(default=0)
    broken_at: Mapped[int | None]
    broken_to: Mapped[int | None]
    problem: Mapped[str] = mapped_column(String(20), default="")


class AuditDetail(db.Model):
    """Personal values of an act (a reason in somebody's words). Erasing the row leaves the chain whole: the
    entry holds only sha256(salt + values)."""

    __tablename__ = "audit_details"

    sequence: Mapped[int] = mapped_column(ForeignKey("audit_entries.sequence"), primary_key=True)
    salt: Mapped[str] = mapped_column(String(64))
    values: Mapped[str] = mapped_column(Text)
