"""The whole road in a real browser: a member signs on a phone, a coordinator approves, the secretariat compiles,
downloads and hands over. Mails go over a real SMTP connection; axe looks at every page on the way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect
from werkzeug.serving import make_server

from coalition.cli.demo.postbox import Postbox
from coalition.documents import seal
from coalition.documents.verification import verify
from coalition.jobs.tasks import run_requests, send_mails
from tests import cast
from tests.documents import reading

PHONE = {"viewport": {"width": 390, "height": 844}}
DESK = {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    with Postbox() as box:
        yield box


@pytest.fixture
def site(app: Flask, postbox: Postbox) -> Iterator[str]:
    """The application with an open letter, served on a port of its own."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=postbox.port, PUBLIC_URL=address)
    with app.app_context():
        cast.staff()
        cast.open_letter("Protect the hospitals", body="We, more than 1 organisation, ask the Council to act.\n")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield address
    server.shutdown()
    thread.join()


class Visitor:
    """Somebody with a browser of their own; every page they see is looked over."""

    def __init__(self, browser: Browser, site: str, screen: dict[str, object], **more: object) -> None:
        self.site = site
        self.context = browser.new_context(**screen, **more)  # type: ignore[arg-type]
        # What is not there after ten seconds does not come.
        self.context.set_default_timeout(10_000)
        self.page: Page = self.context.new_page()
        self.faults: list[str] = []
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type == "error" else None)
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

    def look(self) -> None:
        """No accessibility fault, nothing wider than the screen, nothing the policy refused."""
        results = Axe().run(self.page)
        assert results.violations_count == 0, f"{self.page.url}\n{results.generate_report()}"
        assert self.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), self.page.url
        assert self.faults == []
        expect(self.page.locator("h1")).to_have_count(1)

    def sign_in(self, email: str) -> None:
        self.open("/account/login")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password", exact=True).fill(cast.PASSWORD)
        self.press("Sign in")


def test_a_letter_goes_all_the_way(browser: Browser, site: str, app: Flask, postbox: Postbox, tmp_path: Path) -> None:
    member = Visitor(browser, site, PHONE)
    _sign(member, "Harbour Light Trust", "samira@harbour.example")
    _confirm(member, app, postbox, "samira@harbour.example")
    other = Visitor(browser, site, PHONE, java_script_enabled=True)
    _sign(other, "Дом права", "nino@dom.example")
    _confirm(other, app, postbox, "nino@dom.example")

    coordinator = Visitor(browser, site, DESK)
    coordinator.sign_in(cast.NADIA)
    for name in ("Harbour Light Trust", "Дом права"):
        coordinator.open("/coordinator/letters/protect-the-hospitals/queue")
        coordinator.follow(coordinator.page.get_by_role("link", name=name).first)
        coordinator.page.get_by_label("I have established that this organisation is real").check()
        coordinator.press("Approve")
    send_mails(app)
    member.page.goto(postbox.link_for("samira@harbour.example"))
    member.look()
    expect(member.page.get_by_text("Approved").first).to_be_visible()

    secretariat = Visitor(browser, site, DESK)
    secretariat.sign_in(cast.JONAS)
    secretariat.open("/secretariat/letters/protect-the-hospitals")
    secretariat.press("Compile edition")
    _in_a_thread(run_requests, app)
    secretariat.page.reload()
    secretariat.look()
    secretariat.open("/secretariat/letters/protect-the-hospitals")
    with secretariat.page.expect_download() as waiting:
        secretariat.page.locator("a[href*='/editions/1/A4.pdf']").first.click()
    waiting.value.save_as(tmp_path / "letter.pdf")
    pdf = (tmp_path / "letter.pdf").read_bytes()
    text = reading.text(pdf, "Protect the hospitals")
    assert text.index("Harbour Light Trust") and "Дом права" in text and "2 signatories" in text
    assert verify(pdf, fingerprint=seal.load(Path(app.config["INSTANCE"])).fingerprint).is_genuine

    secretariat.open("/secretariat/letters/protect-the-hospitals/deliveries/record")
    secretariat.page.get_by_label("What is handed over").select_option("1 A4")
    secretariat.page.get_by_label("None: only keep the record").check()
    secretariat.page.get_by_label("To whom", exact=True).fill("The President of the Security Council")
    secretariat.page.get_by_label("How", exact=True).fill("in person")
    secretariat.page.get_by_label("By whom").fill("Jonas Example")
    secretariat.press("Record the delivery")
    expect(secretariat.page.get_by_text("in person")).to_be_visible()

    stranger = Visitor(browser, site, PHONE)
    stranger.open("/verify")
    stranger.page.get_by_label("The PDF file").set_input_files(tmp_path / "letter.pdf")
    stranger.follow(stranger.page.locator("form[enctype] button"))
    expect(stranger.page.get_by_text("genuine").first).to_be_visible()
    stranger.open("/letters/protect-the-hospitals")
    expect(stranger.page.get_by_text("Дом права").first).to_be_visible()


def _in_a_thread(work: Callable[[Flask], object], app: Flask) -> None:
    """As a worker does it: the browser's own loop runs in this one."""
    thread = threading.Thread(target=work, args=(app,))
    thread.start()
    thread.join()


def _sign(visitor: Visitor, name: str, email: str) -> None:
    visitor.open("/letters/protect-the-hospitals")
    visitor.follow(visitor.page.get_by_role("link", name="Sign this letter").first)
    visitor.page.get_by_label("Name of the organisation").fill(name)
    visitor.page.get_by_label("Country").select_option("KE")
    visitor.page.get_by_label("Your name").fill("Samira Haddad")
    visitor.page.get_by_label("Your role in the organisation").fill("Director")
    visitor.page.get_by_label("Your e-mail address at work").fill(email)
    visitor.page.get_by_label("Yes: I am authorised to sign for it").check()
    visitor.page.get_by_label("Public", exact=True).check()
    visitor.press("Go on")
    expect(visitor.page.get_by_text(name).first).to_be_visible()
    visitor.press(f"Sign for {name}")
    expect(visitor.page.locator("h1")).to_contain_text("e-mail")


def _confirm(visitor: Visitor, app: Flask, postbox: Postbox, email: str) -> None:
    send_mails(app)
    visitor.open(urlsplit(postbox.link_for(email)).path)
    visitor.follow(visitor.page.locator("main form button").first)
    expect(visitor.page.get_by_text("Waiting for review").first).to_be_visible()


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_every_page_of_the_staff_is_accessible(
    browser: Browser, site: str, app: Flask, screen: dict[str, object]
) -> None:
    with app.app_context():
        letter = cast.open_letter("A second letter")
        made = cast.sign(letter, cast.fields("Open Door"))
        assert made is not None
        public_id = cast.confirm(made).public_id
        cast.approved(letter, "Harbour Light Trust", country="KE")
    for email, paths in {
        cast.NADIA: [
            "/coordinator",
            "/coordinator/letters/new",
            *(
                f"/coordinator/letters/a-second-letter{page}"
                for page in (
                    "",
                    "/details",
                    "/text",
                    "/publish",
                    "/team",
                    "/queue",
                    "/queue?shown=all",
                    "/enter",
                    "/timeline",
                    "/deadline",
                    "/close",
                    "/cancel",
                    f"/endorsements/{public_id}",
                )
            ),
            "/account",
        ],
        cast.JONAS: [f"/secretariat/letters/a-second-letter{page}" for page in ("", "/arrange")],
        cast.ADA: ["/admin", "/admin/people", "/admin/people/invite", "/admin/mail", "/admin/audit"],
    }.items():
        visitor = Visitor(browser, site, screen)
        visitor.sign_in(email)
        for path in paths:
            visitor.open(path)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_visitors_is_accessible(browser: Browser, site: str, scheme: str) -> None:
    visitor = Visitor(browser, site, {"viewport": {"width": 320, "height": 700}}, color_scheme=scheme)
    for path in (
        "/",
        "/letters/protect-the-hospitals",
        "/letters/protect-the-hospitals/sign",
        "/letters/protect-the-hospitals/sign?as=person",
        "/verify",
        "/help",
        "/member/link-again",
        "/account/login",
    ):
        visitor.open(path)


def test_signing_works_without_scripts(browser: Browser, site: str, app: Flask, postbox: Postbox) -> None:
    visitor = Visitor(browser, site, PHONE, java_script_enabled=False)
    visitor.look = lambda: None  # type: ignore[method-assign]  # axe itself is a script
    _sign(visitor, "Open Door", "amina@open-door.example")
    _confirm(visitor, app, postbox, "amina@open-door.example")
