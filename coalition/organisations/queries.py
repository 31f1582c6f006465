"""What the register is asked."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from coalition.db import db
from coalition.organisations import workflow
from coalition.organisations.models import Organisation, OrganisationName, OrganisationNote, Representative
from coalition.signatories.names import identity_key


def the_same(name: str, country: str, country_text: str = "") -> Organisation | None:
    """The registered organisation of this very name (typography aside) in this country, if there is one.

    An organisation whose country is not known and one whose country is count as the same: an exactly equal
    name without a country is far likelier the same body than another. A name that a person entered as an alias or
    former name is the body's too; its own name goes first.
    """
    key = identity_key(name)
    by_another = select(OrganisationName.organisation_id).where(OrganisationName.identity_key == key)
    candidates = db.session.scalars(
        select(Organisation).where(or_(Organisation.identity_key == key, Organisation.id.in_(by_another)),
                                   Organisation.state != workflow.MERGED)
        .order_by((Organisation.identity_key == key).desc(), Organisation.id)).all()
    wanted = (country, identity_key(country_text))
    for candidate in candidates:
        if (candidate.country, identity_key(candidate.country_text)) == wanted:
            return candidate
    for candidate in candidates:
        if wanted == ("", "") or (candidate.country, candidate.country_text) == ("", ""):
            return candidate
    return None


def by_public_id(public_id: str) -> Organisation | None:
    """The organisation with this random id, merged ones too."""
    return db.session.scalar(select(Organisation).where(Organisation.public_id == public_id))


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
        OrganisationNote.organisation_id == organisation.id).options(joinedload(OrganisationNote.person))
        .order_by(OrganisationNote.id)))
