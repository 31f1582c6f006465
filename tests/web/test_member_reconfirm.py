"""Confirming a signature for a text that was changed."""

from __future__ import annotations

import pytest
from flask import Flask

from coalition.db import unit_of_work
from coalition.endorsements import operations
from coalition.letters import operations as letters
from tests import cast
from tests.web.browser import Browser

SLUG = "protect-the-hospitals"


def publish(app: Flask, body: str, change: str, note: str) -> None:
    with app.app_context(), unit_of_work():
        letter = cast.letters.queries.by_slug(SLUG)
        letters.write_draft(cast.actor(cast.NADIA), letter, body)
        letters.publish(cast.actor(cast.NADIA), letter, change=change, note=note)


@pytest.fixture
def path(app: Flask) -> str:
    """The page of who signed version 1."""
    with app.app_context():
        cast.staff()
        made = cast.approved(cast.open_letter(), "Harbour Light Trust", country="KE")
        with unit_of_work():
            return "/member/" + operations.manage_link(operations.get(made.id))


def listed(browser: Browser) -> bool:
    return "Harbour Light Trust" in browser.get(f"/letters/{SLUG}").text


def test_a_change_of_substance_lapses_until_it_is_confirmed(path: str, browser: Browser, app: Flask) -> None:
    publish(app, "We demand that the Council act.\n", "substantive", "It demands where it asked.")
    assert not listed(browser)
    page = browser.get(f"{path}/reconfirm")
    assert "counts again only after you confirm" in page.text
    assert "Version 2, a change of substance: It demands where it asked." in page.text
    assert "<del>" in page.source
    assert "<ins>" in page.source
    page = browser.submit(button="Confirm for the new text")
    assert "now holds for the new text" in page.text
    assert listed(browser)
    with app.app_context():
        assert cast.Endorsement.query.one().signed_version.number == 2


def test_after_an_editorial_change_it_stands_and_may_be_confirmed(path: str, browser: Browser, app: Flask) -> None:
    publish(app, "We ask the Council to act!\n", "editorial", "A sign.")
    assert listed(browser)
    assert "Your signature stands." in browser.get(f"{path}/reconfirm").text
    browser.submit(button="Confirm for the new text")
    assert listed(browser)


def test_every_change_since_signing_is_declared(path: str, browser: Browser, app: Flask) -> None:
    publish(app, "We ask the Council to act!\n", "editorial", "A sign.")
    publish(app, "We demand.\n", "substantive", "Stronger.")
    text = browser.get(f"{path}/reconfirm").text
    assert "Version 2, an editorial change: A sign. Version 3, a change of substance: Stronger." in text
    assert "From version 1, which you signed, to version 3." in text


def test_a_text_that_changed_again_while_one_read_is_not_confirmed_unread(path: str, browser: Browser,
                                                                          app: Flask) -> None:
    publish(app, "We demand.\n", "substantive", "Stronger.")
    browser.get(f"{path}/reconfirm")
    publish(app, "We declare war.\n", "substantive", "Much stronger.")
    page = browser.submit(button="Confirm for the new text", status=409)
    assert "changed again since you opened the page" in page.text
    with app.app_context():
        assert cast.Endorsement.query.one().signed_version.number == 1


@pytest.mark.parametrize("version", ["", "x", "1", "99999999999999999999"])
def test_a_strange_version_confirms_nothing(path: str, browser: Browser, app: Flask, version: str) -> None:
    publish(app, "We demand.\n", "substantive", "Stronger.")
    browser.get(f"{path}/reconfirm")
    browser.submit(button="Confirm for the new text", smuggled={"version": version}, status=409)
    assert not listed(browser)


def test_without_a_newer_text_there_is_nothing_to_confirm(path: str, browser: Browser) -> None:
    assert "no newer text" in browser.get(f"{path}/reconfirm", 409).text
    browser.get(path)
    browser.post(f"{path}/reconfirm", {"version": "1"}, status=409)


def test_the_page_has_no_link_out_even_when_the_text_has(path: str, browser: Browser, app: Flask) -> None:
    publish(app, "See [the report](https://example.org/report).\n", "substantive", "A source.")
    page = browser.get(f"{path}/reconfirm")
    assert "https://example.org/report" in page.text
    assert all(address.startswith(("/", "#")) for _words, address in page.links)
