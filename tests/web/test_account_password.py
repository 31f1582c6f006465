"""Coming in by an invitation, forgetting a password, changing it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coalition import clock
from coalition.access.actor import OPERATOR
from coalition.accounts import operations as accounts
from coalition.accounts.queries import person_by_email
from coalition.audit import chain
from coalition.db import unit_of_work
from tests import cast
from tests.web.browser import Browser

NEW = "nine green lamps in the harbour"
NOT_VALID = 410


@pytest.fixture
def browser(app: Flask, client: FlaskClient) -> Browser:
    with app.app_context():
        cast.staff()
    return Browser(client)


def mailed_link(app: Flask, address: str) -> str:
    """The link in the newest mail to somebody."""
    with app.app_context():
        text = cast.mails_to(address)[-1].text
    found = re.search(r"https://letters\.test(/account/\S+)", text)
    assert found, text
    return found[1]


def invite(app: Flask) -> str:
    with app.app_context():
        with unit_of_work():
            accounts.invite(OPERATOR, name="Lena Example", email="lena@coalition.example")
        return mailed_link(app, "lena@coalition.example")


def test_an_invited_person_sets_a_password_and_signs_in(app: Flask, browser: Browser) -> None:
    page = browser.get(invite(app))
    assert page.heading == "Set your password"
    page = browser.submit({"password": NEW, "again": NEW})
    assert page.path == "/account/login"
    assert "Your password is set" in page.text
    assert browser.sign_in("lena@coalition.example", NEW).path == "/account"
    with app.app_context():
        assert chain.verify() > 1


def test_opening_an_invitation_changes_nothing(app: Flask, browser: Browser) -> None:
    link = invite(app)
    browser.client.head(link)
    browser.get(link)
    browser.get(link)
    browser.submit({"password": NEW, "again": NEW})
    assert browser.sign_in("lena@coalition.example", NEW).path == "/account"


def test_an_invitation_works_once(app: Flask, browser: Browser) -> None:
    link = invite(app)
    browser.get(link)
    browser.submit({"password": NEW, "again": NEW})
    browser.get(link, NOT_VALID)


def test_an_old_invitation_changes_no_password_that_was_set_another_way(app: Flask, browser: Browser) -> None:
    link = invite(app)
    browser.get("/account/reset")
    browser.submit({"email": "lena@coalition.example"}, action="/reset")
    browser.get(mailed_link(app, "lena@coalition.example"))
    browser.submit({"password": NEW, "password_confirm": NEW})
    browser.get(link)
    browser.submit({"password": "seven other words for the same", "again": "seven other words for the same"},
                   status=409)
    assert browser.sign_in("lena@coalition.example", NEW).path == "/account"


@pytest.mark.parametrize("spoil", [
    lambda secret: secret[:-1], str.upper, lambda secret: secret + "=", lambda secret: secret + ".",
    lambda _secret: "x" * 43,
])
def test_a_spoilt_invitation_is_no_longer_valid(app: Flask, browser: Browser, spoil: object) -> None:
    head, _slash, secret = invite(app).rpartition("/")
    browser.get(f"{head}/{spoil(secret)}", NOT_VALID)  # type: ignore[operator]


@pytest.mark.parametrize(("later", "status"), [
    (timedelta(hours=72) - timedelta(seconds=1), 200), (timedelta(hours=72), NOT_VALID)])
def test_an_invitation_runs_out_after_three_days(app: Flask, browser: Browser, later: timedelta,
                                                 status: int) -> None:
    link = invite(app)
    with clock.fixed(cast.MORNING + later):
        browser.get(link, status)


@pytest.mark.parametrize(("password", "again", "field", "said"), [
    ("", "", "password", "Choose a password"),
    ("too short", "too short", "password", "15 to 256"),
    ("x" * 257, "x" * 257, "password", "15 to 256"),
    ("aaaaaaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaaaaa", "password", "more different characters"),
    ("Lena sails over the sea", "Lena sails over the sea", "password", "your own name"),
    ("a night at the coalition", "a night at the coalition", "password", "name of this site"),
    ("passwordpassword", "passwordpassword", "password", "a common one"),
    ("qwertyuiopasdfgh", "qwertyuiopasdfgh", "password", "a common one"),
    (NEW, NEW + " ", "again", "not the same"),
])
def test_a_bad_password_is_refused_beside_the_field(app: Flask, browser: Browser, password: str, again: str,
                                                    field: str, said: str) -> None:
    browser.get(invite(app))
    page = browser.submit({"password": password, "again": again}, status=422)
    assert said in page.error(field)
    assert password == "" or password not in page.source


def test_a_forgotten_password_is_replaced_by_a_mailed_link(app: Flask, browser: Browser) -> None:
    working = Browser(app.test_client())
    working.sign_in(cast.JONAS)
    browser.get("/account/reset")
    browser.submit({"email": cast.JONAS}, action="/reset")
    link = mailed_link(app, cast.JONAS)
    assert link.startswith("/account/reset/")
    assert browser.get(link).heading == "Choose a new password"
    page = browser.submit({"password": NEW, "password_confirm": NEW})
    assert page.path == "/account/login"
    assert browser.sign_in(cast.JONAS, cast.PASSWORD).path != "/account"
    assert browser.sign_in(cast.JONAS, NEW).path == "/account"
    assert working.get("/account").path.startswith("/account/login"), "the old session still works"
    with app.app_context():
        assert [mail.subject for mail in cast.mails_to(cast.JONAS)][-2:] == [
            "Choose a new password", "Your password was changed"]


def test_a_link_to_a_new_password_works_once(app: Flask, browser: Browser) -> None:
    browser.get("/account/reset")
    browser.submit({"email": cast.JONAS}, action="/reset")
    link = mailed_link(app, cast.JONAS)
    browser.get(link)
    browser.submit({"password": NEW, "password_confirm": NEW})
    page = browser.get(link)
    assert page.path.partition("?")[0] == "/account/reset"
    assert "This link is no longer valid" in page.text


def test_an_unknown_address_is_answered_like_a_known_one_and_gets_no_mail(app: Flask, browser: Browser) -> None:
    answers = []
    for address in (cast.JONAS, "nobody@coalition.example"):
        browser.get("/account/reset")
        answers.append(browser.submit({"email": address}, action="/reset"))
    known, unknown = answers
    assert f"If {cast.JONAS} belongs to an account here" in known.text
    assert known.text.replace(cast.JONAS, "…") == unknown.text.replace("nobody@coalition.example", "…")
    assert known.answer.status_code == unknown.answer.status_code
    with app.app_context():
        assert cast.mails_to("nobody@coalition.example") == []
        assert len(cast.mails_to(cast.JONAS)) == 2  # the invitation, and this


@pytest.mark.parametrize("host", ["evil.example", "letters.test.evil.example", "letters.test:8080"])
def test_the_mailed_link_leads_to_our_own_address_whatever_host_was_asked(app: Flask, browser: Browser,
                                                                         host: str) -> None:
    token = browser.get("/account/reset").form("/reset").value("csrf_token")
    browser.client.post("/account/reset", data={"email": cast.JONAS, "csrf_token": token},
                        headers={"Host": host, "X-Forwarded-Host": host})
    with app.app_context():
        newest = cast.mails_to(cast.JONAS)[-1]
    assert host not in newest.text + newest.html
    assert newest.text.count("https://") == newest.text.count("https://letters.test/")


def test_changing_the_password_signs_out_all_other_browsers(app: Flask, browser: Browser) -> None:
    elsewhere = Browser(app.test_client())
    elsewhere.sign_in(cast.JONAS)
    browser.sign_in(cast.JONAS)
    browser.get("/account")
    browser.follow("Change Password")
    page = browser.submit({"password": cast.PASSWORD, "new_password": NEW, "new_password_confirm": NEW})
    assert page.path == "/account"
    assert elsewhere.get("/account").path.startswith("/account/login")
    assert elsewhere.sign_in(cast.JONAS, NEW).path == "/account"
    with app.app_context():
        assert cast.mails_to(cast.JONAS)[-1].subject == "Your password was changed"


@pytest.mark.parametrize(("given", "field"), [
    ({"password": "not mine at all, really", "new_password": NEW, "new_password_confirm": NEW}, "password"),
    ({"password": cast.PASSWORD, "new_password": "short", "new_password_confirm": "short"}, "new_password"),
    ({"password": cast.PASSWORD, "new_password": NEW, "new_password_confirm": NEW + "s"}, "new_password_confirm"),
])
def test_a_change_that_does_not_fit_is_refused_and_mails_nothing(app: Flask, browser: Browser,
                                                                 given: dict[str, str], field: str) -> None:
    browser.sign_in(cast.JONAS)
    browser.get("/account/change")
    page = browser.submit(given)
    assert page.error(field)
    with app.app_context():
        assert cast.mails_to(cast.JONAS)[-1].subject != "Your password was changed"
        jonas = person_by_email(cast.JONAS)
    assert jonas is not None
    assert Browser(app.test_client()).sign_in(cast.JONAS).path == "/account"
