"""The coordinators' list of who has not confirmed a text that was changed in substance."""

from __future__ import annotations

import pytest
from flask import Flask

from coalition.db import unit_of_work
from coalition.letters import operations as letters
from coalition.letters import queries as letter_queries
from tests import cast
from tests.web.browser import Browser

LETTER = "/coordinator/letters/protect-the-hospitals"


@pytest.fixture
def nadia(app: Flask, browser: Browser) -> Browser:
    """Nadia, with one signature whose text was changed in substance since."""
    with app.app_context():
        cast.staff()
        cast.approved(cast.open_letter(), "Harbour Light Trust", who=cast.contact("samira@ngo.example"))
        with unit_of_work():
            letter = letter_queries.by_slug("protect-the-hospitals")
            letters.write_draft(cast.actor(cast.NADIA), letter, "We demand.\n")
            letters.publish(cast.actor(cast.NADIA), letter, change="substantive", note="It demands.")
    browser.sign_in(cast.NADIA)
    return browser


def test_the_list_is_led_to_and_everybody_on_it_is_reminded(app: Flask, nadia: Browser) -> None:
    nadia.get(LETTER)
    page = nadia.follow("New text: not confirmed yet")
    assert "Harbour Light Trust" in page.text
    assert "samira@ngo.example" in page.text
    page = nadia.submit(button="Remind 1 signer")
    assert "1 signer is reminded by e-mail" in page.text
    assert not any("Remind" in said["words"] for form in page.forms for said in form.buttons)
    with app.app_context():
        assert cast.mails_to("samira@ngo.example")[-1].subject == "Please confirm the new text"


def test_while_nobody_is_missing_the_page_says_so(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        cast.approved(cast.open_letter())
    browser.sign_in(cast.TOMAS)
    assert "Nobody is missing" in browser.get(LETTER + "/confirmations").text
    assert "not confirmed yet" not in " ".join(said for said, _address in browser.get(LETTER).links)
