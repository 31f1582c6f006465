"""What is asked about sign-ons: what is kept aside, where they come from, what was invalidated."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from coalition import clock
from coalition.db import db
from coalition.endorsements import workflow
from coalition.endorsements.models import Endorsement
from coalition.letters.models import Letter
from coalition.safety.models import Invalidation, KeptAside, SignOn
from coalition.safety.sifting import KEPT

#: A page shows no more of them; the rest follows when these are decided.
MOST = 200
_WHOLE = joinedload(KeptAside.endorsement).options(
    selectinload(Endorsement.entries), joinedload(Endorsement.signer), joinedload(Endorsement.letter))


def kept_aside(letter: Letter, state: str = KEPT) -> list[KeptAside]:
    """The letter's sign-ons that are kept aside, or were discarded and never confirmed; oldest first."""
    return list(db.session.scalars(
        select(KeptAside).join(Endorsement, Endorsement.id == KeptAside.endorsement_id).where(
            KeptAside.letter_id == letter.id, KeptAside.state == state, Endorsement.state == workflow.UNCONFIRMED)
        .options(_WHOLE).order_by(KeptAside.kept_at, KeptAside.endorsement_id).limit(MOST)))


def how_many_kept(letter: Letter) -> int:
    """How many wait to be released or discarded."""
    return db.session.scalar(
        select(func.count()).select_from(KeptAside).join(Endorsement, Endorsement.id == KeptAside.endorsement_id)
        .where(KeptAside.letter_id == letter.id, KeptAside.state == KEPT,
               Endorsement.state == workflow.UNCONFIRMED)) or 0


def among_kept(letter: Letter, public_ids: list[str], state: str = KEPT) -> list[KeptAside]:
    """Those of them that have these random ids."""
    wanted = set(public_ids)
    return [kept for kept in kept_aside(letter, state) if kept.endorsement.public_id in wanted]


def letters_with_kept() -> list[int]:
    """Ids of the letters on which something is kept aside."""
    return list(db.session.scalars(
        select(KeptAside.letter_id).join(Endorsement, Endorsement.id == KeptAside.endorsement_id).where(
            KeptAside.state == KEPT, Endorsement.state == workflow.UNCONFIRMED)
        .distinct().order_by(KeptAside.letter_id)))


@dataclass(frozen=True, slots=True)
class Source:
    """How many sign-ons came from one place (or in one hour) in the last day and the last week."""

    name: str
    day: int
    week: int


@dataclass(frozen=True, slots=True)
class Trends:
    """Where the sign-ons of a letter come from: mail domains and networks from which more than one came, with the most
    first; hours of the last day by their beginning, those without a sign-on left out."""

    total: int
    domains: tuple[Source, ...]
    networks: tuple[Source, ...]
    hours: tuple[tuple[datetime, int], ...]


def trends_of(letter: Letter, most: int = 10) -> Trends:
    """The last week at a glance, in one query."""
    now = clock.now()
    rows = db.session.execute(
        select(SignOn.domain, SignOn.network, SignOn.came_at).where(
            SignOn.letter_id == letter.id, SignOn.came_at > now - timedelta(days=7))).all()
    day_ago = now - timedelta(days=1)
    hours = Counter(row.came_at.replace(minute=0, second=0, microsecond=0) for row in rows if row.came_at > day_ago)

    def sources(name: str) -> tuple[Source, ...]:
        week = Counter(getattr(row, name) for row in rows if getattr(row, name))
        day = Counter(getattr(row, name) for row in rows if row.came_at > day_ago)
        return tuple(Source(key, day[key], number) for key, number in
                     sorted(week.items(), key=lambda item: (-item[1], item[0]))[:most] if number > 1)

    return Trends(len(rows), sources("domain"), sources("network"), tuple(sorted(hours.items())))


def invalidations_of(letter: Letter) -> list[Invalidation]:
    """What was invalidated together, newest first."""
    return list(db.session.scalars(select(Invalidation).where(Invalidation.letter_id == letter.id)
                                   .order_by(Invalidation.id.desc()).limit(50)))


def invalidation(letter: Letter, public_id: str) -> Invalidation | None:
    """One of them by its random id."""
    return db.session.scalar(select(Invalidation).where(
        Invalidation.letter_id == letter.id, Invalidation.public_id == public_id))
