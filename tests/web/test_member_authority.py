"""The second person's page, and the signer's and the coordinators' view of it."""

from __future__ import annotations

import pytest
from flask import Flask

from tests import cast
from tests.web.browser import Browser
from tests.web.signing import SECOND, fill, mailed_link, mails, sign, signed

SLUG = "protect-the-hospitals"
SAMIRA, RANA = "samira@harbourlight.example", SECOND["second_email"]


@pytest.fixture
def asked(app: Flask, browser: Browser) -> str:
    """Samira has signed, named Rana and confirmed: the address of Rana's page."""
    with app.app_context():
        cast.staff()
        cast.open_letter()
    sign(browser, SLUG, **SECOND)
    browser.get(mailed_link(app, SAMIRA))
    browser.submit(button="Confirm the signature")
    return mailed_link(app, RANA)


def test_the_check_page_shows_who_confirms_and_lets_it_be_changed(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        cast.open_letter()
    page = fill(browser, SLUG, **SECOND)
    assert "Somebody else confirms that the organisation signs" in page.text
    assert "Who confirms it Rana Aziz" in page.text
    page = browser.submit(button="Change Their e-mail address")
    assert page.form(button="Go on").value("second_email") == RANA


@pytest.mark.parametrize(("name", "given", "said"), [
    ("second_name", "", "Enter a name"), ("second_role", " ", "Enter a name"),
    ("second_email", "rana", "Enter an e-mail address"), ("second_email", SAMIRA.upper(), "yours cannot confirm")])
def test_a_second_person_needs_all_answers_and_an_address_of_their_own(
        app: Flask, browser: Browser, name: str, given: str, said: str) -> None:
    with app.app_context():
        cast.staff()
        cast.open_letter()
    page = fill(browser, SLUG, **{**SECOND, name: given}, status=422)
    assert said in page.error(name)
    assert page.form(button="Go on").value("authority") == "second_person"


def test_opening_the_page_changes_nothing_and_shows_what_is_signed(app: Flask, browser: Browser, asked: str) -> None:
    for _again in range(2):
        page = browser.get(asked)
        assert "Harbour Light Trust" in page.text
        assert "Samira Haddad" in page.text
        assert "We ask the Council to act." in page.text
    assert browser.client.head(asked).status_code == 200
    with app.app_context():
        [made] = signed(app)
        assert made.signer is not None
        assert made.signer.second_state == "asked"


def test_yes_by_a_button_and_the_signer_sees_it(app: Flask, browser: Browser, asked: str) -> None:
    browser.get(asked)
    page = browser.submit(button="Yes: we sign")
    assert "You have confirmed that your organisation signs" in page.text
    assert "Harbour" not in page.text
    page = browser.get(mailed_link(app, SAMIRA))
    assert "Confirmed by Rana Aziz (Chair)" in page.text
    assert "That person confirmed that the organisation signs" in page.text
    browser.get(asked, status=410)


def test_no_with_a_word_and_the_signer_names_somebody_else(app: Flask, browser: Browser, asked: str) -> None:
    browser.get(asked)
    page = browser.submit({"words": "The board meets in May."}, button="No: do not count")
    assert "you do not confirm it" in page.text
    subject, _text = mails(app, SAMIRA)[-1]
    assert subject == "The authority to sign is not confirmed"
    page = browser.get(mailed_link(app, SAMIRA))
    assert "The board meets in May." in page.text
    browser.follow("Name somebody else")
    page = browser.submit({"second_name": "Omar Said", "second_role": "Director", "second_email": SAMIRA}, status=422,
                          button="Send it")
    assert "yours cannot confirm" in page.error("second_email")
    page = browser.submit({"second_email": "omar@harbourlight.example"}, button="Send it")
    assert "We have written to Omar Said" in page.text
    assert mails(app, "omar@harbourlight.example")


def test_the_mail_can_be_sent_again_from_the_signers_page(app: Flask, browser: Browser, asked: str) -> None:
    browser.get(mailed_link(app, SAMIRA))
    assert "Waiting for an answer" in browser.page.text
    page = browser.submit(button="Send the mail again")
    assert "We have written to them again" in page.text
    browser.get(asked, status=410)
    browser.get(mailed_link(app, RANA))


@pytest.mark.parametrize("spoiled", [lambda path: path[:-1], lambda path: path + "=", lambda path: path.upper(),
                                     lambda path: path.replace("/authority/", "/confirm/"),
                                     lambda path: path.replace("/authority/", "/")])
def test_a_spoiled_link_or_one_of_another_purpose_is_no_longer_valid(browser: Browser, asked: str, spoiled) -> None:
    assert browser.client.get(spoiled(asked)).status_code in (404, 410)


def test_the_second_persons_link_opens_nothing_of_the_signers(browser: Browser, asked: str) -> None:
    secret = asked.rpartition("/")[2]
    for path in (f"/member/{secret}", f"/member/{secret}/withdraw", f"/member/{secret}/entry",
                 f"/member/{secret}/authority"):
        browser.get(path, status=410)


def test_an_entry_changed_meanwhile_is_looked_at_again(app: Flask, browser: Browser, asked: str) -> None:
    browser.get(asked)
    answer = browser.client.post(asked + "/confirm", data={
        "csrf_token": browser.page.form().value("csrf_token"), "seen": "7"})
    assert answer.status_code == 409
    assert "Look at it again" in answer.get_data(as_text=True)


def test_coordinators_see_the_person_their_domain_and_the_answer(app: Flask, browser: Browser, asked: str) -> None:
    with app.app_context():
        [made] = signed(app)
        path = f"/coordinator/letters/{SLUG}/endorsements/{made.public_id}"
    browser.sign_in(cast.NADIA)
    page = browser.get(path)
    assert "Authority not confirmed" in page.text
    assert "Named for it Rana Aziz" in page.text
    assert "None yet: asked on" in page.text
    page = browser.submit({"verified": True}, action="/approve", status=422)
    assert "Nobody has confirmed the authority" in page.error("reason")
    page = browser.submit(action="/ask-again")
    assert "asked again by e-mail" in page.text
    page = browser.submit({"reason": "Letter of the board, 3 March."}, action="/establish-authority")
    assert "By the evidence that was entered." in page.text
    browser.submit({"verified": True}, action="/approve")
    with app.app_context():
        assert signed(app)[0].state == "approved"
