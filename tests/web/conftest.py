"""The browser every web test sits at."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from tests.web.browser import Browser


@pytest.fixture
def browser(client: FlaskClient) -> Browser:
    """Somebody at a screen, a stranger to the site."""
    return Browser(client)
