"""The building blocks in a real browser, under the site's security policy: scripts, small screens, axe."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask, Response, render_template, request
from flask_babel import Babel
from flask_wtf import FlaskForm
from jinja2 import ChoiceLoader, FileSystemLoader
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server
from wtforms import BooleanField, RadioField, SelectChoice, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired

from coalition.signatories.line import Part
from coalition.web.security import CONTENT_SECURITY_POLICY
from tests.web.frame import bare_app

#: The last name is as long as a name may be, without a place to break it.
LINES = [(Part("organisation", "Alpha"), Part("separator", ", "), Part("description", "a network")),
         (Part("organisation", "شبكة"),), (Part("organisation", "Gamma" * 40),)]


class SignForm(FlaskForm):
    name = StringField("Name", [InputRequired("Enter the name")], description="As printed")
    country = SelectField("Country", [InputRequired("Choose a country")], validate_choice=False, choices=[])
    kind = RadioField("Kind", [InputRequired("Choose one")],
                      choices=[SelectChoice("single", "One"), SelectChoice("network", "Network")])
    count = StringField("How many")
    text = TextAreaField("Text")
    agree = BooleanField("I agree", [InputRequired("Tick the box")])


def gallery() -> tuple[Flask, list[str]]:
    """An app with a page of every kind, and the list of what was posted to it."""
    app = bare_app()
    app.jinja_loader = ChoiceLoader([FileSystemLoader(Path(__file__).parent / "gallery"), app.jinja_loader])
    app.extensions.pop("babel")
    Babel(app, locale_selector=lambda: request.args.get("l", "en"))
    posted: list[str] = []

    @app.after_request
    def protect(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        return response

    @app.route("/form", methods=["GET", "POST"])
    def form() -> str:
        form = SignForm()
        if request.method == "POST":
            posted.append(request.form["name"])
            if posted[-1] == "Slow":
                time.sleep(0.5)
            form.validate()
        return render_template("form.html", form=form)

    @app.post("/preview")
    def preview() -> str:
        parts = [Part("organisation", request.form["name"])]
        return app.jinja_env.get_template("components/printed_line.html").module.printed_line(parts)  # type: ignore[attr-defined]

    @app.get("/<any(queue, letter):name>")
    def page(name: str) -> str:
        return render_template(f"{name}.html", lines=LINES, at=datetime(2016, 2, 24, 17, tzinfo=UTC))

    return app, posted


@pytest.fixture(scope="module")
def site() -> Iterator[tuple[str, list[str]]]:
    app, posted = gallery()
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", posted
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def address(site: tuple[str, list[str]]) -> str:
    return site[0]


@pytest.fixture(autouse=True)
def nothing_goes_wrong_unseen(page: Page) -> Iterator[None]:
    """The browser reports refused code and broken scripts on its console only."""
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield
    assert complaints == []


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["form", "form with errors", "queue", "letter"])
def test_axe_finds_nothing(page: Page, address: str, name: str, language: str, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{address}/{name.split()[0]}?l={language}")
    if "errors" in name:
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("alert")).to_be_visible()
    found = Axe().run(page).response["violations"]
    assert [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found] == []


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("language", ["en", "ar"])
def test_no_page_is_wider_than_its_screen(page: Page, address: str, language: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    for name in ("form", "queue", "letter"):
        page.goto(f"{address}/{name}?l={language}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_everything_one_presses_is_large_enough_for_a_thumb(page: Page, address: str) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    for name in ("form", "queue", "letter"):
        page.goto(f"{address}/{name}")
        small = page.evaluate("""() => [...document.querySelectorAll(
            "button, .button, nav a, .input, .choice label, summary, .account a, .back a")]
            .filter(element => element.checkVisibility() && element.getBoundingClientRect().height < 44)
            .map(element => element.outerHTML.slice(0, 80))""")
        assert small == [], name


def test_the_error_summary_takes_the_focus_and_leads_to_the_field(page: Page, address: str) -> None:
    page.goto(f"{address}/form")
    page.get_by_role("button", name="Continue").click()
    expect(page).to_have_title(re.compile("^Error: "))
    expect(page.locator("[data-error-summary]")).to_be_focused()
    page.get_by_role("link", name="Choose a country").click()
    expect(page.get_by_label("Country")).to_be_focused()


def test_a_form_pressed_twice_is_sent_once(page: Page, site: tuple[str, list[str]]) -> None:
    address, posted = site
    posted.clear()
    page.goto(f"{address}/form")
    page.get_by_label("Name").fill("Slow")
    page.evaluate("""() => { const button = document.querySelector(".actions .button");
        button.click(); setTimeout(() => button.click(), 100); }""")
    page.wait_for_selector("[data-error-summary]")
    assert posted == ["Slow"]


def test_the_printed_line_is_shown_while_typing_and_never_as_markup(page: Page, address: str) -> None:
    page.goto(f"{address}/form")
    expect(page.locator(".preview")).to_be_hidden()
    page.get_by_label("Name").fill("<img src=x> شبكة")
    expect(page.locator("[data-preview] .printed-line")).to_have_text("<img src=x> شبكة")
    expect(page.locator("[data-preview] img")).to_have_count(0)


def test_fields_of_a_choice_show_with_it(page: Page, address: str) -> None:
    page.goto(f"{address}/form")
    expect(page.get_by_label("How many")).to_be_hidden()
    page.get_by_label("Network").check()
    expect(page.get_by_label("How many")).to_be_visible()


def test_characters_are_counted_as_the_server_counts_them(page: Page, address: str) -> None:
    page.goto(f"{address}/form")
    page.get_by_label("Text").fill("🕊" * 5)
    expect(page.locator("#text-counter")).to_have_text("Characters left: 15")
    page.get_by_label("Text").fill("x" * 23)
    expect(page.locator("#text-counter")).to_have_text("Too long by 3 characters")


def test_keys_work_inside_the_list_only_and_can_be_switched_off(page: Page, address: str) -> None:
    page.goto(f"{address}/queue")
    page.keyboard.press("j")
    expect(page.locator("[data-row]:focus")).to_have_count(0)
    page.locator("#Alpha").focus()
    page.keyboard.press("j")
    expect(page.locator("[data-row]").nth(1)).to_be_focused()
    page.keyboard.press("x")
    expect(page.locator("[data-row]").nth(1).get_by_role("checkbox")).to_be_checked()
    page.keyboard.press("k")
    page.keyboard.press("a")
    expect(page).to_have_url(re.compile("#Alpha-opened$"))
    page.get_by_label("Use keys in the list").uncheck()
    page.reload()
    expect(page.get_by_label("Use keys in the list")).not_to_be_checked()
    page.locator("#Alpha").focus()
    page.keyboard.press("x")
    expect(page.locator("#Alpha").get_by_role("checkbox")).not_to_be_checked()


def test_the_button_says_how_many_it_will_approve(page: Page, address: str) -> None:
    page.goto(f"{address}/queue")
    button = page.locator("[data-bulk-button]")
    expect(button).to_have_text("Approve the ticked")
    for row, words in ((0, "Approve 1 name"), (1, "Approve 2 names")):
        page.locator("[data-row]").nth(row).get_by_role("checkbox").check()
        expect(button).to_have_text(words)


def test_without_scripts_the_same_pages_work(browser: Browser, site: tuple[str, list[str]]) -> None:
    address, posted = site
    posted.clear()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/form")
    page.get_by_label("Name").fill("Beta")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose a country")
    assert posted == ["Beta"]
    for hidden in (".preview", "[data-copy]"):
        expect(page.locator(hidden)).to_be_hidden()
    page.goto(f"{address}/queue")
    expect(page.locator("[data-queue-keys]")).to_be_hidden()
    context.close()
