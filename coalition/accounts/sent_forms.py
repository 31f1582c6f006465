"""Forms of staff that were carried out, for as long as somebody may send them again by mistake.

A form is told by a hash of who sent it, where, and all of its answers, the token of its page among them. Nothing else
of it is kept."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from coalition import clock
from coalition.accounts.models import SentForm
from coalition.db import db

#: A page that is older is refused for its token anyway.
KEPT = timedelta(days=2)


def find(key: str) -> SentForm | None:
    """The form, if it was carried out."""
    return db.session.get(SentForm, key)


def note(key: str) -> None:
    """Note that a form is carried out, in the transaction in which it is: of two at the same moment one fails."""
    db.session.add(SentForm(key=key, location="", sent_at=clock.now()))


def remember_answer(key: str, location: str) -> None:
    """Note where its sender was led."""
    found = find(key)
    if found is not None:
        found.location = location[:1000]


def forget_old() -> int:
    """Forget forms that nobody sends again; says how many."""
    return db.session.execute(delete(SentForm).where(SentForm.sent_at < clock.now() - KEPT)).rowcount
