"""Passkeys in a real browser, with Chromium's own stand-in for a device: add one where a second factor is required,
sign in with it alone and as second step, prove it is you, keep the last one, remove the other."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from coalition.accounts.models import Passkey
from coalition.audit.models import AuditEntry
from coalition.db import db
from tests import cast

OVERVIEW = "/account/second-factor"
FIRST, SECOND = "My computer", "Schlüssel am Bund"


@pytest.fixture
def still_clock() -> None:
    """The clock runs: each use of a passkey must be later than the one before."""


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The application in production manners, at a name: passkeys refuse bare numbers."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    address = f"http://localhost:{server.server_port}"
    app.config.update(PUBLIC_URL=address, PRODUCTION=True)
    with app.app_context():
        cast.person(cast.ADA, administrator=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield address
    server.shutdown()
    thread.join()


class Device:
    """A computer with a fingerprint reader, as Chromium plays it."""

    def __init__(self, page: Page) -> None:
        self.session = page.context.new_cdp_session(page)
        self.session.send("WebAuthn.enable")
        self.number = self.plug_in()

    def plug_in(self) -> str:
        return self.session.send("WebAuthn.addVirtualAuthenticator", {"options": {
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
            "isUserVerified": True, "automaticPresenceSimulation": True}})["authenticatorId"]

    def unplug(self) -> None:
        self.session.send("WebAuthn.removeVirtualAuthenticator", {"authenticatorId": self.number})

    def refuse(self, refuses: bool) -> None:
        self.session.send("WebAuthn.setUserVerified", {"authenticatorId": self.number, "isUserVerified": not refuses})


class Staff:
    """Somebody of the staff at a phone-wide window; every page that only passkeys show is looked over once."""

    def __init__(self, browser: Browser, site: str) -> None:
        self.site = site
        context = browser.new_context(viewport={"width": 390, "height": 844})
        context.set_default_timeout(10_000)
        self.page = context.new_page()
        self.seen = {"/account", "/account/login", "/account/address", "/admin"}  # by other journeys

    def open(self, path: str) -> None:
        self.page.goto(self.site + path)
        self.look()

    def press(self, words: str) -> None:
        with self.page.expect_navigation():
            self.page.locator("main").get_by_role("button", name=words).first.click()
        self.look()

    def look(self) -> None:
        path = urlsplit(self.page.url).path
        if path in self.seen:
            return
        self.seen.add(path)
        results = Axe().run(self.page)
        assert results.violations_count == 0, f"{self.page.url}\n{results.generate_report()}"
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), self.page.url

    def is_at(self, path: str) -> None:
        assert self.page.url.removeprefix(self.site) == path, self.page.url

    def give_password(self) -> None:
        self.open("/account/login")
        self.page.get_by_label("E-mail address").fill(cast.ADA)
        self.page.get_by_label("Password", exact=True).fill(cast.PASSWORD)
        self.press("Sign in")

    def add(self, name: str) -> None:
        self.open(f"{OVERVIEW}/passkeys/add")
        self.page.get_by_label("A name for it").fill(name)
        self.press("Add this passkey")

    def leave(self) -> None:
        with self.page.expect_navigation():
            self.page.get_by_role("button", name="Sign out").click()


def test_passkeys_from_the_first_to_the_last(browser: Browser, site: str, app: Flask) -> None:
    ada = Staff(browser, site)
    device = Device(ada.page)
    ada.give_password()
    ada.is_at(OVERVIEW)  # led there before anything else
    ada.add(FIRST)
    ada.is_at(f"{OVERVIEW}/recovery-codes")
    ada.press("Show my new codes")
    assert ada.page.locator(".recovery-codes code").count() == 10
    ada.open("/admin")
    ada.is_at("/admin")

    ada.leave()
    ada.open("/account/sign-in-with-passkey")
    device.refuse(True)
    ada.page.get_by_role("button", name="Use a passkey").click()
    expect(ada.page.get_by_text("No passkey was used")).to_be_visible()
    device.refuse(False)
    ada.press("Use a passkey")
    ada.is_at("/account")

    ada.leave()
    ada.give_password()
    ada.is_at("/account/second-step")
    ada.press("Use a passkey")
    ada.is_at("/account")
    ada.open("/account/verify?next=/account/address")
    ada.press("Use a passkey")
    ada.is_at("/account/address")

    _a_copied_answer_is_worth_nothing(ada)

    ada.open(OVERVIEW)
    ada.press("Remove")
    expect(ada.page.get_by_text("set another one up before you remove this one")).to_be_visible()
    device.unplug()
    device.number = device.plug_in()
    ada.add(SECOND)
    ada.is_at(OVERVIEW)
    ada.press("Remove")
    expect(ada.page.get_by_text(SECOND).first).to_be_visible()
    expect(ada.page.get_by_text(FIRST)).to_have_count(0)
    with app.app_context():
        kept = db.session.query(Passkey).one()
        assert (kept.name, kept.domain) == (SECOND, "localhost")
        assert [entry.action.partition(".")[2] for entry in db.session.query(AuditEntry).order_by(AuditEntry.sequence)
                if entry.action.startswith("second_factor.")] == [
                    "passkey_added", "codes_made", "passkey_added", "passkey_removed"]


def _a_copied_answer_is_worth_nothing(ada: Staff) -> None:
    """Somebody who copied question, cookie and answer sends them once more."""
    ada.leave()
    ada.open("/account/sign-in-with-passkey")
    before = ada.page.context.cookies()
    with ada.page.expect_request(lambda request: request.method == "POST") as sent, ada.page.expect_navigation():
        ada.page.get_by_role("button", name="Use a passkey").click()
    ada.is_at("/account")
    copied = sent.value.post_data
    assert copied and "credential=" in copied
    after = ada.page.context.cookies()
    ada.page.context.clear_cookies()
    ada.page.context.add_cookies(before)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = ada.page.request.post(f"{ada.site}/account/sign-in-with-passkey", data=copied, headers=headers)
    assert answer.status == 422 and "was not accepted" in answer.text()
    ada.page.context.clear_cookies()
    ada.page.context.add_cookies(after)
