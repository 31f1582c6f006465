"""The account page, and the language of the pages."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import cast
from tests.web.browser import Browser


@pytest.fixture
def browser(app: Flask, client: FlaskClient) -> Browser:
    with app.app_context():
        cast.staff()
        cast.open_letter()
    return Browser(client)


@pytest.mark.parametrize(("who", "words"), [
    (cast.NADIA, ["Nadia Example", "may begin letters", "Protect the hospitals", "Coordinator"]),
    (cast.JONAS, ["Jonas Example", "on letters only", "Protect the hospitals", "Secretariat"]),
    (cast.ADA, ["Ada Example", "administrator", "on no letter’s team yet"]),
    (cast.OLGA, ["Olga Example", "on no letter’s team yet"]),
])
def test_the_account_says_who_one_is_and_which_letters_one_works_on(browser: Browser, who: str,
                                                                    words: list[str]) -> None:
    page = browser.sign_in(who)
    assert all(word in page.text for word in words)
    assert ("Protect the hospitals" in page.text) is (who in (cast.NADIA, cast.JONAS))


def test_with_one_language_there_is_nothing_to_choose(app: Flask, browser: Browser) -> None:
    app.config["PAGE_LANGUAGES"] = ["en"]
    browser.get("/language/en", status=404)
    assert "/language/" not in browser.get("/account/login").source


@pytest.fixture
def two_languages(app: Flask) -> None:
    app.config["PAGE_LANGUAGES"] = ["ar", "en"]


def test_a_language_is_remembered_and_turns_the_page(browser: Browser, two_languages: None) -> None:
    browser.get("/account/login")
    answer = browser.client.get("/language/ar", headers={"Referer": "http://localhost/account/login?next=/admin"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/login?next=/admin")
    page = browser.get("/account/login")
    assert '<html lang="ar" dir="rtl">' in page.source


@pytest.mark.parametrize("code", ["xx", "fr", "en%00", "../en"])
def test_a_language_that_is_not_offered_is_not_there(browser: Browser, two_languages: None, code: str) -> None:
    browser.get(f"/language/{code}", status=404)


@pytest.mark.parametrize("referrer", ["https://evil.example/x", "http://localhost//evil.example", "", "javascript:x",
                                      "http://localhost.evil.example/"])
def test_choosing_a_language_leads_to_no_other_site(browser: Browser, two_languages: None, referrer: str) -> None:
    answer = browser.client.get("/language/ar", headers={"Referer": referrer})
    assert answer.headers["Location"] == "/"
