"""Who is there, and who somebody is as an actor."""

from __future__ import annotations

from sqlalchemy import func, select

from coalition.access.actor import Actor, Kind, Role
from coalition.accounts.models import Person
from coalition.db import db


def person_by_email(email: str) -> Person | None:
    """The member of staff with this address, in any capitals."""
    return db.session.scalar(select(Person).where(func.lower(Person.email) == email.lower()))


def person_by_id(number: int) -> Person | None:
    """The member of staff with this id."""
    return db.session.get(Person, number)


def person_by_session(name: str) -> Person | None:
    """The member of staff whose sessions carry this name now."""
    return db.session.scalar(select(Person).where(Person.fs_uniquifier == name))


def all_people() -> list[Person]:
    """Everybody of the staff, by name."""
    return list(db.session.scalars(select(Person).order_by(Person.name, Person.id)))


def names_of_people() -> dict[str, str]:
    """The names of the staff by audit reference (`person:3`), for timelines."""
    return {f"person:{number}": name for number, name in db.session.execute(select(Person.id, Person.name))}


def count_active_administrators() -> int:
    return db.session.scalar(
        select(func.count()).where(Person.is_administrator, Person.active, Person.password.is_not(None))) or 0


def any_administrator() -> bool:
    """Whether an administrator was ever invited."""
    return db.session.scalar(select(Person.id).where(Person.is_administrator).limit(1)) is not None


def actor_for(person: Person, roles: frozenset[tuple[int, Role]] = frozenset(),
              acts_for: frozenset[int] = frozenset(), deputises_on: frozenset[int] = frozenset()) -> Actor:
    """The person as an actor; team roles and organisations are known to the rooms above and given here."""
    return Actor(kind=Kind.PERSON, person_id=person.id, email=person.email,
                 is_administrator=person.is_administrator, is_coordinator=person.is_coordinator,
                 roles=roles, acts_for=acts_for, deputises_on=deputises_on)
