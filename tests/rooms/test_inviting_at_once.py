"""Invitations at the same moment: pressed twice, or withdrawn while they are accepted; and lists judged beforehand."""

from __future__ import annotations

import pytest
from flask import Flask

from coalition.access.actor import invited
from coalition.audit import chain
from coalition.audit.queries import timeline_of
from coalition.db import db, unit_of_work
from coalition.endorsements.contact import SignerFields
from coalition.endorsements.models import Endorsement
from coalition.invitations import known, lists, operations, preview, queries
from coalition.invitations.models import Invitation, InvitationList
from coalition.letters.models import Letter
from tests import cast, inviting
from tests.inviting import HARBOUR, RIVERS
from tests.rooms.test_at_the_same_moment import at_once


def accept(number: int) -> None:
    with unit_of_work():
        found = queries.by_id(number)
        assert found is not None
        operations.accept(invited(number), found, fields=cast.fields(found.organisation, country=found.country),
                          visibility="public", version_number=1,
                          contact=SignerFields(name="Amina Otieno", role="", email=found.email))


def withdraw(number: int) -> None:
    with unit_of_work():
        found = queries.by_id(number)
        assert found is not None
        operations.withdraw(cast.actor(cast.NADIA), found)


def erase(number: int) -> None:
    with unit_of_work():
        found = queries.by_id(number)
        assert found is not None
        operations.erase(invited(number), found)


def invitation_of_round(number: int) -> int:
    letter = cast.open_letter(f"Round {number}")
    return inviting.sent(letter, HARBOUR)[0].id


def check_that_all_say_the_same(number: int) -> None:
    """Invitation, endorsements and the log: signed once and accepted, or not signed at all."""
    found = db.session.get_one(Invitation, number)
    signed = db.session.query(Endorsement).filter_by(letter_id=found.letter_id).all()
    actions = [event.action for event in timeline_of("invitation", number)]
    if found.endorsement_id is not None:
        assert (found.state, [row.id for row in signed]) == ("accepted", [found.endorsement_id])
        assert actions.count("invitation.accepted") == 1
    else:
        assert (found.state, signed) == ("withdrawn", [])
        assert "invitation.accepted" not in actions
    assert isinstance(chain.verify(), int)


def rounds(app: Flask, how_many: int) -> None:
    for number in range(how_many):
        twice = invitation_of_round(3 * number)
        outcomes = at_once(app, twice, accept, accept)
        assert any(outcome is None for outcome in outcomes)
        check_that_all_say_the_same(twice)
        for place, other in enumerate((withdraw, erase), start=1):
            one = invitation_of_round(3 * number + place)
            outcomes = at_once(app, one, accept, other)
            assert any(outcome is None for outcome in outcomes)
            check_that_all_say_the_same(one)


def test_an_invitation_accepted_twice_or_withdrawn_meanwhile_has_one_outcome(room: Flask) -> None:
    cast.staff()
    rounds(room, 2)


@pytest.mark.soak
def test_two_hundred_rounds_of_invitations(room: Flask) -> None:
    cast.staff()
    rounds(room, 200)


def test_a_list_is_judged_again_only_if_something_changed(room: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.staff()
    letter = cast.open_letter()
    seeds = ("Harbuor Light Trust", "Kenya", "", "", "", "", "", "")
    kept = inviting.keep(letter, inviting.csv_of(HARBOUR, RIVERS, seeds))
    before = preview.judged(letter, kept)
    assert [each.verdict.value for each in before.rows] == ["new", "new", "alike"]
    compared: list[object] = []
    monkeypatch.setattr(known, "compare", lambda *bodies: compared.append(bodies) or _unlike(*bodies))
    assert import_it(letter.id, kept.id, before, undo=True) == 3
    assert compared == [], "nothing is compared while others wait"
    cast.approved(letter, "Union of River Towns", country="BR")
    assert import_it(letter.id, kept.id, before) == 2, "who signed meanwhile is left out"
    assert compared


class _Undone(Exception):
    """Takes back what a unit of work did."""


def import_it(letter: int, kept: int, judgement: preview.Judgement, *, undo: bool = False) -> int:
    added = 0
    try:
        with unit_of_work():
            rows = db.session.get_one(Letter, letter), db.session.get_one(InvitationList, kept)
            added = lists.import_list(cast.actor(cast.NADIA), *rows, {}, judgement=judgement)
            if undo:
                raise _Undone
    except _Undone:
        pass
    return added


_unlike = known.compare
