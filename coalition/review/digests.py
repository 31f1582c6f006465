"""Telling coordinators by mail what waits: a digest a day, and an alert when something waits too long."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select

from coalition import clock
from coalition.accounts.models import Person
from coalition.audit import chain
from coalition.audit import queries as audit_queries
from coalition.config import setting
from coalition.db import db
from coalition.endorsements import queries as endorsement_queries
from coalition.endorsements.models import Endorsement
from coalition.letters import queries as letter_queries
from coalition.letters import workflow
from coalition.letters.deputies import coordinators_now, letters_to_stand_in_on
from coalition.letters.models import Deputy, Letter, TeamMember
from coalition.mail import outbox
from coalition.review import messages
from coalition.review.messages import News
from coalition.review.models import Alert, Digest

#: A signature that waits for so long is worth a mail of its own.
TOO_LONG = timedelta(hours=48)
_SOON = timedelta(hours=24)
#: Letters on which something can be decided.
_ALIVE = (workflow.OPEN, workflow.CLOSED)
_CAME = ("endorsement.confirmed", "endorsement.entered")


def due_for_digest() -> list[int]:
    """Ids of the people whose digest is due: everybody on a team, and who stands in, once a day."""
    now = clock.now()
    on_teams = select(TeamMember.person_id).where(TeamMember.left_at.is_(None))
    standing_in = select(Deputy.deputy_id).where(Deputy.ended_at.is_(None), Deputy.starts_at <= now,
                                                 Deputy.ends_at > now)
    return list(db.session.scalars(
        select(Person.id).outerjoin(Digest, Digest.person_id == Person.id).where(
            Person.active, or_(Person.id.in_(on_teams), Person.id.in_(standing_in)),
            or_(Digest.considered_at.is_(None), Digest.considered_at < _last_round(now),
                # Considered by a clock that ran ahead.
                Digest.considered_at > now + timedelta(days=1)))
        .order_by(Person.id)))


def write_digest(person_id: int) -> bool:
    """Put a coordinator's digest into the outbox, if something happened; says whether. Somebody new hears from us
    on the next day for the first time. A second run the same day changes nothing."""
    now = clock.now()
    person, kept = db.session.get(Person, person_id), db.session.get(Digest, person_id)
    if person is None or person_id not in due_for_digest():
        return False
    if kept is None:
        db.session.add(Digest(person_id=person_id, considered_at=now))
        return False
    since, kept.considered_at = min(kept.considered_at, now), now
    news = [item for item in _news(_letters_of(person_id), since) if item.is_worth_a_mail]
    if not news:
        return False
    outbox.put(messages.digest(person, news, now.date().isoformat(), chain.head()))
    return True


def letters_with_overdue() -> list[int]:
    """Ids of the letters on which something has waited too long that nobody was told of yet."""
    return sorted(set(db.session.scalars(_overdue().with_only_columns(Endorsement.letter_id))))


def write_alerts(letter_id: int) -> int:
    """Tell the coordinators of a letter that signatures wait too long; says of how many they had not been told.
    One mail a day at most, and each signature is told of once for each time it waits."""
    letter = db.session.get(Letter, letter_id)
    overdue = list(db.session.scalars(_overdue().where(Endorsement.letter_id == letter_id)))
    if letter is None or not overdue:
        return 0
    day = clock.now().date().isoformat()
    for person in coordinators_now(letter):
        outbox.put(messages.waiting_too_long(person, letter, len(overdue), day))
    for endorsement in overdue:
        db.session.merge(Alert(endorsement_id=endorsement.id, waiting_since=endorsement.waiting_since))
    return len(overdue)


def _overdue() -> object:
    told = and_(Alert.endorsement_id == Endorsement.id, Alert.waiting_since == Endorsement.waiting_since)
    return (select(Endorsement).join(Letter, Letter.id == Endorsement.letter_id).outerjoin(Alert, told).where(
        Letter.state.in_(_ALIVE), endorsement_queries.needs_a_decision(),
        Endorsement.waiting_since <= clock.now() - TOO_LONG, Alert.endorsement_id.is_(None)))


def _last_round(now: datetime) -> datetime:
    """The newest moment at which digests were due."""
    today = now.replace(hour=int(setting("DIGEST_HOUR")) % 24, minute=0, second=0, microsecond=0)
    return today if now >= today else today - timedelta(days=1)


def _letters_of(person_id: int) -> list[Letter]:
    numbers = {letter_id for letter_id, role in letter_queries.roles_of(person_id) if role == "coordinator"}
    return list(db.session.scalars(
        select(Letter).where(Letter.id.in_(numbers | letters_to_stand_in_on(person_id)), Letter.state.in_(_ALIVE))
        .order_by(Letter.deadline_at, Letter.id)))


def _news(letters: list[Letter], since: datetime) -> list[News]:
    numbers = [letter.id for letter in letters]
    acts = audit_queries.numbers_of_acts(numbers, since)
    counts, overdue = endorsement_queries.counts_of_letters(numbers), _numbers_overdue(numbers)
    now = clock.now()
    return [News(
        letter=letter, came=sum(acts.get((letter.id, action), 0) for action in _CAME),
        changed=acts.get((letter.id, "endorsement.amended"), 0),
        withdrawn=acts.get((letter.id, "endorsement.withdrawn"), 0),
        waiting=counts[letter.id].waiting if letter.id in counts else 0, overdue=overdue.get(letter.id, 0),
        was_closed=letter.state == workflow.CLOSED and bool(acts.get((letter.id, "letter.closed"))),
        closes_soon=letter.state == workflow.OPEN and letter.deadline_at is not None
        and now < letter.deadline_at <= now + _SOON,
    ) for letter in letters]


def _numbers_overdue(letter_ids: Iterable[int]) -> dict[int, int]:
    rows = db.session.execute(select(Endorsement.letter_id, func.count()).where(
        Endorsement.letter_id.in_(list(letter_ids)), endorsement_queries.needs_a_decision(),
        Endorsement.waiting_since <= clock.now() - TOO_LONG).group_by(Endorsement.letter_id))
    return dict(rows.all())
