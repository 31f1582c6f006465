"""The register's tables."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from coalition.accounts.models import Person
from coalition.db import UTCDateTime, db


class Organisation(db.Model):
    """A registered body. `identity_key` is what makes two spellings the same body (see `signatories.names`);
    together with the country it stands once among bodies that were not merged into another."""

    __tablename__ = "organisations"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    identity_key: Mapped[str] = mapped_column(String(400), index=True)
    other_script: Mapped[str] = mapped_column(String(200), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    country_text: Mapped[str] = mapped_column(String(100), default="")
    kind: Mapped[str] = mapped_column(String(10), default="single")
    website: Mapped[str] = mapped_column(String(300), default="")
    consultative_status: Mapped[str] = mapped_column(String(20), default="")
    state: Mapped[str] = mapped_column(String(12), default="unverified")
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("organisations.id"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    version_id: Mapped[int] = mapped_column(default=1)

    representatives: Mapped[list[Representative]] = relationship(order_by="Representative.id")

    __mapper_args__ = {"version_id_col": version_id}
    __table_args__ = (
        Index("uq_organisations_identity", "identity_key", "country", "country_text", unique=True,
              sqlite_where=text("state <> 'merged'"), postgresql_where=text("state <> 'merged'")),
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


class OrganisationNote(db.Model):
    """What was found out about an organisation, by whom: never shown outside the teams."""

    __tablename__ = "organisation_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey(Organisation.id), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey(Person.id))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
