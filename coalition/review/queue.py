"""The queue: which endorsements it shows, found, sorted and cut into pages. What speaks against one is in
`queries.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, false, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from coalition.access.actor import Actor
from coalition.db import db
from coalition.endorsements import queries as endorsement_queries
from coalition.endorsements import workflow
from coalition.endorsements.entries import as_entry
from coalition.endorsements.figures import is_confirmed
from coalition.endorsements.models import Endorsement, EntryRevision, Signer
from coalition.endorsements.searching import ways_to_find
from coalition.letters.models import Letter
from coalition.review.flags import Flag
from coalition.review.looking import lookers
from coalition.review.models import Note
from coalition.review.queries import flags_of
from coalition.signatories.entry import Entry

#: What the queue can be filtered by; "waiting" is where it opens.
FILTERS = ("waiting", "amendments", "unconfirmed", "returned", "approved", "declined", "withdrawn", "confirmed",
           "all")
#: Orders of the queue; "waiting" is the one it opens in, the longest waiting first.
SORTS = ("waiting", "newest", "name")


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One line of the queue."""

    endorsement: Endorsement
    entry: Entry
    waiting_since: datetime | None
    flags: frozenset[Flag]
    notes: int
    lookers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Page:
    rows: list[QueueRow]
    total: int
    number: int
    pages: int


def queue(actor: Actor, letter: Letter, *, shown: str = "waiting", search: str = "", sort: str = "waiting",
          page: int = 1, size: int = 50) -> Page:
    """A page of the letter's endorsements as this coordinator sees them, those that wait longest first. `search`
    looks in names in any script, in the reference and in the signer's address. The number of queries does not
    depend on the number of rows."""
    wanted, total, page = _cut(_matching(letter, shown, search, sort), page, size)
    found = {row.id: row for row in db.session.scalars(
        select(Endorsement).where(Endorsement.id.in_(wanted))
        .options(selectinload(Endorsement.entries), joinedload(Endorsement.signer),
                 joinedload(Endorsement.organisation), joinedload(Endorsement.letter)))}
    endorsements = [found[number] for number in wanted]
    flags, notes, looking = flags_of(letter, endorsements), _numbers_of_notes(wanted), lookers(actor, wanted)
    return Page([QueueRow(row, as_entry(row), row.waiting_since, flags[row.id], notes.get(row.id, 0),
                          tuple(looking.get(row.id, ()))) for row in endorsements],
                total, page, max(1, -(-total // size)))


def _cut(matching: Any, page: int, size: int) -> tuple[list[int], int, int]:
    """The ids on the page, how many match in all, and the page's number: the last there is, where it is too high.
    Matching is done once, not once more for the number."""
    page = max(page, 1)
    counting = matching.add_columns(func.count().over())
    rows = db.session.execute(counting.limit(size).offset((page - 1) * size)).all()
    if not rows and page > 1:
        total = db.session.scalar(select(func.count()).select_from(matching.order_by(None).subquery())) or 0
        page = max(1, -(-total // size))
        rows = db.session.execute(counting.limit(size).offset((page - 1) * size)).all()
    return [row[0] for row in rows], rows[0][1] if rows else 0, page


def next_waiting(letter: Letter, after: Endorsement) -> Endorsement | None:
    """What to look at next: the longest waiting other one."""
    number = db.session.scalar(_matching(letter, "waiting", "", "waiting")
                               .where(Endorsement.id != after.id).limit(1))
    return db.session.get(Endorsement, number) if number else None


def _matching(letter: Letter, shown: str, search: str, sort: str) -> Any:
    """The ids of the matching endorsements, in order."""
    statement = _sorted(select(Endorsement.id).where(Endorsement.letter_id == letter.id), sort)
    if search.strip() or sort == "name":
        # Only then is the newest entry of each looked up: there may be a hundred thousand.
        statement = statement.join(EntryRevision, and_(EntryRevision.endorsement_id == Endorsement.id,
                                                       EntryRevision.revision == Endorsement.latest_revision))
    if shown == "waiting":
        statement = statement.where(endorsement_queries.needs_a_decision())
    elif shown == "amendments":
        statement = statement.where(endorsement_queries.is_amended())
    elif shown == "confirmed":
        statement = statement.where(is_confirmed())
    elif shown in workflow.STATES:
        statement = statement.where(Endorsement.state == shown)
    return statement.where(_is_found(search)) if search.strip() else statement


def _is_found(search: str) -> Any:
    """Whether every word of the search stands in the names, or the whole of it is a reference or in an address."""
    raw = search.replace("\0", "").strip()
    ways = ways_to_find(raw)
    key = EntryRevision.search_key
    named = and_(*(or_(*(_in_order(key, way) for way in word)) for word in ways)) if ways else false()
    found = [named, Endorsement.reference == raw.upper()]
    if "@" in raw:
        found.append(exists().where(Signer.endorsement_id == Endorsement.id,
                                    func.lower(Signer.email).contains(raw.lower(), autoescape=True)))
    return or_(*found)


def _in_order(key: Any, texts: tuple[str, ...]) -> Any:
    # Words hold letters and digits only, so nothing in them is a sign of LIKE's.
    return key.like("%" + "%".join(texts) + "%")


def _sorted(statement: Any, sort: str) -> Any:
    if sort == "newest":
        return statement.order_by(Endorsement.signed_at.desc(), Endorsement.id.desc())
    if sort == "name":
        return statement.order_by(EntryRevision.search_key, Endorsement.id)
    return statement.order_by(Endorsement.waiting_since.is_(None), Endorsement.waiting_since, Endorsement.id)


def _numbers_of_notes(endorsement_ids: list[int]) -> dict[int, int]:
    rows = db.session.execute(select(Note.endorsement_id, func.count()).where(
        Note.endorsement_id.in_(endorsement_ids)).group_by(Note.endorsement_id))
    return dict(rows.all())
