"""Frozen values: complete, equal where equal, and whole after storing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import datetime, timedelta, timezone

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coalition import remembered
from coalition.documents.drawing import draw
from coalition.documents.exports import as_csv, as_json
from coalition.documents.html import document_html
from coalition.documents.snapshot import _ADDED, _LEFT_OUT_EMPTY, FORMAT, Snapshot
from coalition.errors import Invalid, WrongState
from coalition.signatories.entry import Entry, Visibility
from coalition.signatories.grouping import Grouping
from coalition.signatories.ordering import Rule
from tests.documents.cast import BODY_2016, mixed, snapshot
from tests.unit.signatories.letter_2016 import LINES


def test_a_snapshot_survives_storing() -> None:
    frozen = snapshot(mixed(40), rule=Rule.COUNTRY, grouping=Grouping.COUNTRY)
    assert Snapshot.from_json(frozen.to_json()) == frozen
    assert Snapshot.from_json(frozen.to_json()).sha256 == frozen.sha256


def test_equal_values_give_the_same_json_and_others_another_hash() -> None:
    assert snapshot().to_json() == snapshot().to_json()
    assert snapshot().sha256 != snapshot(place="Damascus").sha256
    assert snapshot().sha256 != replace(snapshot(), edition=2).sha256


def test_the_json_is_canonical() -> None:
    text = snapshot(mixed(20)).to_json()
    data = json.loads(text)
    assert text == json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert "شبكة المرأة السورية" in text


def test_what_is_remembered_of_an_entry_goes_with_it_to_any_place_and_ends_with_any_change() -> None:
    before = mixed(40)
    files(before)
    after = [replace(entry, description="Renamed", visibility=Visibility.RECIPIENTS) if place == 7 else entry
             for place, entry in enumerate(before[1:])]
    remembering = files(after)
    remembered.let_go()
    assert remembering == files(after)
    assert not set(remembering) & set(files(before))


def files(entries: Iterable[Entry]) -> tuple[str, ...]:
    frozen = snapshot(entries, rule=Rule.ALPHABETICAL, grouping=Grouping.COUNTRY)
    return frozen.to_json(), frozen.sha256, as_csv(frozen), as_json(frozen), document_html(frozen)


def test_the_printed_lines_are_those_the_signers_saw() -> None:
    frozen = snapshot()
    assert tuple(entry.line for entry in frozen.entries) == LINES
    assert [entry.number for entry in frozen.entries] == list(range(1, 20))


def test_the_text_is_hashed_as_printed() -> None:
    frozen = snapshot(body=BODY_2016.replace("\n", "\r\n"))
    assert frozen.text_sha256 == hashlib.sha256(frozen.body.encode()).hexdigest()
    assert frozen.text_sha256 == snapshot().text_sha256


def test_the_moment_of_freezing_is_kept_in_utc_whatever_zone_it_came_in() -> None:
    eastern = timezone(timedelta(hours=-5))
    frozen = snapshot(frozen_at=datetime(2016, 2, 24, 7, 0, 0, 5, tzinfo=eastern))
    assert frozen.frozen_at == "2016-02-24T12:00:00+00:00"


def test_a_country_group_is_headed_by_the_countrys_name_and_a_written_one_by_its_words() -> None:
    frozen = snapshot(mixed(18), rule=Rule.COUNTRY, grouping=Grouping.COUNTRY)
    headings = [group.heading for group in frozen.groups]
    assert "Egypt" in headings
    assert "Kurdistan" in headings
    assert "EG" not in headings


@pytest.mark.parametrize(
    "damage",
    [
        lambda text: text[:-20],
        lambda text: text.replace('"counts"', '"numbers"'),
        lambda text: text.replace('"role"', '"rule"'),
        lambda text: "[]",
        lambda text: "null",
    ],
)
def test_damaged_values_are_refused(damage: object) -> None:
    assert callable(damage)
    with pytest.raises(Invalid, match="damaged"):
        Snapshot.from_json(damage(snapshot().to_json()))


def test_values_of_another_format_are_refused_by_number() -> None:
    other = snapshot().to_json().replace(f'"format":{FORMAT}', '"format":99')
    with pytest.raises(Invalid, match="format 99"):
        Snapshot.from_json(other)


def test_values_of_the_first_format_are_read_with_their_hash_and_drawn_no_more() -> None:
    old = replace(snapshot(), format=1)
    read = Snapshot.from_json(old.to_json())
    assert read == old
    assert read.sha256 == old.sha256 != snapshot().sha256
    assert set(json.loads(old.to_json())) == {field.name for field in fields(Snapshot)} - set(_ADDED) - _LEFT_OUT_EMPTY
    with pytest.raises(WrongState, match="earlier release"):
        draw(read)


def test_the_hash_of_the_first_format_is_the_one_that_was_printed_then() -> None:
    """Counted once by the release that froze it: reading it later must never give another."""
    old = replace(snapshot(), format=1)
    assert old.sha256 == "bd9a991e18b0e1e8a94a98f947fb59220afa496e29c99c090189e03b4c811199"


@given(st.dictionaries(st.text(), st.none() | st.booleans() | st.integers(-2**53, 2**53) | st.text()))
def test_the_canonical_form_is_that_of_the_standard_library(values: dict[str, object]) -> None:
    """Hashes that were printed must not depend on which library wrote the values."""
    plain = json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert orjson.dumps(values, option=orjson.OPT_SORT_KEYS).decode() == plain
