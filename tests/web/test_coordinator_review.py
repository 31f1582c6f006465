"""The page of one endorsement: what it shows, every decision by its form, two at once, conflicts of interest."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coalition.access.actor import signer
from coalition.db import unit_of_work
from coalition.endorsements import decisions, listing
from coalition.endorsements import operations as endorsements
from coalition.endorsements.models import Endorsement
from coalition.letters.models import Letter
from coalition.organisations import operations as register
from coalition.review import operations as review
from coalition.signatories.line import printed_line
from tests import cast
from tests.web.browser import Browser

LETTER = "/coordinator/letters/protect-the-hospitals"
REASON = "Please write the name as on your letterhead."


@pytest.fixture
def letter_id(app: Flask) -> int:
    with app.app_context():
        cast.staff()
        return cast.open_letter().id


@pytest.fixture
def waiting(app: Flask, letter_id: int) -> int:
    """The id of an endorsement that waits."""
    with app.app_context():
        return submitted(letter_id, "Harbour Light Trust", who=cast.contact("samira@harbour.example")).id


def submitted(letter_id: int, organisation: str, **values: object) -> Endorsement:
    """An endorsement that waits; call it in an application context."""
    made = cast.sign(cast.db.session.get_one(Letter, letter_id), cast.fields(organisation), **values)
    assert made is not None
    return cast.confirm(made)


def address(app: Flask, number: int) -> str:
    with app.app_context():
        return f"{LETTER}/endorsements/{endorsements.get(number).public_id}"


def at(app: Flask, browser: Browser, number: int, email: str = cast.NADIA) -> Browser:
    """Somebody at the page of the endorsement."""
    browser.sign_in(email)
    browser.get(address(app, number))
    return browser


def state(app: Flask, number: int) -> str:
    with app.app_context():
        return endorsements.get(number).state


def newest_mail(app: Flask, to: str = "samira@harbour.example") -> str:
    with app.app_context():
        return cast.mails_to(to)[-1].text


def lines(app: Flask) -> list[str]:
    with app.app_context():
        letter = cast.db.session.query(Letter).one()
        return [printed_line(item.entry) for item in listing.signatory_list(letter).entries]


def test_the_page_shows_the_line_the_answers_and_the_checks(app: Flask, letter_id: int, browser: Browser) -> None:
    with app.app_context():
        cast.approved(cast.db.session.get_one(Letter, letter_id), "Harbor Light Trust")
        number = submitted(letter_id, "Harbour Light Trust", visibility="withheld", who=cast.contact(
            "samira@elsewhere.org", website="https://harbour.org")).id
    page = at(app, browser, number).page
    for words in ("As it would be printed", "Harbour Light Trust", "Not at all: counted only", "Samira Haddad",
                  "samira@elsewhere.org", "The address does not belong to the website: elsewhere.org / harbour.org",
                  "Names that look like this one", "Harbor Light Trust", "E-mail domain differs",
                  "Possible duplicate", "There is something new for you: waiting to be sent",
                  "The address was confirmed"):
        assert words in page.text, words


def test_rivals_and_a_glued_line_are_shown(app: Flask, letter_id: int, browser: Browser) -> None:
    glued = "Supporting Abilities (SAMA) Mazen Ejbaei, Help4Syria"
    with app.app_context():
        rival = submitted(letter_id, glued, who=cast.contact("rival@ngo.example")).id
        number = submitted(letter_id, glued).id
    page = at(app, browser, number).page
    assert "Others who sign for the same organisation" in page.text
    assert "rival@ngo.example" in page.text
    assert "It reads as if it held two: Supporting Abilities (SAMA) Mazen Ejbaei, Help4Syria" in page.text
    browser.follow("Supporting Abilities")
    assert browser.page.path == address(app, rival)


def test_approving_needs_the_tick_or_a_reason(app: Flask, waiting: int, browser: Browser) -> None:
    at(app, browser, waiting).submit({}, action="/approve", status=422)
    assert browser.page.error("verified")
    assert state(app, waiting) == "submitted"
    browser.submit({"verified": True}, action="/approve")
    assert "Approved. The signer is told by e-mail." in browser.page.text
    assert state(app, waiting) == "approved"
    assert lines(app) == ["Harbour Light Trust"]
    with app.app_context():
        assert cast.mails_to("samira@harbour.example")[-1].subject == "Your signature is approved"


def test_an_approval_is_taken_back_while_its_mail_is_held(app: Flask, waiting: int, browser: Browser) -> None:
    at(app, browser, waiting).submit({"verified": True}, action="/approve")
    assert "The mail to the signer is held until" in browser.page.text
    browser.submit({}, action="/take-back")
    assert "The decision is taken back. No mail was sent." in browser.page.text
    assert "The last decision was taken back before its mail left" in browser.page.text
    assert state(app, waiting) == "submitted"
    assert lines(app) == []
    browser.post(f"{address(app, waiting)}/take-back", status=409)


def test_an_approval_with_a_reason_instead_is_remembered_as_such(app: Flask, waiting: int, browser: Browser) -> None:
    at(app, browser, waiting).submit({"reason": "Known to us for years."}, action="/approve")
    assert state(app, waiting) == "approved"
    assert "without verification, with a reason" in browser.page.text
    assert "Known to us for years." in browser.page.text
    assert "Known to us for years." not in newest_mail(app)


def test_returning_mails_the_standard_reason_and_own_words(app: Flask, waiting: int, browser: Browser) -> None:
    at(app, browser, waiting).submit({}, action="/return", status=422)
    assert state(app, waiting) == "submitted"
    browser.submit({"standard": "two", "reason": REASON}, action="/return")
    assert state(app, waiting) == "returned"
    told = newest_mail(app)
    assert "seems to hold two signatories" in told
    assert REASON in told


def test_declining_needs_a_reason_and_mails_it(app: Flask, waiting: int, browser: Browser) -> None:
    at(app, browser, waiting).submit({"reason": "  "}, action="/decline", status=422)
    assert "Give a reason" in browser.page.text
    browser.submit({"standard": "not_real"}, action="/decline")
    assert state(app, waiting) == "declined"
    assert "could not establish that the organisation exists" in newest_mail(app)


def test_a_declined_signature_is_taken_up_again(app: Flask, waiting: int, browser: Browser) -> None:
    at(app, browser, waiting).submit({"standard": "not_real"}, action="/decline")
    browser.submit({"reason": ""}, action="/reinstate", status=422)
    assert browser.page.error("reason")
    browser.submit({"reason": "They sent their statutes."}, action="/reinstate")
    assert state(app, waiting) == "submitted"


@pytest.mark.parametrize("visibility", ["recipients", "withheld"])
def test_taking_a_name_off_the_lists_works_at_once(
        app: Flask, waiting: int, browser: Browser, visibility: str) -> None:
    at(app, browser, waiting).submit({"verified": True}, action="/approve")
    browser.submit({}, action="/narrow", status=422)
    browser.submit({"visibility": visibility}, action="/narrow")
    assert lines(app) == []
    with app.app_context():
        assert endorsements.get(waiting).visibility == visibility


def test_a_coordinator_cannot_show_a_name_to_more_people(app: Flask, letter_id: int, browser: Browser) -> None:
    with app.app_context():
        number = submitted(letter_id, "Harbour Light Trust", visibility="recipients").id
    page = at(app, browser, number).page
    offered = [control.value for form in page.forms for control in form.controls if control.name == "visibility"]
    assert offered == ["withheld"]
    browser.submit({}, action="/narrow", smuggled={"visibility": "public"}, status=422)
    browser.submit({"visibility": "withheld"}, action="/narrow")
    browser.post(f"{address(app, number)}/narrow", {"visibility": "recipients"}, status=403)
    with app.app_context():
        assert endorsements.get(number).visibility == "withheld"


def test_withdrawing_on_the_signers_word_needs_to_say_how_it_was_given(
        app: Flask, waiting: int, browser: Browser) -> None:
    at(app, browser, waiting).submit({}, action="/withdraw", status=422)
    assert browser.page.error("reason")
    browser.submit({"reason": "By phone on 2 March, Ms Haddad."}, action="/withdraw")
    assert state(app, waiting) == "withdrawn"
    assert "By phone on 2 March" in browser.page.text


def test_an_organisation_is_verified_and_unverified_apart_from_the_decision(
        app: Flask, waiting: int, browser: Browser) -> None:
    at(app, browser, waiting).submit({"reason": "Registry entry 4711."}, action="/verify")
    assert "The organisation is verified." in browser.page.text
    assert state(app, waiting) == "submitted"
    browser.submit({"reason": ""}, action="/unverify", status=422)
    browser.submit({"reason": "The entry was of another body."}, action="/unverify")
    assert "The verification is taken back." in browser.page.text
    with app.app_context():
        organisation = endorsements.get(waiting).organisation
        assert organisation is not None
        assert organisation.state == "unverified"


def test_a_note_is_kept_as_written_and_shown_literally(app: Flask, waiting: int, browser: Browser) -> None:
    at(app, browser, waiting).submit({"text": " "}, action="/note", status=422)
    assert browser.page.error("text")
    browser.submit({"text": "Called them.\r\n<b>They know.</b>"}, action="/note")
    assert "<b>They know.</b>" in browser.page.text
    assert "Nadia Example" in browser.page.text


def test_after_a_decision_the_next_one_waiting_is_one_click_away(
        app: Flask, letter_id: int, waiting: int, browser: Browser) -> None:
    with app.app_context(), cast.clock.fixed(cast.later(hours=1)):
        other = submitted(letter_id, "River Watch").id
    at(app, browser, waiting).submit({"verified": True}, action="/approve")
    browser.follow("River Watch")
    assert browser.page.path == address(app, other)
    browser.submit({"verified": True}, action="/approve")
    assert "Next waiting" not in browser.page.text


@pytest.fixture
def amended(app: Flask, waiting: int) -> int:
    """An approved endorsement with a change waiting."""
    with app.app_context():
        cast.approve(endorsements.get(waiting))
        with unit_of_work():
            endorsements.amend(signer(waiting), endorsements.get(waiting), seen=1, take_down=False,
                               fields=cast.fields("Harbour Light Trust", description="a trust of pilots"))
    return waiting


def test_a_change_is_shown_beside_what_is_approved_and_can_be_approved(
        app: Flask, amended: int, browser: Browser) -> None:
    page = at(app, browser, amended).page
    assert "Approved, and listed now Harbour Light Trust Proposed Harbour Light Trust – a trust of pilots" in page.text
    assert "Description (differs) – a trust of pilots" in page.text
    browser.submit({}, action="/approve")
    assert lines(app) == ["Harbour Light Trust – a trust of pilots"]


def test_a_change_can_be_turned_down_and_the_line_stands(app: Flask, amended: int, browser: Browser) -> None:
    at(app, browser, amended).submit({}, action="/turn-down", status=422)
    assert browser.page.error("reason")
    browser.submit({"reason": "This is advertising."}, action="/turn-down")
    assert lines(app) == ["Harbour Light Trust"]
    assert "This is advertising." in newest_mail(app)
    assert "Turn the change down" not in browser.page.text


def test_a_change_to_another_organisation_asks_for_the_tick_again(
        app: Flask, waiting: int, browser: Browser) -> None:
    with app.app_context():
        cast.approve(endorsements.get(waiting))
        with unit_of_work():
            endorsements.amend(signer(waiting), endorsements.get(waiting), seen=1, take_down=False,
                               fields=cast.fields("Quite Another Body"))
    at(app, browser, waiting)
    assert "The change names another organisation" in browser.page.text
    browser.submit({}, action="/approve", status=422)
    assert browser.page.error("verified")
    assert lines(app) == ["Harbour Light Trust"]


BY_TOMAS: dict[str, tuple[Callable[[Endorsement], object], str]] = {
    "approved": (lambda made: review.approve(
        cast.actor(cast.TOMAS), made, seen=1, verified=True), "Tomas Example decided this a moment ago: approved."),
    "returned": (lambda made: decisions.return_for_changes(
        cast.actor(cast.TOMAS), made, seen=1, reason=REASON),
        "Tomas Example decided this a moment ago: returned for changes."),
    "declined": (lambda made: decisions.decline(
        cast.actor(cast.TOMAS), made, reason=REASON), "Tomas Example decided this a moment ago: declined."),
    "withdrawn": (lambda made: endorsements.withdraw(
        signer(made.id), made), "The signer changed this a moment ago: withdrawn."),
    "submitted": (lambda made: endorsements.edit(
        signer(made.id), made, fields=cast.fields("Harbour Light"), seen=1),
        "The signer changed this a moment ago: another entry."),
}
MINE: dict[str, dict[str, object]] = {
    "/approve": {"verified": True}, "/return": {"standard": "two"}, "/decline": {"standard": "not_real"}}


@pytest.mark.parametrize("mine", MINE)
@pytest.mark.parametrize("theirs", BY_TOMAS)
def test_the_second_of_two_is_told_kindly_who_was_faster_and_nothing_is_done(
        app: Flask, waiting: int, browser: Browser, theirs: str, mine: str) -> None:
    at(app, browser, waiting)
    work, words = BY_TOMAS[theirs]
    with app.app_context(), unit_of_work():
        work(endorsements.get(waiting))
    with app.app_context():
        before = endorsements.get(waiting).lock
        mails = len(cast.mails_to("samira@harbour.example"))
    browser.submit(MINE[mine], action=mine, status=409)
    assert browser.page.heading == "Somebody was faster"
    assert f"{words} Nothing of yours was done." in browser.page.text
    with app.app_context():
        made = endorsements.get(waiting)
        assert (made.state, made.lock) == (theirs, before)
        assert len(cast.mails_to("samira@harbour.example")) == mails
    browser.follow("Look at it again")
    assert browser.page.path == address(app, waiting)


def test_a_decision_long_ago_is_told_with_its_time(app: Flask, waiting: int, browser: Browser) -> None:
    at(app, browser, waiting)
    with app.app_context(), unit_of_work():
        BY_TOMAS["approved"][0](endorsements.get(waiting))
    with cast.clock.fixed(cast.later(minutes=20)):
        browser.submit({"standard": "two"}, action="/return", status=409)
    assert "Tomas Example decided this 20 minutes ago: approved." in browser.page.text


def test_pressing_twice_is_one_decision_and_says_so(app: Flask, waiting: int, browser: Browser) -> None:
    at(app, browser, waiting)
    form = browser.page.form("/approve").data({"verified": True})
    client: FlaskClient = browser.client
    assert client.post(f"{address(app, waiting)}/approve", data=form).status_code == 303
    second = client.post(f"{address(app, waiting)}/approve", data=form)
    assert second.status_code == 409
    assert "You decided this a moment ago: approved." in second.get_data(as_text=True)


def test_an_old_page_without_what_it_looked_at_decides_nothing(app: Flask, waiting: int, browser: Browser) -> None:
    at(app, browser, waiting)
    for smuggled in ({"seen": "1"}, {"seen": "", "looked_at": ""}, {"seen": "x", "looked_at": "y"},
                     {"seen": "99", "looked_at": "99"}):
        browser.get(address(app, waiting))
        token = browser.page.form("/approve").value("csrf_token")
        answer = browser.client.post(f"{address(app, waiting)}/approve",
                                     data={"csrf_token": token, "verified": "y", **smuggled})
        assert answer.status_code in (409, 422), smuggled
    assert state(app, waiting) == "submitted"


def test_where_the_organisation_is_on_the_list_already_the_reason_is_said(
        app: Flask, letter_id: int, waiting: int, browser: Browser) -> None:
    with app.app_context():
        cast.approve(submitted(letter_id, "Harbour Light Trust"))
    at(app, browser, waiting).submit({}, action="/approve", status=409)
    assert "stands on the list already" in browser.page.text
    assert state(app, waiting) == "submitted"


def test_on_ones_own_organisation_no_decision_is_offered_and_none_is_taken(
        app: Flask, waiting: int, browser: Browser) -> None:
    with app.app_context():
        made = endorsements.get(waiting)
        looked_at = made.lock
        assert made.organisation is not None
        with unit_of_work():
            register.acts_for(made.organisation, email=cast.NADIA, name="Nadia", role="Chair")
    page = at(app, browser, waiting).page
    assert "Another coordinator must decide this" in page.text
    actions = {form.action.rpartition("/")[2] for form in page.forms}
    assert not actions & {"approve", "return", "decline", "verify", "unverify", "turn-down", "reinstate"}
    assert {"narrow", "withdraw", "note"} <= actions
    for decision, filled in {**MINE, "/verify": {"reason": "Ours."}}.items():
        browser.get(address(app, waiting))
        browser.post(f"{address(app, waiting)}{decision}",
                     {"seen": 1, "looked_at": looked_at, **filled}, status=403)
    assert state(app, waiting) == "submitted"


def test_what_is_typed_survives_a_refusal(app: Flask, waiting: int, browser: Browser) -> None:
    long = "x" * 1801
    at(app, browser, waiting).submit({"standard": "two", "reason": long}, action="/return", status=422)
    form = browser.page.form("/return")
    assert (form.value("standard"), form.value("reason")) == ("two", long)
    assert browser.page.error("reason")


def test_a_name_like_a_script_is_shown_literally(app: Flask, letter_id: int, browser: Browser) -> None:
    with app.app_context():
        number = submitted(letter_id, "<script>alert(1)</script>", visibility="withheld").id
    page = at(app, browser, number).page
    assert "<script>alert(1)" in page.text
    assert "<script>alert(1)" not in page.source


def test_a_person_is_approved_without_an_organisation(app: Flask, letter_id: int, browser: Browser) -> None:
    with app.app_context():
        letter = cast.db.session.get_one(Letter, letter_id)
        made = cast.sign(letter, cast.checked({"signing_as": "person", "signatory": "Ayaan Warsame"}))
        assert made is not None
        number = cast.confirm(made).id
    at(app, browser, number).submit({}, action="/approve")
    assert lines(app) == ["Ayaan Warsame"]
