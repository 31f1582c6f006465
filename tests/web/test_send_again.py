"""A form whose sender was signed out, or is somebody else by now: nothing is done, nothing typed is lost."""

from __future__ import annotations

import pytest
from flask import Flask

from coalition import clock
from coalition.letters import queries
from tests import cast
from tests.web.browser import Browser

TEXT = "/coordinator/letters/protect-the-hospitals/text"
TYPED = "We ask the Council\nto act <today> & tomorrow.\n\n## Заголовок"
FROM_HERE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def typing(app: Flask, browser: Browser) -> dict[str, str]:
    """Nadia has the page of a letter's text open and has typed: what her browser would send."""
    with app.app_context():
        cast.staff()
        cast.draft_letter()
    browser.sign_in(cast.NADIA)
    return dict(browser.get(TEXT).form(button="Save").data({"body": TYPED}))


def written(app: Flask) -> str:
    with app.app_context():
        letter = queries.by_slug("protect-the-hospitals")
        assert letter is not None
        assert letter.draft is not None
        return letter.draft.body.strip()


def test_o05_who_was_signed_out_while_typing_signs_in_and_sends_it_all(
    app: Flask, browser: Browser, typing: dict[str, str]
) -> None:
    with clock.fixed(cast.later(hours=2)):
        answer = browser.client.post(TEXT, data=typing, headers=FROM_HERE)
        kept = browser._arrive(answer, TEXT, 401)
        assert "You were signed out" in kept.text
        assert ("Sign in in a new window", "/account/login") in kept.links
        assert written(app) == "We ask the Council to act."
        browser.sign_in(cast.NADIA)
        browser.page = kept
        browser.submit(button="Send it now")
        assert written(app) == TYPED


def test_o07_a_stale_page_names_who_is_signed_in_now_and_sends_only_as_told(
    app: Flask, browser: Browser, typing: dict[str, str]
) -> None:
    browser.post("/account/logout")
    browser.sign_in(cast.TOMAS)
    kept = browser._arrive(browser.client.post(TEXT, data=typing, headers=FROM_HERE), TEXT, 400)
    assert "before you signed in as Tomas Example" in kept.text
    assert "to act <today> & tomorrow." in kept.text
    assert written(app) == "We ask the Council to act."
    browser.submit(button="Send it now as Tomas Example")
    assert written(app) == TYPED


@pytest.mark.parametrize(("headers", "more"), [
    ({"Sec-Fetch-Site": "cross-site"}, {}), ({"Origin": "https://evil.example"}, {}), ({}, {}),
    (FROM_HERE, {"password": "seven quiet boats"})])
def test_words_of_other_sites_and_passwords_are_never_kept(
    browser: Browser, typing: dict[str, str], headers: dict[str, str], more: dict[str, str]
) -> None:
    answer = browser.client.post(TEXT, data={**typing, **more, "csrf_token": "old"}, headers=headers)
    assert answer.status_code == 400
    assert "today" not in answer.text and "seven quiet" not in answer.text
