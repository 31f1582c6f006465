"""Signing in and out as staff, and when a session ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import get_locale
from flask_babel.speaklater import LazyString

from coalition import clock
from coalition.accounts import operations as accounts
from coalition.accounts.queries import person_by_email
from coalition.db import unit_of_work
from coalition.web.sign_in_words import WORDS
from tests import cast
from tests.web.browser import Browser


@pytest.fixture
def browser(app: Flask, client: FlaskClient) -> Browser:
    with app.app_context():
        cast.staff()
    return Browser(client)


def test_staff_sign_in_with_address_and_password(browser: Browser) -> None:
    page = browser.sign_in(cast.JONAS)
    assert page.path == "/account"
    assert "Jonas Example" in page.text


def test_capitals_in_the_address_do_no_harm(browser: Browser) -> None:
    assert browser.sign_in(cast.JONAS.upper()).path == "/account"


def test_a_page_for_staff_leads_to_the_sign_in_and_back_to_itself(browser: Browser) -> None:
    page = browser.get("/account/change")
    assert page.path.startswith("/account/login?next=")
    page = browser.submit({"email": cast.JONAS, "password": cast.PASSWORD}, action="/login")
    assert page.path == "/account/change"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "/\\evil.example",
                                       "https:evil.example", "%2f%2fevil.example"])
def test_signing_in_leads_to_no_other_site(browser: Browser, elsewhere: str) -> None:
    browser.get("/account/login")
    token = browser.page.form("/login").value("csrf_token")
    answer = browser.client.post(
        "/account/login", query_string={"next": elsewhere},
        data={"email": cast.JONAS, "password": cast.PASSWORD, "csrf_token": token})
    assert answer.status_code in (200, 302)
    assert not answer.headers.get("Location", "/").startswith(("http", "//", "/\\"))


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(browser: Browser) -> None:
    wrong = browser.sign_in(cast.JONAS, "not the password at all")
    unknown = browser.sign_in("nobody@coalition.example", "not the password at all")
    assert wrong.answer.status_code == unknown.answer.status_code == 200
    assert wrong.text == unknown.text
    assert "Address and password do not fit together" in wrong.text
    assert browser.get("/account").path.startswith("/account/login")


def test_signing_out_needs_a_button_and_ends_every_session(app: Flask, browser: Browser) -> None:
    browser.sign_in(cast.JONAS)
    elsewhere = Browser(app.test_client())
    elsewhere.sign_in(cast.JONAS)
    assert browser.client.get("/account/logout").status_code == 405
    assert browser.get("/account").path == "/account"
    left = browser.client.post("/account/logout", data={"csrf_token": browser.page.form("/logout").value("csrf_token")})
    assert "cache" in left.headers["Clear-Site-Data"], "F16: nothing is left for the back button"
    for window in (browser, elsewhere):
        assert window.get("/account").path.startswith("/account/login")


def test_a_cookie_kept_from_before_signing_out_is_worth_nothing(app: Flask, browser: Browser) -> None:
    browser.sign_in(cast.JONAS)
    kept = browser.client.get_cookie("session")
    assert kept is not None
    browser.get("/account")
    browser.client.post("/account/logout", data={"csrf_token": browser.page.form("/logout").value("csrf_token")})
    thief = app.test_client()
    thief.set_cookie("session", kept.value)
    assert thief.get("/account").headers["Location"].startswith("/account/login")


@pytest.mark.parametrize(("away", "still_in"), [
    (timedelta(minutes=29), True), (timedelta(minutes=30), True), (timedelta(minutes=30, seconds=1), False),
    (timedelta(hours=9), False),
])
def test_who_is_away_for_half_an_hour_signs_in_again(browser: Browser, away: timedelta, still_in: bool) -> None:
    browser.sign_in(cast.JONAS)
    with clock.fixed(cast.MORNING + away):
        assert (browser.get("/account").path == "/account") is still_in


def test_who_keeps_working_stays_signed_in(browser: Browser) -> None:
    browser.sign_in(cast.JONAS)
    for minutes in range(20, 121, 20):
        with clock.fixed(cast.MORNING + timedelta(minutes=minutes)):
            assert browser.get("/account").path == "/account"


def test_who_was_signed_out_for_being_away_can_sign_in_again(browser: Browser) -> None:
    browser.sign_in(cast.JONAS)
    with clock.fixed(cast.MORNING + timedelta(hours=3)):
        assert browser.get("/account").path.startswith("/account/login")
        assert browser.sign_in(cast.JONAS).path == "/account"
        assert browser.get("/account").path == "/account"


def test_who_signed_out_yesterday_can_sign_in_today(browser: Browser) -> None:
    browser.sign_in(cast.JONAS)
    browser.client.post("/account/logout", data={"csrf_token": browser.page.form("/logout").value("csrf_token")})
    with clock.fixed(cast.MORNING + timedelta(days=1)):
        assert browser.sign_in(cast.JONAS).path == "/account"
        assert browser.get("/account").path == "/account"


def test_a_session_dies_when_the_access_ends(app: Flask, browser: Browser) -> None:
    browser.sign_in(cast.JONAS)
    with app.app_context(), unit_of_work():
        jonas = person_by_email(cast.JONAS)
        assert jonas is not None
        accounts.end_access(cast.actor(cast.ADA), jonas, "left the secretariat")
    assert browser.get("/account").path.startswith("/account/login")
    refused = browser.sign_in(cast.JONAS)
    assert refused.path != "/account"
    assert browser.sign_in(cast.JONAS, "not the password at all").text == refused.text


def test_a_session_that_is_not_ours_is_nobodys(app: Flask, browser: Browser) -> None:
    """D08: signed with another key, changed by a letter, far too long; D06: from before signing in."""
    browser.get("/account/login")
    early = browser.client.get_cookie("session")
    browser.sign_in(cast.JONAS)
    good = browser.client.get_cookie("session")
    assert early is not None and good is not None
    key, app.secret_key = app.secret_key, "another key of the same length, from before it was changed"
    with app.test_request_context():
        signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
        forged = signer.dumps({"_user_id": "1", "_fresh": True})
    app.secret_key = key
    head, dot, tail = good.value.partition(".")
    for value in (early.value, forged, f"{head[:-1]}x{dot}{tail}", good.value + "x" * 8192, good.value[:-3], "x"):
        answer = app.test_client(use_cookies=False).get("/account", headers={"Cookie": f"session={value}"})
        assert answer.headers["Location"].startswith("/account/login"), value[:40]
    browser.get("/account")
    assert browser.page.path == "/account"


def test_passwords_are_never_shown_again(browser: Browser) -> None:
    page = browser.sign_in(cast.JONAS, "a wrong one with words")
    assert "a wrong one with words" not in page.source


def test_the_words_of_the_sign_in_are_translated_at_each_answer(app: Flask, browser: Browser,
                                                               monkeypatch: pytest.MonkeyPatch) -> None:
    words = LazyString(lambda: f"in the language {get_locale()}")
    monkeypatch.setitem(app.config, "SECURITY_MSG_GENERIC_AUTHN_FAILED", (words, "error"))
    assert "in the language en" in browser.sign_in(cast.JONAS, "wrong words in a row").text
    browser.get("/language/fr")
    assert "in the language fr" in browser.sign_in(cast.JONAS, "wrong words in a row").text


def test_our_words_are_looked_up_late(app: Flask) -> None:
    assert all(isinstance(words, LazyString) for words, _category in WORDS.values())
    assert all(app.config[name] == said for name, said in WORDS.items())
