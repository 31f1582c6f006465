"""Somebody with a browser of their own, and what is looked at on every page they come to."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page, expect

from tests import cast

PHONE = {"viewport": {"width": 390, "height": 844}}
DESK = {"viewport": {"width": 1280, "height": 900}}
#: 320 px is what WCAG asks of a page (1.4.10); 640 is a desk at 200 %.
WIDTHS = (320, 640, 1280)

_LAW = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_FINDINGS = """rules => axe.run({runOnly: {type: "tag", values: %s}, rules, resultTypes: ["violations"]}).then(found =>
    found.violations.map(rule => [rule.id, ...rule.nodes.map(node => node.html.slice(0, 200))]))""" % _LAW  # noqa: UP031
#: Only what the policy itself refused; the console tells of it too, in words that differ by browser.
_WATCH = """document.addEventListener("securitypolicyviolation", event =>
    (window.refused ??= []).push(event.violatedDirective + " " + event.blockedURI))"""


def axe_source() -> str:
    """The checks themselves, as the test library brings them along."""
    spec = importlib.util.find_spec("axe_playwright_python")
    assert spec is not None and spec.origin is not None
    return (Path(spec.origin).parent / "axe.min.js").read_text("utf-8")


AXE = axe_source()


class Visitor:
    """Somebody with a browser of their own; every page they see is looked over."""

    def __init__(self, browser: Browser, site: str, screen: dict[str, Any], **more: Any) -> None:
        self.site = site
        self.has_scripts = more.get("java_script_enabled", True)
        self.context = browser.new_context(**screen, **more)
        # What is not there after ten seconds does not come.
        self.context.set_default_timeout(10_000)
        self.context.add_init_script(_WATCH)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("console", lambda said: self.faults.append(said.text) if _is_fault(said) else None)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def open(self, path: str) -> None:
        self.page.goto(self.site + path)
        self.look()

    def press(self, words: str) -> None:
        self.follow(self.page.get_by_role("button", name=words).first)

    def follow(self, way: Locator) -> None:
        """Click and look at the page that comes: a click alone returns while the old one still stands."""
        with self.page.expect_navigation():
            way.click()
        self.look()

    def look(self, widths: Sequence[int] = (), *, contrast: bool = True) -> None:
        """No accessibility fault, nothing wider than the screen, nothing the policy refused. Contrast is the slow half
        of it."""
        if not self.has_scripts:
            return
        self.page.evaluate(AXE)
        found = self.page.evaluate(_FINDINGS, {} if contrast else {"color-contrast": {"enabled": False}})
        assert found == [], f"{self.page.url}: {found}"
        for width in widths:
            self.page.set_viewport_size({"width": width, "height": 900})
            assert self.page.evaluate("document.documentElement.scrollWidth") <= width, self.page.url
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), self.page.url
        assert self.page.evaluate("window.refused ?? []") == [], self.page.url
        assert self.faults == [], self.page.url
        expect(self.page.locator("h1")).to_have_count(1)

    def sign_in(self, email: str) -> None:
        self.open("/account/login")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password", exact=True).fill(cast.PASSWORD)
        self.press("Sign in")


def _is_fault(said: Any) -> bool:
    """A page that is not there is no fault of its scripts."""
    return said.type == "error" and "Failed to load resource" not in said.text
