"""The dashboard: a letter in pictures, each also as a table, drawn from numbers; and the goal."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask

from coalition.access.actor import signer
from coalition.db import unit_of_work
from coalition.endorsements import operations as endorsements
from coalition.letters.models import Letter
from coalition.review.pace import Day, by_day, needed_a_day
from coalition.web.coordinator.chart import Span, variants
from tests import cast
from tests.web.browser import Browser

LETTER = "/coordinator/letters/protect-the-hospitals"
PAGE = f"{LETTER}/dashboard"


@pytest.fixture
def letter_id(app: Flask) -> int:
    with app.app_context():
        cast.staff()
        return cast.open_letter().id


def test_the_pictures_show_what_the_letter_holds(app: Flask, letter_id: int, browser: Browser) -> None:
    with app.app_context():
        letter = cast.db.session.get_one(Letter, letter_id)
        cast.approved(letter, "Harbour Light Trust", country="KE")
        with cast.clock.fixed(cast.later(days=2)):
            cast.approved(letter, "River Watch", country="KE", visibility="withheld")
            gone = cast.approved(letter, "Gone Again", country="PE")
            with unit_of_work():
                endorsements.withdraw(signer(gone.id), endorsements.get(gone.id))
        cast.sign(letter, cast.fields("Not Confirmed"))
    browser.sign_in(cast.NADIA)
    said = browser.get(PAGE).text
    assert "2 March 2026 1 1 4 March 2026 1 2" in said
    assert "2 approved by now" in browser.page.source
    assert "Started 4 Confirmed by their signers 3 Approved by a coordinator 2" in said
    assert "Kenya 2" in said
    assert "Peru" not in said
    assert "Invited but silent" not in said
    assert "River Watch" not in said
    assert browser.page.source.count("<svg class=\"chart-") == 2
    browser.follow("Confirmed by their signers")
    assert "Not Confirmed" not in browser.page.text
    assert "Gone Again" in browser.page.text


def test_a_goal_asks_for_a_pace(app: Flask, letter_id: int, browser: Browser) -> None:
    with app.app_context():
        cast.approved(cast.db.session.get_one(Letter, letter_id))
    browser.sign_in(cast.NADIA)
    assert 'class="chart-pace"' not in browser.get(PAGE).source
    for wrong in ("0", "many", "-3", "10000000"):
        browser.submit({"goal": wrong}, action="/goal", status=422)
        assert browser.page.error("goal")
    browser.submit({"goal": "٢٠٠"}, action="/goal")
    assert "11 approvals a day are needed from now on" in browser.page.text
    assert browser.page.source.count('class="chart-pace"') == 2
    browser.submit({"goal": "1"}, action="/goal")
    assert "The goal is reached." in browser.page.text
    browser.submit({"goal": ""}, action="/goal")
    assert "There is no goal any more." in browser.page.text
    assert "The goal of the letter was changed" in browser.page.text


def test_a_new_letter_says_what_will_appear(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        cast.draft_letter()
    browser.sign_in(cast.NADIA)
    said = browser.get(PAGE).text
    assert "Nothing is approved yet" in said
    assert "The countries of approved signatures appear here." in said
    assert "<svg class=\"chart-" not in browser.page.source


def test_days_are_those_of_the_letters_clocks() -> None:
    late = cast.MORNING.replace(hour=23, minute=30)
    assert by_day([(late, 1), (cast.MORNING, 1), (late, 1)], "Asia/Tokyo") == (
        Day(date(2026, 3, 2), 1, 1), Day(date(2026, 3, 3), 2, 3))
    assert by_day([], "UTC") == ()


@pytest.mark.parametrize(("total", "goal", "days", "needed"), [
    (0, 10, 10, 1), (1, 10, 2, 5), (0, 10, 0.5, 10), (10, 10, 5, None), (0, None, 5, None), (0, 10, 0, None),
    (0, 10, -1, None),
])
def test_the_pace_is_rounded_up_and_never_asked_for_in_vain(
        total: int, goal: int | None, days: float, needed: int | None) -> None:
    assert needed_a_day(total, goal, cast.MORNING, cast.MORNING + timedelta(days=days)) == needed
    assert needed_a_day(total, goal, cast.MORNING, None) is None


@pytest.mark.parametrize("total", [1, 7, 99, 100, 10_000])
@pytest.mark.parametrize("goal", [None, 1, 250])
def test_all_points_lie_within_the_plot(total: int, goal: int | None) -> None:
    first = date(2026, 3, 1)
    days = (Day(first, total - total // 2, total - total // 2), Day(date(2026, 3, 9), total // 2, total))
    for last in (date(2026, 3, 9), date(2026, 3, 20)):
        for drawn in variants(days, Span(first, last, date(2026, 3, 9), total, goal)):
            start, top, end, floor = drawn.plot
            points = [tuple(map(float, point.split(","))) for point in f"{drawn.line} {drawn.pace}".split()]
            assert all(start <= x <= end and top <= y <= floor for x, y in points)
            assert bool(drawn.pace) == (goal is not None and goal > total and last > date(2026, 3, 9))
            heights = [y for _x, y in points]
            assert heights == sorted(heights, reverse=True)
