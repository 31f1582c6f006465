"""Requests that no browser sends: foreign hosts, claimed addresses, odd encodings, repeated and missing parts (bad
inputs D17, D18, E15, E16, E17, M)."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_limiter.util import get_remote_address
from jinja2 import TemplateNotFound

from coalition.app import create_app
from coalition.endorsements.models import Endorsement
from tests import cast
from tests.conftest import SETTINGS
from tests.oracles import Oracles
from tests.web.browser import Browser, Page
from tests.web.signing import ORGANISATION, mails

SIGN = "/letters/protect-the-hospitals/sign"
RUN = "/coordinator/letters/protect-the-hospitals"


@pytest.fixture
def slug(app: Flask) -> str:
    with app.app_context():
        cast.staff()
        return cast.open_letter().slug


def page(client: FlaskClient, method: str, address: str, **options: object) -> Page:
    return Page(client.open(address, method=method, **options), address)


CLAIMED = ({"Host": "evil.example"}, {"Host": "good@evil.example"}, {"Host": "letters.test:8080"},
           {"X-Forwarded-Host": "evil.example"}, {"Forwarded": "host=evil.example;proto=http"},
           {"X-Original-URL": "/admin"}, {"X-Rewrite-URL": "/admin"})


def test_D17_no_claimed_host_gets_into_a_page_or_a_mail(slug: str, client: FlaskClient, app: Flask) -> None:
    for claimed in CLAIMED:
        for address in ("/", f"/letters/{slug}", "/admin", "/verify"):
            answer = client.get(address, headers=claimed)
            assert answer.status_code in (200, 303, 400), (claimed, address)
            assert b"evil" not in answer.data and "evil" not in str(answer.headers), (claimed, address)
        token = Page(client.get("/account/reset"), "/account/reset").form("/reset").value("csrf_token")
        client.post("/account/reset", headers=claimed, data={"email": cast.NADIA, "csrf_token": token})
    with app.app_context():
        mailed = [mail for mail in cast.mails_to(cast.NADIA) if "/account/reset/" in mail.text]
        assert mailed and all("https://letters.test/account/reset/" in mail.text for mail in mailed)
        assert not any(word in mail.text + mail.html for mail in mailed for word in ("evil", "8080"))


@pytest.mark.parametrize(("proxies", "claimed", "counted"), [
    (0, "1.2.3.4", "127.0.0.1"), (0, "1.2.3.4, 5.6.7.8", "127.0.0.1"), (1, "1.2.3.4", "1.2.3.4"),
    (1, "9.9.9.9, 8.8.8.8, 1.2.3.4", "1.2.3.4"), (2, "9.9.9.9, 1.2.3.4, 10.0.0.1", "1.2.3.4")])
def test_D18_who_is_counted_is_the_last_hop_that_is_trusted(tmp_path: Path, database_uri: str, proxies: int,
                                                            claimed: str, counted: str) -> None:
    app = create_app(tmp_path, {**SETTINGS, "SQLALCHEMY_DATABASE_URI": database_uri, "TRUSTED_PROXIES": proxies})
    seen: list[str] = []
    app.before_request(lambda: seen.append(get_remote_address()))
    app.test_client().get("/healthz", headers={"X-Forwarded-For": claimed})
    assert seen == [counted]


def test_E15_no_method_in_disguise_changes_anything(slug: str, browser: Browser, oracles: Oracles) -> None:
    browser.sign_in(cast.NADIA)
    token = browser.get(RUN + "/cancel").form(button="Cancel").value("csrf_token")
    oracles.begin()
    disguises = {"X-HTTP-Method-Override": "POST", "X-HTTP-Method": "POST", "X-Method-Override": "POST"}
    asked = {"_method": "POST", "reason": "Because.", "csrf_token": token}
    for method in ("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "PATCH"):
        answer = browser.client.open(RUN + "/cancel", method=method, headers=disguises, query_string=asked, data=asked)
        assert answer.status_code in (200, 405), method
    oracles.nothing_lost()


def test_E16_of_a_repeated_value_the_first_is_checked_and_used(slug: str, browser: Browser, app: Flask) -> None:
    """Neither a second value nor one in the address takes the place of the one that was looked at."""
    browser.sign_in(cast.NADIA)
    browser.get(RUN + "/goal", 405)
    browser.get(RUN + "/dashboard")
    data = browser.page.form("/goal").data({"goal": "12"})
    data.setlist("goal", ["12", "99"])
    browser.client.post(RUN + "/goal?goal=77", data=data)
    with app.app_context():
        assert cast.db.session.query(cast.Letter).one().goal == 12


def test_E17_a_form_without_its_own_token_is_refused_and_changes_nothing(
        slug: str, app: Flask, browser: Browser, oracles: Oracles) -> None:
    other = Browser(app.test_client())
    other.sign_in(cast.TOMAS)
    theirs = other.get(RUN + "/cancel").form(button="Cancel").value("csrf_token")
    browser.sign_in(cast.NADIA)
    token = browser.get(RUN + "/cancel").form(button="Cancel").value("csrf_token")
    said = {"reason": "A long reason, typed with care."}
    spoilt: dict[str, dict[str, object]] = {
        "missing": {"data": said}, "empty": {"data": {**said, "csrf_token": ""}},
        "of another session": {"data": {**said, "csrf_token": theirs}},
        "cut off": {"data": {**said, "csrf_token": token[:-3]}},
        "in the address": {"data": said, "query_string": {"csrf_token": token}},
        "as JSON": {"json": {**said, "csrf_token": token}},
    }
    for how, options in spoilt.items():
        oracles.begin()
        refused = page(browser.client, "POST", RUN + "/cancel", **options)
        assert refused.status == 400, how
        oracles.refused(refused, "open too long")


NOT_TEXT = "%FF%FE", "%C3%28", "%ED%A0%80", "%00", "%F0%9F"


@pytest.mark.both_databases
def test_M01_bytes_that_are_no_text_are_no_fault(slug: str, client: FlaskClient, oracles: Oracles) -> None:
    """In path, query, cookie, header and form; and no name is made of them."""
    oracles.begin()
    for junk in NOT_TEXT:
        _no_text(slug, client, oracles, junk)
    oracles.nothing_lost()


def _no_text(slug: str, client: FlaskClient, oracles: Oracles, junk: str) -> None:
    raw = unquote(junk, "latin-1").replace("\0", "")
    for address in (f"/letters/{junk}", f"/letters/{slug}?language={junk}", f"/?{junk}={junk}", f"/verify/{junk}",
                    f"/member/{junk}", f"/help/{junk}", f"/letters/{slug}/by-link/{junk}", f"/language/{junk}",
                    f"/account/reset/{junk}", f"/member/authority/{junk}", f"/letters/{slug}.json?q={junk}"):
        oracles.answered(client.get(address))
    token = Page(client.get("/account/login"), "/account/login").form("/login").value("csrf_token")
    for address in ("/account/login", "/account/reset", "/member/link-again"):
        oracles.answered(client.post(address, data=f"email=a{junk}@b.example&password={junk}&csrf_token={token}",
                                     content_type="application/x-www-form-urlencoded"))
    client.set_cookie("session", raw)
    for header in ("Cookie", "Accept-Language", "Referer", "If-None-Match", "User-Agent"):
        oracles.answered(client.get(f"/letters/{slug}", headers={header: raw}))
    form = "&".join(f"{name}={junk}" for name in ORGANISATION)
    answer = client.post(f"{SIGN}/send", data=form, content_type="application/x-www-form-urlencoded")
    oracles.answered(answer)
    assert answer.status_code in (400, 422), answer.status


KINDS = ("application/json", "text/xml", "text/plain", "", "multipart/form-data", "multipart/form-data; boundary=x",
         "application/x-www-form-urlencoded; charset=utf-7")


def test_M04_a_body_of_another_kind_is_an_empty_form(slug: str, client: FlaskClient, app: Flask,
                                                     oracles: Oracles) -> None:
    oracles.begin()
    for kind in KINDS:
        for address in (SIGN, f"{SIGN}/send", "/member/link-again", "/account/login", "/verify"):
            answer = client.post(address, data=b'{"organisation": "A", "email": "a@b.example"}', content_type=kind)
            assert answer.status_code in (200, 400, 413, 415, 422), (kind, address, answer.status)
            oracles.answered(answer)
    oracles.nothing_lost()
    with app.app_context():
        assert not cast.db.session.query(Endorsement).count()
    assert mails(app, "a@b.example") == []


DAYS = ("0000-00-00", "2026-02-31", "10000-01-01", "-1-01-01", "2026-03-20T10:00+02:00", "tomorrow",
        "20.03.2026", "٢٠٢٦-٠٣-٢٠x", "1e9", "")
HOURS = ("25:00", "12:60", "7 PM", "10:00Z", "", "aa:bb", "23:59:60")


def test_M08_days_and_hours_that_are_none_are_told_at_their_field(slug: str, browser: Browser,
                                                                  oracles: Oracles) -> None:
    browser.sign_in(cast.NADIA)
    browser.get(RUN + "/deadline")
    oracles.begin()
    taken = []
    for wrong in (*DAYS, *HOURS):
        browser.get(RUN + "/deadline")
        told = browser.submit({"day": wrong, "at": wrong, "reason": "More time."}, button="Move", status=422)
        taken += [wrong] if not (told.error("day") and told.error("at")) else []
    assert taken == []
    oracles.nothing_lost()


def test_K13_without_its_templates_it_says_so_plainly(slug: str, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page, an error page and a file of style that are gone: words and a number, no trace, and it goes on."""
    def gone(*_arguments: object) -> None:
        raise TemplateNotFound("base.html")

    monkeypatch.setattr(app, "testing", False)
    with monkeypatch.context() as patch:
        patch.setattr(app.jinja_env, "cache", None)
        patch.setattr(app.jinja_env.loader, "load", gone)
        for address, status in ((f"/letters/{slug}", 500), ("/no-such-page", 404), ("/static/gone.css", 404)):
            answer = app.test_client().get(address)
            assert (answer.status_code, answer.mimetype) == (status, "text/html"), address
            assert b"<h1>" in answer.data and b"Traceback" not in answer.data and b"base.html" not in answer.data
            assert answer.headers["X-Frame-Options"] == "DENY"
        assert app.test_client().get("/healthz").status_code == 200
    assert app.test_client().get(f"/letters/{slug}").status_code == 200


JUNK = ("/..%2f..%2fetc/passwd", "/%00", "//", "/.git/config", "/.env", "/static/../config.toml", "/letters/%ff",
        "/letters/x/editions/99999999999999999999/letter.pdf", "/static/..%2f..%2fconfig.toml", "/instance/secret.key",
        "/static/%2e%2e/%2e%2e/secret.key", "/coalition.sqlite", "/wp-login.php", "/server-status")


def test_M06_junk_addresses_are_no_pages(client: FlaskClient) -> None:
    for address in JUNK:
        assert client.get(address).status_code in (301, 308, 400, 404), address
