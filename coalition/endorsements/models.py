"""Endorsements, the entries that are printed about them, and the signer's contact."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coalition.db import UTCDateTime, db
from coalition.letters.models import Letter, Version
from coalition.organisations.models import Organisation
from coalition.signatories.names import identity_key

#: Few at any time, so counting them reads few rows.
_AMENDED = text("state = 'approved' AND latest_revision <> approved_revision")
_ONE_APPROVED = text("state = 'approved' AND signing_as = 'organisation'")


class Endorsement(db.Model):
    """One signatory's act of signing one letter. `signed_version_id` is the text it was given for, in
    `language`. `approved_revision` is the entry that counts (0: none yet), `latest_revision` the newest one;
    when they differ while approved, an amendment waits. `visibility` holds for all revisions at once.
    `origin` is the way it came, `evidence` what shows it if it was not by the form, taken `evidence_by` whom on
    which day. `reminders` counts those sent to confirm the text with the number `reminded_for`. `taken_off_at` is
    when it was taken off at once, by its signer or a coordinator; `kept_aside_at` when it was found suspicious, so that
    no confirmation is mailed.
    """

    __tablename__ = "endorsements"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    form_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey(Letter.id))
    signed_version_id: Mapped[int] = mapped_column(ForeignKey(Version.id))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey(Organisation.id), index=True)
    signing_as: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), default="unconfirmed")
    visibility: Mapped[str] = mapped_column(String(12))
    language: Mapped[str] = mapped_column(String(10), default="en")
    origin: Mapped[str] = mapped_column(String(10), default="web")
    evidence: Mapped[str] = mapped_column(String(1000), default="")
    evidence_sha256: Mapped[str] = mapped_column(String(64), default="")
    evidence_by: Mapped[str] = mapped_column(String(200), default="")
    evidence_on: Mapped[date | None]
    tier: Mapped[int] = mapped_column(default=1)
    position: Mapped[int] = mapped_column(default=0)
    latest_revision: Mapped[int] = mapped_column(default=1)
    approved_revision: Mapped[int] = mapped_column(default=0)
    last_edited_by: Mapped[int | None]
    signed_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    waiting_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_reason: Mapped[str] = mapped_column(String(2000), default="")
    reminded_for: Mapped[int] = mapped_column(default=0)
    reminders: Mapped[int] = mapped_column(default=0)
    reminded_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    kept_aside_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    taken_off_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    lock: Mapped[int] = mapped_column(default=1)

    letter: Mapped[Letter] = relationship()
    signed_version: Mapped[Version] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    entries: Mapped[list[EntryRevision]] = relationship(order_by="EntryRevision.revision")
    signer: Mapped[Signer | None] = relationship()

    __mapper_args__ = {"version_id_col": lock}
    __table_args__ = (
        Index("uq_endorsements_one_approved", "letter_id", "organisation_id", unique=True,
              sqlite_where=_ONE_APPROVED, postgresql_where=_ONE_APPROVED),
        Index("ix_endorsements_queue", "letter_id", "state", "waiting_since"),
        Index("ix_endorsements_amended", "letter_id", sqlite_where=_AMENDED, postgresql_where=_AMENDED),
        Index("ix_endorsements_position", "letter_id", "position"),
    )

    @property
    def entry(self) -> EntryRevision:
        """The newest entry, approved or not."""
        return self.entries[-1]

    @property
    def approved_entry(self) -> EntryRevision | None:
        """The entry that counts, if one does."""
        return next((entry for entry in self.entries if entry.revision == self.approved_revision), None)

    @property
    def wishes(self) -> tuple[str, ...]:
        """The languages to speak to the signer in, the first one offered: theirs, that of the text they read."""
        own = self.signer.language if self.signer is not None else ""
        return (own, self.language)

    @property
    def has_amendment(self) -> bool:
        return self.state == "approved" and self.latest_revision != self.approved_revision

    @property
    def authority_holds(self) -> bool:
        """Whether somebody confirmed that the organisation, as the newest entry names it, may be bound."""
        signer = self.signer
        return (signer is not None and signer.authority_confirmed_at is not None
                and signer.authority_for in ("", identity_key(self.entry.organisation)))


class EntryRevision(db.Model):
    """What would be printed about an endorsement. A change is a new row; an approval is of one row.
    `organisation_id` is the body this entry names; the endorsement's own follows when the entry counts.
    `search_key` is made of the names by `searching.py`."""

    __tablename__ = "endorsement_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    endorsement_id: Mapped[int] = mapped_column(ForeignKey(Endorsement.id))
    revision: Mapped[int]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey(Organisation.id))
    organisation: Mapped[str] = mapped_column(String(200), default="")
    other_script: Mapped[str] = mapped_column(String(200), default="")
    honorific: Mapped[str] = mapped_column(String(40), default="")
    signatory: Mapped[str] = mapped_column(String(200), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    description: Mapped[str] = mapped_column(String(1000), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    country_text: Mapped[str] = mapped_column(String(100), default="")
    is_network: Mapped[bool] = mapped_column(default=False)
    represents_count: Mapped[int | None]
    represents_exactness: Mapped[str] = mapped_column(String(10), default="exact")
    represents_unit: Mapped[str] = mapped_column(String(15), default="other")
    represents_text: Mapped[str] = mapped_column(String(1000), default="")
    represents_as_of: Mapped[date | None]
    represents_source: Mapped[str] = mapped_column(String(300), default="")
    members: Mapped[str] = mapped_column(Text, default="")
    search_key: Mapped[str] = mapped_column(Text, default="", server_default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    __table_args__ = (UniqueConstraint("endorsement_id", "revision"),)


class Signer(db.Model):
    """The contact behind an endorsement: personal, never printed, erased after the set time.

    `language` is that of the pages they signed on. `authority` is the ground for binding the organisation: own_role,
    second_person or evidence. `second_…` is the person named as the one who may bind it, and what became of it: ""
    (nobody), named, asked, confirmed, refused. `authority_for` is the name, as a key, that a second person
    confirmed: another name asks for them again.
    """

    __tablename__ = "endorsement_signers"

    endorsement_id: Mapped[int] = mapped_column(ForeignKey(Endorsement.id), primary_key=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(200), default="")
    email: Mapped[str] = mapped_column(String(320), default="")
    website: Mapped[str] = mapped_column(String(300), default="")
    language: Mapped[str] = mapped_column(String(10), default="", server_default="")
    authority: Mapped[str] = mapped_column(String(15), default="own_role")
    authority_confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    authority_for: Mapped[str] = mapped_column(String(400), default="")
    second_name: Mapped[str] = mapped_column(String(200), default="")
    second_role: Mapped[str] = mapped_column(String(200), default="")
    second_email: Mapped[str] = mapped_column(String(320), default="")
    second_state: Mapped[str] = mapped_column(String(10), default="")
    second_asked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    second_mails: Mapped[int] = mapped_column(default=0)
    second_words: Mapped[str] = mapped_column(String(1000), default="")

    __table_args__ = (Index("ix_endorsement_signers_mailbox", func.lower(email)),)


class Receipt(db.Model):
    """What is kept of the receipt that a signer holds: the hash of its code, what it covers (JSON; erased with the
    entry), and the commitment to that, which stands in the audit log too."""

    __tablename__ = "endorsement_receipts"

    endorsement_id: Mapped[int] = mapped_column(ForeignKey(Endorsement.id), primary_key=True)
    commitment: Mapped[str] = mapped_column(String(64))
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    covered: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)


class EvidenceFile(db.Model):
    """A file that shows something about an endorsement: opaque bytes, never looked into. `kind` is what it shows,
    `type` what its first bytes say it is. Once removed only size and hash are left."""

    __tablename__ = "evidence_files"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    endorsement_id: Mapped[int] = mapped_column(ForeignKey(Endorsement.id), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    type: Mapped[str] = mapped_column(String(8))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    added_by: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[datetime] = mapped_column(UTCDateTime)
    removed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Decision(db.Model):
    """The last decision on an endorsement and what stood before it, so that it can be taken back while nothing has
    changed since (`lock`), its mail has not left (`mail_key`, "" if there is none) and `until` has not come."""

    __tablename__ = "endorsement_decisions"

    endorsement_id: Mapped[int] = mapped_column(ForeignKey(Endorsement.id), primary_key=True)
    action: Mapped[str] = mapped_column(String(12))
    mail_key: Mapped[str] = mapped_column(String(120), default="")
    lock: Mapped[int]
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    verified_id: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(12))
    organisation_id: Mapped[int | None]
    approved_revision: Mapped[int]
    waiting_since: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    decided_reason: Mapped[str] = mapped_column(String(2000), default="")
