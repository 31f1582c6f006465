"""What one small query tells of a letter: enough to say who may see it and whether a page of it that was kept is still
true. Who needs more loads the letter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, func, select

from coalition.audit.models import AuditEntry
from coalition.db import db
from coalition.letters import queries
from coalition.letters.models import Letter, Version
from coalition.prepared import Prepared


@dataclass(frozen=True, slots=True)
class Glance:
    """A letter's values of the same names. `newest` is the number of the newest act after which its public pages may
    look different, 0 before the first; it is nobody's business outside."""

    id: int
    slug: str
    state: str
    reach: str
    releases_at: datetime | None
    deadline_at: datetime | None
    is_published: bool
    newest: int


# Tables, not models, and put together once: else that takes longer than the answer.
_letters, _versions, _acts = (model.__table__ for model in (Letter, Version, AuditEntry))
_of_letter, _of_all = (
    func.coalesce(select(func.max(_acts.c.sequence)).where(_acts.c.seen_on == where)
                  .correlate(_letters).scalar_subquery(), 0)
    for where in (_letters.c.id, 0))
_VALUES = select(
    *(_letters.c[name] for name in ("id", "slug", "state", "reach", "releases_at", "deadline_at")),
    exists().where(_versions.c.letter_id == _letters.c.id, _versions.c.state == "published"), _of_letter, _of_all)
_AT_ADDRESS = Prepared(_VALUES.where(_letters.c.slug == bindparam("slug")))
_OF_LETTERS = _VALUES.where(_letters.c.id.in_(bindparam("ids", expanding=True)))


def glance_at(slug: str) -> Glance | None:
    """The letter at this address."""
    rows = _AT_ADDRESS.rows(slug=slug)
    return _glance(*rows[0]) if rows else None


def glance_of(letter: Letter) -> Glance:
    """One that is known to exist."""
    return _glance(*_AT_ADDRESS.rows(slug=letter.slug)[0])


def glances_at(letters: Iterable[Letter]) -> dict[int, Glance]:
    """These letters by their ids, in one query."""
    rows = db.session.execute(_OF_LETTERS, {"ids": [letter.id for letter in letters]})
    return {row[0]: _glance(*row) for row in rows}


def letter_of(glance: Glance) -> Letter:
    """The letter itself, with its recipients and versions."""
    letter = queries.by_slug(glance.slug)
    if letter is None:
        raise LookupError(glance.slug)
    return letter


def letter_apart(glance: Glance) -> Letter:
    """The letter as `letter_of` gives it, apart from the session: to be kept and read by many, never changed. What was
    not read with it cannot be asked of it."""
    letter = letter_of(glance)
    db.session.expunge(letter)  # and what is its own with it
    return letter


def _glance(*values: Any) -> Glance:
    *others, of_letter, of_all = values
    return Glance(*others, max(of_letter, of_all))
