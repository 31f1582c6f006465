"""Arranging the list by hand: on a real database, with everybody else's place kept in order."""

from __future__ import annotations

import pytest
from flask import Flask

from coalition.access.actor import signer
from coalition.audit import queries as log
from coalition.db import db, unit_of_work
from coalition.endorsements import arranging, listing
from coalition.endorsements import operations as endorsements
from coalition.endorsements.models import Endorsement
from coalition.errors import NotPermitted, Stale, WrongState
from coalition.letters import operations as letters
from coalition.letters.models import Letter
from coalition.signatories.grouping import Grouping
from coalition.signatories.ordering import Rule
from tests import cast

NAMES = ("Alder", "Birch", "Cedar", "Dogwood")


@pytest.fixture
def letter(room: Flask) -> Letter:
    cast.staff()
    made = cast.open_letter()
    for name in NAMES:
        cast.approved(made, name)
    return made


def order(letter: Letter, audience: str = "public") -> list[str]:
    db.session.expire_all()
    return [item.entry.organisation for item in listing.signatory_list(letter, audience).entries]


def arrange(letter: Letter, places: dict[str, int] | None = None, step: tuple[str, int] | None = None,
            by: str = cast.JONAS, seen: str = "") -> int:
    entries = arranging.as_arranged(letter)
    keys = {entry.organisation: entry.key for entry in entries}
    with unit_of_work():
        return arranging.arrange(
            cast.actor(by), letter, seen=seen or arranging.token_of(letter, entries),
            places={keys[name]: place for name, place in (places or {}).items()},
            step=(keys[step[0]], step[1]) if step else None)


def test_entries_stand_where_they_were_put_and_the_letter_says_so(letter: Letter) -> None:
    assert arrange(letter, {"Dogwood": 1}) == 4
    assert order(letter) == ["Dogwood", "Alder", "Birch", "Cedar"]
    assert letter.rule == "arranged"
    last = log.recent_of_letter(letter.id)[0]
    assert (last.action, last.facts) == (
        "letter.arranged", {"rule": "arranged", "grouping": "none", "moved": 4})


def test_one_step_and_places_in_one_go(letter: Letter) -> None:
    assert arrange(letter, step=("Birch", -1)) == 2
    assert order(letter) == ["Birch", "Alder", "Cedar", "Dogwood"]
    arrange(letter, {"Dogwood": 1}, step=("Cedar", -1))
    assert order(letter) == ["Dogwood", "Birch", "Cedar", "Alder"]


def test_saving_unchanged_places_turns_a_rule_into_an_order_by_hand_once(letter: Letter) -> None:
    assert arrange(letter) == 0
    assert letter.rule == "arranged"
    before = len(log.recent_of_letter(letter.id))
    assert arrange(letter) == 0
    assert len(log.recent_of_letter(letter.id)) == before


def test_who_comes_later_comes_last(letter: Letter) -> None:
    arrange(letter, {"Dogwood": 1})
    cast.approved(letter, "Aardvark")
    assert order(letter)[-1] == "Aardvark"


def test_a_withheld_entry_is_not_arranged_and_comes_last_when_it_is_shown(letter: Letter) -> None:
    hidden = cast.approved(letter, "Aspen", visibility="withheld")
    assert "Aspen" not in {entry.organisation for entry in arranging.as_arranged(letter)}
    arrange(letter, {"Dogwood": 1})
    with unit_of_work():
        endorsements.change_visibility(signer(hidden.id), endorsements.get(hidden.id), "public")
    assert order(letter) == ["Dogwood", "Alder", "Birch", "Cedar", "Aspen"]


def test_an_entry_for_the_recipients_has_its_place_among_the_others(letter: Letter) -> None:
    cast.approved(letter, "Elm", visibility="recipients")
    arrange(letter, {"Elm": 2})
    assert order(letter, "recipients") == ["Alder", "Elm", "Birch", "Cedar", "Dogwood"]
    assert order(letter) == ["Alder", "Birch", "Cedar", "Dogwood"]


def test_places_typed_on_an_old_page_move_nothing(letter: Letter) -> None:
    seen = arranging.token_of(letter, arranging.as_arranged(letter))
    cast.approved(letter, "Aardvark")
    with pytest.raises(Stale):
        arrange(letter, {"Dogwood": 1}, seen=seen)
    assert letter.rule != "arranged"


def test_arranging_disturbs_no_decision_on_an_entry(letter: Letter) -> None:
    before = {row.public_id: row.lock for row in db.session.query(Endorsement)}
    arrange(letter, {"Dogwood": 1})
    db.session.expire_all()
    assert {row.public_id: row.lock for row in db.session.query(Endorsement)} == before


@pytest.mark.parametrize(("who", "may"), [
    (cast.JONAS, True), (cast.NADIA, True), (cast.OLGA, False), (cast.ADA, False)])
def test_only_the_team_arranges(letter: Letter, who: str, may: bool) -> None:
    if may:
        assert arrange(letter, {"Dogwood": 1}, by=who)
        return
    with pytest.raises(NotPermitted):
        arrange(letter, {"Dogwood": 1}, by=who)


def test_a_stranger_is_refused_even_when_nothing_would_move(letter: Letter) -> None:
    arrange(letter)
    with pytest.raises(NotPermitted):
        arrange(letter, by=cast.OLGA)


def test_an_archived_letter_keeps_its_order(letter: Letter) -> None:
    with unit_of_work():
        letters.close(cast.actor(cast.NADIA), letter)
        letters.archive(cast.actor(cast.NADIA), letter)
    with pytest.raises(WrongState):
        arrange(letter, {"Dogwood": 1})
    assert order(letter) == list(NAMES)


def test_going_back_to_a_rule_and_again_by_hand_keeps_the_hand_s_order(letter: Letter) -> None:
    arrange(letter, {"Dogwood": 1})
    for rule in (Rule.ALPHABETICAL, Rule.ARRANGED):
        with unit_of_work():
            letters.choose_order(cast.actor(cast.JONAS), letter, rule=rule, grouping=Grouping.NONE,
                                 ignore_articles=False)
    assert order(letter) == ["Dogwood", "Alder", "Birch", "Cedar"]
