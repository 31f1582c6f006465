"""Where staff land, and the home of a letter."""

from __future__ import annotations

import pytest
from flask import Flask

from tests import cast
from tests.web.browser import Browser


@pytest.fixture
def slug(app: Flask) -> str:
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        cast.approved(letter, "Harbour Light Trust")
        made = cast.sign(letter, cast.fields("Green Delta"))
        cast.confirm(made)
        return letter.slug


def test_all_pages_open(slug: str, browser: Browser) -> None:
    browser.sign_in(cast.NADIA)
    browser.get("/coordinator")
    browser.follow("Protect the hospitals")
    for page in ("details", "text", "publish", "deadline", "close", "cancel", "team", "queue", "enter", "timeline", "queue?shown=all"):
        browser.get(f"/coordinator/letters/{slug}/{page}")
        print(browser.page.text[:1500])
    browser.get(f"/coordinator/letters/{slug}/queue")
    browser.follow("Green Delta")
    print(browser.page.text)
