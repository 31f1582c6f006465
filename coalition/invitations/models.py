"""Lists that were sent in, the invitations made from them, and what came of phoning."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coalition.accounts.models import Person
from coalition.db import UTCDateTime, db
from coalition.endorsements.models import Endorsement
from coalition.letters.models import Letter


class InvitationList(db.Model):
    """A table somebody sent in. Until it is imported its cells wait in `rows` (JSON), then only its hash stays,
    so that the same file is known again. `columns` (JSON) says what each column is; `heading` is the place of
    the row of headings among the rows, -1 when there is none."""

    __tablename__ = "invitation_lists"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey(Letter.id), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    source: Mapped[str] = mapped_column(String(20))
    sheet: Mapped[str] = mapped_column(String(100), default="")
    left_out: Mapped[str] = mapped_column(Text, default="[]")
    language: Mapped[str] = mapped_column(String(10))
    heading: Mapped[int] = mapped_column(default=0)
    columns: Mapped[str] = mapped_column(Text)
    rows: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    created_by: Mapped[int | None]
    imported_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    added: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index("ix_invitation_lists_file", "letter_id", "sha256"),)


class Invitation(db.Model):
    """One organisation asked to sign one letter. `row_key` is what makes two rows the same: the same file again
    adds nothing. Everything about a person (`contact_name`, `email`, `phone`, `notes`) is erased when asked.
    `stopped_at`: no mail goes out any more, by the invited one's wish."""

    __tablename__ = "invitations"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey(Letter.id))
    list_id: Mapped[int | None] = mapped_column(ForeignKey(InvitationList.id), index=True)
    row_number: Mapped[int] = mapped_column(default=0)
    row_key: Mapped[str] = mapped_column(String(64))
    organisation: Mapped[str] = mapped_column(String(200))
    identity_key: Mapped[str] = mapped_column(String(400), index=True)
    other_script: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    country_text: Mapped[str] = mapped_column(String(100), default="")
    is_network: Mapped[bool] = mapped_column(default=False)
    represents_count: Mapped[int | None]
    website: Mapped[str] = mapped_column(String(300), default="")
    contact_name: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(320), default="", index=True)
    phone: Mapped[str] = mapped_column(String(100), default="")
    notes: Mapped[str] = mapped_column(String(1000), default="")
    language: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(12), default="prepared")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    invited_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_mailed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reminders: Mapped[int] = mapped_column(default=0)
    next_reminder_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    stopped_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    called_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    accepted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    erased_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    endorsement_id: Mapped[int | None] = mapped_column(ForeignKey(Endorsement.id))
    lock: Mapped[int] = mapped_column(default=1)

    letter: Mapped[Letter] = relationship()
    endorsement: Mapped[Endorsement | None] = relationship()
    calls: Mapped[list[InvitationCall]] = relationship(order_by="InvitationCall.id.desc()",
                                                       cascade="all, delete-orphan")

    __mapper_args__ = {"version_id_col": lock}
    __table_args__ = (UniqueConstraint("letter_id", "row_key"),
                      Index("ix_invitations_states", "letter_id", "state"))

    @property
    def about(self) -> str:
        """How links and mails name it."""
        return f"invitation:{self.id}"


class InvitationCall(db.Model):
    """Somebody phoned: when, what came of it, and what was said, for the letter's coordinators only."""

    __tablename__ = "invitation_calls"

    id: Mapped[int] = mapped_column(primary_key=True)
    invitation_id: Mapped[int] = mapped_column(ForeignKey(Invitation.id), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    outcome: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(String(1000), default="")
    called_at: Mapped[datetime] = mapped_column(UTCDateTime)

    person: Mapped[Person | None] = relationship()


class InvitationPlan(db.Model):
    """What a letter's coordinators decided about reminders; without a row they go out by themselves."""

    __tablename__ = "invitation_plans"

    letter_id: Mapped[int] = mapped_column(ForeignKey(Letter.id), primary_key=True)
    reminders: Mapped[bool] = mapped_column(default=True)


class InvitationRefusal(db.Model):
    """An address that wants no invitations from this installation, as a keyed hash: enough to honour it."""

    __tablename__ = "invitation_refusals"

    address_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    refused_at: Mapped[datetime] = mapped_column(UTCDateTime)
