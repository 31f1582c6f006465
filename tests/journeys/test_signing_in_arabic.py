"""How much it asks of the director of a small organisation to sign, in Arabic on a phone: screens, questions, taps,
with scripts and without, by the form and by an invitation; and once with nothing but a keyboard."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Browser, Locator, Page, expect

from coalition.cli.demo.postbox import Postbox
from coalition.db import db, unit_of_work
from coalition.endorsements.models import Endorsement
from coalition.jobs.tasks import send_mails
from coalition.letters import operations as letters
from coalition.letters import translating
from tests import cast, inviting
from tests.journeys.visitor import DESK, PHONE, Visitor

LETTER = "/letters/protect-the-hospitals"
SALMA = "salma@mina.example"
MINA = ("جمعية الميناء", "سوريا", "سلمى حداد", SALMA, "+963 11 555 0101", "", "", "")


@pytest.fixture
def letter(app: Flask, site: str) -> None:
    """An open letter in English and Arabic."""
    with app.app_context():
        cast.staff()
        draft = cast.draft_letter()
        nadia = cast.actor(cast.NADIA)
        with unit_of_work():
            translating.write(nadia, draft, "ar", subject="احموا المستشفيات", body="نطلب من المجلس أن يتحرك.\n",
                              addressees=["رئيس مجلس الأمن"], copies=["الأمين العام"])
        with unit_of_work():
            letters.publish(nadia, draft)
            letters.open_letter(nadia, draft, deadline_at=cast.DEADLINE, zone="UTC")


class Hand(Visitor):
    """A visitor whose screens and taps are counted."""

    screens = taps = 0

    def look(self, widths: tuple[int, ...] = (), *, contrast: bool = True) -> None:
        self.screens += 1
        expect(self.page.locator("html[lang=ar][dir=rtl]")).to_have_count(1)
        super().look(widths, contrast=contrast)

    def tap(self, where: str) -> Locator:
        self.taps += 1
        found = self.page.locator(where)
        found.click()
        return found

    def go_on(self, where: str) -> None:
        """Tap what leads to the next screen."""
        self.taps += 1
        self.follow(self.page.locator(where).first)

    def write(self, name: str, text: str) -> None:
        self.tap(f"[name={name}]").fill(text)


def required_questions(page: Page) -> int:
    """What must be answered: every question on the screen that is not marked as optional."""
    return page.locator("#answers .field:visible").filter(has_not=page.locator(".optional")).count()


def states(app: Flask) -> list[str]:
    with app.app_context():
        return [made.state for made in db.session.query(Endorsement)]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_a_director_signs_in_arabic_on_her_phone(
    browser: Browser, site: str, letter: None, app: Flask, postbox: Postbox, scripts: bool,
    record_property: Callable[[str, object], None],
) -> None:
    hand = Hand(browser, site, PHONE, locale="ar", java_script_enabled=scripts)
    hand.open(LETTER)
    expect(hand.page.locator("h1")).to_have_text("احموا المستشفيات")
    hand.go_on("a.button[href*='/sign']")
    questions = required_questions(hand.page)
    hand.write("organisation", "جمعية الميناء")
    hand.tap("[name=country]").select_option("SY")
    for name, answer in (("signer_name", "سلمى حداد"), ("signer_role", "مديرة"), ("email", SALMA)):
        hand.write(name, answer)
    hand.tap("label[for=authority]")
    hand.tap("label[for=visibility]")
    hand.go_on("#answers .actions button")
    before_the_mail = hand.screens
    hand.go_on("main .actions button")
    assert states(app) == ["unconfirmed"]
    send_mails(app)
    hand.taps += 1
    hand.open(urlsplit(postbox.link_for(SALMA)).path)
    assert states(app) == ["unconfirmed"], "opening the link does nothing"
    hand.go_on("main form button")
    assert states(app) == ["submitted"]
    expect(hand.page.get_by_text("جمعية الميناء").first).to_be_visible()
    for name, value in (("screens", before_the_mail), ("questions", questions), ("taps", hand.taps)):
        record_property(name, value)
    assert before_the_mail <= 3
    assert questions <= 9
    assert hand.taps <= 12


def test_an_invited_organisation_signs_on_one_screen(
    browser: Browser, site: str, letter: None, app: Flask, postbox: Postbox
) -> None:
    with app.app_context():
        found = cast.letters.queries.by_slug("protect-the-hospitals")
        assert found is not None
        kept = inviting.keep(found, inviting.csv_of(MINA), language="ar")
        with unit_of_work():
            inviting.lists.import_list(cast.actor(cast.NADIA), found, kept, {})
        inviting.send(found)
    send_mails(app)
    hand = Hand(browser, site, PHONE, locale="ar")
    hand.open(urlsplit(postbox.link_for(SALMA)).path)
    assert states(app) == []
    assert required_questions(hand.page) == 2
    hand.tap("label[for=visibility]")
    hand.tap("label[for=authority]")
    assert hand.screens == 1
    hand.go_on("#answers .actions button")
    assert states(app) == ["submitted"]
    assert hand.taps == 3


def test_two_presses_sign_once_o06(browser: Browser, site: str, letter: None, app: Flask) -> None:
    for scripts, email in ((True, "one@ngo.example"), (False, "two@ngo.example")):
        visitor = Visitor(browser, site, DESK, java_script_enabled=scripts)
        visitor.page.goto(f"{site}{LETTER}/sign")
        _fill(visitor.page, email)
        with visitor.page.expect_navigation():
            visitor.page.keyboard.press("Enter")
        press = visitor.page.locator("main .actions button")
        press.dblclick()
        visitor.page.wait_for_url("**/sign/sent*")
    with app.app_context():
        assert [len(cast.mails_to(email)) for email in ("one@ngo.example", "two@ngo.example")] == [1, 1]
    assert states(app) == ["unconfirmed", "unconfirmed"]


def _fill(page: Page, email: str) -> None:
    page.locator("[name=organisation]").fill("Open Door")
    for name, answer in (("signer_name", "Samira Haddad"), ("signer_role", "Director")):
        page.locator(f"[name={name}]").fill(answer)
    page.locator("[name=country]").select_option("KE")
    page.locator("#authority").check()
    page.locator("#visibility").check()
    page.locator("[name=email]").fill(email)


def test_the_keyboard_alone_signs(browser: Browser, site: str, letter: None, app: Flask) -> None:
    page = Visitor(browser, site, DESK).page
    page.goto(site + LETTER)

    def tab_to(where: str) -> None:
        for _ in range(60):
            page.keyboard.press("Tab")
            if page.evaluate("where => document.activeElement.matches(where)", where):
                outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
                assert outline == "solid", f"nobody sees that {where} has the focus"
                return
        raise AssertionError(f"no way by keyboard to {where}")

    tab_to(".skip-link")
    page.keyboard.press("Enter")
    tab_to("a.button[href*='/sign']")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    for name, answer in (("organisation", "Harbour Light Trust"), ("country", "Ken"), ("signer_name", "Samira"),
                         ("signer_role", "Director"), ("email", "samira@harbour.example")):
        tab_to(f"[name={name}]")
        page.keyboard.type(answer)
    for name in ("authority", "visibility"):
        tab_to(f"[name={name}]")
        page.keyboard.press("Space")
    tab_to("#answers .actions button")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to("main .actions button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign/sent*")
    with app.app_context():
        made = db.session.query(Endorsement).one()
        assert (made.entry.organisation, made.entry.country, made.visibility) == (
            "Harbour Light Trust", "KE", "public")
