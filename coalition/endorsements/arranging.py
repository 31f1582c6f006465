"""Arranging the list by hand: the place of every entry that may be printed. Names are not touched."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from sqlalchemy import bindparam, select, update

from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.db import db
from coalition.endorsements import listing
from coalition.endorsements.models import Endorsement
from coalition.errors import Stale
from coalition.i18n import gettext as _
from coalition.letters import operations as letters
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter
from coalition.signatories import arranging
from coalition.signatories.entry import Entry
from coalition.signatories.grouping import Grouping
from coalition.signatories.ordering import Rule

#: Everybody who is printed anywhere: withheld entries have no place to arrange.
AUDIENCE = "recipients"


def as_arranged(letter: Letter) -> tuple[Entry, ...]:
    """The entries in the order they stand now, whatever rule gave it, groups aside."""
    return tuple(item.entry for item in listing.signatory_list(letter, AUDIENCE).entries)


def token_of(letter: Letter, entries: Sequence[Entry]) -> str:
    """What a page carries to say which order it showed."""
    shown = "\n".join([letter.rule, letter.grouping, *(entry.key for entry in entries)])
    return hashlib.sha256(shown.encode()).hexdigest()[:16]


def arrange(actor: Actor, letter: Letter, *, seen: str, places: Mapping[str, int] | None = None,
            step: tuple[str, int] | None = None) -> int:
    """Move entries to the places wanted (by key, from 1), then one by a step; says how many changed place.

    The order so found becomes the letter's: arranged by hand. `seen` is the token of the page; raises `Stale`
    when the list changed since, `NotPermitted`, `WrongState`.
    """
    demand(actor, Permission.LIST_ARRANGE, letter_queries.subject_of(letter))
    entries = as_arranged(letter)
    if seen != token_of(letter, entries):
        raise Stale(_("The list changed since you opened the page. Nothing was moved: look at it again."))
    before = tuple(entry.key for entry in entries)
    after = arranging.moved(before, places or {})
    if step is not None:
        after = arranging.stepped(after, *step)
    number = sum(one != other for one, other in zip(before, after, strict=True))
    if number or letter.rule != Rule.ARRANGED.value:
        _write(letter, after)
        letters.choose_order(actor, letter, rule=Rule.ARRANGED, grouping=Grouping(letter.grouping),
                             ignore_articles=letter.ignore_articles, moved=number)
    return number


def _write(letter: Letter, keys: Sequence[str]) -> None:
    """Number the entries from 1 and put all others of the letter behind them, in the order they had."""
    rows = db.session.execute(
        select(Endorsement.id, Endorsement.public_id, Endorsement.position)
        .where(Endorsement.letter_id == letter.id).order_by(Endorsement.position, Endorsement.id)).all()
    rank = {key: place for place, key in enumerate(keys)}
    ordered = sorted(rows, key=lambda row: rank.get(row.public_id, len(rank)))
    changed = [{"row": row.id, "place": place} for place, row in enumerate(ordered, 1) if row.position != place]
    if changed:
        # By the table, not the class: a new place is no new version of what a coordinator is deciding on.
        table = Endorsement.__table__
        db.session.execute(update(table).where(table.c.id == bindparam("row"))
                           .values(position=bindparam("place")), changed)
        db.session.expire_all()
