"""What changed between two editions: by name for the team, as numbers that tell of nobody for outsiders."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coalition.corrections.corrigendum import Reason, corrigendum_of, names_gone
from coalition.corrections.difference import Outline, difference, outline
from coalition.documents.printed import Printed, PrintedEntry, PrintedGroup, PrintedStatement
from coalition.documents.snapshot import FORMAT, Snapshot
from coalition.errors import Invalid
from coalition.signatories.counting import Counts
from coalition.signatories.line import Part
from tests import cast

COUNTS = Counts(signatories=3, organisations=3, with_named_person=0, persons=0, withheld=0, organisations_signing=3,
                networks=0, represented_stated=0, represented_listed=None, overlaps=0, organisations_total=3,
                countries=1, without_country=0)


def entry(key: str, name: str = "", **values: object) -> PrintedEntry:
    organisation = name or f"Body {key}"
    made = Printed(
        key=key, signing_as="organisation", parts=(Part("organisation", organisation),),
        organisation=organisation, other_script="", honorific="", signatory="", title="", description="", country="KE",
        country_name="Kenya", is_network=False, tier=1, visibility="public", statement=None)
    return PrintedEntry(0, replace(made, **values))  # type: ignore[arg-type]


def edition(*entries: PrintedEntry, number: int = 1, total: int | None = None, **values: object) -> Snapshot:
    numbered = tuple(replace(one, number=place) for place, one in enumerate(entries, 1))
    counts = replace(COUNTS, signatories=len(entries), organisations_total=len(entries) if total is None else total)
    made = Snapshot(
        format=FORMAT, letter="protect", subject="Protect the hospitals", language="en", place="", date_text="",
        letterhead="", addressees=(), copies=(), body="We ask.\n", closing="", version=1, source_sha256="a" * 64,
        text_sha256="b" * 64, edition=number, edition_id=f"edition-{number}", audience="public",
        frozen_at="2026-03-02T09:00:00+00:00", rule="signed", ignore_articles=False, grouping="none",
        groups=(PrintedGroup("", "", numbered),), counts=counts, confirmed_by=(), overrides=(), earlier_versions=0,
        audit_head="", issuer="", verify_url="")
    return replace(made, **values)  # type: ignore[arg-type]


A, B, C, D = (entry(key) for key in "ABCD")
RENAMED = entry("B", "Body B of Mombasa")
DATED = entry("B", statement=PrintedStatement(92, "exact", "organisations", "", "2016-02-01", "", ()))


@pytest.mark.parametrize(("before", "after", "expected"), [
    ((A, B, C), (A, B, C), {}),
    ((A, B), (A, B, C), {"added": "C"}),
    ((A, B, C), (A, C), {"gone": "B"}),
    ((A, B, C), (A, RENAMED, C), {"reworded": "B"}),
    ((A, B, C), (A, DATED, C), {"restated": "B"}),
    ((A, B, C), (C, A, B), {"moved": "C"}),
    ((A, B, C, D), (A, D), {"gone": "BC"}),
    ((A, B, C), (C, D, RENAMED), {"gone": "A", "added": "D", "reworded": "B", "moved": "C"}),
    ((A,), (entry("A", visibility="recipients"),), {}),
], ids=["the same", "late", "left", "renamed", "dated", "moved", "two left", "all at once", "shown to others"])
def test_what_changed_is_told_by_name(before: tuple[PrintedEntry, ...], after: tuple[PrintedEntry, ...],
                                      expected: dict[str, str]) -> None:
    found = difference(edition(*before), edition(*after, number=2))
    named = {"added": [one.key for one in found.added], "gone": [one.key for one in found.gone],
             **{name: [pair.after.key for pair in getattr(found, name)]
                for name in ("reworded", "restated", "moved")}}
    assert {name: "".join(keys) for name, keys in named.items() if keys} == expected
    assert bool(found) == bool(expected)


def test_another_text_is_told_by_its_language() -> None:
    found = difference(edition(A), edition(A, number=2, source_sha256="c" * 64))
    assert found.texts == ("en",)
    assert found
    assert outline(edition(A), edition(A, number=2, source_sha256="c" * 64)).text_changed


def test_numbers_filled_in_anew_are_no_other_text() -> None:
    assert difference(edition(A), edition(A, number=2, text_sha256="d" * 64)).texts == ()


@pytest.mark.parametrize("values", [{"audience": "recipients"}, {"letter": "another"}], ids=["readers", "letter"])
def test_editions_that_are_not_for_the_same_readers_are_not_compared(values: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        difference(edition(A), edition(A, number=2, **values))


def test_outsiders_are_told_nothing_of_editions_for_the_recipients() -> None:
    with pytest.raises(Invalid, match="Only public editions"):
        outline(edition(A, audience="recipients"), edition(A, B, number=2, audience="recipients"))


def test_outsiders_are_told_numbers_alone() -> None:
    told = outline(edition(A, B, C), edition(A, RENAMED, D, number=2))
    assert told == Outline(added=1, gone=1, corrected=1, moved=0, text_changed=False, signatories_before=3,
                           signatories_after=3, organisations_before=None, organisations_after=None)
    assert {type(getattr(told, field.name)) for field in fields(told)} <= {int, bool, type(None)}


@pytest.mark.parametrize("place", range(4))
def test_who_leaves_tells_by_no_number_where_they_stood_or_how_large_they_were(place: int) -> None:
    """The same numbers whoever it was, and whatever they said they stand for."""
    everybody = [A, B, C, D]
    remaining = [one for one in everybody if one is not everybody[place]]
    told = [outline(edition(*everybody, total=total), edition(*remaining, number=2, total=3)) for total in (4, 9999)]
    assert told[0] == told[1]
    assert told[0] == outline(edition(*everybody), edition(A, B, C, number=2))


def test_totals_are_told_where_nobody_left() -> None:
    told = outline(edition(A, total=1), edition(A, B, number=2, total=94))
    assert (told.organisations_before, told.organisations_after) == (1, 94)


@given(st.permutations(range(9)), st.sets(st.integers(0, 8)), st.sets(st.integers(9, 14)))
def test_the_parts_of_a_difference_make_the_whole(order: list[int], leaving: set[int], coming: set[int]) -> None:
    before = edition(*(entry(str(number)) for number in range(9)))
    staying = [number for number in order if number not in leaving]
    after = edition(*(entry(str(number)) for number in (*staying, *coming)), number=2)
    found = difference(before, after)
    assert {one.key for one in found.gone} == {str(number) for number in leaving}
    assert {one.key for one in found.added} == {str(number) for number in coming}
    moved = {pair.after.key for pair in found.moved}
    resting = [number for number in staying if str(number) not in moved]
    assert resting == sorted(resting)
    back = difference(after, before)
    assert {one.key for one in back.added} == {str(number) for number in leaving}
    assert len(back.moved) == len(found.moved)


@pytest.mark.parametrize(("reasons", "told"), [
    ([Reason.WRONG_NAME], ("wrong_name",)),
    ([Reason.WITHDRAWAL], ("left",)),
    ([Reason.NARROWED], ("left",)),
    ([Reason.WITHDRAWAL, Reason.NARROWED], ("left",)),
    ([Reason.LATE, Reason.WRONG_NAME], ("wrong_name", "late")),
    ([Reason.OTHER, Reason.NARROWED], ("other", "left")),
])
def test_a_corrigendum_never_tells_who_withdrew_from_who_is_no_longer_named(reasons: list[Reason],
                                                                           told: tuple[str, ...]) -> None:
    made = corrigendum_of(edition(A, B), edition(A, number=2), reasons=reasons, words="", made_at=cast.MORNING,
                          named={"A": frozenset({"Body A"})})
    assert made.told == told
    assert type(made).from_json(made.to_json()) == made


def test_a_corrigendum_prints_only_lines_whose_names_may_still_be_told() -> None:
    before, after = edition(A, B, C), edition(A, RENAMED, entry("C", "Body C of Malindi"), number=2)
    named = {"A": frozenset({"Body A"}), "B": frozenset({"Body B of Mombasa"})}
    made = corrigendum_of(before, after, reasons=[Reason.WRONG_NAME], words="", made_at=cast.MORNING, named=named)
    assert made.keys == ("B",)
    assert "Body" not in made.to_json()
    assert names_gone(before, named) == {"Body B", "Body C"}
