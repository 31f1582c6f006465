"""The numbers of a list: the 2016 letter, overlaps, hidden entries, and what must always hold."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coalition.signatories.counting import Hidden, count
from coalition.signatories.entry import Entry, Exactness, SigningAs, Statement, Unit
from coalition.signatories.names import identity_key
from tests.unit.signatories.letter_2016 import ENTRIES


def body(name: str, **fields: object) -> Entry:
    return Entry(key=name, signing_as=SigningAs.ORGANISATION, organisation=name, **fields)  # type: ignore[arg-type]


def person(name: str, **fields: object) -> Entry:
    return Entry(key=name, signing_as=SigningAs.PERSON, signatory=name, **fields)  # type: ignore[arg-type]


def network(name: str, number: int | None, *members: str, unit: Unit = Unit.ORGANISATIONS) -> Entry:
    return body(name, is_network=True, statement=Statement(number, unit=unit, members=members))


def test_the_letter_of_2016_counts_nineteen_signatories_and_231_organisations() -> None:
    counts = count(ENTRIES)
    assert counts.as_dict() == {
        "signatories": 19,
        "organisations": 8,
        "with_named_person": 11,
        "persons": 0,
        "withheld": 0,
        "organisations_signing": 19,
        "networks": 2,
        "represented_stated": 212,
        "represented_listed": None,
        "overlaps": 0,
        "organisations_total": 231,
        "countries": 0,
        "without_country": 19,
    }


def test_an_empty_list_counts_nothing() -> None:
    assert set(count(()).as_dict().values()) == {0, None}


def test_a_person_is_a_signatory_but_no_organisation() -> None:
    counts = count([person("Rami Jarrah", organisation="ANA Press"), body("Kurds House")])
    assert (counts.signatories, counts.persons, counts.organisations_signing) == (2, 1, 1)
    assert counts.organisations_total == 1


def test_a_person_states_nothing_for_others() -> None:
    entry = person("A B", organisation="Union", statement=Statement(92, unit=Unit.ORGANISATIONS))
    counts = count([entry])
    assert (counts.networks, counts.represented_stated) == (0, 0)


def test_one_organisation_on_two_entries_counts_once() -> None:
    twice = [
        replace(body("kurds  house"), key="a"),
        replace(body("Kurds House", organisation_key="o1"), key="b"),
        replace(body("Kurds House Ltd", organisation_key="o1"), key="c"),
    ]
    counts = count(twice)
    assert (counts.signatories, counts.organisations_signing, counts.organisations_total) == (3, 1, 1)


def test_two_bodies_of_one_name_that_the_register_tells_apart_count_twice() -> None:
    counts = count([body("Union", organisation_key="o1"), body("Union", organisation_key="o2")])
    assert counts.organisations_signing == 2


@pytest.mark.parametrize("unit", [unit for unit in Unit if unit is not Unit.ORGANISATIONS])
def test_statements_in_other_units_are_added_to_nothing(unit: Unit) -> None:
    counts = count([network("Federation", 207_000_000, "A", "B", unit=unit)])
    assert (counts.networks, counts.represented_stated, counts.organisations_total) == (0, 0, 1)
    assert counts.represented_listed is None


def test_an_inexact_statement_counts_with_its_number() -> None:
    entry = body("Federation", statement=Statement(700, Exactness.MORE_THAN, Unit.ORGANISATIONS))
    assert count([entry]).organisations_total == 701


def test_words_without_a_number_state_nothing() -> None:
    entry = body("Federation", statement=Statement(text="many clinics", unit=Unit.ORGANISATIONS))
    assert (count([entry]).networks, count([entry]).represented_stated) == (0, 0)


def test_a_member_list_without_a_number_states_its_length() -> None:
    counts = count([network("Federation", None, "A", "a ", "B")])
    assert (counts.networks, counts.represented_stated, counts.organisations_total) == (1, 2, 3)


def test_a_member_that_signs_itself_is_subtracted_once() -> None:
    counts = count([network("Union", 10, "Kurds House", "Clinic"), body("KURDS HOUSE")])
    assert (counts.overlaps, counts.represented_listed) == (1, 1)
    assert counts.organisations_total == 2 + 10 - 1


def test_a_member_may_stand_on_the_list_under_its_other_script() -> None:
    counts = count([network("Union", 10, "بيت الكرد"), body("Kurds House", other_script="بيت الكرد")])
    assert (counts.overlaps, counts.represented_listed) == (1, 0)


def test_each_double_counting_of_a_shared_member_is_subtracted_once() -> None:
    counts = count(
        [
            network("First", 10, "Clinic", "School"),
            network("Second", 20, "Clinic", "Bakery"),
            network("Third", 30, "clinic"),
            body("Clinic"),
        ]
    )
    # The clinic is counted four times: once is right. School and bakery are counted once.
    assert (counts.represented_stated, counts.overlaps, counts.represented_listed) == (60, 3, 2)
    assert counts.organisations_total == 4 + 60 - 3


def test_a_network_that_lists_another_signing_network_does_not_count_it_twice() -> None:
    counts = count([network("World Union", 5, "Land Union"), network("Land Union", 3)])
    assert (counts.overlaps, counts.organisations_total) == (1, 2 + 8 - 1)


def test_a_list_longer_than_its_number_never_takes_off_more_than_was_counted() -> None:
    counts = count([network("Union", 1, "A", "B", "C"), body("A"), body("B"), body("C")])
    assert counts.organisations_total == 4
    assert counts.overlaps == 1
    longer = count([network("Union", 1, "A", "B", "C")])
    assert (longer.represented_stated, longer.overlaps, longer.organisations_total) == (1, 0, 4)


def test_a_network_that_stands_on_the_list_twice_states_once() -> None:
    first = replace(network("Union", 92), organisation_key="u", key="a")
    again = replace(network("Union", 90), organisation_key="u", key="b")
    counts = count([first, again])
    assert (counts.networks, counts.represented_stated, counts.organisations_total) == (1, 92, 93)


@pytest.mark.parametrize(
    ("entries", "organisations", "signing"), [(1, 1, 2), (2, 2, 2), (3, 3, 5), (3, 0, 2)]
)
def test_fewer_than_three_hidden_entries_never_tell_what_they_are(
    entries: int, organisations: int, signing: int
) -> None:
    counts = count([body("A"), body("B")], Hidden(entries, organisations))
    assert (counts.signatories, counts.withheld) == (2 + entries, entries)
    assert (counts.organisations_signing, counts.organisations_total) == (signing, signing)


@pytest.mark.parametrize(("entries", "organisations"), [(1, 2), (-1, 0), (1, -1)])
def test_impossible_hidden_numbers_are_refused(entries: int, organisations: int) -> None:
    with pytest.raises(ValueError, match="hidden"):
        Hidden(entries, organisations)


def test_countries_are_told_apart_by_code_else_by_what_was_written() -> None:
    counts = count(
        [
            body("A", country="SY"),
            body("B", country="sy", country_text="Syrie"),
            body("C", country_text="Colomba"),
            person("D", country_text="colomba "),
            person("E"),
        ]
    )
    assert (counts.countries, counts.without_country) == (2, 1)


NAMES = st.sampled_from(["Clinic", "School", "Bakery", "School ", "CLINIC", "Mill", "Union", "League"])
STATEMENTS = st.builds(
    Statement,
    count=st.none() | st.integers(0, 6),
    unit=st.sampled_from([Unit.ORGANISATIONS, Unit.ORGANISATIONS, Unit.MEMBERS]),
    members=st.lists(NAMES, max_size=5).map(tuple),
)
LISTS = st.lists(
    st.builds(
        Entry,
        key=st.uuids().map(str),
        signing_as=st.sampled_from(SigningAs),
        organisation=NAMES,
        signatory=st.sampled_from(["", "Amal"]),
        country=st.sampled_from(["", "SY", "GB"]),
        country_text=st.sampled_from(["", "Syria"]),
        statement=st.none() | STATEMENTS,
    ),
    max_size=8,
)
HIDDEN = st.integers(0, 5).flatmap(lambda n: st.builds(Hidden, st.just(n), st.integers(0, n)))


@given(LISTS, HIDDEN)
def test_the_kinds_part_the_list_and_the_sums_add_up(entries: list[Entry], hidden: Hidden) -> None:
    counts = count(entries, hidden)
    assert counts.organisations + counts.with_named_person + counts.persons == len(entries)
    assert counts.signatories == len(entries) + counts.withheld
    assert counts.without_country + counts.countries <= len(entries)
    assert counts.overlaps >= 0
    stated = counts.organisations_signing + counts.represented_stated - counts.overlaps
    assert counts.organisations_total >= stated


@given(LISTS)
def test_overlaps_never_take_the_total_under_the_distinct_bodies_that_can_be_proved(
    entries: list[Entry],
) -> None:
    signing = [entry for entry in entries if entry.signing_as is SigningAs.ORGANISATION]
    names = {identity_key(entry.organisation) for entry in signing}
    listed = {
        identity_key(name)
        for entry in signing
        if entry.statement and entry.statement.unit is Unit.ORGANISATIONS
        for name in entry.statement.members
    }
    counts = count(entries)
    assert counts.organisations_total >= len(names | listed)
    assert counts.organisations_total <= counts.organisations_signing + max(
        counts.represented_stated, len(listed - names)
    ) + len(listed - names)


@given(LISTS)
def test_where_each_network_states_just_its_list_the_total_is_the_union(entries: list[Entry]) -> None:
    exact = [replace(e, statement=e.statement and replace(e.statement, count=None)) for e in entries]
    signing = {identity_key(e.organisation) for e in exact if e.signing_as is SigningAs.ORGANISATION}
    listed = {
        identity_key(name)
        for e in exact
        if e.signing_as is SigningAs.ORGANISATION and e.statement and e.statement.unit is Unit.ORGANISATIONS
        for name in e.statement.members
    }
    assert count(exact).organisations_total == len(signing | listed)


@st.composite
def two_orders(draw: st.DrawFn) -> tuple[list[Entry], list[Entry]]:
    keys = st.sampled_from(["", "", "o1", "o2"])
    entries = [replace(entry, organisation_key=draw(keys)) for entry in draw(LISTS)]
    return entries, draw(st.permutations(entries))


@given(two_orders())
def test_the_order_of_the_entries_changes_no_number(pair: tuple[list[Entry], list[Entry]]) -> None:
    assert count(pair[0]) == count(pair[1])
