"""What the register is asked."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, or_, select

from coalition.db import db
from coalition.organisations import likeness, workflow
from coalition.organisations.models import Organisation, OrganisationNote, Representative
from coalition.signatories.names import identity_key


def the_same(name: str, country: str, country_text: str = "") -> Organisation | None:
    """The registered organisation of this very name (typography aside) in this country, if there is one.

    An organisation whose country is not known and one whose country is count as the same: an exactly equal
    name without a country is far likelier the same body than another.
    """
    candidates = db.session.scalars(
        select(Organisation).where(Organisation.identity_key == identity_key(name),
                                   Organisation.state != workflow.MERGED).order_by(Organisation.id)).all()
    wanted = (country, identity_key(country_text))
    for candidate in candidates:
        if (candidate.country, identity_key(candidate.country_text)) == wanted:
            return candidate
    for candidate in candidates:
        if wanted == ("", "") or (candidate.country, candidate.country_text) == ("", ""):
            return candidate
    return None


def look_alikes(organisation: Organisation, *, limit: int = 5) -> list[tuple[Organisation, float]]:
    """Other bodies in the register whose names look like this one's, the likest first."""
    others = db.session.execute(select(Organisation.id, Organisation.name).where(
        Organisation.id != organisation.id, Organisation.state != workflow.MERGED)).all()
    found = likeness.alike(organisation.name, others, limit=limit)
    rows = {row.id: row for row in db.session.scalars(
        select(Organisation).where(Organisation.id.in_([number for number, _ in found])))}
    return [(rows[number], score) for number, score in found]


def organisations_of_address(email: str, person_id: int | None, on: date) -> frozenset[int]:
    """The ids of the organisations somebody acts for on a day, by address or by account."""
    mine = func.lower(Representative.email) == email.lower()
    if person_id is not None:
        mine = or_(mine, Representative.person_id == person_id)
    return frozenset(db.session.scalars(
        select(Representative.organisation_id).where(
            mine, Representative.started_on <= on,
            or_(Representative.ended_on.is_(None), Representative.ended_on > on))))


def notes_on(organisation: Organisation) -> list[OrganisationNote]:
    """What was found out about it, oldest first."""
    return list(db.session.scalars(select(OrganisationNote).where(
        OrganisationNote.organisation_id == organisation.id).order_by(OrganisationNote.id)))
