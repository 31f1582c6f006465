"""Where sign-ons came from, those kept aside, and those invalidated together."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coalition.db import UTCDateTime, db
from coalition.endorsements.models import Endorsement
from coalition.letters.models import Letter

#: Said in these words by what asks, too: so both databases know that an index of a part of the table will do.
FROM_A_NETWORK, FROM_A_DOMAIN = text("network <> ''"), text("domain <> ''")


class SignOn(db.Model):
    """One sending of the form. `network` is a keyed hash of the network address ("" where that says nothing),
    `domain` the registered domain of the mail address ("" for one that anybody can have). Forgotten after a week.
    `endorsement_id` is None where nothing was added."""

    __tablename__ = "sign_ons"

    id: Mapped[int] = mapped_column(primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey(Letter.id))
    endorsement_id: Mapped[int | None] = mapped_column(ForeignKey(Endorsement.id))
    network: Mapped[str] = mapped_column(String(16), default="")
    domain: Mapped[str] = mapped_column(String(253), default="")
    came_at: Mapped[datetime] = mapped_column(UTCDateTime)

    # No more of them than that, since each sign-on writes them all. So whoever asks about an endorsement's names its
    # letter or its network, and what is old is looked for letter by letter.
    __table_args__ = (
        Index("ix_sign_ons_network", "network", "came_at",
              sqlite_where=FROM_A_NETWORK, postgresql_where=FROM_A_NETWORK),
        Index("ix_sign_ons_domain", "domain", "came_at", sqlite_where=FROM_A_DOMAIN, postgresql_where=FROM_A_DOMAIN),
        Index("ix_sign_ons_letter", "letter_id", "came_at"))


class KeptAside(db.Model):
    """A sign-on that looks suspicious: its confirmation is not mailed before a coordinator releases it. `reasons` are
    words of `sifting`, `state` kept, released or discarded."""

    __tablename__ = "sign_ons_kept_aside"

    endorsement_id: Mapped[int] = mapped_column(ForeignKey(Endorsement.id), primary_key=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey(Letter.id))
    reasons: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(10), default="kept")
    kept_at: Mapped[datetime] = mapped_column(UTCDateTime)
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    endorsement: Mapped[Endorsement] = relationship()

    __table_args__ = (Index("ix_sign_ons_kept_aside_letter", "letter_id", "state"),)


class Invalidation(db.Model):
    """Signatures declined together because they met conditions (JSON, `conditions.py`). It can be undone until
    `until`; until then the mails to their signers wait."""

    __tablename__ = "invalidations"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    letter_id: Mapped[int] = mapped_column(ForeignKey(Letter.id), index=True)
    conditions: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(String(1000))
    number: Mapped[int]
    done_by: Mapped[int | None]
    done_at: Mapped[datetime] = mapped_column(UTCDateTime)
    until: Mapped[datetime] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Invalidated(db.Model):
    """One signature of an invalidation."""

    __tablename__ = "invalidated_endorsements"

    invalidation_id: Mapped[int] = mapped_column(ForeignKey(Invalidation.id), primary_key=True)
    endorsement_id: Mapped[int] = mapped_column(ForeignKey(Endorsement.id), primary_key=True)
