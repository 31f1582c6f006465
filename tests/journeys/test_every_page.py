"""Every page and main state in a real browser: axe finds nothing, no screen is too narrow, the policy refuses
nothing."""

from __future__ import annotations

import itertools

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from coalition.corrections import drawing as sheets
from coalition.documents import drawing
from tests.journeys import everywhere
from tests.journeys.visitor import DESK, WIDTHS, Visitor

LANGUAGES = ("en", "ar")
#: Pages whose first form is also looked at when it is sent as it is: empty.
EMPTY = ("hospitals/sign", "/sign?as=person", "/link-again", "/login", "/letters/new", "/people/invite",
         "/take-up-again", "/enter")


@pytest.fixture
def pages(app: Flask, site: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """The addresses of all, by who opens them. Documents are a few bytes: nobody reads them here."""
    def sealed(*about: object, **more: object) -> bytes:
        return repr((about, more)).encode()

    monkeypatch.setattr(drawing, "draw_sealed", sealed)
    monkeypatch.setattr(sheets, "draw_corrigendum", sealed)
    with app.app_context():
        return everywhere.build()


def walk(browser: Browser, site: str, pages: dict[str, list[str]], *, both: bool, scheme: str = "light") -> None:
    """Open every page, each in one language in turn or in both."""
    for who, paths in pages.items():
        readers = [_reader(browser, site, who, language, scheme) for language in LANGUAGES]
        turns = itertools.cycle([readers] if both else [[reader] for reader in readers])
        for path, chosen in zip(paths, turns, strict=False):
            for reader in chosen:
                reader.page.goto(site + path)
                # Colours are the same in every language.
                reader.look(WIDTHS, contrast=reader is readers[0])
                if path.endswith(EMPTY):
                    _send_it_empty(reader)
        for reader in readers:
            reader.context.close()


def _reader(browser: Browser, site: str, who: str, language: str, scheme: str) -> Visitor:
    reader = Visitor(browser, site, DESK, color_scheme=scheme)
    if who != everywhere.VISITOR:
        reader.sign_in(who)
    reader.page.goto(f"{site}/language/{language}")
    return reader


def _send_it_empty(reader: Visitor) -> None:
    reader.follow(reader.page.locator("main form[method=post] .actions button").first)
    expect(reader.page.locator("[data-error-summary]")).to_be_focused()


def test_every_page_is_for_everybody(browser: Browser, site: str, pages: dict[str, list[str]]) -> None:
    walk(browser, site, pages, both=False)


@pytest.mark.soak
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_in_both_directions(browser: Browser, site: str, pages: dict[str, list[str]], scheme: str) -> None:
    walk(browser, site, pages, both=True, scheme=scheme)
