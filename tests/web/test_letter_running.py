"""Opening a letter, moving its deadline, closing, opening again, archiving, cancelling."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from coalition.db import unit_of_work
from coalition.letters import operations as letters
from coalition.letters import queries
from coalition.letters.models import Letter
from tests import cast
from tests.web.browser import Browser

LETTER = "/coordinator/letters/protect-the-hospitals"


@pytest.fixture
def nadia(app: Flask, browser: Browser) -> Browser:
    """Nadia, signed in."""
    with app.app_context():
        cast.staff()
    browser.sign_in(cast.NADIA)
    return browser


def stored() -> Letter:
    found = queries.by_slug("protect-the-hospitals")
    assert found is not None
    return found


def draft(app: Flask, *, published: bool = True) -> None:
    with app.app_context():
        letter = cast.draft_letter()
        if published:
            with unit_of_work():
                letters.publish(cast.actor(cast.NADIA), letter)


def opened(app: Flask, *steps: str) -> None:
    with app.app_context():
        letter = cast.open_letter()
        for step in steps:
            with unit_of_work():
                getattr(letters, step)(cast.actor(cast.NADIA), letter)


def test_a_letter_is_opened_until_a_local_time_in_its_zone(app: Flask, nadia: Browser) -> None:
    draft(app)
    nadia.get(f"{LETTER}/open")
    nadia.submit({"day": "2026-03-20", "at": "18:00", "zone": "America/New_York"})
    assert "The letter is open for signing." in nadia.page.text
    assert "20 March 2026, 18:00 New York time (UTC−4)" in nadia.page.text
    with app.app_context():
        letter = stored()
        assert (letter.state, letter.deadline_at, letter.deadline_zone) == (
            "open", datetime(2026, 3, 20, 22, 0, tzinfo=UTC), "America/New_York")


@pytest.mark.parametrize(("filled", "field"), [
    ({"day": "", "at": "18:00"}, "day"), ({"day": "2026-03-20", "at": ""}, "at"),
    ({"day": "20.3.", "at": "18:00"}, "day"), ({"day": "2026-03-20", "at": "half past"}, "at"),
    ({"day": "2026-03-29", "at": "02:30", "zone": "Europe/Oslo"}, "at"),
])
def test_a_deadline_that_is_no_moment_is_refused_at_its_field(
        app: Flask, nadia: Browser, filled: dict[str, str], field: str) -> None:
    draft(app)
    nadia.get(f"{LETTER}/open")
    nadia.submit(filled, status=422)
    assert nadia.page.error(field)
    with app.app_context():
        assert stored().state == "draft"


def test_a_deadline_in_the_past_is_refused_and_what_was_typed_is_kept(app: Flask, nadia: Browser) -> None:
    draft(app)
    nadia.get(f"{LETTER}/open")
    nadia.submit({"day": "2026-03-01", "at": "18:00", "zone": "Asia/Damascus"}, status=422)
    assert "a date and time still to come" in nadia.page.text
    assert nadia.page.form().value("zone") == "Asia/Damascus"
    assert nadia.page.form().value("day") == "2026-03-01"


def test_before_opening_the_page_says_what_is_missing_and_warns_of_a_small_team(app: Flask, nadia: Browser) -> None:
    draft(app, published=False)
    nadia.get(f"{LETTER}/open")
    assert "Publish the text." in nadia.page.text
    assert "fewer than two coordinators" not in nadia.page.text
    nadia.submit({"day": "2026-03-20", "at": "18:00"}, status=422)
    with app.app_context():
        tomas = cast.person_by_email(cast.TOMAS)
        assert tomas is not None
        with unit_of_work():
            letters.remove_from_team(cast.actor(cast.NADIA), stored(), tomas, cast.Role.COORDINATOR)
    nadia.get(f"{LETTER}/open")
    assert "fewer than two coordinators" in nadia.page.text


def test_a_deadline_is_moved_with_a_reason(app: Flask, nadia: Browser) -> None:
    opened(app)
    nadia.get(f"{LETTER}/deadline")
    assert nadia.page.form().value("day") == "2026-03-20"
    nadia.submit({"day": "2026-03-25"}, status=422)
    assert nadia.page.error("reason")
    nadia.submit({"reason": "Partners asked for more time."})
    with app.app_context():
        assert stored().deadline_at == datetime(2026, 3, 25, 22, 0, tzinfo=UTC)


def test_a_letter_is_closed_with_or_without_a_reason(app: Flask, nadia: Browser) -> None:
    opened(app)
    nadia.get(f"{LETTER}/close")
    assert "Nobody can sign it any more" in nadia.page.text
    nadia.submit({})
    with app.app_context():
        assert stored().state == "closed"


def test_a_closed_letter_is_opened_again_until_a_new_deadline(app: Flask, nadia: Browser) -> None:
    opened(app, "close")
    nadia.get(f"{LETTER}/reopen")
    nadia.submit({"day": "2026-04-02", "at": "12:00"}, status=422)
    assert nadia.page.error("reason")
    nadia.submit({"reason": "Two more unions want to join."})
    with app.app_context():
        letter = stored()
        assert (letter.state, letter.closed_at) == ("open", None)
        assert letter.deadline_at == datetime(2026, 4, 2, 12, 0, tzinfo=UTC)


def test_a_closed_letter_is_archived_by_a_button(app: Flask, nadia: Browser) -> None:
    opened(app, "close")
    nadia.get(f"{LETTER}/archive")
    nadia.submit({}, action="/archive")
    with app.app_context():
        assert stored().state == "archived"


def test_a_letter_is_cancelled_with_a_reason_and_for_good(app: Flask, nadia: Browser) -> None:
    opened(app)
    nadia.get(f"{LETTER}/cancel")
    nadia.submit({"reason": ""}, status=422)
    assert nadia.page.error("reason")
    nadia.submit({"reason": "The resolution was adopted."})
    with app.app_context():
        assert stored().state == "cancelled"
    nadia.get(f"{LETTER}/reopen", 409)


@pytest.mark.parametrize(("page", "steps"), [
    ("open", ()), ("deadline", ("close",)), ("close", ("close",)), ("reopen", ()), ("archive", ()),
    ("cancel", ("close", "archive")),
])
def test_what_the_state_does_not_allow_is_not_offered_and_not_done(
        app: Flask, nadia: Browser, page: str, steps: tuple[str, ...]) -> None:
    opened(app, *steps)
    with app.app_context():
        before = stored().state
    nadia.get(f"{LETTER}/team")
    nadia.post(f"{LETTER}/{page}", {"day": "2026-04-02", "at": "12:00", "zone": "UTC", "reason": "x"}, status=409)
    nadia.get(f"{LETTER}/{page}", 409)
    with app.app_context():
        assert stored().state == before
