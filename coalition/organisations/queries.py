"""What the register is asked."""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, func, literal_column, or_, select, union_all
from sqlalchemy.orm import joinedload

from coalition.db import db
from coalition.organisations.models import (
    NOT_MERGED,
    Organisation,
    OrganisationName,
    OrganisationNote,
    Representative,
)
from coalition.prepared import Prepared
from coalition.signatories.names import identity_key

_ROWS, _NAMES, _KEY = Organisation.__table__, OrganisationName.__table__, bindparam("key")
_FOUND = (_ROWS.c.id, _ROWS.c.country, _ROWS.c.country_text)
#: Its own name before others, in two questions: for "or" PostgreSQL would read the whole register, and for "in" SQLite
#: would make a table. `NOT_MERGED` in both: compared with a value that is given later, SQLite plans anew each time.
_OF_NAME = Prepared(union_all(
    select(*_FOUND, literal_column("0").label("by_another")).where(_ROWS.c.identity_key == _KEY, NOT_MERGED),
    select(*_FOUND, literal_column("1")).join_from(_NAMES, _ROWS, _NAMES.c.organisation_id == _ROWS.c.id).where(
        _NAMES.c.identity_key == _KEY, NOT_MERGED)).order_by("by_another", "id"))


def the_same(name: str, country: str, country_text: str = "") -> Organisation | None:
    """The registered organisation of this very name (typography aside) in this country, if there is one.

    An organisation whose country is not known and one whose country is count as the same: an exactly equal
    name without a country is far likelier the same body than another. A name that a person entered as an alias or
    former name is the body's too; its own name goes first.
    """
    number = number_of_the_same(name, country, country_text)
    return db.session.get_one(Organisation, number) if number is not None else None


def number_of_the_same(name: str, country: str, country_text: str = "") -> int | None:
    """The id of the same organisation as `the_same` gives."""
    db.session.flush()
    candidates = _OF_NAME.run(key=identity_key(name))
    wanted = (country, identity_key(country_text))
    for number, of_country, of_country_text, _by_another in candidates:
        if (of_country, identity_key(of_country_text)) == wanted:
            return int(number)
    for number, of_country, of_country_text, _by_another in candidates:
        if wanted == ("", "") or (of_country, of_country_text) == ("", ""):
            return int(number)
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
