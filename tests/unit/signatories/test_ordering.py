"""The order of a list by every rule, in several languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coalition.signatories.entry import Entry, SigningAs, Statement, Unit
from coalition.signatories.ordering import Rule, order
from tests.unit.signatories.letter_2016 import ENTRIES


def body(name: str, **fields: object) -> Entry:
    return Entry(key=name, signing_as=SigningAs.ORGANISATION, organisation=name, **fields)  # type: ignore[arg-type]


def network(name: str, number: int | None, unit: Unit = Unit.ORGANISATIONS) -> Entry:
    return body(name, is_network=True, statement=Statement(number, unit=unit))


def names(entries: tuple[Entry, ...]) -> list[str]:
    return [entry.name for entry in entries]


def sorted_names(given: list[str], language: str = "en", *, ignore_articles: bool = False) -> list[str]:
    entries = [body(name) for name in given]
    return names(order(entries, Rule.ALPHABETICAL, language=language, ignore_articles=ignore_articles))


def test_the_arranged_order_is_that_of_the_positions() -> None:
    assert order(reversed(ENTRIES), Rule.ARRANGED) == ENTRIES


def test_networks_come_first_by_the_number_of_organisations_they_state() -> None:
    entries = [
        body("Alpha"),
        network("Ninety-two", 92),
        network("Workers", 207_000_000, Unit.WORKERS),
        network("Hundred and twenty", 120),
        body("Beta"),
        network("Another ninety-two", 92),
    ]
    assert names(order(entries, Rule.NETWORKS_FIRST)) == [
        "Hundred and twenty",
        "Another ninety-two",
        "Ninety-two",
        "Workers",
        "Alpha",
        "Beta",
    ]


def test_the_networks_of_2016_by_size_and_the_others_by_name() -> None:
    found = names(order(ENTRIES, Rule.NETWORKS_FIRST))
    assert found[:2] == [
        "Syrian General Union of Relief Organisations",
        "Union of Syrian Civil Society Organisations",
    ]
    assert found[2:5] == ["ANA Press", "Free Syrian Lawyers Association", "Help4Syria"]


def test_initiators_come_first_under_every_rule() -> None:
    when = datetime(2016, 2, 20, tzinfo=UTC)
    first = body("Zeta", tier=0, position=9, country="ZW", signed_at=when + timedelta(days=3))
    other = body("Alpha", position=1, country="AL", signed_at=when)
    for rule in Rule:
        assert order([other, first], rule) == (first, other)


def test_by_country_then_name_and_those_without_one_last() -> None:
    entries = [
        body("C", country="SY"),
        body("Z"),
        body("B", country="GB"),
        body("A", country="SY"),
        body("D", country_text="Syldavia"),
    ]
    assert names(order(entries, Rule.COUNTRY)) == ["D", "A", "C", "B", "Z"]


def test_the_administrators_country_names_decide_where_a_country_stands() -> None:
    entries = [body("A", country="GB"), body("B", country="SY")]
    renamed = {"GB": "United Kingdom", "SY": "Aram"}
    assert names(order(entries, Rule.COUNTRY, country_name=renamed.__getitem__)) == ["B", "A"]


def test_by_date_of_signing_and_those_without_one_last() -> None:
    start = datetime(2016, 2, 20, tzinfo=UTC)
    late = body("Late", signed_at=start + timedelta(hours=1))
    entries = [body("None"), late, body("Early", signed_at=start)]
    assert names(order(entries, Rule.SIGNED)) == ["Early", "Late", "None"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("en", ["Alta", "Éclat", "Edel", "Zeta"]),
        ("nb", ["Zeta", "Ærlig", "Østfold", "Ås"]),
        ("es", ["nada", "nube", "ñandú", "oro"]),
        ("ru", ["Ёлка", "Жизнь", "Ива"]),
        ("zh", ["安全", "北京", "人权", "中国"]),
        ("ar", ["المبادرة", "جبهة", "مركز", "مصريون"]),
    ],
)
def test_names_stand_in_the_order_of_the_lists_language(language: str, expected: list[str]) -> None:
    assert sorted_names(sorted(expected), language) == expected
    assert sorted_names(sorted(expected, reverse=True), language) == expected


def test_the_same_names_stand_differently_in_another_language() -> None:
    assert sorted_names(["Østfold", "Ural"], "nb") == ["Ural", "Østfold"]
    assert sorted_names(["Østfold", "Ural"], "en") == ["Østfold", "Ural"]


@pytest.mark.parametrize(
    ("language", "given", "kept", "ignored"),
    [
        ("fr", ["L’Association", "Bloc", "La Ligue"], ["Bloc", "L’Association", "La Ligue"],
         ["L’Association", "Bloc", "La Ligue"]),
        ("en", ["The Afghan", "Bloc", "Al-Haq"], ["Al-Haq", "Bloc", "The Afghan"],
         ["The Afghan", "Bloc", "Al-Haq"]),
        ("ar", ["المبادرة", "جبهة"], ["المبادرة", "جبهة"], ["جبهة", "المبادرة"]),
        ("es", ["Los Andes", "Barrio"], ["Barrio", "Los Andes"], ["Los Andes", "Barrio"]),
        ("nb", ["Den norske", "Mor"], ["Den norske", "Mor"], ["Mor", "Den norske"]),
        ("ru", ["The Afghan", "Bloc"], ["Bloc", "The Afghan"], ["Bloc", "The Afghan"]),
    ],
)  # fmt: skip
def test_articles_are_ignored_only_where_the_rule_says_so(
    language: str, given: list[str], kept: list[str], ignored: list[str]
) -> None:
    assert sorted_names(given, language) == kept
    assert sorted_names(given, language, ignore_articles=True) == ignored


@pytest.mark.parametrize("name", ["The", "L’", "ال", "A", "«»"])
def test_a_name_that_is_nothing_but_an_article_is_still_sorted(name: str) -> None:
    for language in ("en", "fr", "ar"):
        assert sorted(sorted_names([name, "Bloc"], language, ignore_articles=True)) == sorted([name, "Bloc"])


def test_quotation_marks_that_open_a_name_do_not_count() -> None:
    assert sorted_names(["Ива", "«Голос»", "Вера"], "ru") == ["Вера", "«Голос»", "Ива"]


ANY = st.builds(
    Entry,
    key=st.uuids().map(str),
    signing_as=st.sampled_from(SigningAs),
    organisation=st.sampled_from(["The Clinic", "Clinic", "clinic", "«Голос»", "المبادرة", "Éclat"]),
    signatory=st.sampled_from(["", "Amal", "Zain"]),
    country=st.sampled_from(["", "SY", "GB"]),
    country_text=st.sampled_from(["", "Colomba"]),
    is_network=st.booleans(),
    statement=st.none()
    | st.builds(Statement, count=st.none() | st.integers(0, 3), unit=st.sampled_from(Unit)),
    tier=st.integers(0, 1),
    position=st.integers(0, 2),
    signed_at=st.none() | st.sampled_from([datetime(2016, 2, day, tzinfo=UTC) for day in (1, 2)]),
)
SHUFFLED = st.lists(ANY, max_size=7).flatmap(lambda found: st.tuples(st.just(found), st.permutations(found)))


@given(SHUFFLED, st.sampled_from(Rule), st.sampled_from(["en", "fr", "ar", "zh"]), st.booleans())
def test_the_order_does_not_depend_on_the_order_given(
    pair: tuple[list[Entry], list[Entry]], rule: Rule, language: str, ignore: bool
) -> None:
    one, other = (order(entries, rule, language=language, ignore_articles=ignore) for entries in pair)
    assert one == other
    assert sorted(entry.key for entry in one) == sorted(entry.key for entry in pair[0])
    assert [entry.tier for entry in one] == sorted(entry.tier for entry in one)
