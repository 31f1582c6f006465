"""Who may open the secretariat's pages, and who may press their buttons."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coalition.db import db
from coalition.documents import drawing
from coalition.documents import operations as documents
from coalition.documents.models import CompileRequest, Delivery
from coalition.letters.models import Letter
from tests import cast
from tests.web.browser import Browser

FINAL = "/secretariat/letters/protect-the-hospitals"
PAGES = ("", "/arrange", "/deliveries/record", "/editions/1/A4.pdf", "/editions/1/signatories.csv",
         "/editions/1/signatories.json", "/editions/1/signatories.txt")
BUTTONS = ("/order", "/arrange", "/compile", "/make-preview", "/deliveries/record")


@pytest.fixture
def browser(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """A letter with an edition; Olga coordinates another letter, Ada administers, neither is on the team."""
    monkeypatch.setattr(drawing, "draw_sealed", lambda snapshot, **_options: b"%PDF")
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        cast.approved(letter, "Harbour Light Trust", country="KE")
        documents.compile_edition(cast.actor(cast.JONAS), letter)
    return Browser(client)


def untouched(app: Flask) -> bool:
    with app.app_context():
        letter = db.session.get_one(Letter, 1)
        return (letter.rule == "networks_first" and not db.session.query(CompileRequest).count()
                and not db.session.query(Delivery).count())


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize(("who", "status"), [
    (cast.JONAS, 200), (cast.NADIA, 200), (cast.TOMAS, 200), (cast.OLGA, 404), (cast.ADA, 404)])
def test_the_team_opens_the_pages_and_to_others_there_is_no_such_letter(browser: Browser, path: str, who: str,
                                                                        status: int) -> None:
    browser.sign_in(who)
    assert browser.client.get(FINAL + path).status_code == status


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_shown_the_way_in(browser: Browser, path: str) -> None:
    answer = browser.client.get(FINAL + path)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/account/login?next=")


@pytest.mark.parametrize("path", BUTTONS)
@pytest.mark.parametrize("who", [cast.OLGA, cast.ADA])
def test_staff_of_other_letters_press_no_button(app: Flask, browser: Browser, path: str, who: str) -> None:
    browser.sign_in(who)
    browser.get("/account")
    browser.post(FINAL + path, {"rule": "country", "grouping": "none", "audience": "public", "paper": "A4"},
                 status=404)
    assert untouched(app)


@pytest.mark.parametrize("path", BUTTONS)
def test_a_stranger_presses_no_button(app: Flask, browser: Browser, path: str) -> None:
    browser.get("/account/login")
    page = browser.post(FINAL + path, {"rule": "country", "grouping": "none"})
    assert page.path.startswith("/account/login")
    assert untouched(app)


@pytest.mark.parametrize("path", BUTTONS)
def test_no_button_works_without_its_token(app: Flask, browser: Browser, path: str) -> None:
    browser.sign_in(cast.JONAS)
    answer = browser.client.post(FINAL + path, data={"rule": "country", "grouping": "none"})
    assert answer.status_code == 400
    assert untouched(app)


@pytest.mark.parametrize("path", ["/order", "/compile", "/make-preview"])
def test_what_changes_something_cannot_be_opened_like_a_page(browser: Browser, path: str) -> None:
    browser.sign_in(cast.JONAS)
    browser.get(FINAL + path, status=405)
