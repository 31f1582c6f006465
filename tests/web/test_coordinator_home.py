"""Where staff land, beginning a letter, and the home of a letter."""

from __future__ import annotations

import pytest
from flask import Flask

from coalition import clock
from coalition.db import unit_of_work
from coalition.letters import operations as letters
from coalition.letters import queries
from tests import cast
from tests.web.browser import Browser

HOME = "/coordinator/letters/protect-the-hospitals"


@pytest.fixture
def staff(app: Flask) -> None:
    with app.app_context():
        cast.staff()


def tasks(browser: Browser) -> dict[str, str]:
    """The task list as the reader sees it: title to state."""
    titles = ("Write and publish the text", "Name the addressees", "Choose the team",
              "Set the deadline and open the letter", "Review the signatures", "Close the letter",
              "Compile the final letter", "Hand it over")
    words = browser.page.text.partition("The way of the letter")[2].partition("What you can do now")[0]
    found, rest = {}, words
    for title, following in zip(titles, [*titles[1:], None], strict=True):
        rest = rest.partition(title)[2]
        said = rest.partition(following)[0] if following else rest
        for state in ("Cannot start yet", "Not started", "In progress", "Completed"):
            if state in said:
                found[title] = state
    assert list(found) == list(titles)
    return found


def test_staff_without_letters_are_told_what_will_appear(staff: None, browser: Browser) -> None:
    browser.sign_in(cast.OLGA)
    browser.get("/coordinator")
    assert "No letters yet" in browser.page.text
    browser.follow("Begin a letter")
    assert browser.page.heading == "Begin a letter"


def test_a_coordinator_begins_a_letter_and_lands_at_its_home(staff: None, browser: Browser) -> None:
    browser.sign_in(cast.OLGA)
    browser.get("/coordinator/letters/new")
    assert browser.page.form().value("letterhead") == "Test Coalition"
    browser.submit({"subject": "Let aid through: to Aleppo", "language": "fr"})
    assert browser.page.path == "/coordinator/letters/let-aid-through-to-aleppo"
    assert browser.page.heading == "Let aid through: to Aleppo"
    assert tasks(browser) == {
        "Write and publish the text": "Not started", "Name the addressees": "Not started",
        "Choose the team": "In progress", "Set the deadline and open the letter": "Cannot start yet",
        "Review the signatures": "Cannot start yet", "Close the letter": "Cannot start yet",
        "Compile the final letter": "Cannot start yet", "Hand it over": "Cannot start yet"}


@pytest.mark.parametrize("subject", ["", "   ", "x" * 301, "Aid\x07"])
def test_a_letter_needs_a_subject_that_can_be_printed(staff: None, browser: Browser, subject: str) -> None:
    browser.sign_in(cast.OLGA)
    browser.get("/coordinator/letters/new")
    browser.submit({"subject": subject, "letterhead": "Our own head"}, status=422)
    assert browser.page.error("subject")
    assert browser.page.form().value("letterhead") == "Our own head"


def test_my_letters_say_what_waits_and_until_when(app: Flask, staff: None, browser: Browser) -> None:
    with app.app_context():
        letter = cast.open_letter()
        made = cast.sign(letter)
        assert made is not None
        cast.confirm(made)
    browser.sign_in(cast.NADIA)
    browser.get("/coordinator")
    assert "Open for signatures" in browser.page.text
    assert "20 Mar 2026, 22:00 UTC" in browser.page.text
    assert browser.page.link("1") == f"{HOME}/queue"


def test_the_home_counts_and_says_how_far_the_letter_is(app: Flask, staff: None, browser: Browser) -> None:
    with app.app_context():
        letter = cast.open_letter()
        cast.approved(letter, "Union of Unions", country="KE", is_network=True, represents_count=92,
                      represents_unit="organisations")
        cast.approved(letter, "River Watch", country="NO")
        for name in ("Morning Star", "Green Delta"):
            made = cast.sign(letter, cast.fields(name))
            assert made is not None
            cast.confirm(made)
    browser.sign_in(cast.NADIA)
    browser.get(HOME)
    for words in ("2 signatures approved", "94 organisations represented", "2 countries", "18 days left"):
        number, _space, label = words.partition(" ")
        assert f"{label} {number}" in browser.page.text or f"{number} {label}" in browser.page.text, words
    assert browser.page.link("2 signatures waiting") == f"{HOME}/queue"
    assert tasks(browser) == {
        "Write and publish the text": "Completed", "Name the addressees": "Completed",
        "Choose the team": "Completed", "Set the deadline and open the letter": "Completed",
        "Review the signatures": "In progress", "Close the letter": "Not started",
        "Compile the final letter": "Not started", "Hand it over": "Cannot start yet"}


BUTTONS = {"Open the letter", "Move the deadline", "Close the letter now", "Open it again", "Archive it",
           "Cancel the letter", "See the public page"}


@pytest.mark.parametrize(("steps", "offered"), [
    ((), {"Open the letter", "Cancel the letter"}),
    (("open",), {"See the public page", "Move the deadline", "Close the letter now", "Cancel the letter"}),
    (("open", "close"), {"See the public page", "Open it again", "Archive it", "Cancel the letter"}),
    (("open", "close", "archive"), {"See the public page", "Open it again"}),
    (("open", "cancel"), {"See the public page"}),
], ids=["draft", "open", "closed", "archived", "cancelled"])
def test_the_buttons_fit_the_state(
        app: Flask, staff: None, browser: Browser, steps: tuple[str, ...], offered: set[str]) -> None:
    with app.app_context():
        letter = cast.open_letter() if steps else cast.draft_letter()
        for step in steps[1:]:
            with unit_of_work():
                {"close": letters.close, "archive": letters.archive,
                 "cancel": lambda actor, over: letters.cancel(actor, over, reason="Over.")}[step](
                    cast.actor(cast.NADIA), letter)
    browser.sign_in(cast.NADIA)
    browser.get(HOME)
    said = browser.page.text.partition("What you can do now")[2]
    assert {button for button in BUTTONS if button in said} == offered


@pytest.fixture
def claiming(app: Flask, staff: None) -> None:
    """An open letter whose text says more than its list bears out."""
    with app.app_context():
        letter = cast.draft_letter(
            body="We, more than 200 organisations and 30 signatories, ask the Council to act.\n")
        with unit_of_work():
            letters.publish(cast.actor(cast.NADIA), letter)
            letters.open_letter(cast.actor(cast.NADIA), letter, deadline_at=cast.DEADLINE, zone="UTC")


def test_a_claim_the_list_does_not_bear_out_is_shown_and_let_stand_with_a_reason(
        claiming: None, browser: Browser) -> None:
    browser.sign_in(cast.NADIA)
    browser.get(HOME)
    assert browser.page.text.count("The list does not bear out what the text says") == 2
    browser.submit({"reason": " "}, action="claims/override", status=422)
    assert browser.page.error("reason") == "Error: Give the reason: the document's note prints it."
    browser.submit({"reason": "Counted by hand in 2015."}, action="claims/override")
    assert browser.page.text.count("The list does not bear out what the text says") == 1
    assert "more than 200 organisations" in browser.page.text
    assert "Counted by hand in 2015." in browser.page.text


def test_the_second_of_two_claims_is_let_stand_by_itself(claiming: None, browser: Browser) -> None:
    browser.sign_in(cast.NADIA)
    browser.get(HOME)
    second = [form for form in browser.page.forms if form.action.endswith("claim=1")]
    assert second[0].value("words") == "30 signatories"
    browser.post(second[0].action, {"words": "30 signatories", "reason": "They are known to us."})
    assert "Let stand: 30 signatories" in browser.page.text
    assert browser.page.text.count("The list does not bear out what the text says") == 1


def test_the_secretariat_sees_a_claim_but_cannot_let_it_stand(claiming: None, browser: Browser) -> None:
    browser.sign_in(cast.JONAS)
    browser.get(HOME)
    assert "more than 200 organisations" in browser.page.text
    assert "Let it stand" not in browser.page.text


def test_the_timeline_tells_who_did_what_and_why(app: Flask, staff: None, browser: Browser) -> None:
    with app.app_context():
        letter = cast.open_letter()
        reference = cast.approved(letter, visibility="withheld").reference
        with unit_of_work():
            letters.extend(cast.actor(cast.TOMAS), letter, deadline_at=cast.later(days=30), reason="Many asked for it.")
    browser.sign_in(cast.NADIA)
    browser.get(f"{HOME}/timeline")
    said = browser.page.text
    assert said.index("The deadline was changed") < said.index("The letter was begun")
    assert "Tomas Example" in said
    assert "Many asked for it." in said
    assert "Harbour Light" not in said
    browser.follow(reference)
    assert "Harbour Light" in browser.page.text


def test_a_letter_that_closed_says_so_at_its_home(app: Flask, staff: None, browser: Browser) -> None:
    with app.app_context():
        number = cast.open_letter().id
    with clock.fixed(cast.DEADLINE):
        with app.app_context(), unit_of_work():
            assert letters.close_at_deadline(number)
        browser.sign_in(cast.NADIA)
        browser.get(HOME)
        assert "Closed" in browser.page.text
        assert tasks(browser)["Close the letter"] == "Completed"
    with app.app_context():
        found = queries.by_slug("protect-the-hospitals")
        assert found is not None
        assert found.state == "closed"
