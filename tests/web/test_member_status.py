"""The signer's own page in every state: what is said, what is offered, what is kept back."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask

from coalition.access.actor import signer
from coalition.db import unit_of_work
from coalition.documents import operations as documents
from coalition.endorsements import decisions, operations
from coalition.endorsements.models import Endorsement
from coalition.errors import Unavailable
from coalition.letters import operations as letters
from coalition.mail.delivery import send_due
from coalition.mail.wire import Refused
from coalition.review import operations as review
from tests import cast
from tests.web.browser import Browser


@dataclass
class Stage:
    """Somebody's signature and the secret of their page."""

    number: int
    secret: str

    @property
    def path(self) -> str:
        return f"/member/{self.secret}"


def _stage(endorsement: Endorsement) -> Stage:
    with unit_of_work():
        secret = operations.manage_link(operations.get(endorsement.id))
    return Stage(endorsement.id, secret)


def _bring_to(state: str) -> Stage:
    """A signature in this state, by real acts."""
    letter = cast.open_letter()
    made = cast.sign(letter, cast.fields("Harbour Light Trust", country="KE"), who=cast.contact("s@hlt.example"))
    assert made is not None
    if state != "unconfirmed":
        made = cast.confirm(made)
    if state == "approved":
        made = cast.approve(made)
    with unit_of_work():
        again = operations.get(made.id)
        if state == "returned":
            decisions.return_for_changes(cast.actor(cast.NADIA), again, seen=1, reason="Write the name out, please.")
        elif state == "declined":
            decisions.decline(cast.actor(cast.NADIA), again, reason="We could not reach you.")
        elif state == "withdrawn":
            operations.withdraw(signer(again.id), again)
    return _stage(made)


STATES = {
    "unconfirmed": ("E-mail not confirmed", "not confirmed yet", {"Change the entry", "Withdraw"}),
    "submitted": ("Waiting for review", "A coordinator of the letter looks at", {"Change the entry", "Withdraw"}),
    "returned": ("Returned for changes", "Write the name out, please.", {"Change the entry", "Withdraw"}),
    "approved": ("Approved", "The signature counts.", {"Ask for a change", "Withdraw"}),
    "declined": ("Declined", "We could not reach you.", set()),
    "withdrawn": ("Withdrawn", "is withdrawn and does not count", {"Take the signature up again"}),
}
OFFERS = {"Change the entry", "Ask for a change", "Withdraw", "Take the signature up again",
          "See what changed and confirm"}


@pytest.fixture
def stage(app: Flask, request: pytest.FixtureRequest) -> Stage:
    with app.app_context():
        cast.staff()
        return _bring_to(getattr(request, "param", "approved"))


@pytest.mark.parametrize(("stage", "state"), [(state, state) for state in STATES], indirect=["stage"])
def test_each_state_says_what_it_is_what_comes_next_and_what_can_be_done(stage: Stage, state: str,
                                                                         browser: Browser) -> None:
    tag, next_, offered = STATES[state]
    page = browser.get(stage.path)
    assert page.text.count(tag) >= 1
    assert next_ in page.text
    assert {words for words, _address in page.links if words in OFFERS} == offered
    assert ("How it is shown" in page.text) is (state not in ("declined", "withdrawn"))
    assert page.answer.headers["Cache-Control"] == "no-store"


def test_every_offer_leads_somewhere(stage: Stage, browser: Browser) -> None:
    for words in ("Ask for a change", "Withdraw", "the exact text", "the letter’s page"):
        browser.get(stage.path)
        browser.follow(words)


def test_the_page_shows_reference_line_and_contact(stage: Stage, browser: Browser, app: Flask) -> None:
    text = browser.get(stage.path).text
    with app.app_context():
        made = operations.get(stage.number)
        assert made.reference in text
        assert made.signed_version.sha256 in text
    for words in ("Harbour Light Trust", "Samira Haddad", "s@hlt.example"):
        assert words in text


def test_no_page_behind_a_secret_address_leads_outside(stage: Stage, browser: Browser) -> None:
    for ending in ("", "/entry", "/withdraw"):
        page = browser.get(stage.path + ending)
        assert all(address.startswith(("/", "#")) for _words, address in page.links)
        assert page.answer.headers["Referrer-Policy"] == "same-origin"


def test_the_story_is_told_without_anybodys_name(stage: Stage, browser: Browser, app: Flask) -> None:
    with app.app_context():
        with unit_of_work():
            review.write_note(cast.actor(cast.NADIA), operations.get(stage.number), "Looks odd to me.")
        with unit_of_work():
            decisions.return_for_changes(cast.actor(cast.TOMAS), operations.get(stage.number), seen=1,
                                         reason="Please add the country.")
    text = browser.get(stage.path).text
    story = text[text.index("What happened so far"):]
    for words in ("You sent the form", "You confirmed your e-mail address", "The signature was approved",
                  "The signature was returned to you for changes", "Please add the country."):
        assert words in story
    for hidden in ("Nadia", "Tomas", "Looks odd", "note"):
        assert hidden not in text.replace("not ", "")


def test_the_reason_for_an_override_is_not_the_signers_to_read(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        made = cast.confirm(cast.sign(cast.open_letter()))
        with unit_of_work():
            review.approve(cast.actor(cast.NADIA), operations.get(made.id), seen=1, reason="Known from the field.")
        stage = _stage(made)
    assert "Known from the field." not in browser.get(stage.path).text


@pytest.mark.parametrize(("visibility", "shared"), [("public", True), ("recipients", False), ("withheld", False)])
def test_words_to_share_are_for_public_approved_entries_only(app: Flask, browser: Browser, visibility: str,
                                                             shared: bool) -> None:
    with app.app_context():
        cast.staff()
        stage = _stage(cast.approved(cast.open_letter(), visibility=visibility))
    page = browser.get(stage.path)
    assert ("Tell others" in page.text) is shared
    assert ("https://letters.test/letters/protect-the-hospitals" in page.source) is shared


@pytest.mark.parametrize("stage", ["submitted", "returned", "withdrawn"], indirect=True)
def test_nothing_is_shared_before_approval_or_after_leaving(stage: Stage, browser: Browser) -> None:
    assert "Tell others" not in browser.get(stage.path).text


def test_a_letter_by_link_is_not_shared_but_can_be_read(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        stage = _stage(cast.approved(cast.open_letter("Under embargo", reach="link")))
    page = browser.get(stage.path)
    assert "Tell others" not in page.text
    assert browser.follow("the letter’s page").heading == "Under embargo"
    assert Browser(app.test_client()).get("/letters/under-embargo", 404)


def test_the_editions_that_print_the_entry_are_named(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        shown = cast.approved(letter, "Harbour Light Trust")
        for_recipients = cast.approved(letter, "Green Delta", visibility="recipients")
        documents.compile_edition(cast.actor(cast.JONAS), letter)
        documents.compile_edition(cast.actor(cast.JONAS), letter, audience="recipients")
        paths = [_stage(made).path for made in (shown, for_recipients)]
    text = browser.get(paths[0]).text
    assert "Edition 1 of 2 March 2026, for the public" in text
    assert "Edition 2 of 2 March 2026, for the recipients of the letter" in text
    text = browser.get(paths[1]).text
    assert "Edition 1 of" not in text
    assert "Edition 2 of 2 March 2026, for the recipients of the letter" in text


class Transport:
    def __init__(self, trouble: Exception) -> None:
        self.trouble = trouble

    def send(self, message: object) -> None:
        raise self.trouble


@pytest.mark.parametrize(("trouble", "words"), [
    (Unavailable("connection refused by 10.0.0.7"), "A mail to you is not sent yet"),
    (Refused("550 no such user"), "could not be delivered to s@hlt.example: 550 no such user")])
def test_a_mail_that_did_not_leave_is_told(stage: Stage, browser: Browser, app: Flask, trouble: Exception,
                                           words: str) -> None:
    assert words not in browser.get(stage.path).text
    with app.app_context(), cast.clock.fixed(cast.later(minutes=3)):
        send_due(Transport(trouble), "letters@coalition.example")
    text = browser.get(stage.path).text
    assert words in text
    assert "10.0.0.7" not in text


def test_a_changed_text_is_told_with_the_way_to_confirm(stage: Stage, browser: Browser, app: Flask) -> None:
    with app.app_context():
        letter = cast.letters.queries.by_slug("protect-the-hospitals")
        with unit_of_work():
            letters.write_draft(cast.actor(cast.NADIA), letter, "We demand.\n")
            letters.publish(cast.actor(cast.NADIA), letter, change="substantive", note="stronger")
    page = browser.get(stage.path)
    assert "It counts again as soon as you confirm it" in page.text
    assert "Tell others" not in page.text
    assert page.link("See what changed and confirm").endswith("/reconfirm")


@pytest.mark.parametrize("ending", ["", "/entry", "/withdraw", "/take-up-again", "/reconfirm"])
@pytest.mark.parametrize("secret", ["x", "link", "%00", "é", "A" * 43])
def test_a_page_without_its_secret_is_closed(stage: Stage, browser: Browser, ending: str, secret: str) -> None:
    assert browser.get(f"/member/{secret}{ending}", 410).heading == "Link no longer valid"
    for spoilt in (stage.secret.upper(), stage.secret[:-1]):
        browser.get(f"/member/{spoilt}{ending}", 410)


@pytest.mark.parametrize("ending", ["visibility", "withdraw", "take-up-again", "reconfirm", "entry", "entry/preview",
                                    "take-back-amendment"])
def test_nothing_is_done_by_a_strangers_link_or_without_the_token(stage: Stage, browser: Browser, app: Flask,
                                                                  ending: str) -> None:
    browser.get(stage.path)
    token = browser.page.form().value("csrf_token")
    answer = browser.client.post(f"/member/{'x' * 43}/{ending}", data={"csrf_token": token})
    assert answer.status_code == 410
    assert browser.client.post(f"{stage.path}/{ending}").status_code == 400
    with app.app_context():
        assert operations.get(stage.number).state == "approved"


@pytest.mark.parametrize(("stage", "words"), [
    ("submitted", "was cancelled by its coordinators"), ("approved", "was cancelled by its coordinators")],
    indirect=["stage"])
def test_a_cancelled_letter_asks_nothing_more(stage: Stage, words: str, browser: Browser, app: Flask) -> None:
    with app.app_context(), unit_of_work():
        letters.cancel(cast.actor(cast.NADIA), cast.letters.queries.by_slug("protect-the-hospitals"), reason="no")
    text = browser.get(stage.path).text
    assert words in text
    assert "A coordinator of the letter looks at" not in text
    assert "The signature counts." not in text


def test_all_letters_of_the_address_stand_on_one_page_with_the_next_step(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        who = cast.contact("samira@ngo.example")
        first = cast.approved(cast.open_letter("Protect the hospitals"), who=who)
        cast.confirm(cast.sign(cast.open_letter("Open the roads"), who=who))
        third = cast.open_letter("Feed the children")
        cast.approved(third, who=cast.contact("colleague@ngo.example"))
        cast.approved(cast.open_letter("Hidden by a colleague"), who=cast.contact("other@ngo.example"),
                      visibility="withheld")
        secret = cast.secret_in_mail(first, "manage")
    browser.get(f"/member/{secret}")
    browser.follow("All letters of your organisation")
    said = browser.page.text
    for words in ("Protect the hospitals", "Nothing: it counts.", "Open the roads",
                  "A coordinator looks at it; you are told by mail.", "Signed by others of your organisation",
                  "Feed the children"):
        assert words in said, words
    assert "Hidden by a colleague" not in said
    browser.submit({}, action="/letters/mail")
    assert "The links are on their way to your address." in browser.page.text
    with app.app_context():
        assert [mail.subject for mail in cast.mails_to("samira@ngo.example")][-2:] == ["Open your page"] * 2
