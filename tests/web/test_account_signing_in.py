"""Signing in and out as staff."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import cast
from tests.web.browser import Browser


@pytest.fixture
def browser(app: Flask, client: FlaskClient) -> Browser:
    with app.app_context():
        cast.staff()
    return Browser(client)


def test_staff_sign_in_with_address_and_password(browser: Browser) -> None:
    page = browser.sign_in(cast.JONAS)
    assert page.path == "/account"
    assert "Jonas Example" in page.text
