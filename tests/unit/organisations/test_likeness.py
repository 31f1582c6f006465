"""Likeness measured on labelled pairs of names, real and made up, in Latin, Arabic and Cyrillic letters.

`pairs.csv` was written before anything was measured: odd rows were for tuning, even rows were held out and looked at
once, after the first measurement (recall 0.92, false flags 0.03). `fresh_pairs.csv` was written after that, with
the rules as they then stood: 0.88 of its duplicates were found, and no false friend was flagged.

The other files are later and harder: mostly names in two scripts, spelt by half a dozen schemes. Each was written
before the rules were changed for it, and first measured so (recall, false flags; in brackets what the rules of before
found): `later_pairs.csv`, even rows 0.90, 0.05 (0.70, 0.05); `last_pairs.csv` 0.89, 0.05 (0.66, 0.05);
`unseen_pairs.csv` 0.93, 0.00 (0.78, 0.02); `newest_pairs.csv` 0.92, 0.05 (0.77, 0.07). Together: 0.91, 0.04
(0.72, 0.05). What was missed was then studied by kind.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from coalition.organisations.blocking import keys_of
from coalition.organisations.domains import own_domain
from coalition.organisations.likeness import Body, Likeness, Reason, compare
from coalition.organisations.romanisation import reads_as
from coalition.organisations.spelling import folded
from coalition.organisations.wording import acronyms, initials, variants

HERE = Path(__file__).parent


def body(name: str, about: str) -> Body:
    """A body from a cell: `country|website|other name`."""
    country, website, also = (*about.split("|"), "", "", "")[:3]
    domain = own_domain(website)
    return Body(name, country, (also,) if also else (), frozenset({domain} if domain else ()))


def pairs_in(file: str) -> list[tuple[bool, Body, Body]]:
    with (HERE / file).open(encoding="utf-8") as lines:
        return [(row["same"] == "yes", body(row["one"], row["about_one"] or ""),
                 body(row["other"], row["about_other"] or "")) for row in csv.DictReader(lines, delimiter=";")]


PAIRS = pairs_in("pairs.csv")
FRESH = pairs_in("fresh_pairs.csv")
LATER, LAST, UNSEEN, NEWEST = (pairs_in(f"{name}_pairs.csv") for name in ("later", "last", "unseen", "newest"))
EVERY = PAIRS + FRESH + LATER + LAST + UNSEEN + NEWEST


def measure(pairs: list[tuple[bool, Body, Body]]) -> tuple[float, float, list[str]]:
    """Recall, share of false friends that are flagged, and what went wrong, to be read when it fails."""
    flagged = [(same, compare(one, other).is_flagged, f"{one.name} / {other.name}") for same, one, other in pairs]
    true = [found for same, found, _names in flagged if same]
    false = [found for same, found, _names in flagged if not same]
    return (sum(true) / len(true), sum(false) / len(false),
            [names for same, found, names in flagged if same is not found])


@pytest.mark.parametrize(("pairs", "recall", "false_flags"), [
    (PAIRS, 0.97, 0.01), (PAIRS[::2], 0.99, 0.01), (PAIRS[1::2], 0.95, 0.02), (FRESH, 0.97, 0.01),
    (LATER, 0.98, 0.02), (LAST, 0.97, 0.02), (UNSEEN, 0.97, 0.01), (NEWEST, 0.97, 0.04), (EVERY, 0.98, 0.01)],
    ids=["all labelled", "tuned on", "held out", "fresh", "later", "last", "unseen", "newest", "everything"])
def test_duplicates_are_found_and_false_friends_left_alone(
        pairs: list[tuple[bool, Body, Body]], recall: float, false_flags: float) -> None:
    found, wrongly, wrong = measure(pairs)
    assert found >= recall, wrong
    assert wrongly <= false_flags, wrong


def test_the_labelled_set_is_large_and_holds_all_scripts() -> None:
    assert len(EVERY) >= 800
    names = [name for _same, one, other in PAIRS for name in (one.name, other.name)]
    for first, last in (("A", "z"), ("\u0600", "\u06ff"), ("\u0400", "\u04ff")):
        assert sum(any(first <= letter <= last for letter in name) for name in names) > 50
    assert sum(same for same, *_pair in PAIRS) > 150
    assert sum(not same for same, *_pair in PAIRS) > 150


def test_no_pair_that_is_flagged_is_missed_by_its_keys() -> None:
    missed = [f"{one.name} / {other.name}" for _same, one, other in EVERY
              if compare(one, other).is_flagged and keys_of(one).isdisjoint(keys_of(other))]
    assert missed == []


def test_likeness_does_not_depend_on_who_is_asked_first() -> None:
    uneven = [f"{one.name} / {other.name}" for _same, one, other in EVERY
              if compare(one, other) != compare(other, one)]
    assert uneven == []


@pytest.mark.parametrize(("one", "other", "reason"), [
    ("Harbour Light Trust", "HARBOUR LIGHT TRUST", Reason.SAME_NAME),
    ("ScotIand4Syria", "Scotland4Syria", Reason.LOOKS),
    ("Аmnesty International", "Amnesty International", Reason.LOOKS),
    ("HRW", "Human Rights Watch", Reason.ACRONYM),
    ("Human Rigths Watch", "Human Rights Watch", Reason.SPELLING),
    ("شبكة المرأة السورية", "Syrian Women's Network", Reason.OTHER_SCRIPT),
])
def test_a_flag_says_why(one: str, other: str, reason: Reason) -> None:
    assert compare(Body(one), Body(other)).reason is reason


def test_other_names_and_domains_are_reasons_of_their_own() -> None:
    helmets, defence = Body("White Helmets"), Body("Syria Civil Defence", also=("White Helmets",))
    assert compare(helmets, defence).reason is Reason.OTHER_NAME
    one, other = Body("Violet", domains=frozenset({"v.org"})), Body("Banafsaj", domains=frozenset({"v.org"}))
    assert compare(one, other) == Likeness(90.0, Reason.DOMAIN)


@pytest.mark.parametrize("name", ["!!!", "e.V.", "٣", "中国", "…", "a", "&", "NGO", "()", "( )", "-", "ﷺ", "🌍🌍"])
def test_strange_names_are_compared_without_a_fall(name: str) -> None:
    assert not compare(Body(name), Body("Harbour Light Trust")).is_flagged
    assert not compare(Body(name), Body("¡¿")).is_flagged
    assert keys_of(Body(name))


def test_the_longest_names_have_a_bounded_number_of_keys() -> None:
    assert len(keys_of(Body(" ".join(["Alpha", "Beta", "Gamma"] * 12)[:200]))) < 100
    assert len(keys_of(Body("Al-" * 66))) < 200
    assert len(keys_of(Body(" - ".join(f"Word{number} Other" for number in range(16))[:200]))) < 600


@pytest.mark.parametrize(("word", "latin", "reads"), [
    ("وفاء", "Wafaâ", True), ("رشاد", "Errachad", True), ("جسور", "Joussour", True), ("عطاء", "Ataa", True),
    ("شهيد", "Echahid", True), ("ذكرى", "Dhikra", True), ("تنمية", "Tanmiyah", True), ("بيئة", "Bīʼah", True),
    ("وفاء", "Fida", False), ("جسور", "Jasmin", False), ("شمس", "Shabab", False), ("عمران", "Amal", False),
    ("Тёплый", "Tjoplyj", True), ("Щедрость", "Ščedrost", True), ("црном", "crnom", True),
    ("Сахарова", "Sakharov", True), ("союз", "soyouz", True), ("Сова", "Nova", False), ("Голос", "Kolos", False),
    ("ع" * 41, "a", False), ("ع" * 40, "a" * 79 + "b", False), ("Latin", "Latin", False),
])
def test_a_spelling_in_latin_letters_is_read_in_any_scheme(word: str, latin: str, reads: bool) -> None:
    assert reads_as(folded(word), folded(latin)) is reads


def test_figures_are_letters_only_where_no_number_can_be_meant() -> None:
    assert compare(Body("Sawa3ed"), Body("سواعد")).is_flagged
    assert compare(Body("7ekaya Theatre"), Body("Hekaya Theatre")).is_flagged
    assert not compare(Body("Group7 Relief"), Body("Group9 Relief")).is_flagged
    assert not compare(Body("Help4Syria"), Body("Help2Syria")).is_flagged


def test_a_network_of_all_the_world_is_not_its_member_in_one_country() -> None:
    world, member = Body("Friends of the Earth International"), Body("Friends of the Earth Austria", "AT")
    assert not compare(world, member).is_flagged
    assert compare(Body("Friends of the Earth", "AT"), member).is_flagged


def test_variants_acronyms_and_initials() -> None:
    name = "Policy Analysis and Research Institute of Lesotho (PARIL)"
    assert variants(name) == (name, "Policy Analysis and Research Institute of Lesotho")
    assert acronyms(name) == {"paril"}
    assert acronyms("S.N.H.R.") == {"snhr"}
    assert acronyms("ATTAC Norway") == frozenset()
    assert initials("Syrian Network for Human Rights") == {"snfhr", "snhr"}
    assert variants("Third World Network (Africa)") == ("Third World Network (Africa)",)
