"""Groups, numbers and counts of a compiled list."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coalition.signatories.compile import compile_list
from coalition.signatories.counting import Hidden
from coalition.signatories.entry import Entry, SigningAs, Statement, Unit
from coalition.signatories.grouping import Grouping, group
from coalition.signatories.ordering import Rule
from tests.unit.signatories.letter_2016 import ENTRIES
from tests.unit.signatories.test_ordering import ANY, SHUFFLED, body


def keys(grouping: Grouping, *entries: Entry, language: str = "en") -> list[tuple[str, list[str]]]:
    found = group(entries, grouping, language=language)
    return [(part.key, [entry.name for entry in part.entries]) for part in found]


def test_a_list_without_groups_is_one_group_without_a_key() -> None:
    assert keys(Grouping.NONE, body("B"), body("A")) == [("", ["B", "A"])]
    assert keys(Grouping.NONE) == []


def test_tiers_are_headed_initiators_and_signatories() -> None:
    found = keys(Grouping.TIER, body("B"), body("A", tier=0), body("C", tier=2))
    assert found == [("initiators", ["A"]), ("signatories", ["B", "C"])]


def test_kinds_are_networks_organisations_and_persons_in_this_order() -> None:
    someone = Entry(key="p", signing_as=SigningAs.PERSON, signatory="Amal", is_network=True)
    stating = body("Union", statement=Statement(3, unit=Unit.ORGANISATIONS))
    counting_workers = body("Workers", statement=Statement(3, unit=Unit.WORKERS))
    league = body("League", is_network=True)
    found = keys(Grouping.KIND, someone, body("A"), stating, counting_workers, league)
    assert found == [
        ("networks", ["Union", "League"]),
        ("organisations", ["A", "Workers"]),
        ("persons", ["Amal"]),
    ]


def test_empty_groups_are_left_out() -> None:
    assert keys(Grouping.KIND, body("A")) == [("organisations", ["A"])]


def test_countries_stand_by_name_in_the_lists_language_and_none_last() -> None:
    entries = (
        body("None"),
        body("Berlin", country="DE"),
        body("Aleppo", country="SY"),
        body("Paris", country="FR"),
        body("Zagreb", country_text="Gondor"),
        body("Köln", country="de"),
    )
    assert [key for key, _ in keys(Grouping.COUNTRY, *entries)] == ["FR", "DE", "Gondor", "SY", ""]
    assert [key for key, _ in keys(Grouping.COUNTRY, *entries, language="fr")][:2] == ["DE", "FR"]
    assert ("DE", ["Berlin", "Köln"]) in keys(Grouping.COUNTRY, *entries)


def test_a_country_written_in_two_ways_is_one_group() -> None:
    found = keys(Grouping.COUNTRY, body("A", country_text="COLOMBA"), body("B", country_text="Colomba "))
    assert [names for _, names in found] == [["A", "B"]]


def test_the_list_of_2016_is_numbered_from_one_to_nineteen() -> None:
    compiled = compile_list(ENTRIES, rule=Rule.ARRANGED)
    assert [listed.number for listed in compiled.entries] == list(range(1, 20))
    assert tuple(listed.entry for listed in compiled.entries) == ENTRIES
    assert (compiled.counts.signatories, compiled.counts.organisations_total) == (19, 231)
    assert (compiled.rule, compiled.grouping) == (Rule.ARRANGED, Grouping.NONE)


def test_hidden_entries_are_counted_and_not_listed() -> None:
    compiled = compile_list(ENTRIES, rule=Rule.ALPHABETICAL, hidden=Hidden(4, 3))
    assert len(compiled.entries) == 19
    assert (compiled.counts.signatories, compiled.counts.organisations_signing) == (23, 22)


def test_names_of_countries_and_the_rule_for_articles_are_passed_on() -> None:
    entries = [body("The A", country="GB"), body("B", country="GB"), body("C", country="SY")]
    compiled = compile_list(
        entries,
        rule=Rule.ALPHABETICAL,
        grouping=Grouping.COUNTRY,
        ignore_articles=True,
        country_name={"GB": "Z", "SY": "A"}.__getitem__,
    )
    assert [listed.entry.name for listed in compiled.entries] == ["C", "The A", "B"]


@given(SHUFFLED, st.sampled_from(Rule), st.sampled_from(Grouping))
def test_a_compiled_list_depends_on_its_entries_alone(
    pair: tuple[list[Entry], list[Entry]], rule: Rule, grouping: Grouping
) -> None:
    one, other = (compile_list(entries, rule=rule, grouping=grouping) for entries in pair)
    assert one == other


@given(st.lists(ANY, max_size=7, unique_by=lambda entry: entry.key), st.sampled_from(Rule),
       st.sampled_from(Grouping))  # fmt: skip
def test_the_groups_sum_to_the_total_and_the_numbers_have_no_gap(
    entries: list[Entry], rule: Rule, grouping: Grouping
) -> None:
    compiled = compile_list(entries, rule=rule, grouping=grouping)
    assert sum(len(part.entries) for part in compiled.groups) == compiled.counts.signatories == len(entries)
    flat = [listed for part in compiled.groups for listed in part.entries]
    assert [listed.number for listed in flat] == list(range(1, len(entries) + 1))
    assert tuple(flat) == compiled.entries
    assert {listed.entry.key for listed in flat} == {entry.key for entry in entries}
    assert len({part.key for part in compiled.groups}) == len(compiled.groups)


@pytest.mark.parametrize("grouping", Grouping)
def test_inside_a_group_the_order_is_kept(grouping: Grouping) -> None:
    places = {entry.key: place for place, entry in enumerate(ENTRIES)}
    for part in group(ENTRIES, grouping):
        assert [places[entry.key] for entry in part.entries] == sorted(
            places[entry.key] for entry in part.entries
        )
