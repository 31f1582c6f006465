"""The page “Final letter”: what it shows, what it warns of, and the order of the list."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coalition.access.actor import signer
from coalition.db import db, unit_of_work
from coalition.documents import drawing
from coalition.documents import operations as documents
from coalition.endorsements import operations as endorsements
from coalition.letters import operations as letters
from coalition.letters.models import Letter
from tests import cast
from tests.web.browser import Browser

FINAL = "/secretariat/letters/protect-the-hospitals"


@pytest.fixture
def letter(app: Flask, monkeypatch: pytest.MonkeyPatch) -> int:
    """An open letter signed by two organisations; its documents are drawn as a few bytes."""
    monkeypatch.setattr(drawing, "draw_sealed", lambda snapshot, **_options: snapshot.sha256.encode())
    with app.app_context():
        cast.staff()
        made = cast.open_letter()
        cast.approved(made, "Harbour Light Trust", country="KE")
        cast.approved(made, "Association Espoir", country="FR")
        return made.id


@pytest.fixture
def jonas(client: FlaskClient, letter: int) -> Browser:
    browser = Browser(client)
    browser.sign_in(cast.JONAS)
    return browser


def the(letter: int) -> Letter:
    return db.session.get_one(Letter, letter)


def compiled(letter: int, **what: str) -> None:
    documents.compile_edition(cast.actor(cast.JONAS), the(letter), **what)


def test_the_list_stands_in_the_order_it_will_be_printed_in(app: Flask, jonas: Browser, letter: int) -> None:
    with app.app_context():
        cast.approved(the(letter), "Union of Bodies", is_network=True, country="SY", represents_count="92",
                      represents_unit="organisations", represents_text="representing 92 bodies")
    text = jonas.get(FINAL).text
    places = [text.index(name) for name in ("Union of Bodies – representing 92 bodies", "Association Espoir",
                                            "Harbour Light Trust")]
    assert places == sorted(places)
    assert "France" in text and "Kenya" in text


def test_names_for_the_recipients_are_shown_on_their_list_only_and_withheld_ones_nowhere(
        app: Flask, jonas: Browser, letter: int) -> None:
    with app.app_context():
        cast.approved(the(letter), "CNRY-quiet Body", visibility="recipients")
        cast.approved(the(letter), "CNRY-hidden Body", visibility="withheld")
    everybody = jonas.get(FINAL)
    assert "CNRY" not in everybody.source
    assert "2 counted, not named to this audience" in everybody.text
    recipients = jonas.follow("For the recipients")
    assert "CNRY-quiet Body" in recipients.text
    assert "CNRY-hidden" not in recipients.source
    assert "CNRY-hidden" not in jonas.get(f"{FINAL}/arrange").source


def test_who_is_not_on_the_list_is_told_in_numbers_and_by_no_name(app: Flask, jonas: Browser, letter: int) -> None:
    with app.app_context():
        cast.sign(the(letter), cast.fields("CNRY-unconfirmed"))
        made = cast.sign(the(letter), cast.fields("CNRY-waiting"))
        assert made is not None
        cast.confirm(made)
    page = jonas.get(FINAL)
    assert "2 signatures are not on the list" in page.text
    assert "1: the e-mail address is not confirmed" in page.text
    assert "1 waits for a coordinator’s decision" in page.text
    assert "CNRY" not in page.source


def test_an_open_letter_is_pointed_out_and_a_closed_one_is_not(app: Flask, jonas: Browser, letter: int) -> None:
    assert "The letter is still open" in jonas.get(FINAL).text
    with app.app_context(), unit_of_work():
        letters.close(cast.actor(cast.NADIA), the(letter))
    assert "The letter is still open" not in jonas.get(FINAL).text


def test_a_false_claim_is_pointed_out_with_the_way_to_mend_it(app: Flask, jonas: Browser, letter: int) -> None:
    with app.app_context(), unit_of_work():
        letters.write_draft(cast.actor(cast.NADIA), the(letter), "We are more than 200 organisations.\n")
        letters.publish(cast.actor(cast.NADIA), the(letter), change="editorial", note="Numbers.")
    page = jonas.get(FINAL)
    assert "more than 200 organisations" in page.text
    assert page.link("Go to the letter’s overview") == "/coordinator/letters/protect-the-hospitals"


def test_a_newer_draft_is_pointed_out(app: Flask, jonas: Browser, letter: int) -> None:
    with app.app_context(), unit_of_work():
        letters.write_draft(cast.actor(cast.NADIA), the(letter), "We ask the Council to act now.\n")
    assert "A newer text is being written" in jonas.get(FINAL).text


def test_what_changed_since_an_edition_is_told(app: Flask, jonas: Browser, letter: int) -> None:
    with app.app_context():
        going = cast.approved(the(letter), "Going Body").id
        compiled(letter)
    assert "holds the same names and text as the list now" in jonas.get(FINAL).text
    with app.app_context():
        cast.approved(the(letter), "Coming Body")
        with unit_of_work():
            endorsements.withdraw(signer(going), endorsements.get(going))
            letters.write_draft(cast.actor(cast.NADIA), the(letter), "We ask the Council to act now.\n")
            letters.publish(cast.actor(cast.NADIA), the(letter), change="editorial", note="A word.")
    page = jonas.get(FINAL)
    for words in ("Since edition 1", "1 name was added", "1 name was taken off", "A new text was published"):
        assert words in page.text


def test_editions_stand_with_all_there_is_to_know_of_them(app: Flask, jonas: Browser, letter: int) -> None:
    with app.app_context():
        compiled(letter)
        compiled(letter, audience="recipients", paper="Letter")
    text = jonas.get(FINAL).text
    for words in ("1 for everybody", "2 for the recipients", "2 signatories", "Jonas Example", "PDF, A4",
                  "PDF, Letter", "No: made for the recipients", "2 Mar 2026, 09:00 UTC"):
        assert words in text, words


def test_a_withdrawn_name_shows_in_what_is_given_to_the_public(app: Flask, jonas: Browser, letter: int) -> None:
    with app.app_context():
        going = cast.approved(the(letter), "Going Body").id
        compiled(letter)
        with unit_of_work():
            endorsements.withdraw(signer(going), endorsements.get(going))
    assert "No: a name in it is no longer public" in jonas.get(FINAL).text


def test_the_order_is_chosen_from_a_list(app: Flask, jonas: Browser, letter: int) -> None:
    jonas.get(FINAL)
    page = jonas.submit({"rule": "country", "grouping": "country", "ignore_articles": True}, action="/order")
    assert "The list is in its new order" in page.text
    assert page.text.index("France") < page.text.index("Association Espoir")
    with app.app_context():
        changed = the(letter)
        assert (changed.rule, changed.grouping, changed.ignore_articles) == ("country", "country", True)


@pytest.mark.parametrize("smuggled", [{"rule": "by_bribe"}, {"grouping": "by_wealth"}, {"rule": []}])
def test_an_order_that_there_is_not_changes_nothing(app: Flask, jonas: Browser, letter: int,
                                                    smuggled: dict[str, object]) -> None:
    jonas.get(FINAL)
    page = jonas.submit({"grouping": "kind"}, action="/order", smuggled=smuggled)
    assert "Nothing was changed" in page.text
    with app.app_context():
        assert (the(letter).rule, the(letter).grouping) == ("networks_first", "none")


def test_a_draft_says_that_there_is_no_text_yet(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        cast.staff()
        cast.draft_letter()
    browser = Browser(client)
    browser.sign_in(cast.JONAS)
    page = browser.get(FINAL)
    assert "The text is not published yet" in page.text
    assert "Nobody is on this list yet" in page.text


def test_names_are_shown_literally(app: Flask, jonas: Browser, letter: int) -> None:
    nasty = '<script>alert(1)</script> {{7*7}} "><img src=x onerror=alert(1)>'
    with app.app_context():
        cast.approved(the(letter), nasty)
    for path in (FINAL, f"{FINAL}/arrange"):
        page = jonas.get(path)
        assert nasty in page.text
        assert "<img src=x" not in page.source
