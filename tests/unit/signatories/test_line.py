"""The printed line of every kind of entry."""

from __future__ import annotations

import pytest

from coalition.signatories.entry import Entry, Exactness, SigningAs, Statement, Unit
from coalition.signatories.line import Part, english_words, printed_line, printed_parts
from tests.unit.signatories.letter_2016 import ENTRIES, LINES


def organisation(**fields: object) -> Entry:
    return Entry(key="e", signing_as=SigningAs.ORGANISATION, **fields)  # type: ignore[arg-type]


def person(**fields: object) -> Entry:
    return Entry(key="e", signing_as=SigningAs.PERSON, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(("entry", "line"), list(zip(ENTRIES, LINES, strict=True)), ids=lambda value: "")
def test_each_line_of_2016_is_printed_word_for_word(entry: Entry, line: str) -> None:
    assert printed_line(entry) == line


def test_name_title_and_organisation_stand_in_this_order() -> None:
    entry = organisation(
        honorific="Dr.", signatory="Fadel Moghrabi", title="Chair", organisation="Peace and Justice for Syria"
    )
    assert printed_line(entry) == "Dr. Fadel Moghrabi, Chair, Peace and Justice for Syria"
    assert [part.role for part in printed_parts(entry)] == [
        "signatory",
        "separator",
        "title",
        "separator",
        "organisation",
    ]


def test_the_name_in_another_script_follows_the_name_it_belongs_to() -> None:
    body = organisation(organisation="Kurds House", other_script="بيت الكرد", description="a cultural centre")
    assert printed_line(body) == "Kurds House / بيت الكرد – a cultural centre"
    someone = person(signatory="Rami Jarrah", other_script="رامي جراح", organisation="ANA Press")
    assert printed_line(someone) == "Rami Jarrah / رامي جراح, ANA Press"


def test_a_person_in_a_personal_capacity_is_marked_last_in_brackets() -> None:
    entry = person(honorific="Dr.", signatory="A B", title="Reader", organisation="University of C")
    note = "personal capacity"
    assert printed_line(entry, capacity_note=note) == "Dr. A B, Reader, University of C (personal capacity)"
    parts = printed_parts(entry, capacity_note=note)
    assert parts[-3:] == (Part("separator", " ("), Part("capacity", note), Part("separator", ")"))


def test_an_organisation_never_carries_the_capacity_note() -> None:
    entry = organisation(organisation="Kurds House", signatory="Mohammad Tammo")
    assert printed_line(entry, capacity_note="in a personal capacity") == "Mohammad Tammo, Kurds House"


def test_an_honorific_without_a_name_is_not_printed() -> None:
    assert printed_line(organisation(honorific="Dr.", organisation="Kurds House")) == "Kurds House"


def test_description_comes_before_the_statement() -> None:
    entry = organisation(
        organisation="Network",
        description="a federation of clinics",
        statement=Statement(count=30, unit=Unit.ORGANISATIONS, text="speaking for 30 clinics"),
    )
    assert printed_line(entry) == "Network – a federation of clinics; speaking for 30 clinics"


@pytest.mark.parametrize("words", ["speaking for 30 clinics", "Speaking  for 30 clinics."])
def test_words_that_stand_in_the_description_are_printed_once(words: str) -> None:
    entry = organisation(
        organisation="Network",
        description="A federation speaking for 30 clinics in Aleppo",
        statement=Statement(count=30, unit=Unit.ORGANISATIONS, text=words),
    )
    assert printed_line(entry) == "Network – A federation speaking for 30 clinics in Aleppo"


def test_a_bare_number_is_not_repeated_where_the_description_has_it() -> None:
    statement = Statement(count=1331, unit=Unit.ORGANISATIONS)
    said = organisation(organisation="N", description="has 1,331 affiliates", statement=statement)
    assert printed_line(said) == "N – has 1,331 affiliates"
    unsaid = organisation(organisation="N", description="founded with 13,310 francs", statement=statement)
    assert printed_line(unsaid) == "N – founded with 13,310 francs; representing 1,331 organisations"


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (Statement(92, Exactness.EXACT, Unit.ORGANISATIONS), "representing 92 organisations"),
        (Statement(1, Exactness.EXACT, Unit.ORGANISATIONS), "representing 1 organisation"),
        (Statement(700, Exactness.MORE_THAN, Unit.ORGANISATIONS), "representing more than 700 organisations"),
        (Statement(700, Exactness.NEARLY, Unit.MEMBERS), "representing nearly 700 members"),
        (Statement(207_000_000, unit=Unit.WORKERS), "representing 207,000,000 workers"),
        (Statement(3, unit=Unit.SUPPORTERS), "representing 3 supporters"),
        (Statement(5, unit=Unit.OTHER), "representing 5 (unit not stated)"),
        (Statement(None, unit=Unit.MEMBERS), ""),
    ],
)
def test_a_number_without_words_gets_words(statement: Statement, words: str) -> None:
    assert english_words(statement) == words
    expected = f"Network – {words}" if words else "Network"
    assert printed_line(organisation(organisation="Network", statement=statement)) == expected


def test_the_caller_may_word_a_bare_number_in_its_language() -> None:
    entry = organisation(organisation="Réseau", statement=Statement(92, unit=Unit.ORGANISATIONS))
    line = printed_line(entry, statement_words=lambda given: f"représente {given.count} organisations")
    assert line == "Réseau – représente 92 organisations"


def test_own_words_are_never_reworded() -> None:
    entry = organisation(organisation="N", statement=Statement(2, text="two clinics"))
    assert printed_line(entry, statement_words=lambda statement: "wrong") == "N – two clinics"


def test_the_parts_joined_are_the_line_and_no_two_names_share_a_part() -> None:
    for entry in ENTRIES:
        parts = printed_parts(entry)
        assert "".join(part.text for part in parts) == printed_line(entry)
        named = [part.text for part in parts if part.role != "separator"]
        assert entry.organisation in named
        assert all(part.text for part in parts)
