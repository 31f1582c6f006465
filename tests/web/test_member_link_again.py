"""Asking for one's link again: the same answer to everybody, by mail only, not too often."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coalition import clock
from coalition.db import unit_of_work
from coalition.endorsements import operations
from coalition.letters import operations as letters
from coalition.mail.models import OutboxMail
from tests import cast
from tests.web.browser import Browser
from tests.web.signing import mailed_link, mails

KNOWN = "s@hlt.example"


@pytest.fixture
def signed(app: Flask) -> None:
    with app.app_context():
        cast.staff()
        cast.approved(cast.open_letter(), "Harbour Light Trust", country="KE", who=cast.contact(KNOWN))


def ask(browser: Browser, address: str, status: int = 200) -> Any:
    browser.get("/member/link-again")
    return browser.submit({"email": address}, button="Send the link", status=status)


def test_a_known_address_gets_a_link_that_opens_its_page(signed: None, browser: Browser, app: Flask) -> None:
    ask(browser, KNOWN)
    assert mails(app, KNOWN)[-1][0] == "Open your page"
    assert browser.get(mailed_link(app, KNOWN)).heading == "Your signature"


@pytest.mark.parametrize("typed", [" S@hlt.example ", "s@HLT.example"])
def test_capitals_and_blanks_do_not_matter(signed: None, browser: Browser, app: Flask, typed: str) -> None:
    before = len(mails(app, KNOWN))
    ask(browser, typed)
    assert len(mails(app, KNOWN)) == before + 1


def test_the_links_mailed_before_go_on_working(signed: None, browser: Browser, app: Flask) -> None:
    first = mailed_link(app, KNOWN)
    ask(browser, KNOWN)
    assert mailed_link(app, KNOWN) != first
    browser.get(first)


def test_known_and_unknown_addresses_are_answered_alike(signed: None, app: Flask) -> None:
    answers = set()
    for address in (KNOWN, "nobody@ngo.example"):
        client = app.test_client()
        browser = Browser(client)
        browser.get("/member/link-again")
        data = browser.page.form(button="Send the link").data({"email": address})
        answer = client.post("/member/link-again", data=data)
        page = browser.get(answer.headers["Location"])
        answers.add((answer.status_code, answer.headers["Location"], len(answer.data),
                     tuple(sorted(answer.headers.keys())), re.sub("[0-9a-f]{12}", "", page.source)))
    assert len(answers) == 1
    with app.app_context():
        assert OutboxMail.query.filter_by(to="nobody@ngo.example").count() == 0


def test_what_was_not_confirmed_yet_gets_a_new_link_to_confirm(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        made = cast.sign(cast.open_letter(), who=cast.contact(KNOWN))
        old = cast.secret_in_mail(made)
    ask(browser, KNOWN)
    assert mails(app, KNOWN)[-1][0] == "Confirm your signature"
    browser.get(f"/member/confirm/{old}", 410)
    browser.get(mailed_link(app, KNOWN))
    browser.submit(button="Confirm the signature")


def test_after_closing_nothing_new_is_sent_to_confirm(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        cast.sign(letter, who=cast.contact(KNOWN))
        with unit_of_work():
            letters.close(cast.actor(cast.NADIA), letter)
    before = len(mails(app, KNOWN))
    ask(browser, KNOWN)
    assert len(mails(app, KNOWN)) == before


def test_one_mail_for_each_signature(signed: None, app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.approved(cast.open_letter("Another letter"), "Harbour Light Trust", country="KE",
                      who=cast.contact(KNOWN))
        numbers = [row.id for row in cast.Endorsement.query]
    before = len(mails(app, KNOWN))
    # Few mails leave to one address within six hours, whoever fills in forms.
    with clock.fixed(cast.MORNING + timedelta(hours=7)):
        ask(browser, KNOWN)
    assert len(mails(app, KNOWN)) == before + len(numbers) == before + 2


@pytest.mark.parametrize("typed", ["", "   ", "nobody", "a@b", "a@b.example\r\nBcc: x@y.example", "\x00@b.example",
                                   "x" * 5000])
def test_what_is_no_address_is_told_at_the_field(app: Flask, browser: Browser, typed: str) -> None:
    page = ask(browser, typed, status=422)
    assert page.error("email")


class TestLimit:
    @pytest.fixture
    def settings(self) -> dict[str, Any]:
        return {"RATELIMIT_ENABLED": True}

    @pytest.mark.parametrize("address", [KNOWN, "nobody@ngo.example"])
    def test_three_mails_in_six_hours_to_one_address(self, signed: None, client: FlaskClient, app: Flask,
                                                     address: str) -> None:
        browser = Browser(client)
        before = len(mails(app, address))
        browser.get("/member/link-again")
        data = browser.page.form(button="Send the link").data({"email": address})
        codes = []
        for typed in (address, address.upper(), f" {address} ", address, address):
            data["email"] = typed
            codes.append(client.post("/member/link-again", data=data).status_code)
        assert codes == [303, 303, 303, 429, 429]
        assert len(mails(app, address)) == before + (3 if address == KNOWN else 0)

    def test_an_empty_form_uses_up_nobodys_tries(self, app: Flask, client: FlaskClient) -> None:
        browser = Browser(client)
        browser.get("/member/link-again")
        data = browser.page.form(button="Send the link").data({})
        assert {client.post("/member/link-again", data=data).status_code for _again in range(6)} == {422}


def test_the_page_of_a_signature_is_not_told_by_its_number(signed: None, browser: Browser, app: Flask) -> None:
    with app.app_context():
        made = operations.get(1)
        tried = (str(made.id), made.public_id, made.reference)
    for guess in tried:
        browser.get(f"/member/{guess}", 410)
