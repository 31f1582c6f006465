"""An invited organisation: one screen, one tick, one button; and the ways out."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from coalition import clock
from coalition.db import db, unit_of_work
from coalition.endorsements.models import Endorsement
from coalition.invitations import operations
from coalition.letters import operations as letters
from coalition.letters.models import Letter
from tests import cast, inviting
from tests.inviting import HARBOUR, RIVERS
from tests.web.browser import Browser

BODY = "We, {{ signatories }} bodies, ask the Council to act.\n"


@pytest.fixture
def secret(app: Flask, request: pytest.FixtureRequest) -> str:
    """The secret that was mailed to Harbour Light Trust, for a letter that only the invited see."""
    with app.app_context():
        cast.staff()
        letter = cast.open_letter(body=BODY, reach="invited")
        return inviting.secret_in_mail(inviting.sent(letter, HARBOUR, RIVERS)[0])


def page(secret: str) -> str:
    return f"/member/invitations/{secret}"


def state(app: Flask) -> list[str]:
    with app.app_context():
        return [made.state for made in db.session.query(Endorsement)]


def letter_of(app: Flask) -> Letter:
    return db.session.query(Letter).one()


GOOD = {"visibility": "public", "authority": True}


def test_one_tick_and_one_button_sign(app: Flask, browser: Browser, secret: str) -> None:
    browser.get(page(secret))
    assert "Harbour Light Trust" in browser.page.text
    assert state(app) == []
    form = browser.page.form(button="Sign for")
    assert form.value("visibility") == "", "nothing is preselected"
    assert "Sign for Harbour Light Trust" in [button["words"].strip() for button in form.buttons]
    assert not [box.name for box in form.controls if box.checked], "nor ticked"
    browser.submit(GOOD, button="Sign for")
    assert "Your organisation has signed" in browser.page.text
    assert "Waiting for review" in browser.page.text
    assert state(app) == ["submitted"]


def test_opening_the_link_signs_nothing_and_lets_the_invited_read_the_letter(
        app: Flask, browser: Browser, secret: str) -> None:
    browser.get("/letters/protect-the-hospitals", status=404)
    browser.get(page(secret))
    browser.follow("The exact source text")
    browser.get("/letters/protect-the-hospitals")
    assert state(app) == []


def test_pressing_twice_is_one_signature(app: Flask, browser: Browser, secret: str) -> None:
    for _time in range(2):
        browser.get(page(secret)) if not state(app) else None
        browser.post(page(secret), {"visibility": "public", "authority": "y", "version": "1", "country": "KE",
                                    "organisation": "Harbour Light Trust", "signer_name": "Amina Otieno"})
    assert state(app) == ["submitted"]
    browser.get(page(secret), status=409)
    assert browser.page.heading == "Your organisation has signed"


@pytest.mark.parametrize(("missing", "words"), [
    ({"visibility": None, "authority": True}, "Choose how the signature is shown"),
    ({"visibility": "public"}, "Tick this if you may sign"),
    ({**GOOD, "organisation": " "}, "Enter the name of the organisation"),
    ({**GOOD, "signer_name": ""}, "Enter your name"),
    ({**GOOD, "organisation": "See www.evil.example"}, "Leave out web"),
])
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
        app: Flask, browser: Browser, secret: str, missing: dict[str, object], words: str) -> None:
    browser.get(page(secret))
    browser.submit({**missing, "signer_role": "Director"}, button="Sign for", status=422)
    assert words in browser.page.text
    assert browser.page.form(button="Sign for").value("signer_role") == "Director"
    assert state(app) == []


def test_what_the_list_had_wrong_is_corrected_on_the_same_screen(app: Flask, browser: Browser, secret: str) -> None:
    browser.get(page(secret))
    browser.submit({**GOOD, "organisation": "Harbour Light Foundation", "country": "UG"}, button="Sign for")
    with app.app_context():
        [made] = db.session.query(Endorsement)
        assert (made.entry.organisation, made.entry.country) == ("Harbour Light Foundation", "UG")


def test_the_page_never_says_whether_others_signed(app: Flask, browser: Browser, secret: str) -> None:
    browser.get(page(secret))
    before = browser.page.text
    with app.app_context():
        cast.approved(letter_of(app), "Harbour Light Trust", country="KE")
        cast.approved(letter_of(app), "Union of River Towns", country="BR")
    browser.get(page(secret))
    assert browser.page.text == before
    assert "We, … bodies" in before


def test_a_changed_text_is_shown_before_it_is_signed(app: Flask, browser: Browser, secret: str) -> None:
    browser.get(page(secret))
    with app.app_context():
        letter = letter_of(app)
        with unit_of_work():
            letters.write_draft(cast.actor(cast.NADIA), letter, "Another text.\n")
        with unit_of_work():
            letters.publish(cast.actor(cast.NADIA), letter, change="substantive", note="All new.")
    browser.submit(GOOD, button="Sign for", status=409)
    assert "The text was changed" in browser.page.text
    assert "Another text." in browser.page.text
    browser.submit(GOOD, button="Sign for")
    assert state(app) == ["submitted"]


def test_an_ended_link_and_a_closed_letter_say_so(app: Flask, browser: Browser, secret: str) -> None:
    browser.get(page("x" * 43), status=410)
    with app.app_context(), unit_of_work():
        letters.close(cast.actor(cast.NADIA), letter_of(app))
    browser.get(page(secret), status=409)
    assert "The letter is closed" in browser.page.text
    with app.app_context(), unit_of_work():
        operations.withdraw(cast.actor(cast.NADIA), inviting.invitations(letter_of(app))[0])
    browser.get(page(secret), status=410)


def test_a_link_ends_a_day_after_the_deadline_as_it_stands_and_after_a_year(
        app: Flask, browser: Browser, secret: str) -> None:
    def extend(days: int) -> None:
        with app.app_context(), clock.fixed(cast.DEADLINE), unit_of_work():
            letters.extend(cast.actor(cast.NADIA), letter_of(app), deadline_at=cast.DEADLINE + timedelta(days=days),
                           reason="More time.")

    def opened(moment: datetime, status: int) -> None:
        with clock.fixed(moment):
            browser.get(page(secret), status=status)

    day = cast.DEADLINE + timedelta(hours=24)
    opened(day - timedelta(seconds=1), 409)
    opened(day, 410)
    extend(10)
    opened(day, 200)
    extend(500)
    opened(cast.MORNING + timedelta(days=364), 200)
    opened(cast.MORNING + timedelta(days=366), 410)
    with clock.fixed(cast.MORNING + timedelta(days=400)):
        browser.get(way_out(app))


def way_out(app: Flask) -> str:
    with app.app_context():
        return "/member/no-reminders/" + inviting.secret_in_mail(
            inviting.invitations(letter_of(app))[0], "/member/no-reminders/")


@pytest.mark.parametrize(("button", "said"), [
    ("Send no more reminders", "no more reminders about this letter"),
    ("Send no more invitations", "no invitation to your address any more"),
    ("Erase my contact details", "contact details are erased"),
])
def test_each_way_out_is_a_button(app: Flask, browser: Browser, secret: str, button: str, said: str) -> None:
    browser.get(way_out(app))
    with app.app_context():
        assert inviting.invitations(letter_of(app))[0].stopped_at is None
    browser.submit(button=button, smuggled={"wish": {"Send no more reminders": "stop", "Erase my contact details":
                                                     "erase"}.get(button, "everywhere")})
    assert said in browser.page.text
    with app.app_context():
        one = inviting.invitations(letter_of(app))[0]
        assert one.stopped_at is not None
        assert (one.email == "") is ("Erase" in button)


def test_a_mail_program_may_press_the_button_for_its_user(app: Flask, browser: Browser, secret: str) -> None:
    answer = browser.client.post(way_out(app), data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    with app.app_context():
        assert inviting.invitations(letter_of(app))[0].stopped_at is not None


def test_a_way_out_signs_nothing_and_an_invitation_erases_nothing(app: Flask, browser: Browser, secret: str) -> None:
    browser.get(page(way_out(app).rpartition("/")[2]), status=410)
    browser.get(f"/member/no-reminders/{secret}", status=410)
