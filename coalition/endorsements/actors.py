"""Who a member of staff is as an actor: joins account, team roles and organisations. Reads only."""

from __future__ import annotations

from coalition import clock
from coalition.access.actor import VISITOR, Actor, Role
from coalition.accounts.models import Person
from coalition.accounts.queries import actor_for
from coalition.db import db
from coalition.letters.deputies import letters_to_stand_in_on
from coalition.letters.queries import roles_of
from coalition.organisations.queries import organisations_of_address


def person_as_actor(person_id: int | None) -> Actor:
    """A member of staff as an actor, with the rights they have now. Nobody's id, or that of somebody whose
    access has ended, gives a mere visitor."""
    person = db.session.get(Person, person_id) if person_id is not None else None
    if person is None or not person.active:
        return VISITOR
    own = roles_of(person.id)
    standing_in = frozenset((number, Role.COORDINATOR) for number in letters_to_stand_in_on(person.id)) - own
    return actor_for(person, own | standing_in,
                     organisations_of_address(person.email, person.id, clock.now().date()),
                     deputises_on=frozenset(number for number, _role in standing_in))
