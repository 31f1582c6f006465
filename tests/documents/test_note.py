"""The note on the list: every number comes from the list, every rule is stated."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coalition.documents.note import Item, items
from coalition.documents.snapshot import RECIPIENTS, Override, Snapshot
from coalition.documents.words import Words
from coalition.signatories.entry import Entry, Exactness, SigningAs, Statement, Unit
from coalition.signatories.ordering import Rule
from tests.documents.cast import mixed, snapshot
from tests.unit.signatories.letter_2016 import ENTRIES


def _note(frozen: Snapshot) -> dict[str, Item]:
    return {item.label: item for item in items(frozen, Words(frozen.language))}


def _said(item: Item) -> str:
    return " ".join((*item.sentences, *item.lines, *item.after))


def test_the_note_of_2016_holds_19_and_212_and_231_and_how_they_were_reckoned() -> None:
    note = _note(snapshot())
    assert "As of 24 February 2016, 12:00 UTC, 19 signatories" in _said(note["Signatories"])
    assert "8 organisations, 11 organisations with a named person." in _said(note["Signatories"])
    represented = note["Represented organisations"]
    assert represented.lines == (
        "Union of Syrian Civil Society Organisations (no. 1): 92 organisations",
        "Syrian General Union of Relief Organisations (no. 2): 120 organisations",
    )
    assert represented.after == (
        "212 organisations in all, as stated by 2 networks; overlaps not excluded.",
        "Each statement stands in Annex II as it was made.",
    )
    assert "231 organisations in all: 19 that sign themselves and 212 as stated" in _said(
        note["Organisations in all"]
    )
    assert "Claims" not in note
    assert "Persons" not in note


def test_statements_in_other_units_are_told_apart_and_added_to_nothing() -> None:
    workers = Statement(count=1_200_000, exactness=Exactness.NEARLY, unit=Unit.WORKERS, text="for workers")
    frozen = snapshot(
        [*ENTRIES, Entry(key="w", signing_as=SigningAs.ORGANISATION, organisation="Union", statement=workers,
                         position=99)]
    )  # fmt: skip
    note = _note(frozen)
    assert note["Other statements"].lines == ("Union (no. 20): nearly 1,200,000 workers",)
    assert "212 organisations in all" in _said(note["Represented organisations"])


def test_more_statements_than_a_note_can_bear_are_left_to_the_annex() -> None:
    statement = Statement(count=5, unit=Unit.ORGANISATIONS)
    networks = [
        Entry(key=f"n{place}", organisation_key=f"n{place}", signing_as=SigningAs.ORGANISATION,
              organisation=f"Network {place}", position=place, statement=statement)
        for place in range(13)
    ]  # fmt: skip
    item = _note(snapshot(networks))["Represented organisations"]
    assert item.lines == ()
    assert "65 organisations in all, as stated by 13 networks" in item.after[0]
    assert len(_note(snapshot(networks[:12]))["Represented organisations"].lines) == 12


def test_a_file_without_a_seal_is_not_said_to_carry_one() -> None:
    labels = [item.label for item in items(snapshot(), Words("en"), sealed=False)]
    assert "To verify" not in labels
    assert "Edition" in labels


def test_what_member_lists_prove_is_subtracted_and_said() -> None:
    lists = [
        Entry(
            key=f"n{place}", signing_as=SigningAs.ORGANISATION, organisation=f"Network {place}",
            organisation_key=f"n{place}", position=place,
            statement=Statement(count=3, unit=Unit.ORGANISATIONS, members=("Alpha", "Beta", f"Own {place}")),
        )
        for place in (1, 2)
    ]  # fmt: skip
    note = _note(snapshot(lists))
    assert "less 2 that the member lists show to be counted twice" in _said(note["Organisations in all"])
    assert "4 distinct organisations that do not sign themselves" in _said(note["Represented organisations"])


@pytest.mark.parametrize("rule", list(Rule))
def test_the_ordering_rule_is_stated(rule: Rule) -> None:
    assert _said(_note(snapshot(mixed(18), rule=rule))["Order"])


def test_an_override_is_printed_with_its_words_and_reason() -> None:
    note = _note(snapshot(overrides=[Override("over 300 groups", "Counted by hand.")]))
    assert "“over 300 groups”" in _said(note["Claims"])
    assert "Counted by hand." in _said(note["Claims"])


def test_earlier_versions_confirmations_and_persons_are_told() -> None:
    note = _note(snapshot(mixed(18), earlier_versions=2, confirmed_by={"email_link": 12, "paper": 3, "x": 3}))
    assert "2 signatories signed an earlier version" in _said(note["Text"])
    assert "12 by a link" in _said(note["Confirmation"])
    assert "3 on paper" in _said(note["Confirmation"])
    assert "3 by other evidence" in _said(note["Confirmation"])
    assert "for identification only" in _said(note["Persons"])


def test_hashes_seal_and_the_way_to_verify_are_given() -> None:
    frozen = snapshot()
    note = _note(frozen)
    codes = dict(note["Text"].codes) | dict(note["Edition"].codes) | dict(note["To verify"].codes)
    assert {frozen.source_sha256, frozen.text_sha256, frozen.sha256, frozen.issuer, frozen.edition_id} <= set(
        codes.values()
    )
    assert "https://coalition.example/verify" in _said(note["To verify"])


def test_an_edition_for_recipients_says_that_it_is_not_for_publication() -> None:
    assert "not for publication" in _said(_note(replace(snapshot(), audience=RECIPIENTS))["Edition"])
    assert "public entries only" in _said(_note(snapshot())["Edition"])


def test_a_name_of_the_other_direction_is_isolated_inside_a_sentence() -> None:
    lines = _note(snapshot(mixed(18)))["Represented organisations"].lines
    assert lines == ("\u2068الاتحاد العام لمنظمات الإغاثة السورية\u2069 (no. 14): 120 organisations",)
