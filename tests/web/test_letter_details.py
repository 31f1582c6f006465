"""Changing the details of a letter: recipients, date, who sees it and from when."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from coalition.db import unit_of_work
from coalition.letters import operations as letters
from coalition.letters import queries
from coalition.letters.models import Letter
from coalition.web.coordinator.checks import moment, zones
from tests import cast
from tests.web.browser import Browser

DETAILS = "/coordinator/letters/protect-the-hospitals/details"


@pytest.fixture
def nadia(app: Flask, browser: Browser) -> Browser:
    """Nadia at the details of her draft."""
    with app.app_context():
        cast.staff()
        cast.draft_letter()
    browser.sign_in(cast.NADIA)
    browser.get(DETAILS)
    return browser


def stored(app: Flask) -> Letter:
    found = queries.by_slug("protect-the-hospitals")
    assert found is not None
    return found


def test_everything_typed_is_stored(app: Flask, nadia: Browser) -> None:
    nadia.submit({
        "subject": "Protect the hospitals now", "language": "ar", "place": "Geneva", "date_text": "24 February 2016",
        "letterhead": "Our coalition", "closing": "Yours sincerely,",
        "addressees": "H.E. the President\r\nof the Security Council\r\n\r\nThe Members", "copies": "",
        "reach": "link", "releases_on": "2026-03-29", "releases_at": "10:30", "zone": "Europe/Oslo"})
    assert nadia.page.path == "/coordinator/letters/protect-the-hospitals"
    with app.app_context():
        letter = stored(app)
        assert (letter.subject, letter.language, letter.place, letter.date_text, letter.letterhead, letter.closing) == (
            "Protect the hospitals now", "ar", "Geneva", "24 February 2016", "Our coalition", "Yours sincerely,")
        assert queries.recipients_of(letter, "addressee") == [
            "H.E. the President\nof the Security Council", "The Members"]
        assert queries.recipients_of(letter, "copy") == []
        assert (letter.reach, letter.releases_at) == ("link", datetime(2026, 3, 29, 8, 30, tzinfo=UTC))
    nadia.get(DETAILS)
    form = nadia.page.form()
    assert (form.value("releases_on"), form.value("releases_at")) == ("2026-03-29", "10:30")
    assert form.value("addressees").replace("\r", "") == "H.E. the President\nof the Security Council\n\nThe Members"


def test_the_link_of_the_letter_is_there_to_copy(app: Flask, nadia: Browser) -> None:
    with app.app_context():
        secret = stored(app).link_secret
    assert f'value="https://letters.test/letters/protect-the-hospitals/by-link/{secret}"' in nadia.page.source


@pytest.mark.parametrize(("filled", "field"), [
    ({"subject": ""}, "subject"), ({"subject": "y" * 301}, "subject"), ({"place": "z" * 101}, "place"),
    ({"date_text": "d" * 61}, "date_text"), ({"addressees": "a" * 1001}, "addressees"),
    ({"copies": "x\x00y"}, "copies"), ({"releases_on": "2026-04-01"}, "releases_on"),
    ({"releases_at": "10:00"}, "releases_at"), ({"releases_on": "tomorrow", "releases_at": "10:00"}, "releases_on"),
    ({"releases_on": "2026-03-29", "releases_at": "02:30", "zone": "Europe/Oslo"}, "releases_at"),
])
def test_what_cannot_be_stored_is_said_at_its_field_and_the_rest_is_kept(
        app: Flask, nadia: Browser, filled: dict[str, str], field: str) -> None:
    nadia.submit({"closing": "With hope,", **filled}, status=422)
    assert nadia.page.error(field)
    assert nadia.page.form().value("closing") == "With hope,"
    with app.app_context():
        assert stored(app).closing == ""


def test_what_somebody_else_changed_is_shown_beside_what_was_typed(app: Flask, nadia: Browser) -> None:
    with app.app_context(), unit_of_work():
        letters.edit(cast.actor(cast.TOMAS), stored(app), place="Nairobi")
    nadia.submit({"place": "Geneva"}, status=409)
    assert "Nairobi" in nadia.page.text
    assert nadia.page.form().value("place") == "Geneva"
    with app.app_context():
        assert stored(app).place == "Nairobi"
    nadia.submit()
    with app.app_context():
        assert stored(app).place == "Geneva"


def test_the_details_of_a_letter_that_is_over_can_only_be_read(app: Flask, nadia: Browser) -> None:
    with app.app_context(), unit_of_work():
        letters.cancel(cast.actor(cast.NADIA), stored(app), reason="Over.")
    nadia.submit({"place": "Geneva"}, status=409)
    nadia.get(DETAILS)
    assert "Save the details" not in nadia.page.text


@pytest.mark.parametrize(("local", "zone", "expected"), [
    ("2026-03-20 18:00", "UTC", "2026-03-20 18:00"), ("2026-07-01 12:00", "Asia/Damascus", "2026-07-01 09:00"),
    ("2026-10-25 02:30", "Europe/Oslo", "2026-10-25 00:30"), ("2026-03-29 02:30", "Europe/Oslo", None),
])
def test_a_local_time_is_one_moment_or_none(local: str, zone: str, expected: str | None) -> None:
    given = datetime.fromisoformat(local).replace(tzinfo=UTC)
    if expected is None:
        with pytest.raises(ValueError, match="no such time"):
            moment(given.date(), given.time(), zone)
    else:
        assert moment(given.date(), given.time(), zone) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


def test_time_zones_begin_with_utc_and_name_the_places_people_know() -> None:
    assert next(iter(zones())) == "UTC"
    assert {"America/New_York", "Asia/Damascus"} <= set(zones())
    assert not {"EST5EDT", "Etc/GMT+5", "US/Eastern", "posixrules"} & set(zones())
