"""Confirming by the mailed link: once, by a button, in time."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask

from coalition import clock
from coalition.audit import chain
from coalition.db import unit_of_work
from coalition.letters import operations as letters
from coalition.mail.models import OutboxMail
from tests import cast
from tests.web.browser import Browser
from tests.web.signing import ORGANISATION, PERSON, mailed_link, mails, sign, signed

ADDRESS = ORGANISATION["email"]


@pytest.fixture
def link(app: Flask, browser: Browser) -> str:
    """The link that was mailed to who just signed."""
    with app.app_context():
        cast.staff()
        slug = cast.open_letter().slug
    sign(browser, slug, visibility="withheld")
    return mailed_link(app, ADDRESS)


def state(app: Flask) -> str:
    with app.app_context():
        return signed(app)[0].state


def everything(app: Flask) -> tuple[object, ...]:
    with app.app_context():
        return state(app), chain.head_hash(), OutboxMail.query.count()


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_opening_the_link_changes_nothing(link: str, app: Flask, method: str) -> None:
    before = everything(app)
    client = app.test_client()
    for _again in range(3):
        assert client.open(link, method=method).status_code == 200
    assert everything(app) == before


def test_the_page_shows_what_is_confirmed(link: str, browser: Browser) -> None:
    page = browser.get(link)
    assert page.heading == "Confirm your signature"
    for words in ("Protect the hospitals", "Harbour Light Trust", "chose to have printed nowhere",
                  "We ask the Council to act."):
        assert words in page.text
    assert page.answer.headers["Cache-Control"] == "no-store"


def test_what_is_kept_of_the_page_holds_nothing_of_anybody_who_opened_it(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        slug = cast.open_letter().slug
    sign(browser, slug)
    sign(browser, slug, PERSON)
    ways = [mailed_link(app, answers["email"]) for answers in (ORGANISATION, PERSON)]
    bodies = [app.test_client().get(way).text for way in (*ways, *ways)]
    for own, other, mine, its in ((0, 1, "Harbour Light Trust", "Amina"), (1, 0, "Amina", "Harbour Light Trust")):
        for body in (bodies[own], bodies[own + 2]):
            assert ways[own] in body and mine in body
            assert ways[other] not in body and its not in body
    tokens = [re.findall(r'name="csrf_token" value="([^"]+)"', body) for body in bodies]
    assert len({token for found in tokens for token in found}) == len(tokens)


def test_the_button_confirms_and_leads_to_the_signers_own_page(link: str, browser: Browser, app: Flask) -> None:
    browser.get(link)
    page = browser.submit(button="Confirm the signature")
    assert page.heading == "Your signature"
    assert "your e-mail address is confirmed" in page.text
    assert "Waiting for review" in page.text
    assert state(app) == "submitted"
    assert mails(app, ADDRESS)[-1][0] == "There is something new for you", "who is withheld is told no more by mail"
    # Coordinators are told once a day, not at every signature.
    assert "Review: signatures are waiting" not in [subject for subject, _text in mails(app, cast.NADIA)]


def test_a_used_link_says_so_and_names_the_way_back(link: str, browser: Browser) -> None:
    browser.get(link)
    browser.submit(button="Confirm the signature")
    page = browser.get(link, 410)
    assert page.heading == "Link no longer valid"
    assert page.link("Send me my link again") == "/member/link-again"


def test_pressing_twice_confirms_once(link: str, browser: Browser, app: Flask) -> None:
    page = browser.get(link)
    data = page.form(button="Confirm").data({})
    codes = [browser.client.post(link, data=data).status_code for _again in range(3)]
    assert codes == [303, 410, 410]
    assert state(app) == "submitted"


SPOILT: list[tuple[str, Callable[[str], str]]] = [
    ("truncated", lambda secret: secret[:-1]), ("lengthened", lambda secret: secret + "A"),
    ("with a stop", lambda secret: secret + "."), ("with a sign", lambda secret: secret + "="),
    ("upper-cased", str.upper), ("lower-cased", str.lower), ("empty of sense", lambda _secret: "x"),
    ("over-long", lambda secret: secret * 50), ("with a NUL", lambda secret: secret + "%00"),
]


@pytest.mark.parametrize(("kind", "spoil"), SPOILT, ids=[kind for kind, _spoil in SPOILT])
def test_a_spoilt_link_is_no_link(link: str, browser: Browser, app: Flask, kind: str,
                                  spoil: Callable[[str], str]) -> None:
    before = everything(app)
    stem, secret = link.rsplit("/", 1)
    browser.get(link)
    token = {"csrf_token": browser.page.form(button="Confirm").value("csrf_token")}
    spoilt = f"{stem}/{spoil(secret)}"
    assert browser.get(spoilt, 410).heading == "Link no longer valid"
    assert browser.client.post(spoilt, data=token).status_code == 410
    assert everything(app) == before


def test_a_link_of_another_purpose_is_no_link(link: str, browser: Browser) -> None:
    secret = link.rsplit("/", 1)[1]
    browser.get(f"/member/{secret}", 410)
    browser.get(f"/account/enrol/{secret}", 410)
    browser.get(link)
    browser.submit(button="Confirm the signature")
    manage = browser.page.path.rsplit("/", 1)[1]
    browser.get(f"/member/confirm/{manage}", 410)


@pytest.mark.parametrize(("hours", "status"), [(71.9, 200), (72, 410), (100, 410)])
def test_a_link_is_good_for_72_hours(link: str, browser: Browser, hours: float, status: int) -> None:
    with clock.fixed(cast.later(hours=hours)):
        browser.get(link, status)


def test_a_link_runs_out_while_the_page_is_open(link: str, browser: Browser, app: Flask) -> None:
    browser.get(link)
    with clock.fixed(cast.later(hours=73)):
        browser.submit(button="Confirm the signature", status=410)
    assert state(app) == "unconfirmed"


def _close(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        letters.close(cast.actor(cast.NADIA), cast.letters.queries.by_slug("protect-the-hospitals"))


@pytest.mark.parametrize(("hours", "status", "after"), [(23.9, 200, "submitted"), (24.1, 409, "unconfirmed")])
def test_after_closing_a_form_sent_before_can_be_confirmed_for_a_day(
        link: str, browser: Browser, app: Flask, hours: float, status: int, after: str) -> None:
    _close(app)
    with clock.fixed(cast.later(hours=hours)):
        browser.get(link)
        page = browser.submit(button="Confirm the signature", status=status)
        assert status == 200 or "not confirmed in time" in page.text
    assert state(app) == after


def test_without_its_token_nothing_is_confirmed(link: str, browser: Browser, app: Flask) -> None:
    browser.get(link)
    browser.submit(button="Confirm the signature", status=400, smuggled={"csrf_token": ""})
    assert state(app) == "unconfirmed"
