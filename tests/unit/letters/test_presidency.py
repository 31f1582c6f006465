"""Who presides over the Council: the confirmed months, the rule that gives them again, and the edges of both."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from coalition.letters import presidency
from coalition.letters.presidency import Certainty, day_in_new_york, president_of

DATA = Path(presidency.__file__).parent / "data"
with (DATA / "confirmed-presidents.csv").open(encoding="utf-8", newline="") as _file:
    CONFIRMED = [((int(month[:4]), int(month[5:])), state) for month, state in list(csv.reader(_file))[1:]]
VENEZUELA = "Venezuela (Bolivarian Republic of)"


def test_there_are_114_confirmed_months_each_once() -> None:
    assert len(CONFIRMED) == len({month for month, _state in CONFIRMED}) == 114


@pytest.mark.parametrize(("month", "state"), CONFIRMED, ids=str)
def test_a_confirmed_month_is_told_as_confirmed(month: tuple[int, int], state: str) -> None:
    found = president_of(*month)
    assert (found.state, found.certainty) == (state, Certainty.VERIFIED)


@pytest.mark.parametrize(("month", "state"), CONFIRMED[1:], ids=str)
def test_the_rule_alone_gives_every_confirmed_month(month: tuple[int, int], state: str) -> None:
    """From the one before it, over however many months lie between."""
    (last, presiding), *_more = [row for row in reversed(CONFIRMED) if row[0] < month]
    while last < month:
        last = (last[0], last[1] + 1) if last[1] < 12 else (last[0] + 1, 1)
        presiding = presidency.next_in_turn(presiding, last[0])
    assert presiding == state


def test_every_month_from_2011_to_2027_is_known_and_what_is_not_confirmed_is_computed() -> None:
    found = [president_of(year, month) for year in range(2011, 2028) for month in range(1, 13)]
    assert all(president.is_known and president.in_a_sentence for president in found)
    assert sum(president.certainty is Certainty.COMPUTED for president in found) == 204 - 114
    assert all(president.state in presidency.members_in(president.year) for president in found)


@pytest.mark.parametrize(("month", "state"), [
    ((2018, 2), "Kuwait"), ((2018, 3), "Netherlands"), ((2020, 2), "Belgium"), ((2021, 5), "China"),
    ((2026, 2), "United Kingdom of Great Britain and Northern Ireland"), ((2026, 4), "Bahrain"),
    ((2027, 1), "Portugal"), ((2027, 12), "France")])
def test_computed_months_say_that_they_are_computed(month: tuple[int, int], state: str) -> None:
    found = president_of(*month)
    assert (found.state, found.certainty) == (state, Certainty.COMPUTED)


@pytest.mark.parametrize("month", [(2010, 12), (1994, 1), (2028, 1), (2030, 6), (1, 1), (9999, 12)])
def test_outside_the_table_nothing_is_known_and_nothing_is_guessed(month: tuple[int, int]) -> None:
    found = president_of(*month)
    assert (found.state, found.in_a_sentence, found.certainty) == ("", "", Certainty.NOT_KNOWN)
    assert not found.is_known


@pytest.mark.parametrize("month", [0, 13, -1])
def test_what_is_no_month_is_a_mistake(month: int) -> None:
    with pytest.raises(ValueError, match="not a month"):
        president_of(2016, month)


def test_february_2016_is_venezuela_and_march_angola() -> None:
    february, march = president_of(2016, 2), president_of(2016, 3)
    assert (february.state, february.in_a_sentence) == (VENEZUELA, "the Bolivarian Republic of Venezuela")
    assert (march.state, march.month_name) == ("Angola", "March 2016")


@pytest.mark.parametrize(("moment", "day", "state"), [
    (datetime(2016, 2, 25, 4, 0, tzinfo=UTC), date(2016, 2, 24), VENEZUELA),  # 23:00 in New York on the 24th
    (datetime(2016, 3, 1, 4, 59, tzinfo=UTC), date(2016, 2, 29), VENEZUELA),  # March in London, not yet there
    (datetime(2016, 3, 1, 5, 0, tzinfo=UTC), date(2016, 3, 1), "Angola"),
    (datetime(2016, 4, 1, 3, 59, tzinfo=UTC), date(2016, 3, 31), "Angola"),  # an hour earlier in summer
    (datetime(2016, 4, 1, 4, 0, tzinfo=UTC), date(2016, 4, 1), "China")])
def test_the_month_changes_at_midnight_in_new_york(moment: datetime, day: date, state: str) -> None:
    assert day_in_new_york(moment) == day
    assert president_of(day.year, day.month).state == state


def test_a_moment_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zone"):
        day_in_new_york(datetime(2016, 3, 1))  # noqa: DTZ001 - that is the point


def test_the_order_ignores_accents_and_capitals_and_goes_by_the_names_of_the_united_nations() -> None:
    assert presidency.members_in(2019)[1:3] == ("China", "Côte d'Ivoire")
    members = presidency.members_in(2024)
    assert members.index("Mozambique") < members.index("Republic of Korea") < members.index("Russian Federation")
    assert presidency.members_in(2016)[-1] == VENEZUELA
    assert presidency.members_in(2010) == presidency.members_in(2028) == ()


def test_after_the_last_name_comes_the_first_and_a_state_that_left_keeps_its_place() -> None:
    assert presidency.next_in_turn(VENEZUELA, 2016) == "Angola"
    # Spain presided in December 2016 and left: Sweden follows in January, not the first name of the list.
    assert presidency.next_in_turn("Spain", 2017) == "Sweden"
    assert presidency.next_in_turn("Angola", 2030) == ""


def test_an_override_holds_for_its_month_and_computed_ones_follow_from_it() -> None:
    set_here = {(2026, 4): "colombia"}
    assert president_of(2026, 3, set_here).state == "United States of America"
    april, may = president_of(2026, 4, set_here), president_of(2026, 5, set_here)
    assert (april.state, april.in_a_sentence, april.certainty) == (
        "Colombia", "the Republic of Colombia", Certainty.SET)
    assert (may.state, may.certainty) == ("Democratic Republic of the Congo", Certainty.COMPUTED)


def test_an_override_of_a_confirmed_month_leaves_the_other_confirmed_months_alone() -> None:
    set_here = {(2016, 2): "Uruguay"}
    assert president_of(2016, 2, set_here).certainty is Certainty.SET
    assert president_of(2016, 3, set_here) == president_of(2016, 3)


def test_an_override_outside_the_table_names_a_state_the_table_need_not_know() -> None:
    found = president_of(2031, 5, {(2031, 5): "  the Kingdom  of Tonga "})
    assert (found.state, found.in_a_sentence) == ("the Kingdom of Tonga", "the Kingdom of Tonga")
    assert not president_of(2031, 6, {(2031, 5): "Tonga"}).is_known


@pytest.mark.parametrize("written", [
    "Angola", "angola", "the Republic of Angola", "Republic of Angola", "THE REPUBLIC OF  ANGOLA"])
def test_a_state_is_known_in_each_of_its_forms(written: str) -> None:
    assert presidency.known_state(written) == "Angola"


def test_accents_and_apostrophes_do_not_hide_a_state() -> None:
    assert presidency.known_state("Cote d’Ivoire") == "Côte d'Ivoire"
    assert presidency.known_state("Netherlands") == presidency.known_state("the Kingdom of the Netherlands")
    assert presidency.known_state("Atlantis") == presidency.known_state("") == ""


def test_every_member_has_a_name_for_a_sentence() -> None:
    for year in range(2011, 2028):
        for member in presidency.members_in(year):
            assert presidency.known_state(presidency.name_in_a_sentence(member)) == member
            assert "(" not in presidency.name_in_a_sentence(member)
