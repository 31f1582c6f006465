"""Withdrawing, and taking a signature up again."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flask import Flask

from coalition.access.actor import signer
from coalition.db import unit_of_work
from coalition.documents import operations as documents
from coalition.endorsements import decisions, operations
from coalition.endorsements.models import Endorsement
from coalition.letters import operations as letters
from tests import cast
from tests.web.browser import Browser
from tests.web.signing import mails

ADDRESS = "s@hlt.example"


@dataclass
class Signed:
    number: int
    path: str

    def state(self, app: Flask) -> str:
        with app.app_context():
            return operations.get(self.number).state


def _with_page(made: Endorsement) -> Signed:
    with unit_of_work():
        secret = operations.manage_link(operations.get(made.id))
    return Signed(made.id, f"/member/{secret}")


@pytest.fixture
def approved(app: Flask) -> Signed:
    with app.app_context():
        cast.staff()
        return _with_page(cast.approved(cast.open_letter(), "Harbour Light Trust", country="KE",
                                        who=cast.contact(ADDRESS)))


def test_before_withdrawing_it_is_said_what_follows(approved: Signed, browser: Browser, app: Flask) -> None:
    browser.get(approved.path)
    page = browser.follow("Withdraw")
    assert "Withdraw this signature?" in page.text
    assert "Harbour Light Trust" in page.text
    assert "cannot be called back" not in page.text
    assert approved.state(app) == "approved"
    assert browser.client.head(f"{approved.path}/withdraw").status_code == 200
    assert approved.state(app) == "approved"


def test_after_an_edition_it_is_said_that_copies_exist(approved: Signed, browser: Browser, app: Flask) -> None:
    with app.app_context():
        documents.compile_edition(cast.actor(cast.JONAS), cast.letters.queries.by_slug("protect-the-hospitals"))
    assert "cannot be called back" in browser.get(f"{approved.path}/withdraw").text


def test_withdrawing_takes_the_line_off_at_once_and_is_confirmed_by_mail(approved: Signed, browser: Browser,
                                                                         app: Flask) -> None:
    browser.get(f"{approved.path}/withdraw")
    page = browser.submit(button="Withdraw the signature")
    assert "Your signature is withdrawn." in page.text
    assert approved.state(app) == "withdrawn"
    assert "Harbour Light Trust" not in browser.get("/letters/protect-the-hospitals").text
    assert mails(app, ADDRESS)[-1][0] == "Your signature is withdrawn"


def test_withdrawing_twice_is_told(approved: Signed, browser: Browser) -> None:
    browser.get(f"{approved.path}/withdraw")
    browser.submit(button="Withdraw the signature")
    browser.get(f"{approved.path}/withdraw", 409)
    assert "was withdrawn" in browser.post(f"{approved.path}/withdraw", status=409).text


@pytest.mark.parametrize("end", [letters.close, letters.archive])
def test_one_can_withdraw_however_the_letter_stands(approved: Signed, browser: Browser, app: Flask,
                                                    end: object) -> None:
    with app.app_context(), unit_of_work():
        letter = cast.letters.queries.by_slug("protect-the-hospitals")
        letters.close(cast.actor(cast.NADIA), letter)
        if end is letters.archive:
            letters.archive(cast.actor(cast.NADIA), letter)
    browser.get(f"{approved.path}/withdraw")
    browser.submit(button="Withdraw the signature")
    assert approved.state(app) == "withdrawn"


def _withdraw(app: Flask, one: Signed) -> None:
    with app.app_context(), unit_of_work():
        operations.withdraw(signer(one.number), operations.get(one.number))


def test_a_signature_is_taken_up_again_with_a_reason(approved: Signed, browser: Browser, app: Flask) -> None:
    _withdraw(app, approved)
    browser.get(approved.path)
    browser.follow("Take the signature up again")
    page = browser.submit({"reason": "The board has agreed after all."}, button="Sign again")
    assert "waits for review" in page.text
    assert approved.state(app) == "submitted"
    assert "The board has agreed" not in page.text


@pytest.mark.parametrize(("reason", "words"), [("", "Give the reason"), ("   ", "Give the reason"),
                                               ("x" * 1001, "1000 characters"), ("a\x00b", "cannot be seen")])
def test_taking_up_again_needs_a_reason_that_can_be_kept(approved: Signed, browser: Browser, app: Flask,
                                                         reason: str, words: str) -> None:
    _withdraw(app, approved)
    browser.get(f"{approved.path}/take-up-again")
    page = browser.submit({"reason": reason}, button="Sign again", status=422)
    assert words in page.error("reason")
    assert approved.state(app) == "withdrawn"


@pytest.mark.parametrize("state", ["approved", "declined"])
def test_only_what_was_withdrawn_is_taken_up_again(approved: Signed, browser: Browser, app: Flask,
                                                   state: str) -> None:
    if state == "declined":
        with app.app_context(), unit_of_work():
            decisions.decline(cast.actor(cast.NADIA), operations.get(approved.number), reason="no")
    browser.get(f"{approved.path}/take-up-again", 409)
    browser.get("/member/link-again")
    browser.post(f"{approved.path}/take-up-again", {"reason": "please"}, status=409)
    assert approved.state(app) == state


def test_what_was_never_confirmed_is_not_taken_up_again(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        one = _with_page(cast.sign(cast.open_letter()))
    _withdraw(app, one)
    assert "Take the signature up again" not in browser.get(one.path).text
    assert "never confirmed" in browser.get(f"{one.path}/take-up-again", 409).text
    browser.get(one.path)


def test_for_a_new_text_one_signs_anew(approved: Signed, browser: Browser, app: Flask) -> None:
    _withdraw(app, approved)
    with app.app_context(), unit_of_work():
        letter = cast.letters.queries.by_slug("protect-the-hospitals")
        letters.write_draft(cast.actor(cast.NADIA), letter, "We demand.\n")
        letters.publish(cast.actor(cast.NADIA), letter, change="editorial", note="shorter")
    assert "sign the letter again" in browser.get(f"{approved.path}/take-up-again", 409).text


def test_a_withdrawn_body_cannot_be_taken_up_while_another_stands_for_it(approved: Signed, browser: Browser,
                                                                        app: Flask) -> None:
    """It may come back to the queue, but of the two only one is ever approved."""
    _withdraw(app, approved)
    with app.app_context():
        cast.approved(cast.letters.queries.by_slug("protect-the-hospitals"), "Harbour Light Trust", country="KE")
    browser.get(f"{approved.path}/take-up-again")
    browser.submit({"reason": "We are back."}, button="Sign again")
    assert approved.state(app) == "submitted"
    assert browser.get("/letters/protect-the-hospitals.json").answer.json["counts"]["signatories"] == 1
