"""A member list against what its network says."""

from __future__ import annotations

import pytest

from coalition.signatories.entry import Exactness, Statement, Unit
from coalition.signatories.member_list import bears_out, member_list


def test_names_that_differ_by_typography_only_are_one_and_named_as_repeated() -> None:
    found = member_list(("Women’s Network", "Daraa Doctors", "women's network ", "Hama Teachers"))
    assert found.names == ("Women’s Network", "Daraa Doctors", "Hama Teachers")
    assert found.repeated == ("Women’s Network",)
    assert len(found) == 3


@pytest.mark.parametrize(("count", "exactness", "listed", "borne_out"), [
    (2, Exactness.EXACT, 2, True), (92, Exactness.EXACT, 90, False), (1, Exactness.EXACT, 2, False),
    (2, Exactness.MORE_THAN, 3, True), (3, Exactness.MORE_THAN, 3, False),
    (3, Exactness.NEARLY, 3, True), (3, Exactness.NEARLY, 2, True), (2, Exactness.NEARLY, 3, False),
    (None, Exactness.EXACT, 3, True), (5, Exactness.EXACT, 0, True),
])
def test_a_list_bears_a_number_out_or_not(
        count: int | None, exactness: Exactness, listed: int, borne_out: bool) -> None:
    members = tuple(f"Body {number}" for number in range(listed))
    assert bears_out(Statement(count, exactness, Unit.ORGANISATIONS, members=members)) is borne_out


def test_a_number_of_something_else_is_not_held_against_the_list() -> None:
    assert bears_out(Statement(4000, unit=Unit.WORKERS, members=("One Union",)))
