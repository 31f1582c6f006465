"""Who may open and who may send what of the coordinators' pages: every route with every kind of visitor."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from coalition.db import unit_of_work
from coalition.letters import operations as letters
from tests import cast
from tests.web.browser import Browser

LETTER = "/coordinator/letters/protect-the-hospitals"
ONE = LETTER + "/endorsements/{public_id}"
INVITED = LETTER + "/invitations"

#: page: (method, what the secretariat gets). A coordinator gets it, strangers are sent to sign in, others get 404.
ROUTES: dict[str, tuple[str, int]] = {
    LETTER: ("GET", 200),
    LETTER + "/claims/override": ("POST", 403),
    LETTER + "/timeline": ("GET", 403),
    LETTER + "/details": ("GET POST", 403),
    LETTER + "/logo": ("GET POST", 403),
    LETTER + "/logo.png": ("GET", 403),
    LETTER + "/logo/remove": ("POST", 403),
    LETTER + "/text": ("GET POST", 403),
    LETTER + "/publish": ("GET POST", 403),
    LETTER + "/translations": ("GET", 403),
    LETTER + "/open": ("GET POST", 403),
    LETTER + "/deadline": ("GET POST", 403),
    LETTER + "/close": ("GET POST", 403),
    LETTER + "/reopen": ("GET POST", 403),
    LETTER + "/archive": ("GET POST", 403),
    LETTER + "/cancel": ("GET POST", 403),
    LETTER + "/team": ("GET POST", 403),
    LETTER + "/translations/fr": ("GET POST", 403),
    LETTER + "/translations/fr/remove": ("GET POST", 403),
    LETTER + "/team/end": ("POST", 403),
    LETTER + "/member-lists": ("GET", 403),
    LETTER + "/confirmations": ("GET", 403),
    LETTER + "/confirmations/remind": ("POST", 403),
    LETTER + "/queue": ("GET", 403),
    LETTER + "/queue/approve": ("POST", 403),
    LETTER + "/queue/return": ("POST", 403),
    LETTER + "/queue/take-back": ("POST", 403),
    LETTER + "/queue/result": ("GET", 403),
    LETTER + "/team/deputies": ("POST", 403),
    LETTER + "/team/deputies/end": ("POST", 403),
    LETTER + "/dashboard": ("GET", 403),
    LETTER + "/goal": ("POST", 403),
    LETTER + "/enter": ("GET POST", 403),
    INVITED: ("GET", 403),
    INVITED + "/new": ("GET POST", 403),
    INVITED + "/send": ("POST", 403),
    INVITED + "/remind": ("POST", 403),
    INVITED + "/plan-reminders": ("POST", 403),
    INVITED + "/lists/{public_id}": ("GET", 403),
    INVITED + "/lists/{public_id}/columns": ("POST", 403),
    INVITED + "/lists/{public_id}/import": ("POST", 403),
    INVITED + "/lists/{public_id}/throw-away": ("POST", 403),
    INVITED + "/{public_id}": ("GET", 403),
    **{INVITED + "/{public_id}/" + verb: ("POST", 403) for verb in (
        "note-call", "correct", "send", "withdraw", "invite-again", "erase")},
    ONE: ("GET", 403),
    ONE + "/approve": ("POST", 403),
    ONE + "/return": ("POST", 403),
    ONE + "/decline": ("POST", 403),
    ONE + "/turn-down": ("POST", 403),
    ONE + "/take-back": ("POST", 403),
    ONE + "/reinstate": ("POST", 403),
    ONE + "/narrow": ("POST", 403),
    ONE + "/withdraw": ("POST", 403),
    ONE + "/verify": ("POST", 403),
    ONE + "/unverify": ("POST", 403),
    ONE + "/note": ("POST", 403),
    ONE + "/establish-authority": ("POST", 403),
    ONE + "/ask-again": ("POST", 403),
    ONE + "/files": ("POST", 403),
    ONE + "/files/<file_id>": ("GET", 403),
    ONE + "/files/<file_id>/remove": ("GET POST", 403),
    ONE + "/confirm-by-evidence": ("GET POST", 403),
}
#: What a coordinator may get: a page, a redirect, a form sent back, a state that does not allow it. No refusal.
LET_IN = {200, 303, 404, 409, 422}


@pytest.fixture
def public_id(app: Flask) -> str:
    """A signature of Nadia's letter; Olga coordinates another letter."""
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        with unit_of_work():
            letters.create(cast.actor(cast.OLGA), subject="Olga's own letter")
        return cast.approved(letter, visibility="withheld").public_id


@pytest.fixture(params=["stranger", cast.ADA, cast.OLGA, cast.JONAS, cast.NADIA])
def visitor(request: pytest.FixtureRequest, browser: Browser, public_id: str) -> Iterator[str]:
    """Nobody, staff without a letter, a coordinator of another letter, the secretariat, a coordinator."""
    if request.param == "stranger":
        browser.get("/account/login")
    else:
        browser.sign_in(request.param)
    yield request.param


def ask(browser: Browser, method: str, path: str) -> TestResponse:
    client: FlaskClient = browser.client
    if method == "GET":
        return client.get(path)
    return client.post(path, data={"csrf_token": browser.page.form().value("csrf_token")})


def test_each_page_lets_in_whom_it_should_and_nobody_else(
        browser: Browser, visitor: str, public_id: str) -> None:
    for pattern, (methods, secretariat) in ROUTES.items():
        path = pattern.format(public_id=public_id).replace("<code>", "fr")
        for method in methods.split():
            answer = ask(browser, method, path)
            where = f"{method} {pattern} for {visitor}: {answer.status}"
            if visitor == "stranger":
                assert answer.status_code == 303, where
                assert "/account/login" in answer.headers["Location"], where
            elif visitor in (cast.ADA, cast.OLGA):
                assert answer.status_code == 404, where
            elif visitor == cast.JONAS:
                assert answer.status_code == (secretariat if method == "GET" else 403), where
            else:
                assert answer.status_code in LET_IN, where
            if visitor != cast.NADIA:
                assert "Harbour Light" not in answer.get_data(as_text=True), where


def test_the_table_names_every_route_of_the_coordinators(app: Flask) -> None:
    found: dict[str, set[str]] = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("coordinator.") and "<slug>" in rule.rule:
            pattern = rule.rule.replace("<slug>", "protect-the-hospitals").replace("<public_id>", "{public_id}")
            pattern = pattern.replace("<code>", "fr")
            found.setdefault(pattern, set()).update((rule.methods or set()) & {"GET", "POST"})
    assert found == {pattern: set(methods.split()) for pattern, (methods, _secretariat) in ROUTES.items()}


@pytest.mark.parametrize(("email", "status"), [(cast.NADIA, 200), (cast.OLGA, 200), (cast.JONAS, 403), (cast.ADA, 403)])
def test_only_who_may_begin_letters_sees_the_way_to_it(
        browser: Browser, public_id: str, email: str, status: int) -> None:
    browser.sign_in(email)
    browser.get("/coordinator")
    assert ("Begin a letter" in browser.page.text) == (status == 200)
    browser.get("/coordinator/letters/new", status)


def test_a_signature_of_another_letter_is_not_found_under_ones_own(
        app: Flask, browser: Browser, public_id: str) -> None:
    with app.app_context():
        cast.open_letter("Nadia's second letter")
    browser.sign_in(cast.NADIA)
    for path in ("", "/approve", "/note"):
        where = f"/coordinator/letters/nadias-second-letter/endorsements/{public_id}{path}"
        answer = ask(browser, "POST" if path else "GET", where)
        assert answer.status_code == 404
        assert "Harbour Light" not in answer.get_data(as_text=True)


def test_the_secretariat_finds_no_door_to_names_on_the_page_of_the_letter(browser: Browser, public_id: str) -> None:
    browser.sign_in(cast.JONAS)
    browser.get("/coordinator")
    assert browser.page.link("Protect the hospitals") == "/secretariat/letters/protect-the-hospitals"
    browser.get(LETTER)
    addresses = {address for _words, address in browser.page.links}
    assert not {address for address in addresses if address.startswith(LETTER + "/")}
    assert "/secretariat/letters/protect-the-hospitals" in addresses


def test_sending_without_the_token_changes_nothing(app: Flask, browser: Browser, public_id: str) -> None:
    browser.sign_in(cast.NADIA)
    answer = browser.client.post(LETTER + "/cancel", data={"reason": "Because."})
    assert answer.status_code == 400
    browser.get(LETTER)
    assert "Open for signatures" in browser.page.text
