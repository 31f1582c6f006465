"""Who is asking: the actor of this request, and the letters whose link a visitor has opened."""

from __future__ import annotations

from dataclasses import replace

from flask import g, session
from flask_login import current_user

from coalition.access.actor import VISITOR, Actor
from coalition.endorsements.actors import person_as_actor

_LETTERS = "letters"


def is_signed_in() -> bool:
    """Whether a member of staff is signed in. A session without anybody's name is nobody's: no more is asked then, and
    most requests are such."""
    return "_user_id" in session and bool(current_user.is_authenticated)


def current_actor() -> Actor:
    """The actor of this request, with the rights they have now."""
    actor: Actor | None = g.get("actor")
    if actor is None:
        g.actor = actor = _with_opened_letters(person_as_actor(current_user.id) if is_signed_in() else VISITOR)
    return actor


def open_letter_for_visitor(letter_id: int) -> None:
    """Remember that the visitor came by the letter's own link."""
    session[_LETTERS] = sorted({*session.get(_LETTERS, []), letter_id})[-50:]
    g.pop("actor", None)


def _with_opened_letters(actor: Actor) -> Actor:
    return replace(actor, letters=frozenset(session[_LETTERS])) if _LETTERS in session else actor
