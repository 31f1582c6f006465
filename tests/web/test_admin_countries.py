"""The administrator's page of country names."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import cast
from tests.web.browser import Browser


@pytest.fixture
def ada(app: Flask, client: FlaskClient) -> Browser:
    with app.app_context():
        cast.staff()
    browser = Browser(client)
    browser.sign_in(cast.ADA)
    return browser


def test_a_country_is_called_otherwise_and_as_usual_again(app: Flask, ada: Browser) -> None:
    with app.app_context():
        slug = cast.open_letter().slug
    assert "All countries have their usual names." in ada.get("/admin/countries").text
    page = ada.submit({"code": "TR", "language": "en", "name": " Turkey  (Republic) "}, action="/name")
    assert "Turkey (Republic)" in page.text and "Türkiye (TR)" in page.text
    assert ">Turkey (Republic)</option>" in ada.get(f"/letters/{slug}/sign").source
    ada.get("/admin/countries")
    page = ada.submit(button="Use the usual name")
    assert "The usual name is back." in page.text
    assert "Turkey (Republic)" not in ada.get(f"/letters/{slug}/sign").source


def test_a_bad_name_is_said_beside_its_field(ada: Browser) -> None:
    ada.get("/admin/countries")
    page = ada.submit({"code": "NO", "language": "en", "name": "Norway"}, action="/name", status=422)
    assert "That is the usual name." in page.error("name")
    page = ada.submit({"code": "", "name": "Nowhere"}, action="/name", status=422)
    assert "Choose a country." in page.error("code")


@pytest.mark.parametrize(("path", "data"), [
    ("/admin/countries", None), ("/admin/countries/name", {"code": "NO", "language": "en", "name": "X"}),
    ("/admin/countries/1/name-as-usual", {}),
])
def test_others_are_kept_out(app: Flask, browser: Browser, path: str, data: dict[str, str] | None) -> None:
    with app.app_context():
        cast.staff()
    browser.sign_in(cast.NADIA)
    if data is None:
        browser.get(path, status=403)
    else:
        browser.post(path, data, status=403)
