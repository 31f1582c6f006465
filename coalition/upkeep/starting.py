"""What keeps an installation from being served, asked when the web server or a worker starts."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from coalition import migrating
from coalition.accounts.models import Person
from coalition.config import setting
from coalition.db import db
from coalition.errors import Unavailable
from coalition.upkeep import files, shared_keys

log = logging.getLogger("coalition.upkeep")

#: Others of the machine: everything; the group: changing.
OPEN_TO_OTHERS = 0o027
#: Nobody has an address there (RFC 2606); the demonstration's people do.
_MADE_UP = ("@example.org", "@example.com", "@example.net", ".example", ".test", ".invalid")


def require_fit() -> None:
    """Raise `Unavailable`, with a line for each reason, unless this installation may be served."""
    reasons = list(reasons_against())
    for reason in reasons:
        log.error("not started: %s", reason)
    if reasons:
        raise Unavailable("\n".join(reasons))


def reasons_against() -> Iterator[str]:
    """Each reason in a sentence that says what to do."""
    instance = Path(setting("INSTANCE"))
    if (instance / files.UNFINISHED).exists():
        yield "A restore was begun here and not finished: run the same “coalition restore” again."
        return
    if not setting("PRODUCTION"):
        return
    yield from open_keys(instance)
    try:
        if not migrating.is_current():
            yield "The database is not there yet, or is of another release: run “coalition init” first."
            return
        differing = shared_keys.differing()
        if differing:
            yield shared_keys.in_words(differing)
        yield from people_of_the_demonstration(instance)
    except SQLAlchemyError:
        # A database that is away for a moment is for `/readyz` to tell, not a reason to end.
        return


def open_keys(instance: Path) -> Iterator[str]:
    """Keys and settings that others on this machine may read."""
    for path in files.key_files(instance):
        if path.stat().st_mode & OPEN_TO_OTHERS:
            yield f"Others on this machine may read {path.name}: run “chmod 600 {path.name}” in the instance folder."


def people_with_made_up_addresses() -> int:
    """How many can sign in who have an address that nobody can have."""
    made_up = db.or_(*(func.lower(Person.email).endswith(ending, autoescape=True) for ending in _MADE_UP))
    found = select(func.count()).select_from(Person).where(Person.active, Person.password.is_not(None), made_up)
    return db.session.scalar(found) or 0


def people_of_the_demonstration(instance: Path) -> Iterator[str]:
    """Whether those whose password anybody can read may still sign in."""
    known = people_with_made_up_addresses() if (instance / files.DEMO_NOTE).exists() else 0
    if known:
        yield (f"{known} people of the demonstration can sign in, with a password that anybody can read: begin with a "
               f"new instance folder; or end their access and take {files.DEMO_NOTE} away.")
