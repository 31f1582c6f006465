"""Which bodies of the register look alike: found by keys, kept as pairs, settled by people. Nothing is merged here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Integer,
    Select,
    bindparam,
    delete,
    exists,
    literal_column,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import selectinload
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
from coalition.prepared import Prepared, adding

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
_NUMBER = bindparam("number", type_=Integer)
_KEYS, _PAIRS = OrganisationKey.__table__, OrganisationLikeness.__table__
_ADD_KEY, _FORGET_KEYS = adding(_KEYS), Prepared(delete(_KEYS).where(_KEYS.c.organisation_id == _NUMBER))
_PAIR = (_PAIRS.c.first_id == bindparam("first"), _PAIRS.c.second_id == bindparam("second"))
_ADD_PAIR, _DROP_PAIR = adding(_PAIRS), Prepared(delete(_PAIRS).where(*_PAIR))
_CHANGE_PAIR = Prepared(update(_PAIRS).where(*_PAIR).values(
    score=bindparam("new_score"), reason=bindparam("new_reason")))
_PAIRS_OF = Prepared(select(_PAIRS.c.first_id, _PAIRS.c.second_id, _PAIRS.c.state).where(
    or_(_PAIRS.c.first_id == _NUMBER, _PAIRS.c.second_id == _NUMBER)))


def _bodies() -> CompoundSelect[Any]:
    """What likeness knows of organisations: a line for each of them, then for each other name, then for each address of
    who acts for them."""
    # Asked for by their ids: PostgreSQL would read the whole register to find those of a question within this one.
    numbers, nothing = bindparam("numbers", expanding=True), literal_column("''")
    names, people = OrganisationName.__table__.c, Representative.__table__.c
    body = _ORGANISATIONS.c
    return union_all(
        select(literal_column("0").label("what"), body.id.label("place"), body.id, body.name, body.other_script,
               body.country, body.website).where(body.id.in_(numbers), body.state != workflow.MERGED),
        *(select(literal_column(what), columns.id, columns.organisation_id, text, nothing, nothing, nothing)
          .where(columns.organisation_id.in_(numbers))
          for what, columns, text in (("1", names, names.name), ("2", people, people.email)))
    ).order_by("what", "place")


def _sharing() -> Select[Any]:
    """Other bodies that share a key that is not everybody's: the work does not grow with the register once its common
    keys are everybody's."""
    mine, others = _KEYS.alias("mine"), _KEYS.alias("others")
    everybodys = exists(select(others.c.organisation_id).where(others.c.key == mine.c.key).limit(1).offset(MOST_SHARED))
    return select(_KEYS.c.organisation_id).distinct().join(mine, mine.c.key == _KEYS.c.key).where(
        mine.c.organisation_id == _NUMBER, _KEYS.c.organisation_id != _NUMBER, ~everybodys)


_BODIES, _SHARING = _bodies(), Prepared(_sharing())


def renew(organisation: Organisation) -> None:
    """Find out anew whom an organisation looks like. What somebody settled stays settled; open pairs that are
    alike no longer go."""
    db.session.flush()
    db.session.expire(organisation, ["names", "representatives"])
    number = organisation.id
    _FORGET_KEYS.run(number=number)
    if organisation.state == workflow.MERGED:
        db.session.execute(delete(OrganisationLikeness).where(_of(number), OrganisationLikeness.state == OPEN))
        return
    body = _read([number])[number]
    _ADD_KEY.run_each([{"key": key, "organisation_id": number} for key in sorted(keys_of(body))])
    known = {(first, second): state for first, second, state in _PAIRS_OF.run(number=number)}
    for another, other in _read([other for other, in _SHARING.run(number=number)]).items():
        found = compare(body, other)
        first, second = pair = _pair(number, another)
        if found.is_flagged and known.pop(pair, None) is None:
            _ADD_PAIR.run(first_id=first, second_id=second, score=round(found.score), reason=found.reason.value)
        elif found.is_flagged:
            _CHANGE_PAIR.run(first=first, second=second, new_score=round(found.score), new_reason=found.reason.value)
    for (first, second), state in known.items():
        if state == OPEN:
            _DROP_PAIR.run(first=first, second=second)
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
    rows = [row for number in numbers if (row := db.session.get(Organisation, number)) is not None
            and row.compared_by_rules != RULES and row.state != workflow.MERGED]
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


def _read(numbers: list[int]) -> dict[int, Body]:
    """What likeness knows of these organisations, but for those that were merged."""
    bodies, names, addresses = {}, dict[int, list[str]](), dict[int, list[str]]()
    for what, _place, number_of, text, *others in db.session.execute(_BODIES, {"numbers": numbers}):
        if what == 0:
            bodies[number_of] = text, *others
        else:
            (names if what == 1 else addresses).setdefault(number_of, []).append(text)
    return {
        key: _body(name, country, (other_script, *names.get(key, ())), website, addresses.get(key, ()))
        for key, (name, other_script, country, website) in bodies.items()}


def _body(name: str, country: str, also: Iterable[str], website: str, addresses: Iterable[str]) -> Body:
    return Body(name, country, tuple(other for other in also if other), _domains([website]), _domains(addresses))


def _domains(addresses: Iterable[str]) -> frozenset[str]:
    return frozenset(domain for address in addresses if address and (domain := own_domain(address)))


def _of(number: int) -> object:
    return or_(OrganisationLikeness.first_id == number, OrganisationLikeness.second_id == number)


def _pair(one: int, other: int) -> tuple[int, int]:
    return min(one, other), max(one, other)
