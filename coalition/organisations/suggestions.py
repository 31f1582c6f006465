"""Which bodies of the register look alike: found by keys, kept as pairs, settled by people. Nothing is merged here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Integer, bindparam, delete, exists, insert, or_, select, update
from sqlalchemy.orm import aliased, selectinload
from sqlalchemy.orm.attributes import set_committed_value

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
from coalition.organisations.models import (
    WANTED_SOON,
    Organisation,
    OrganisationKey,
    OrganisationLikeness,
    OrganisationName,
    Representative,
)
from coalition.prepared import Prepared

OPEN, DIFFERENT = "open", "different"
#: In the place of the number of the rules: to be compared before others that wait for it (`models.WANTED_SOON`).
SOON = -1
_SOME = select(Organisation.id).where(Organisation.state != workflow.MERGED).order_by(Organisation.id).limit(
    bindparam("most", type_=Integer))
#: Asked at every wake-up of a worker.
_WANTED_SOON = Prepared(_SOME.where(WANTED_SOON))
_OUTDATED = Prepared(_SOME.where(Organisation.compared_by_rules != RULES))
_ORGANISATIONS = Organisation.__table__
#: Not by the session: that somebody looks at it soon is no change of the organisation.
_ASK_SOON = Prepared(update(_ORGANISATIONS).where(
    _ORGANISATIONS.c.id == bindparam("number"), _ORGANISATIONS.c.state != workflow.MERGED)
    .values(compared_by_rules=SOON))
_WHOLE = (selectinload(Organisation.names), selectinload(Organisation.representatives))


def as_body(organisation: Organisation) -> Body:
    """What likeness knows of an organisation: all its names, its country, its own domains."""
    return _body(organisation.name, organisation.country,
                 (organisation.other_script, *(name.name for name in organisation.names)), organisation.website,
                 (person.email for person in organisation.representatives))


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
    db.session.execute(insert(OrganisationKey), [
        {"key": key, "organisation_id": organisation.id} for key in sorted(keys_of(body))])
    known = {(row.first_id, row.second_id): row for row in db.session.scalars(select(OrganisationLikeness).where(mine))}
    for number, other in _sharing(organisation.id):
        found = compare(body, other)
        pair = _pair(organisation.id, number)
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


def renew_soon(organisation: Organisation) -> None:
    """Have an organisation compared by a worker, the next one that is woken: comparing takes long, and who confirms a
    signature is not to wait for it, nor to keep others waiting."""
    if organisation.compared_by_rules == SOON or organisation.state == workflow.MERGED:
        return
    db.session.flush()
    _ASK_SOON.run(number=organisation.id)
    set_committed_value(organisation, "compared_by_rules", SOON)


def renew_if_due(organisation: Organisation) -> None:
    """Compare an organisation that has not been compared since it was registered or changed."""
    if organisation.compared_by_rules != RULES:
        renew(organisation)


def outdated(limit: int = 200, *, only_soon: bool = False) -> list[int]:
    """The ids of some that were compared by older rules, or never; or only those that are to be compared soon."""
    asked = _WANTED_SOON if only_soon else _OUTDATED
    return [number for number, in asked.rows(most=limit)]


def renew_outdated(numbers: Iterable[int]) -> int:
    """Compare those of these that still have to be; says how many were."""
    rows = db.session.scalars(select(Organisation).where(
        Organisation.id.in_(list(numbers)), Organisation.compared_by_rules != RULES,
        Organisation.state != workflow.MERGED)).all()
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


def _sharing(number: int) -> list[tuple[int, Body]]:
    """Other bodies that share a key that is not everybody's; four queries, whose work does not grow with the register
    once its common keys are everybody's."""
    mine, others = aliased(OrganisationKey), aliased(OrganisationKey)
    everybodys = exists(select(others.organisation_id).where(others.key == mine.key).limit(1).offset(MOST_SHARED))
    shared = select(OrganisationKey.organisation_id).distinct().join(mine, mine.key == OrganisationKey.key).where(
        mine.organisation_id == number, OrganisationKey.organisation_id != number, ~everybodys)
    wanted = db.session.scalars(shared.order_by(OrganisationKey.organisation_id)).all()
    rows = db.session.execute(select(
        Organisation.id, Organisation.name, Organisation.other_script, Organisation.country, Organisation.website)
        .where(Organisation.id.in_(wanted), Organisation.state != workflow.MERGED).order_by(Organisation.id)).all()
    names = _gathered(select(OrganisationName.organisation_id, OrganisationName.name)
                      .where(OrganisationName.organisation_id.in_(wanted)).order_by(OrganisationName.id))
    addresses = _gathered(select(Representative.organisation_id, Representative.email)
                          .where(Representative.organisation_id.in_(wanted)))
    return [(row.id, _body(row.name, row.country, (row.other_script, *names.get(row.id, ())), row.website,
                           addresses.get(row.id, ()))) for row in rows]


def _gathered(query: Any) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for number, text in db.session.execute(query):
        found.setdefault(number, []).append(text)
    return found


def _body(name: str, country: str, also: Iterable[str], website: str, addresses: Iterable[str]) -> Body:
    return Body(name, country, tuple(other for other in also if other), _domains([website]), _domains(addresses))


def _domains(addresses: Iterable[str]) -> frozenset[str]:
    return frozenset(domain for address in addresses if address and (domain := own_domain(address)))


def _of(number: int) -> object:
    return or_(OrganisationLikeness.first_id == number, OrganisationLikeness.second_id == number)


def _pair(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)
