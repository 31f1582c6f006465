"""Writing, previewing and publishing the text of a letter."""

from __future__ import annotations

import pytest
from flask import Flask

from coalition.db import unit_of_work
from coalition.endorsements import listing
from coalition.letters import operations as letters
from coalition.letters import queries
from coalition.letters.difference import by_words
from coalition.letters.models import Letter
from tests import cast
from tests.web.browser import Browser

LETTER = "/coordinator/letters/protect-the-hospitals"


@pytest.fixture
def nadia(app: Flask, browser: Browser) -> Browser:
    """Nadia at the text of her draft."""
    with app.app_context():
        cast.staff()
        cast.draft_letter()
    browser.sign_in(cast.NADIA)
    browser.get(f"{LETTER}/text")
    return browser


def stored() -> Letter:
    found = queries.by_slug("protect-the-hospitals")
    assert found is not None
    return found


def body(browser: Browser) -> str:
    return browser.page.form().value("body").replace("\r\n", "\n")


def test_the_text_is_kept_as_written(app: Flask, nadia: Browser) -> None:
    assert body(nadia) == "We ask the Council to act.\n"
    nadia.submit({"body": "## Why\r\n\r\nBecause **it matters**.  \r\n"}, button="Save the text")
    assert "The text is saved" in nadia.page.text
    assert body(nadia) == "## Why\n\nBecause **it matters**.\n"


def test_a_preview_shows_the_text_and_saves_nothing(app: Flask, nadia: Browser) -> None:
    typed = "We, {{ signatories }} signatories, ask for **peace** <script>alert(1)</script>.\n"
    nadia.submit({"body": typed}, button="Preview")
    assert "<strong>peace</strong>" in nadia.page.source
    assert "We, 0 signatories" in nadia.page.text
    assert "<script>alert" not in nadia.page.source
    assert "Nothing is saved yet" in nadia.page.text
    assert body(nadia) == typed
    with app.app_context():
        draft = stored().draft
        assert draft is not None
        assert draft.body == "We ask the Council to act.\n"
    nadia.submit({}, button="Save the text")
    assert body(nadia) == typed


@pytest.mark.parametrize("button", ["Preview", "Save the text"])
@pytest.mark.parametrize("typed", ["", "We are {{ nobody }}.", "x" * 60_001, "A\x00B", "> " * 12 + "deep"])
def test_a_text_that_cannot_be_shown_is_refused_and_kept_in_the_field(
        app: Flask, nadia: Browser, typed: str, button: str) -> None:
    nadia.submit({"body": typed}, button=button, status=422)
    assert nadia.page.error("body")
    assert body(nadia).rstrip("\n") == typed
    with app.app_context():
        draft = stored().draft
        assert draft is not None
        assert draft.body == "We ask the Council to act.\n"


def test_of_two_writers_the_second_sees_both_texts_and_loses_nothing(app: Flask, nadia: Browser) -> None:
    with app.app_context(), unit_of_work():
        letters.write_draft(cast.actor(cast.TOMAS), stored(), "We implore the Council to act.\n")
    nadia.submit({"body": "We ask the Council to act today.\n"}, button="Save the text", status=409)
    assert "We implore the Council to act." in nadia.page.text
    assert "<del> implore</del><ins> ask</ins>" in nadia.page.source
    assert body(nadia) == "We ask the Council to act today.\n"
    with app.app_context():
        draft = stored().draft
        assert draft is not None
        assert draft.body == "We implore the Council to act.\n"
    nadia.submit({}, button="Save the text")
    assert body(nadia) == "We ask the Council to act today.\n"


def test_a_first_draft_of_a_new_version_by_somebody_else_is_noticed_too(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        cast.open_letter()
    browser.sign_in(cast.NADIA)
    browser.get(f"{LETTER}/text")
    with app.app_context(), unit_of_work():
        letters.write_draft(cast.actor(cast.TOMAS), stored(), "Tomas's text.\n")
    browser.submit({"body": "Nadia's text.\n"}, button="Save the text", status=409)
    assert "Tomas's text." in browser.page.text


def test_the_text_of_a_letter_that_is_over_is_not_lost_when_saved_too_late(app: Flask, nadia: Browser) -> None:
    with app.app_context(), unit_of_work():
        letters.cancel(cast.actor(cast.TOMAS), stored(), reason="Over.")
    nadia.submit({"body": "My long new text.\n"}, button="Save the text", status=409)
    assert body(nadia) == "My long new text.\n"


def test_the_numbers_to_use_are_listed_with_what_they_are_today(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        cast.approved(cast.open_letter(), is_network=True, represents_count=92, represents_unit="organisations")
    browser.sign_in(cast.NADIA)
    browser.get(f"{LETTER}/text")
    words = "organisations that sign, with those the networks stand for"
    assert f"{{{{ organisations_total }}}} {words} 93" in browser.page.text


def test_versions_are_listed_with_their_hash_and_the_signed_text(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        assert letter.published is not None
        sha256 = letter.published.sha256
    browser.sign_in(cast.NADIA)
    browser.get(f"{LETTER}/text")
    assert sha256[:12] in browser.page.text
    assert browser.page.link("Signed text") == "/letters/protect-the-hospitals/versions/1.txt"


def test_the_first_version_is_published_as_shown(app: Flask, nadia: Browser) -> None:
    nadia.follow("Publish it")
    for words in ("The President of the Security Council", "The Secretary-General", "We ask the Council to act."):
        assert words in nadia.page.text
    assert "What kind of change" not in nadia.page.text
    nadia.submit({}, button="Publish version 1")
    assert "The text is published" in nadia.page.text
    with app.app_context():
        version = stored().published
        assert version is not None
        assert (version.number, version.body) == (1, "We ask the Council to act.\n")


def test_nothing_is_published_that_changed_since_it_was_looked_at(app: Flask, nadia: Browser) -> None:
    nadia.follow("Publish it")
    with app.app_context(), unit_of_work():
        letters.write_draft(cast.actor(cast.TOMAS), stored(), "Something nobody looked at.\n")
    nadia.submit({}, button="Publish version 1", status=409)
    assert "Something nobody looked at." in nadia.page.text
    with app.app_context():
        assert stored().published is None
    nadia.submit({}, button="Publish version 1")
    with app.app_context():
        version = stored().published
        assert version is not None
        assert version.body == "Something nobody looked at.\n"


@pytest.fixture
def changed(app: Flask, browser: Browser) -> Browser:
    """Nadia before publishing a second version of a letter with a signatory."""
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        cast.approved(letter, who=cast.contact("samira@harbour.example"))
        with unit_of_work():
            letters.write_draft(cast.actor(cast.NADIA), letter, "We urge the Council to act.\n")
    browser.sign_in(cast.NADIA)
    browser.get(f"{LETTER}/publish")
    return browser


def test_a_later_version_shows_its_difference_word_by_word(changed: Browser) -> None:
    assert "gone: ask end of change" in changed.page.text
    assert "new: urge end of change" in changed.page.text


@pytest.mark.parametrize(("change", "listed", "words"), [
    ("editorial", 1, "your signature stands"), ("substantive", 0, "only after you confirm it")])
def test_a_change_is_declared_and_signers_are_told(
        app: Flask, changed: Browser, change: str, listed: int, words: str) -> None:
    changed.submit({"change": change, "note": "A stronger word."}, button="Publish version 2")
    assert "1 signer is told" in changed.page.text
    with app.app_context():
        assert listing.signatory_list(stored()).counts.signatories == listed
        told = cast.mails_to("samira@harbour.example")[-1].text
    assert words in told
    assert "A stronger word." in told


@pytest.mark.parametrize(("filled", "field"), [({"note": "A word."}, "change"), ({"change": "editorial"}, "note")])
def test_an_undeclared_change_is_not_published(
        app: Flask, changed: Browser, filled: dict[str, str], field: str) -> None:
    changed.submit(filled, button="Publish version 2", status=422)
    assert changed.page.error(field)
    assert changed.page.form().value("note") == filled.get("note", "")
    with app.app_context():
        version = stored().published
        assert version is not None
        assert version.number == 1
        assert len([mail for mail in cast.mails_to("samira@harbour.example") if "changed" in mail.subject]) == 0


def test_without_a_new_text_there_is_nothing_to_publish(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        cast.open_letter()
    browser.sign_in(cast.NADIA)
    browser.get(f"{LETTER}/publish")
    assert "There is no new text" in browser.page.text
    assert "Publish version" not in browser.page.text


@pytest.mark.parametrize(("before", "after"), [
    ("", ""), ("One two three.", "One two three."), ("a b c", "a x c d"), ("", "new words"), ("old words", ""),
    ("Line one.\n\nLine two.", "Line one.\n\nLine 2.\nLine three."),
])
def test_a_difference_gives_both_texts_back(before: str, after: str) -> None:
    pieces = by_words(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind in ("same", "gone")) == before
    assert "".join(piece.text for piece in pieces if piece.kind in ("same", "new")) == after
