"""Who is asking: the actor of this request, and the letters whose link a visitor has opened."""

from __future__ import annotations

from dataclasses import replace

from flask import g, session
from flask_login import current_user

from coalition import clock
from coalition.access.actor import VISITOR, Actor
from coalition.accounts.models import Person
from coalition.accounts.queries import actor_for
from coalition.db import db
from coalition.letters.queries import roles_of
from coalition.organisations.queries import organisations_of_address

_LETTERS = "letters"


def current_actor() -> Actor:
    """The actor of this request, with the rights they have now."""
    if "actor" not in g:
        g.actor = _with_opened_letters(person_as_actor(current_user.id) if current_user.is_authenticated
                                       else VISITOR)
    return g.actor


def person_as_actor(person_id: int | None) -> Actor:
    """A member of staff as an actor: team roles, and the organisations they act for. Nobody's id, or that of
    somebody whose access has ended, gives a mere visitor."""
    person = db.session.get(Person, person_id) if person_id is not None else None
    if person is None or not person.active:
        return VISITOR
    return actor_for(person, roles_of(person.id),
                     organisations_of_address(person.email, person.id, clock.now().date()))


def open_letter_for_visitor(letter_id: int) -> None:
    """Remember that the visitor came by the letter's own link."""
    session[_LETTERS] = sorted({*session.get(_LETTERS, []), letter_id})[-50:]
    g.pop("actor", None)


def _with_opened_letters(actor: Actor) -> Actor:
    opened = session.get(_LETTERS, [])
    return replace(actor, letters=frozenset(opened)) if opened else actor
