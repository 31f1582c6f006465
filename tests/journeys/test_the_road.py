"""The whole road in a real browser: a member signs on a phone, a coordinator approves, the secretariat compiles,
downloads and hands over. Mails go over a real SMTP connection; axe looks at every page on the way."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from coalition.cli.demo.postbox import Postbox
from coalition.documents import seal
from coalition.documents.verification import verify
from coalition.jobs.tasks import run_requests, send_mails
from tests import cast
from tests.documents import reading
from tests.journeys.visitor import DESK, PHONE, Visitor


@pytest.fixture
def letter(app: Flask, site: str) -> None:
    """An open letter."""
    with app.app_context():
        cast.staff()
        cast.open_letter("Protect the hospitals", body="We, more than 1 organisation, ask the Council to act.\n")


def test_a_letter_goes_all_the_way(
    browser: Browser, site: str, letter: None, app: Flask, postbox: Postbox, tmp_path: Path
) -> None:
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
