"""Guessing passwords is slow: by account, and by network address."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coalition import clock
from coalition.accounts import second_factor, totp
from coalition.accounts.queries import person_by_email
from coalition.db import unit_of_work
from tests import cast
from tests.web.browser import Browser


@pytest.fixture
def settings() -> dict[str, Any]:
    return {"RATELIMIT_ENABLED": True}


@pytest.fixture
def browser(app: Flask, client: FlaskClient) -> Browser:
    with app.app_context():
        cast.staff()
    return Browser(client)


def test_one_account_is_throttled_and_others_are_not(app: Flask, browser: Browser) -> None:
    answers = [browser.client.post("/account/login", data={
        "email": cast.JONAS.upper() if turn % 2 else cast.JONAS, "password": "wrong again and again",
        "csrf_token": _token(browser)}, environ_base={"REMOTE_ADDR": f"192.0.2.{turn}"}).status_code
        for turn in range(12)]
    assert answers == [200] * 10 + [429] * 2
    page = Browser(app.test_client()).sign_in(cast.NADIA)
    assert page.path == "/account"
    # Nobody is kept out of their own account by it: a mailed link leads in.
    browser.get("/account/reset")
    browser.submit({"email": cast.JONAS}, action="/reset")
    with app.app_context():
        link = re.search(r"/account/reset/\S+", cast.mails_to(cast.JONAS)[-1].text)
    assert link
    browser.get(link[0])
    new = "nine green lamps in the harbour"
    browser.submit({"password": new, "password_confirm": new})
    assert browser.submit({"email": cast.JONAS, "password": new}, action="/login").path == "/account"


def test_one_network_address_is_throttled_over_all_accounts(browser: Browser) -> None:
    answers = [browser.client.post("/account/login", data={
        "email": f"person{turn}@coalition.example", "password": "wrong again and again",
        "csrf_token": _token(browser)}).status_code for turn in range(21)]
    assert answers == [200] * 20 + [429]


def test_asking_for_new_passwords_is_throttled_too(app: Flask, browser: Browser) -> None:
    token = browser.get("/account/reset").form("/reset").value("csrf_token")
    answers = [browser.client.post("/account/reset", data={"email": cast.JONAS, "csrf_token": token},
                                   environ_base={"REMOTE_ADDR": f"192.0.2.{turn}"}).status_code
               for turn in range(6)]
    assert answers == [200] * 5 + [429]
    with app.app_context():
        assert len(cast.mails_to(cast.JONAS)) == 1 + 5  # the invitation, and one for each


def test_codes_of_the_second_step_are_throttled_by_account_whoever_asks(app: Flask, browser: Browser) -> None:
    """D13, D14"""
    secret = totp.new_secret()
    with app.app_context(), unit_of_work():
        jonas = person_by_email(cast.JONAS)
        assert jonas is not None
        second_factor.set_up_app(cast.actor(cast.JONAS), jonas, secret, totp.code_at(secret, clock.now()))
        codes = second_factor.make_recovery_codes(cast.actor(cast.JONAS), jonas)
    browser.sign_in(cast.JONAS)
    answers = [browser.client.post(f"/account/second-step/{way}", data={"code": "wrong", "csrf_token": browser._token},
                                   environ_base={"REMOTE_ADDR": f"192.0.2.{turn}"}).status_code
               for turn, way in enumerate(["check-code", "recovery-code"] * 10)]
    assert answers == [422] * 5 + [429] * 15
    late = browser.client.post("/account/second-step/recovery-code",
                               data={"code": codes[0], "csrf_token": browser._token})
    assert late.status_code == 429, "a right code comes in after too many wrong ones"


def _token(browser: Browser) -> str:
    return browser.get("/account/login").form("/login").value("csrf_token")
