"""Every answer carries the protections: pages, files, refusals, errors; to visitors and to staff."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import AnyConverter, IntegerConverter, Rule

from coalition.web.security import CONTENT_SECURITY_POLICY
from tests import cast
from tests.web.browser import Browser

#: What stands for a part of an address, where it is no number and no choice of words; it names nothing there is.
VALUES = {"slug": "no-such-letter", "filename": "nothing.css", "language": "en", "code": "en", "topic": "signing"}


def _addresses(app: Flask) -> list[str]:
    with app.test_request_context():
        return [_built(app, rule) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())]


def _built(app: Flask, rule: Rule) -> str:
    adapter = app.create_url_adapter(None) or app.url_map.bind("localhost")
    return adapter.build(rule.endpoint, {name: _value(rule, name) for name in rule.arguments})


def _value(rule: Rule, name: str) -> object:
    """One that the address takes."""
    converter = rule._converters[name]
    if isinstance(converter, AnyConverter):
        return min(converter.items)
    return 7 if isinstance(converter, IntegerConverter) else VALUES.get(name, "nothing")


@pytest.mark.parametrize("who", ["", cast.NADIA, cast.ADA], ids=["visitor", "coordinator", "administrator"])
def test_every_address_answers_with_the_protections(app: Flask, client: FlaskClient, who: str) -> None:
    with app.app_context():
        cast.staff()
    if who:
        Browser(client).sign_in(who)
    addresses = _addresses(app)
    assert len(addresses) > 50
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code < 500, address
        assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY, address
        assert answer.headers["X-Content-Type-Options"] == "nosniff", address
        assert answer.headers["X-Frame-Options"] == "DENY", address
        assert answer.headers["Referrer-Policy"] == "same-origin", address
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", address
        assert "no-store" in answer.headers["Cache-Control"] or answer.headers["Cache-Control"].startswith(
            ("public", "no-cache")
        ), address
        assert "Traceback" not in answer.get_data(as_text=True) if answer.mimetype.startswith("text") else True


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_odd_methods_change_nothing(app: Flask, client: FlaskClient, method: str) -> None:
    for address in _addresses(app):
        assert client.open(address, method=method).status_code in (400, 404, 405), address


def test_a_method_is_never_overridden(app: Flask, client: FlaskClient) -> None:
    answer = client.get("/account/logout?_method=POST", headers={"X-HTTP-Method-Override": "POST"})
    assert answer.status_code in (400, 404, 405)


@pytest.mark.parametrize(
    "address",
    [
        "/..%2f..%2fetc/passwd",
        "/%00",
        "//",
        "/.git/config",
        "/.env",
        "/static/../config.toml",
        "/letters/%ff",
        "/letters/x/editions/99999999999999999999/letter.pdf",
    ],
)
def test_junk_addresses_are_no_pages(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code in (301, 308, 400, 404)


def test_a_post_without_a_token_is_refused_kindly(app: Flask, client: FlaskClient) -> None:
    answer = client.post("/member/link-again", data={"email": "ann@example.org"})
    assert answer.status_code == 400 and "open too long" in answer.get_data(as_text=True)
