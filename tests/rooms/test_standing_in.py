"""Standing in for a coordinator who is away: the rights of the role, on one letter, for some days, and no more."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from coalition import clock
from coalition.access.actor import OPERATOR, Role
from coalition.accounts.models import Person
from coalition.accounts.queries import person_by_email
from coalition.audit import queries as audit
from coalition.db import db, unit_of_work
from coalition.endorsements.models import Endorsement
from coalition.errors import Invalid, NotPermitted
from coalition.letters import deputies
from coalition.letters import operations as letters
from coalition.letters.models import Deputy, Letter
from coalition.organisations import operations as register
from coalition.review import operations as review
from tests import cast

STARTS, ENDS = cast.MORNING + timedelta(days=1), cast.MORNING + timedelta(days=8)


@pytest.fixture
def letter(room: Flask) -> Letter:
    cast.staff()
    return cast.open_letter()


def known(email: str) -> Person:
    found = person_by_email(email)
    assert found is not None
    return found


def name(letter: Letter, *, by: str = cast.NADIA, person: str = cast.NADIA, deputy: str = cast.OLGA,
         starts_at: datetime = STARTS, ends_at: datetime = ENDS) -> Deputy:
    with unit_of_work():
        return deputies.name_deputy(cast.actor(by), letter, person=known(person), deputy=known(deputy),
                                    starts_at=starts_at, ends_at=ends_at)


def waiting(letter: Letter) -> Endorsement:
    made = cast.sign(letter, cast.fields())
    assert made is not None
    return cast.confirm(made)


def approve(made: Endorsement, by: str) -> None:
    with unit_of_work():
        review.approve(cast.actor(by), made, seen=made.latest_revision, verified=True)


def stands_in(letter: Letter, email: str = cast.OLGA) -> bool:
    return (letter.id, Role.COORDINATOR) in cast.actor(email).roles


def test_the_rights_begin_and_end_by_themselves(letter: Letter) -> None:
    name(letter)
    other = cast.open_letter("Another letter")
    seen = {}
    for label, moment in (("before", STARTS - timedelta(seconds=1)), ("first", STARTS),
                          ("last", ENDS - timedelta(seconds=1)), ("after", ENDS)):
        with clock.fixed(moment):
            seen[label] = (stands_in(letter), stands_in(other),
                           [person.email for person in deputies.coordinators_now(letter)].count(cast.OLGA))
    assert seen == {"before": (False, False, 0), "first": (True, False, 1), "last": (True, False, 1),
                    "after": (False, False, 0)}
    assert cast.mails_to(cast.OLGA)[-1].subject == "Stand in for a coordinator"
    event = audit.recent_of_letter(letter.id)[0]
    assert (event.action, event.actor) == ("team.deputy_named", cast.actor(cast.NADIA).reference)


def test_who_stands_in_decides_but_never_on_their_own_organisation(letter: Letter) -> None:
    name(letter)
    made, own = waiting(letter), cast.sign(letter, cast.fields("Olgas Own Body"))
    assert own is not None
    own = cast.confirm(own)
    with unit_of_work():
        register.acts_for(own.organisation, email=cast.OLGA, name="Olga", role="Chair")
    with pytest.raises(NotPermitted):
        approve(made, cast.OLGA)
    with clock.fixed(STARTS):
        approve(made, cast.OLGA)
        with pytest.raises(NotPermitted):
            approve(own, cast.OLGA)
    assert (made.state, own.state) == ("approved", "submitted")


def test_who_stands_in_changes_neither_team_nor_deputies(letter: Letter) -> None:
    number = name(letter).id
    with clock.fixed(STARTS):
        for work in (lambda olga: letters.add_to_team(olga, letter, known(cast.OLGA), Role.COORDINATOR),
                     lambda olga: letters.remove_from_team(olga, letter, known(cast.TOMAS), Role.COORDINATOR),
                     lambda olga: deputies.end_deputy(olga, letter, number),
                     lambda olga: deputies.name_deputy(
                         olga, letter, person=known(cast.NADIA), deputy=known(cast.ADA), starts_at=STARTS,
                         ends_at=ENDS)):
            with pytest.raises(NotPermitted), unit_of_work():
                work(cast.actor(cast.OLGA))


def test_it_ends_with_the_coordinators_own_place_and_when_it_is_ended(letter: Letter) -> None:
    first = name(letter, person=cast.TOMAS).id
    second = name(letter, deputy=cast.ADA).id
    with clock.fixed(STARTS):
        assert stands_in(letter) and stands_in(letter, cast.ADA)
        with unit_of_work():
            letters.remove_from_team(cast.actor(cast.NADIA), letter, known(cast.TOMAS), Role.COORDINATOR)
        assert not stands_in(letter)
        for _twice in range(2):
            with unit_of_work():
                deputies.end_deputy(OPERATOR, letter, second)
        assert not stands_in(letter, cast.ADA)
        assert [item.id for item in deputies.deputies_of(letter)] == [first]
    assert [event.action for event in audit.recent_of_letter(letter.id)].count("team.deputy_ended") == 1


@pytest.mark.parametrize(("field", "values"), [
    ("person", {"person": cast.JONAS}), ("person", {"person": cast.ADA}), ("email", {"deputy": cast.TOMAS}),
    ("email", {"deputy": cast.NADIA}), ("last_day", {"ends_at": STARTS}),
    ("last_day", {"starts_at": cast.MORNING - timedelta(days=9), "ends_at": cast.MORNING}),
    ("last_day", {"ends_at": STARTS + timedelta(days=93)}),
])
def test_what_makes_no_sense_is_refused(letter: Letter, field: str, values: dict[str, object]) -> None:
    with pytest.raises(Invalid) as refusal:
        name(letter, **values)
    assert set(refusal.value.fields) == {field}
    assert db.session.query(Deputy).count() == 0


@pytest.mark.parametrize("by", [cast.JONAS, cast.OLGA, cast.ADA])
def test_only_a_coordinator_of_the_letter_names_somebody(letter: Letter, by: str) -> None:
    with pytest.raises(NotPermitted):
        name(letter, by=by)
