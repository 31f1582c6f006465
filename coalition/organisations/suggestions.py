"""Which bodies of the register look alike: found by keys, kept as pairs, settled by people. Nothing is merged here."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import and_, delete, func, or_, select
from sqlalchemy.orm import selectinload

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.access.predicates import Subject
from coalition.audit import chain
from coalition.db import db
from coalition.errors import WrongState
from coalition.i18n import gettext as _
from coalition.organisations import workflow
from coalition.organisations.blocking import MOST_SHARED, RULES, keys_of
from coalition.organisations.domains import own_domain
from coalition.organisations.likeness import Body, compare
from coalition.organisations.models import Organisation, OrganisationKey, OrganisationLikeness

OPEN, DIFFERENT = "open", "different"
_WHOLE = (selectinload(Organisation.names), selectinload(Organisation.representatives))


def as_body(organisation: Organisation) -> Body:
    """What likeness knows of an organisation: all its names, its country, its own domains."""
    also = [organisation.other_script, *(name.name for name in organisation.names)]
    return Body(organisation.name, organisation.country, tuple(name for name in also if name),
                _domains([organisation.website]), _domains(person.email for person in organisation.representatives))


def renew(organisation: Organisation) -> None:
    """Find out anew whom an organisation looks like. What somebody settled stays settled; open pairs that are
    alike no longer go."""
    db.session.flush()
    db.session.expire(organisation, ["names", "representatives"])
    db.session.execute(delete(OrganisationKey).where(OrganisationKey.organisation_id == organisation.id))
    mine = _of(organisation.id)
    if organisation.state == workflow.MERGED:
        db.session.execute(delete(OrganisationLikeness).where(mine, OrganisationLikeness.state == OPEN))
        return
    body = as_body(organisation)
    keys = keys_of(body)
    db.session.add_all(OrganisationKey(key=key, organisation_id=organisation.id) for key in keys)
    db.session.flush()
    known = {(row.first_id, row.second_id): row for row in db.session.scalars(select(OrganisationLikeness).where(mine))}
    for other in _sharing(organisation.id, keys):
        found = compare(body, as_body(other))
        pair = _pair(organisation.id, other.id)
        row = known.pop(pair, None)
        if found.is_flagged and row is None:
            db.session.add(OrganisationLikeness(first_id=pair[0], second_id=pair[1], score=round(found.score),
                                                reason=found.reason.value))
        elif found.is_flagged and row is not None:
            row.score, row.reason = round(found.score), found.reason.value
        elif row is not None and row.state == OPEN:
            db.session.delete(row)
    for row in known.values():
        if row.state == OPEN:
            db.session.delete(row)
    organisation.compared_by_rules = RULES
    db.session.flush()


def renew_outdated(limit: int = 200) -> int:
    """Compare those that were compared by older rules, or never; says how many were. The clock does it in pieces."""
    rows = db.session.scalars(select(Organisation).where(
        Organisation.compared_by_rules != RULES, Organisation.state != workflow.MERGED)
        .order_by(Organisation.id).limit(limit)).all()
    for row in rows:
        renew(row)
    return len(rows)


def say_different(actor: Actor, one: Organisation, other: Organisation, subject: Subject) -> None:
    """Settle that two bodies that look alike are two: neither is flagged for the other any more.

    `subject` is the organisation the actor works on. Raises `WrongState` when nobody asks."""
    demand(actor, Permission.ORGANISATION_EDIT, subject)
    row = db.session.get(OrganisationLikeness, _pair(one.id, other.id))
    if row is None or row.state != OPEN:
        raise WrongState(_("These two are not up for comparison any more."))
    row.state, row.decided_by, row.decided_at = DIFFERENT, actor.person_id, clock.now()
    for first, second in ((one, other), (other, one)):
        chain.record(actor, "organisation.told_apart", "organisation", first.id, other=second.id)


def open_pairs(numbers: Iterable[int]) -> dict[int, frozenset[int]]:
    """Whom each of these organisations looks like, as long as nobody has settled it; one query."""
    wanted = set(numbers)
    rows = db.session.execute(select(OrganisationLikeness.first_id, OrganisationLikeness.second_id).where(
        OrganisationLikeness.state == OPEN,
        or_(OrganisationLikeness.first_id.in_(wanted), OrganisationLikeness.second_id.in_(wanted)))).all()
    found: dict[int, set[int]] = {}
    for first, second in rows:
        for one, other in ((first, second), (second, first)):
            if one in wanted:
                found.setdefault(one, set()).add(other)
    return {number: frozenset(others) for number, others in found.items()}


def look_alikes(organisation: Organisation, *, limit: int = 5) -> list[tuple[Organisation, OrganisationLikeness]]:
    """The bodies that look like this one and are not settled, the likest first."""
    rows = db.session.scalars(select(OrganisationLikeness).where(
        _of(organisation.id), OrganisationLikeness.state == OPEN)
        .order_by(OrganisationLikeness.score.desc(), OrganisationLikeness.first_id, OrganisationLikeness.second_id)
        .limit(limit)).all()
    numbers = [row.second_id if row.first_id == organisation.id else row.first_id for row in rows]
    bodies = {body.id: body for body in db.session.scalars(
        select(Organisation).where(Organisation.id.in_(numbers)).options(*_WHOLE))}
    return [(bodies[number], row) for number, row in zip(numbers, rows, strict=True)]


def likeness_of(one: Organisation, other: Organisation) -> OrganisationLikeness | None:
    """What is kept about these two, if anything."""
    return db.session.get(OrganisationLikeness, _pair(one.id, other.id))


def _sharing(number: int, keys: frozenset[int]) -> list[Organisation]:
    """Other bodies that share a key that is not everybody's."""
    telling = select(OrganisationKey.key).where(OrganisationKey.key.in_(keys)).group_by(OrganisationKey.key).having(
        func.count() <= MOST_SHARED)
    candidates = select(OrganisationKey.organisation_id).where(OrganisationKey.key.in_(telling))
    return list(db.session.scalars(select(Organisation).where(
        and_(Organisation.id.in_(candidates), Organisation.id != number, Organisation.state != workflow.MERGED))
        .options(*_WHOLE).order_by(Organisation.id)))


def _domains(addresses: Iterable[str]) -> frozenset[str]:
    return frozenset(domain for address in addresses if address and (domain := own_domain(address)))


def _of(number: int) -> object:
    return or_(OrganisationLikeness.first_id == number, OrganisationLikeness.second_id == number)


def _pair(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)
