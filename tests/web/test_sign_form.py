"""The form: what it asks, and what it makes of bad answers."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from coalition import clock
from coalition.db import unit_of_work
from coalition.letters import operations as letters
from tests import cast
from tests.web.browser import Browser
from tests.web.signing import NETWORK, ORGANISATION, PERSON, fill, signed


@pytest.fixture
def slug(app: Flask) -> str:
    with app.app_context():
        cast.staff()
        return cast.open_letter().slug


def test_nothing_is_preselected_that_shows_a_name(slug: str, browser: Browser) -> None:
    form = browser.get(f"/letters/{slug}/sign").form(button="Go on")
    assert form.value("visibility") == ""
    assert form.value("shown_as") == "organisation"
    assert form.value("authority") == ""


def test_the_recipients_are_named_where_their_copies_are_chosen(slug: str, browser: Browser) -> None:
    text = browser.get(f"/letters/{slug}/sign").text
    assert "copies handed to: The President of the Security Council; The Secretary-General" in text


def test_each_form_has_a_key_of_its_own(slug: str, browser: Browser) -> None:
    first = browser.get(f"/letters/{slug}/sign").form(button="Go on").value("form_key")
    assert len(first) >= 20
    assert browser.get(f"/letters/{slug}/sign").form(button="Go on").value("form_key") != first


def test_a_form_that_is_kept_carries_nothing_of_those_who_read_it_before(slug: str, app: Flask) -> None:
    readers = []
    for words in ("told=a-secret", "as=organisation", ""):
        page = app.test_client().get(f"/letters/{slug}/sign?{words}").text
        mine = [re.search(f'name="{name}" value="([^"]+)"', page)[1]  # type: ignore[index]
                for name in ("csrf_token", "form_key")]
        readers.append((*mine, page.replace(mine[0], "").replace(mine[1], "")))
    tokens, keys, pages = zip(*readers, strict=True)
    assert len({*tokens, *keys}) == 2 * len(readers)
    assert len(set(pages)) == 1
    assert "a-secret" not in pages[0]


def test_the_form_of_somebody_we_know_is_kept_for_nobody(slug: str, app: Flask, browser: Browser) -> None:
    browser.sign_in(cast.NADIA)
    assert "Nadia Example" in browser.get(f"/letters/{slug}/sign").text
    assert "Nadia Example" not in app.test_client().get(f"/letters/{slug}/sign").text


def test_a_person_is_asked_for_an_affiliation_and_no_authority(slug: str, browser: Browser) -> None:
    page = browser.get(f"/letters/{slug}/sign?as=person")
    assert "For identification only" in page.text
    assert not {"authority", "signer_role", "kind", "shown_as"} & page.form(button="Go on").names()


def test_at_most_nine_questions_must_be_answered(slug: str, browser: Browser) -> None:
    required = [name for name in ORGANISATION if name != "authority"]
    fill(browser, slug)
    assert len(required) + 1 <= 9
    assert browser.page.heading == "Check before you sign"


BAD: list[tuple[str, Any, str, str]] = [
    ("organisation", "", "organisation", "Enter the name of the organisation"),
    ("organisation", "  \u200b ", "organisation", "Enter"),
    ("organisation", "x" * 201, "organisation", "200 characters or fewer"),
    ("organisation", "Harbour\x00Light", "organisation", "cannot be seen or printed (U+0000)"),
    ("organisation", "Harbour\u2028Light", "organisation", "cannot be seen or printed"),
    ("organisation", "Harbour\nLight", "organisation", "cannot be seen or printed"),
    ("organisation", "Free http://evil.example", "organisation", "Leave out web and e-mail addresses"),
    ("organisation", "=?utf-8?q?a=0d=0aBcc:x?=", "organisation", "Leave out “=?”"),
    ("organisation", "Z" + "\u0301" * 50, "organisation", "too many accents"),
    ("organisation", "Harbour \ufffd", "organisation", "arrived damaged"),
    ("other_script", "y" * 201, "other_script", "200 characters or fewer"),
    ("country", "", "country", "Choose the country"),
    ("description", "z" * 601, "description", "600 characters or fewer"),
    ("website", "javascript://alert(1)", "website", "address of a website"),
    ("website", "not a site", "website", "address of a website"),
    ("signer_name", "", "signer_name", "Enter your name"),
    ("signer_name", "n" * 201, "signer_name", "200 characters or fewer"),
    ("signer_role", " ", "signer_role", "Enter your role"),
    ("email", "", "email", "Enter your e-mail address"),
    ("email", "samira at harbour", "email", "correct format"),
    ("email", "a@b.example\r\nBcc: x@y.example", "email", "correct format"),
    ("email", "x" * 400 + "@ngo.example", "email", "correct format"),
    ("authority", None, "authority", "Say whether you may sign"),
    ("visibility", None, "visibility", "Choose how the signature is shown"),
]


@pytest.mark.parametrize(("name", "value", "at", "words"), BAD, ids=lambda value: str(value)[:24])
def test_a_bad_answer_is_told_at_its_field(slug: str, browser: Browser, app: Flask, name: str, value: Any,
                                           at: str, words: str) -> None:
    page = fill(browser, slug, status=422, **{name: value})
    assert words in page.error(at)
    form = page.form(button="Go on")
    kept = {key: answer for key, answer in ORGANISATION.items() if key not in (name, "authority")}
    assert {key: form.value(key) for key in kept} == kept
    with app.app_context():
        assert signed(app) == []


@pytest.mark.parametrize("name", ["signing_as", "kind", "represents_unit", "represents_exactness", "country",
                                  "visibility", "shown_as", "version", "form_key"])
def test_what_the_form_does_not_offer_is_never_a_fault_of_ours(slug: str, browser: Browser, name: str) -> None:
    browser.get(f"/letters/{slug}/sign")
    page = browser.submit({**NETWORK}, button="Go on", status=200 if name in (
        "signing_as", "version", "form_key") else 422, smuggled={name: "bogus"})
    assert page.heading in ("Add your organisation", "Check before you sign")


NUMBERS = [("92", "92"), ("1,200", "1,200"), ("1 200", "1 200"), ("٩٢", "٩٢"), ("９２", "９２")]


@pytest.mark.parametrize(("typed", "shown"), NUMBERS)
def test_numbers_are_read_as_people_write_them(slug: str, browser: Browser, typed: str, shown: str) -> None:
    fill(browser, slug, NETWORK, represents_count=typed, represents_text="")
    expected = {"92": "92", "1,200": "1,200", "1 200": "1,200", "٩٢": "92", "９２": "92"}[typed]
    assert f"representing {expected} organisations" in browser.page.text


@pytest.mark.parametrize("typed", ["many", "9.5", "-3", "0", "92 or so", "2000000001", "1e3", "½"])
def test_a_count_that_is_no_number_is_told(slug: str, browser: Browser, typed: str) -> None:
    page = fill(browser, slug, NETWORK, status=422, represents_count=typed)
    assert "number" in page.error("represents_count")
    assert page.form(button="Go on").value("represents_count") == typed


def test_a_network_says_what_it_stands_for(slug: str, browser: Browser) -> None:
    page = fill(browser, slug, NETWORK, status=422, represents_count="", represents_text="")
    assert "how many the network stands for" in page.error("represents_count")


@pytest.mark.parametrize(("day", "words"), [("2026-02-30", "Enter a day like"), ("yesterday", "Enter a day like"),
                                            ("2027-01-01", "not one still to come"), ("0900-01-01", "true")])
def test_the_day_of_a_number_is_a_real_day_that_has_come(slug: str, browser: Browser, day: str, words: str) -> None:
    assert words in fill(browser, slug, NETWORK, status=422, represents_as_of=day).error("represents_as_of")


def test_a_bad_name_in_the_member_list_is_told_with_its_line(slug: str, browser: Browser) -> None:
    page = fill(browser, slug, NETWORK, status=422, members="Blue House\nwww.red.example\nGreen House")
    assert "Line 2:" in page.error("members")


def test_a_scheme_is_added_to_a_website(slug: str, browser: Browser) -> None:
    assert "https://www.harbourlight.example" in fill(browser, slug, website="www.harbourlight.example").text


def test_a_person_needs_neither_country_nor_affiliation(slug: str, browser: Browser) -> None:
    page = fill(browser, slug, PERSON, organisation="", country="", title="", honorific="")
    assert page.heading == "Check before you sign"
    assert "Amina Otieno (in a personal capacity)" in page.text


def test_a_script_in_a_name_is_shown_as_it_was_typed(slug: str, browser: Browser) -> None:
    name = "<script>alert(1)</script> {{7*7}} %s NGO"
    page = fill(browser, slug, organisation=name)
    assert name in page.text
    assert "<script>alert" not in page.source


def test_a_field_that_nobody_sees_catches_programs_and_keeps_the_text(slug: str, browser: Browser,
                                                                      app: Flask) -> None:
    page = fill(browser, slug, status=403, leave_empty="buy now")
    assert "empty the field" in page.text
    assert page.form(button="Go on").value("organisation") == ORGANISATION["organisation"]
    browser.submit({"leave_empty": ""}, button="Go on")
    assert browser.page.heading == "Check before you sign"


def test_the_field_for_programs_is_hidden_from_everybody_else(slug: str, browser: Browser) -> None:
    source = browser.get(f"/letters/{slug}/sign").source
    around = source[source.index('id="leave_empty"') - 200:source.index('id="leave_empty"') + 120]
    for mark in ('aria-hidden="true"', 'tabindex="-1"', 'autocomplete="off"'):
        assert mark in around


def test_a_form_without_its_token_keeps_what_was_typed(slug: str, browser: Browser) -> None:
    page = fill(browser, slug, status=400, smuggled={"csrf_token": "stale"})
    assert "open too long" in page.text
    assert page.form(button="Go on").value("organisation") == ORGANISATION["organisation"]
    browser.submit({"visibility": "public"}, button="Go on")
    assert browser.page.heading == "Check before you sign"


def test_an_unknown_letter_is_not_there(slug: str, browser: Browser) -> None:
    assert browser.get("/letters/no-such-letter/sign", 404).heading == "Page not found"


def test_after_the_deadline_the_form_says_closed(slug: str, browser: Browser) -> None:
    browser.get(f"/letters/{slug}/sign")
    with clock.fixed(cast.DEADLINE):
        page = browser.submit(ORGANISATION, button="Go on", status=409)
        assert page.heading == "This letter is closed"
        assert "20 March 2026, 22:00 UTC" in page.text
        assert browser.get(f"/letters/{slug}/sign", 409).heading == "This letter is closed"


def test_a_letter_that_was_given_up_says_so(slug: str, app: Flask, browser: Browser) -> None:
    with app.app_context(), unit_of_work():
        letter = cast.letters.queries.by_slug(slug)
        letters.cancel(cast.actor(cast.NADIA), letter, reason="not needed")
    assert browser.get(f"/letters/{slug}/sign", 409).heading == "This letter was cancelled"
    assert "was cancelled" in browser.get(f"/letters/{slug}").text


def test_the_team_is_told_that_a_draft_is_not_open_yet(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        letter = cast.draft_letter("Let aid pass")
        with unit_of_work():
            letters.publish(cast.actor(cast.NADIA), letter)
    assert browser.get("/letters/let-aid-pass/sign", 404).heading == "Page not found"
    browser.sign_in(cast.NADIA)
    assert browser.get("/letters/let-aid-pass/sign", 409).heading == "This letter is not open yet"
