"""Arranging the list by hand, with numbers and with buttons, without scripts."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coalition.db import db
from coalition.endorsements import listing
from coalition.letters.models import Letter
from coalition.web.secretariat import arranging
from tests import cast
from tests.web.browser import Browser, Page

ARRANGE = "/secretariat/letters/protect-the-hospitals/arrange"
NAMES = ("Alder", "Birch", "Cedar", "Dogwood")


@pytest.fixture
def jonas(app: Flask, client: FlaskClient) -> Browser:
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        for name in NAMES:
            cast.approved(letter, name)
    browser = Browser(client)
    browser.sign_in(cast.JONAS)
    browser.get(ARRANGE)
    return browser


def keys(app: Flask) -> dict[str, str]:
    with app.app_context():
        letter = db.session.get_one(Letter, 1)
        return {entry.organisation: entry.key for entry in listing.entries_for(letter)}


def order(app: Flask) -> list[str]:
    with app.app_context():
        letter = db.session.get_one(Letter, 1)
        return [item.entry.organisation for item in listing.signatory_list(letter).entries]


def press(browser: Browser, name: str, key: str, typed: dict[str, str] | None = None) -> Page:
    """Press the button of a row, as a browser without scripts does."""
    form = browser.page.form("/arrange")
    assert any((button["name"], button["value"]) == (name, key) for button in form.buttons)
    data = form.data(typed or {})
    data.add(name, key)
    return browser._arrive(browser.client.post(form.action, data=data), form.action, 200)


def test_numbers_typed_move_entries(app: Flask, jonas: Browser) -> None:
    key = keys(app)
    page = jonas.submit({f"place-{key['Dogwood']}": "1", f"place-{key['Alder']}": "4"}, button="Save the places")
    assert "2 entries changed their place" in page.text
    assert order(app) == ["Dogwood", "Birch", "Cedar", "Alder"]


def test_arabic_digits_are_read_as_numbers(app: Flask, jonas: Browser) -> None:
    jonas.submit({f"place-{keys(app)['Dogwood']}": " ١ "}, button="Save the places")
    assert order(app)[0] == "Dogwood"


def test_buttons_move_one_entry_by_one_place(app: Flask, jonas: Browser) -> None:
    key = keys(app)
    press(jonas, "up", key["Cedar"])
    assert order(app) == ["Alder", "Cedar", "Birch", "Dogwood"]
    press(jonas, "down", key["Alder"])
    assert order(app) == ["Cedar", "Alder", "Birch", "Dogwood"]


def test_numbers_typed_are_kept_when_a_button_is_pressed(app: Flask, jonas: Browser) -> None:
    key = keys(app)
    press(jonas, "up", key["Cedar"], {f"place-{key['Dogwood']}": "1"})
    assert order(app) == ["Dogwood", "Alder", "Cedar", "Birch"]


def test_the_ends_of_the_list_have_no_button_beyond_them(app: Flask, jonas: Browser) -> None:
    key = keys(app)
    offered = {(button["name"], button["value"]) for button in jonas.page.form("/arrange").buttons}
    assert ("up", key["Alder"]) not in offered and ("down", key["Dogwood"]) not in offered
    assert len(offered - {("", "")}) == 6


def test_the_enter_key_saves_and_presses_no_other_button(app: Flask, jonas: Browser) -> None:
    assert jonas.page.form("/arrange").buttons[0]["words"].strip() == "Save the places"
    assert jonas.page.form("/arrange").buttons[0]["name"] == ""


@pytest.mark.parametrize("typed", ["", "two", "-1", "0", "1.5", "9999999", "²"])
def test_what_is_no_place_is_refused_beside_the_field_and_kept(app: Flask, jonas: Browser, typed: str) -> None:
    field = f"place-{keys(app)['Birch']}"
    page = jonas.submit({field: typed, f"place-{keys(app)['Dogwood']}": "1"}, button="Save the places", status=422)
    assert page.error(field) == "Error: Enter a whole number, like 3."
    assert page.form("/arrange").value(field) == typed
    assert page.form("/arrange").value(f"place-{keys(app)['Dogwood']}") == "1"
    assert order(app) == list(NAMES)


def test_a_place_behind_the_last_is_the_last(app: Flask, jonas: Browser) -> None:
    jonas.submit({f"place-{keys(app)['Alder']}": "999"}, button="Save the places")
    assert order(app) == ["Birch", "Cedar", "Dogwood", "Alder"]


def test_a_page_opened_before_the_list_changed_moves_nothing(app: Flask, jonas: Browser) -> None:
    with app.app_context():
        cast.approved(db.session.get_one(Letter, 1), "Aardvark")
    page = jonas.submit({f"place-{keys(app)['Dogwood']}": "1"}, button="Save the places")
    assert "The list changed since you opened the page. Nothing was moved" in page.text
    assert order(app)[:2] == ["Aardvark", "Alder"]


def test_keys_of_other_letters_move_nothing(app: Flask, jonas: Browser) -> None:
    with app.app_context():
        other = cast.open_letter("Another letter")
        stranger = cast.approved(other, "Stranger").public_id
    jonas.submit({}, button="Save the places", smuggled={"up": stranger, f"place-{stranger}": "1"})
    assert order(app) == list(NAMES)


def test_a_long_list_has_pages_and_entries_move_between_them(app: Flask, jonas: Browser,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arranging, "ROWS", 3)
    assert "Dogwood" not in jonas.get(ARRANGE).text
    page = jonas.get(f"{ARRANGE}?page=2")
    assert "Dogwood" in page.text and "Alder" not in page.text
    page = jonas.submit({f"place-{keys(app)['Dogwood']}": "1"}, button="Save the places")
    assert order(app) == ["Dogwood", "Alder", "Birch", "Cedar"]
    assert "page=2" in page.path
    for odd in ("0", "-3", "99", "x"):
        jonas.get(f"{ARRANGE}?page={odd}")


def test_an_empty_list_says_what_will_be_here(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        cast.staff()
        cast.open_letter()
    browser = Browser(client)
    browser.sign_in(cast.JONAS)
    assert "Nobody is on the list yet" in browser.get(ARRANGE).text
