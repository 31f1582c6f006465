"""Moving entries by hand: nothing is lost, and a place asked for is the place got."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coalition.signatories.arranging import moved, stepped

KEYS = ("a", "b", "c", "d", "e")


@pytest.mark.parametrize(("places", "after"), [
    ({}, "abcde"),
    ({"d": 1}, "dabce"),
    ({"a": 5}, "bcdea"),
    ({"a": 3}, "bcade"),
    ({"b": 0}, "bacde"),
    ({"b": -4}, "bacde"),
    ({"b": 99}, "acdeb"),
    ({"e": 1, "d": 2}, "edabc"),
    ({"a": 5, "e": 1}, "ebcda"),
    ({"c": 1, "d": 1}, "cdabe"),
    ({"zz": 1}, "abcde"),
])
def test_entries_go_where_they_are_wanted(places: dict[str, int], after: str) -> None:
    assert "".join(moved(KEYS, places)) == after


@pytest.mark.parametrize(("key", "step", "after"), [
    ("c", -1, "acbde"), ("c", 1, "abdce"), ("a", -1, "abcde"), ("e", 1, "abcde"), ("zz", 1, "abcde"),
])
def test_a_step_changes_places_with_the_neighbour_and_ends_at_the_ends(key: str, step: int, after: str) -> None:
    assert "".join(stepped(KEYS, key, step)) == after


_lists = st.lists(st.text(min_size=1, max_size=3), unique=True, max_size=12)


@given(_lists, st.data())
def test_nothing_is_lost_or_doubled_and_the_others_keep_their_order(keys: list[str], data: st.DataObject) -> None:
    places = data.draw(st.dictionaries(st.sampled_from(keys), st.integers(-3, 15), max_size=5) if keys
                       else st.just({}))
    after = moved(keys, places)
    assert sorted(after) == sorted(keys)
    assert [key for key in after if key not in places] == [key for key in keys if key not in places]


@given(_lists.filter(bool), st.data())
def test_one_entry_gets_exactly_the_place_it_is_given(keys: list[str], data: st.DataObject) -> None:
    key = data.draw(st.sampled_from(keys))
    place = data.draw(st.integers(1, len(keys)))
    assert moved(keys, {key: place})[place - 1] == key
