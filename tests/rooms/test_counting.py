"""The database puts entries together that count alike: the numbers are those of the list, entry by entry."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from coalition.db import db, unit_of_work
from coalition.endorsements import figures, listing
from coalition.endorsements.models import Endorsement
from coalition.letters.models import Letter
from coalition.review.pace import Day, by_day
from coalition.signatories.counting import Counts
from tests import cast
from tests.bench.filling import fill

_STATED = {"is_network": True, "represents_count": 5, "represents_unit": "organisations"}


@pytest.fixture
def letter(room: Flask) -> Letter:
    cast.staff()
    return cast.open_letter()


def _bodies(first: str, number: int, **values: Any) -> list[dict[str, Any]]:
    return [{"organisation": f"{first} House {place}", **values} for place in range(number)]


def _counted(letter: Letter) -> Counts:
    counted = listing.counts(letter)
    assert counted == listing.signatory_list(letter).counts
    return counted


def test_entries_that_count_alike_are_counted_together_and_none_is_lost(letter: Letter) -> None:
    fill(letter, [*_bodies("Plain", 4, country="KE"), *_bodies("Named", 3, country="KE", signatory="Samira Haddad"),
                  *_bodies("Elsewhere", 2, country_text="The Moon"), *_bodies("Nowhere", 2),
                  *_bodies("Large", 3, country="NO", **_STATED),
                  *_bodies("Own", 2, country="NO", signing_as="person", signatory="Ingrid Hansen")])
    fill(letter, _bodies("Hidden", 3, country="PE"), visibility="withheld")
    counted = _counted(letter)
    assert (counted.signatories, counted.organisations, counted.with_named_person, counted.persons) == (19, 11, 3, 2)
    assert (counted.organisations_signing, counted.networks, counted.represented_stated) == (17, 3, 15)
    assert (counted.countries, counted.without_country, counted.withheld) == (3, 2, 3)
    fill(letter, _bodies("Listing", 2, members="Plain House 0\nRiver Watch", **_STATED))
    assert (_counted(letter).represented_listed, _counted(letter).overlaps) == (1, 3)


def test_bodies_that_are_not_in_the_register_are_told_apart_by_name(letter: Letter) -> None:
    fill(letter, [*_bodies("Plain", 3), {"organisation": "PLAIN HOUSE 0", "country": "KE"}])
    with unit_of_work():
        db.session.execute(update(Endorsement).values(organisation_id=None))
    assert _counted(letter).organisations_signing == 3


def test_approvals_are_put_together_by_quarters_of_an_hour(letter: Letter) -> None:
    # On Kathmandu's clocks, ahead by five hours and three quarters, a day ends between the last two.
    for minutes, name in ((0, "Harbour Light Trust"), (14, "River Watch"), (554, "Second House"), (555, "Late House")):
        with cast.clock.fixed(cast.later(minutes=minutes)):
            cast.approved(letter, name)
    times = figures.times_of_approval(letter)
    assert sorted(number for _moment, number in times) == [1, 1, 2]
    today, tomorrow = (cast.later(days=days).date() for days in (0, 1))
    assert by_day(times, "Asia/Kathmandu") == (Day(today, 3, 3), Day(tomorrow, 1, 4))
