"""Claims found in texts of seven languages, held against the counts; numbers filled into texts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coalition.signatories.claims import (
    PLACEHOLDERS,
    UnknownPlaceholder,
    borne_out,
    check_claims,
    fill,
    find_claims,
    more_than,
)
from coalition.signatories.counting import count
from tests.unit.signatories.letter_2016 import ENTRIES

COUNTS = count(ENTRIES)


@pytest.mark.parametrize(
    ("language", "text", "number", "comparison", "noun"),
    [
        ("en", "on behalf of more than 200 Syrian civil society organisations and relief groups", 200,
         "more_than", "organisations"),
        ("en", "Over 200 Organizations From 67 Countries", 200, "more_than", "organisations"),
        ("en", "We, the undersigned 286 organizations", 286, "exact", "organisations"),
        ("en", "Eight human rights and advocacy organizations", 8, "exact", "organisations"),
        ("en", "two hundred groups", 200, "exact", "organisations"),
        ("en", "a hundred NGOs", 100, "exact", "organisations"),
        ("en", "1,042 associations", 1042, "exact", "organisations"),
        ("en", "more than **200** local, national and\ninternational NGOs/CSOs", 200, "more_than",
         "organisations"),
        ("en", "more than\n200 of our organisations", 200, "more_than", "organisations"),
        ("en", "We, a group of 30 organisations", 30, "exact", "organisations"),
        ("en", "20 farmers organisations", 20, "exact", "organisations"),
        ("en", "200+ NGOs", 200, "at_least", "organisations"),
        ("en", "no fewer than 30 signatories", 30, "at_least", "signatories"),
        ("en", "nearly 300 charities", 300, "nearly", "organisations"),
        ("en", "Signatories: 19", 19, "exact", "signatories"),
        ("en", "Signatories (more than 19)", 19, "more_than", "signatories"),
        ("en", "more than 2000 organisations", 2000, "more_than", "organisations"),
        ("en-GB", "19 signatories", 19, "exact", "signatories"),
        ("fr", "plus de 200 organisations", 200, "more_than", "organisations"),
        ("fr", "les 1\u202f500 associations", 1500, "exact", "organisations"),
        ("fr", "au moins 30 signataires", 30, "at_least", "signatories"),
        ("es", "más de 1.500 organizaciones", 1500, "more_than", "organisations"),
        ("es", "casi 200 ONG", 200, "nearly", "organisations"),
        ("ru", "более 200 российских и международных организаций", 200, "more_than", "organisations"),
        ("ru", "не менее 30 подписантов", 30, "at_least", "signatories"),
        ("ar", "أصدرت 21 قوى ثورية ومنظمات حقوقية", 21, "exact", "organisations"),
        ("ar", "أكثر من ٢٠٠ منظمة سورية", 200, "more_than", "organisations"),
        ("ar", "ما لا يقل عن ١٬٥٠٠ منظمة", 1500, "at_least", "organisations"),
        ("ar", "more than 30 NGOs", 30, "more_than", "organisations"),
        ("zh", "超过200个公民社会组织", 200, "more_than", "organisations"),
        ("zh", "代表200多个人权组织", 200, "more_than", "organisations"),
        ("zh", "至少19个签署方", 19, "at_least", "signatories"),
        ("nb", "mer enn 200 norske organisasjoner", 200, "more_than", "organisations"),
        ("nb", "minst 19 underskrivere", 19, "at_least", "signatories"),
        ("xx", "19 signatories", 19, "exact", "signatories"),
    ],
)  # fmt: skip
def test_a_claim_is_found(language: str, text: str, number: int, comparison: str, noun: str) -> None:
    (claim,) = find_claims(text, language)
    assert (claim.number, claim.comparison, claim.noun) == (number, comparison, noun)
    assert claim.words == text[claim.start : claim.end]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Your air forces have killed more than 1,500 of our civilians."),
        ("en", "more than 1,500 civilians and aid organisations"),
        ("en", "Security Council resolutions 2258 (2015), 2254 (2015) and organisations"),
        ("en", "as resolution 2254 groups them; Article 3 organisations"),
        ("en", "In 2015 organisations warned"),
        ("en", "On 24 February 2016 organisations wrote"),
        ("en", "since 2016-02-24 organisations wrote"),
        ("en", "the COVID-19 groups; Help4Syria 4Syria groups"),
        ("en", "97 percent of groups; 97% groups; $500 groups"),
        ("en", "207 million workers, organisations say"),
        ("en", "500 farmers and their organisations"),
        ("en", "For 12 days, groups waited"),
        ("en", "fewer than 30 organisations were left"),
        ("en", "1. Organisations must act"),
        ("en", "We counted 200\n\nOrganisations agree"),
        ("en", "We counted 200. Organisations agree"),
        ("en", "We counted 200 – organisations agree"),
        ("en", "one organisation, an organisation"),
        ("en", "the 286th organisations"),
        ("en", "organisations (2015)"),
        ("en", "{{ organisations_total }} organisations"),
        ("fr", "200 membres d’organisations"),
        ("fr", "la résolution 2254 organisations"),
        ("es", "200 personas de organizaciones"),
        ("ru", "погибли 200 мирных жителей, организации"),
        ("ar", "قتل 21 مدنيا ومنظمات"),
        ("ar", "القرار 2254 ومنظمات"),
        ("zh", "2016年组织"),
        ("zh", "1500名平民和组织"),
        ("zh", "200。组织"),
        ("nb", "200 mennesker fra organisasjoner"),
    ],
)
def test_a_number_that_counts_something_else_is_left_alone(language: str, text: str) -> None:
    assert find_claims(text, language) == ()


def test_several_claims_are_found_in_the_order_they_stand() -> None:
    text = "We are 19 signatories and speak for more than 200 organisations and nearly 300 groups."
    assert [claim.words for claim in find_claims(text, "en")] == [
        "19 signatories",
        "more than 200 organisations",
        "nearly 300 groups",
    ]


@pytest.mark.parametrize(
    ("text", "true"),
    [
        ("more than 200 organisations", True),  # 212 stated, 231 in all
        ("more than 230 organisations", True),
        ("more than 231 organisations", False),
        ("at least 231 organisations", True),
        ("at least 232 organisations", False),
        ("231 organisations", True),
        ("212 organisations", True),
        ("19 organisations", True),
        ("200 organisations", False),
        ("nearly 250 organisations", True),
        ("nearly 300 organisations", False),
        ("nearly 150 organisations", False),
        ("19 signatories", True),
        ("more than 18 signatories", True),
        ("231 signatories", False),
        ("more than 200 signatories", False),
    ],
)
def test_the_list_of_2016_bears_out_what_it_supports(text: str, true: bool) -> None:
    (claim,) = find_claims(text, "en")
    assert borne_out(claim, COUNTS) is true
    assert check_claims(text, "en", COUNTS) == (() if true else (claim,))


def test_a_claim_may_rest_on_the_member_lists() -> None:
    (claim,) = find_claims("95 organisations", "en")
    assert not borne_out(claim, COUNTS)
    assert borne_out(claim, replace(COUNTS, represented_listed=95))


@pytest.mark.parametrize(
    ("number", "rounded"),
    [(231, 200), (200, 100), (1042, 1000), (1000, 900), (100, 90), (99, 90), (11, 10), (10, 9), (9, None),
     (0, None)],
)  # fmt: skip
def test_more_than_rounds_to_one_digit(number: int, rounded: int | None) -> None:
    assert more_than(number) == rounded


@given(st.integers(10, 10**12))
def test_more_than_is_the_largest_strictly_smaller_number_of_one_significant_digit(number: int) -> None:
    rounded = more_than(number)
    assert rounded is not None
    assert rounded < number
    assert str(rounded).strip("0").isdigit() and len(str(rounded).rstrip("0")) == 1
    assert rounded + 10 ** (len(str(rounded)) - 1) >= number


def test_placeholders_are_filled_with_the_counts() -> None:
    text = "{{ signatories }} sign, {{more_than( organisations_total )}} stand by, {{ represented_listed }}"
    assert fill(text, COUNTS) == "19 sign, 200 stand by, 0"
    many = replace(COUNTS, organisations_total=1042)
    assert fill("{{ organisations_total }}", many, "{:,}".format) == "1,042"
    assert fill("no placeholder, one { brace } only", COUNTS) == "no placeholder, one { brace } only"


def test_more_than_of_a_small_number_fills_with_the_number() -> None:
    assert fill("{{ more_than(networks) }}", COUNTS) == "2"


@pytest.mark.parametrize("name", sorted(PLACEHOLDERS))
def test_every_count_can_be_filled_in(name: str) -> None:
    assert fill(f"{{{{ {name} }}}}", COUNTS) == str(getattr(COUNTS, name) or 0)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("{{ nobody }}", "nobody"),
        ("{{7*7}}", "7*7"),
        ("{{ more_than(nobody) }}", "more_than(nobody)"),
        ("{{ more_than(signatories, 2) }}", "more_than(signatories, 2)"),
        ("{{ signatories.__class__ }}", "signatories.__class__"),
        ("{{ as_dict }}", "as_dict"),
        ("{{ }}", ""),
        ("{{ signatories }", "signatories }"),
        ("{{ signatories", "signatories"),
    ],
)
def test_an_unknown_placeholder_is_named(text: str, name: str) -> None:
    with pytest.raises(UnknownPlaceholder) as caught:
        fill(f"before {text}", COUNTS)
    assert caught.value.name == name


@pytest.mark.parametrize("language", ["en", "fr", "es", "ru", "ar", "zh", "nb"])
@pytest.mark.parametrize(
    "name", ["signatories", "organisations_signing", "represented_stated", "organisations_total"]
)
def test_what_is_filled_in_is_found_and_borne_out(name: str, language: str) -> None:
    noun = "signatories" if name == "signatories" else "organisations"
    text = fill(f"more than {{{{ more_than({name}) }}}} {noun}; {{{{ {name} }}}} {noun}", COUNTS)
    assert [claim.comparison for claim in find_claims(text, language)] == ["more_than", "exact"]
    assert check_claims(text, language, COUNTS) == ()


@given(st.text(max_size=60), st.sampled_from(["en", "fr", "es", "ru", "ar", "zh", "nb", ""]))
def test_any_text_may_be_searched(text: str, language: str) -> None:
    for claim in find_claims(text, language):
        assert claim.words == text[claim.start : claim.end]
