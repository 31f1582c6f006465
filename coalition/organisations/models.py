"""The register's tables."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coalition.accounts.models import Person
from coalition.db import UTCDateTime, db

#: Said in these words by what asks, too: so both databases know that an index of a part of the table will do.
NOT_MERGED, WANTED_SOON = text("state <> 'merged'"), text("compared_by_rules = -1")


class Organisation(db.Model):
    """A registered body. `identity_key` is what makes two spellings the same body (see `signatories.names`);
    together with the country it stands once among bodies that were not merged into another.
    `consultative_status` is with the Economic and Social Council: "", roster, special or general.
    `compared_by_rules` is the number of the rules by which its likenesses were found, 0 while they were not, -1 while
    that is to be done soon."""

    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    identity_key: Mapped[str] = mapped_column(String(400))
    other_script: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    country_text: Mapped[str] = mapped_column(String(100), default="")
    kind: Mapped[str] = mapped_column(String(10), default="single")
    website: Mapped[str] = mapped_column(String(300), default="")
    consultative_status: Mapped[str] = mapped_column(String(20), default="")
    consultative_since: Mapped[int | None]
    registration: Mapped[str] = mapped_column(String(200), default="")
    description: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[str] = mapped_column(String(12), default="unverified")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    compared_by_rules: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version_id: Mapped[int] = mapped_column(default=1)

    representatives: Mapped[list[Representative]] = relationship(order_by="Representative.id")
    names: Mapped[list[OrganisationName]] = relationship(order_by="OrganisationName.id")

    __mapper_args__ = {"version_id_col": version_id}
    __table_args__ = (
        Index("uq_organisations_identity", "identity_key", "country", "country_text", unique=True,
              sqlite_where=NOT_MERGED, postgresql_where=NOT_MERGED),
        # Few at any time, and none that was just registered.
        Index("ix_organisations_wanted_soon", "id", sqlite_where=WANTED_SOON, postgresql_where=WANTED_SOON),
    )


class Representative(db.Model):
    """A person who acts for an organisation, from a date to a date. A coordinator whose address stands here
    never decides on the organisation."""

    __tablename__ = "representatives"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    email: Mapped[str] = mapped_column(String(320), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    role: Mapped[str] = mapped_column(String(200), default="")
    started_on: Mapped[date]
    ended_on: Mapped[date | None]


class OrganisationName(db.Model):
    """Another name of an organisation: an alias, an acronym, its name in another script, or a former name (with
    the day it ended, if known). Who signs by one of them is recognised as the organisation."""

    __tablename__ = "organisation_names"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), index=True)
    name: Mapped[str] = mapped_column(String(200))
    identity_key: Mapped[str] = mapped_column(String(400), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    ended_on: Mapped[date | None]
    merge_id: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class OrganisationKey(db.Model):
    """What bodies that may be alike have in common, as a hash: who shares no key is never compared."""

    __tablename__ = "organisation_keys"

    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), primary_key=True, index=True)


class OrganisationLikeness(db.Model):
    """Two bodies that look alike, the older one first, and what somebody said of it: `open`, or `different`."""

    __tablename__ = "organisation_likenesses"

    first_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), primary_key=True)
    second_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), primary_key=True, index=True)
    score: Mapped[int]
    reason: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(10), default="open")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class OrganisationMerge(db.Model):
    """One body was taken into another. `moved` is JSON: the ids of the rows that came along, by table, so that
    exactly they go back when the merge is undone."""

    __tablename__ = "organisation_merges"

    id: Mapped[int] = mapped_column(primary_key=True)
    kept_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), index=True)
    absorbed_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), index=True)
    state_before: Mapped[str] = mapped_column(String(12))
    moved: Mapped[str] = mapped_column(Text)
    filled: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class OrganisationSplit(db.Model):
    """A body that went its own way from another."""

    __tablename__ = "organisation_splits"

    id: Mapped[int] = mapped_column(primary_key=True)
    from_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), index=True)
    made_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class OrganisationNote(db.Model):
    """What was found out about an organisation, by whom: never shown outside the teams."""

    __tablename__ = "organisation_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    person: Mapped[Person | None] = relationship()
