"""Dates, numbers, names of languages and countries, and the addresses of assets."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask

from coalition import clock
from coalition.web import assets, filters
from tests.web.frame import bare_app

NOON = datetime(2016, 2, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "24 February 2016"),
        ("fr", "24 février 2016"),
        ("es", "24 de febrero de 2016"),
        ("nb", "24. februar 2016"),
        ("ru", "24 февраля 2016\u202fг."),
        ("zh", "2016年2月24日"),
    ],
)
def test_a_date_is_written_as_the_reader_s_language_does(language: str, words: str) -> None:
    with bare_app(language).test_request_context("/"):
        assert filters.format_date(date(2016, 2, 24)) == words


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("UTC", "24 February 2016, 12:00 UTC"),
        ("Asia/Damascus", "24 February 2016, 14:00 Damascus time (UTC+2)"),
        ("America/New_York", "24 February 2016, 07:00 New York time (UTC−5)"),
        ("Asia/Kathmandu", "24 February 2016, 17:45 Kathmandu time (UTC+5:45)"),
    ],
)
def test_a_time_is_never_without_its_zone(zone: str, words: str) -> None:
    with bare_app().test_request_context("/"):
        assert filters.format_datetime(NOON, zone) == words


@pytest.mark.parametrize(
    ("gap", "words"),
    [
        (timedelta(days=3), "in 3 days"),
        (timedelta(hours=-2), "2 hours ago"),
        (timedelta(minutes=5), "in 5 minutes"),
        (timedelta(seconds=-59), "a moment ago"),
        (timedelta(0), "a moment ago"),
    ],
)
def test_how_far_off_is_told_in_words(gap: timedelta, words: str) -> None:
    with bare_app().test_request_context("/"), clock.fixed(NOON):
        assert filters.format_relative(NOON + gap) == words


def test_nothing_is_shown_for_what_has_not_happened() -> None:
    with bare_app().test_request_context("/"):
        assert [
            filters.format_date(None),
            filters.format_datetime(None),
            filters.format_time(None),
            filters.format_relative(None),
            filters.iso(None),
            filters.format_number(None),
            filters.format_percent(None),
            filters.short_hash(None),
            filters.country_name(None),
        ] == [""] * 9


def test_languages_have_their_own_names_and_the_reader_s() -> None:
    with bare_app("fr").test_request_context("/"):
        assert filters.language_name("ar") == "العربية"
        assert filters.language_name("ar", own=False) == "arabe"


def test_countries_are_named_in_the_language_of_the_page() -> None:
    with bare_app("fr").test_request_context("/"):
        assert filters.country_name("SY") == "Syrie"
        assert filters.country_name("??") == "??"
        assert '<option value="SY">Syrie</option>' in filters.country_options()


@pytest.mark.parametrize(
    ("language", "categories"),
    [
        ("en", {"one", "other"}),
        ("zh", {"other"}),
        ("ar", {"zero", "one", "two", "few", "many", "other"}),
    ],
)
def test_a_script_gets_a_sentence_for_every_plural_form(language: str, categories: set[str]) -> None:
    with bare_app(language).test_request_context("/"):
        words = filters.plural_words("Approve %(num)s name", "Approve %(num)s names")
    assert set(words) == categories
    assert words["other"] == "Approve {n} names"


def test_an_asset_s_address_holds_its_content_and_may_be_kept_for_a_year() -> None:
    app = bare_app()
    with app.test_request_context("/"):
        address = assets.asset("css/app.css")
    assert re.fullmatch(r"/static/css/app\.css\?v=[0-9a-f]{12}", address)
    assert kept_how(app, address) == "public, max-age=31536000, immutable"
    assert "immutable" not in kept_how(app, "/static/css/app.css")
    assert "immutable" not in kept_how(app, "/static/none.css?v=1")


def kept_how(app: Flask, address: str) -> str:
    with app.test_client().get(address) as response:
        return response.headers.get("Cache-Control", "")


def test_a_changed_query_keeps_the_rest() -> None:
    with bare_app().test_request_context("/letters?q=a%26b&page=2"):
        assert filters.with_query(page=None) == "/letters?q=a%26b"
        assert filters.with_query(page=3, q=None) == "/letters?page=3"
