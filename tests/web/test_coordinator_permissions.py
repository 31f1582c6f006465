"""What the coordinators' pages offer to whom. Who may open which is in `ROUTES.txt`, walked by `test_every_door.py`."""

from __future__ import annotations

import pytest
from flask import Flask

from coalition.db import unit_of_work
from coalition.letters import operations as letters
from tests import cast
from tests.web.browser import Browser

LETTER = "/coordinator/letters/protect-the-hospitals"


@pytest.fixture
def public_id(app: Flask) -> str:
    """A signature of Nadia's letter; Olga coordinates another letter."""
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        with unit_of_work():
            letters.create(cast.actor(cast.OLGA), subject="Olga's own letter")
        return cast.approved(letter, visibility="withheld").public_id


@pytest.mark.parametrize(("email", "status"), [(cast.NADIA, 200), (cast.OLGA, 200), (cast.JONAS, 403), (cast.ADA, 403)])
def test_only_who_may_begin_letters_sees_the_way_to_it(
        browser: Browser, public_id: str, email: str, status: int) -> None:
    browser.sign_in(email)
    browser.get("/coordinator")
    assert ("Begin a letter" in browser.page.text) == (status == 200)
    browser.get("/coordinator/letters/new", status)


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
