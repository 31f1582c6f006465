"""Handing an edition over, on the secretariat's pages; and what the signatories see of it."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import docx
import pytest
from flask import Flask

from coalition import clock
from coalition.db import db
from coalition.documents import operations
from coalition.documents.models import CoveringLetter, Delivery
from tests import cast
from tests.documents.reading import pages
from tests.web.browser import Browser

RECORD = "/secretariat/letters/protect-the-hospitals/deliveries/record"
FINAL = "/secretariat/letters/protect-the-hospitals"
FILLED = {"edition": "1 A4", "signer_name": "Samira Haddad", "signer_title": "Director", "contact": "a@ngo.example",
          "signer_organisation": "Harbour Light Trust", "how": "by hand", "handed_over_by": "Jonas"}
ANGOLA = {**FILLED, "handed_over_on": "2016-03-01"}


@pytest.fixture
def links(app: Flask) -> list[str]:
    """A letter with an edition of two entries; the links of the two signatories, and of one who came later."""
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        signed = [cast.approved(letter, name) for name in ("Harbour Light Trust", "Union of Clinics")]
        operations.compile_edition(cast.actor(cast.JONAS), letter)
        signed.append(cast.approved(letter, "Came Later"))
        return [f"/member/{cast.secret_in_mail(made, 'manage')}" for made in signed]


@pytest.fixture
def jonas(links: list[str], browser: Browser) -> Browser:
    browser.sign_in(cast.JONAS)
    return browser


def test_the_form_begins_with_today_in_new_york_and_says_who_presides(links: list[str], browser: Browser) -> None:
    with clock.fixed(datetime(2026, 4, 1, 3, 0, tzinfo=UTC)):
        browser.sign_in(cast.JONAS)
        page = browser.get(f"{RECORD}?edition=1 A4")
    assert page.form().value("handed_over_on") == "2026-03-31"
    assert page.form().value("edition") == "1 A4"
    assert "Computed, please check" in page.text and "United States of America" in page.text


@pytest.mark.parametrize(("day", "words"), [
    ("2016-03-01", "In March 2016 the President of the Security Council is Angola. That month is verified."),
    ("2027-02-01", "Computed, please check"), ("2031-01-01", "Not known, type it")])
def test_after_a_mistake_the_page_tells_of_the_day_that_was_typed(jonas: Browser, day: str, words: str) -> None:
    jonas.get(RECORD)
    page = jonas.submit({**FILLED, "handed_over_on": day, "how": ""}, button="Record the delivery", status=422)
    assert words in page.text
    assert page.error("how") == "Error: Enter how it was handed over."
    assert page.form().value("signer_name") == "Samira Haddad"


def test_what_was_looked_at_is_what_is_recorded_and_what_signatories_download(
        jonas: Browser, links: list[str], app: Flask) -> None:
    jonas.get(RECORD)
    shown = jonas.submit({**ANGOLA, "person": "H.E. Mr. Example Person"}, button="Look at the covering letter").answer
    assert shown.mimetype == "application/pdf"
    assert shown.headers["Content-Disposition"].startswith("inline")
    with app.app_context():
        assert db.session.query(Delivery).count() == 0
    jonas.get(RECORD)
    page = jonas.submit({**ANGOLA, "person": "H.E. Mr. Example Person"}, button="Record the delivery")
    assert "The delivery is recorded." in page.text
    assert "President of the Security Council for the month of March 2016" in page.text
    kept = jonas.get(page.link("Covering letter (PDF)")).answer
    assert kept.data == shown.data
    (text,) = pages(kept.data)
    assert "H.E. Mr. Example Person" in text and "Republic of Angola" in text
    member = Browser(app.test_client())
    theirs = member.get(links[0])
    assert "Edition 1 to the President of the Security Council, on 1 March 2016" in theirs.text
    assert member.follow("the covering letter").answer.data == kept.data


def test_who_is_not_in_the_edition_sees_nothing_of_it(jonas: Browser, links: list[str], app: Flask) -> None:
    jonas.get(RECORD)
    jonas.submit({**ANGOLA, "with_draft": True}, button="Record the delivery")
    with app.app_context():
        numbers = {made.kind: made.id for made in db.session.query(CoveringLetter)}
    member = Browser(app.test_client())
    assert "Handed over" not in member.get(links[2]).text
    member.get(f"{links[2]}/covering-letters/{numbers['president']}.pdf", 404)
    member.get(f"{links[0]}/covering-letters/{numbers['president']}.pdf")
    # The draft is the mission's business, not the signatories'.
    member.get(f"{links[0]}/covering-letters/{numbers['mission']}.pdf", 404)
    member.get("/member/nobody/covering-letters/1.pdf", 410)


def test_another_months_president_is_refused_on_the_page(jonas: Browser) -> None:
    jonas.get(RECORD)
    for button in ("Look at the covering letter", "Record the delivery"):
        page = jonas.submit({**ANGOLA, "state": "Venezuela"}, button=button, status=422)
        assert "The Council’s President in March 2016 is Angola." in page.error("state")
    page = jonas.submit({**ANGOLA, "state": "Uruguay", "override_reason": "They changed places."},
                        button="Record the delivery")
    assert "presidency set by hand: They changed places." in page.text


def test_a_computed_president_is_recorded_after_a_tick(jonas: Browser) -> None:
    jonas.get(RECORD)
    filled = {**FILLED, "handed_over_on": "2026-03-02"}
    page = jonas.submit(filled, button="Record the delivery", status=422)
    assert "is computed for March 2026" in page.error("is_checked")
    page = jonas.submit({**filled, "is_checked": True}, button="Record the delivery")
    assert "presidency computed, checked by hand" in page.text


def test_the_draft_for_a_mission_comes_as_pdf_and_for_word_processors(jonas: Browser) -> None:
    jonas.get(RECORD)
    filled = {**ANGOLA, "with_draft": True, "sender": "a coalition of clinics", "mission_state": "Norway"}
    shown = jonas.submit(filled, button="Look at the draft").answer.data
    jonas.get(RECORD)
    page = jonas.submit(filled, button="Record the delivery")
    files = {address.rsplit(".")[-1]: address for _words, address in page.links if "/mission." in address}
    assert jonas.get(files["pdf"]).answer.data == shown
    word = jonas.get(files["docx"]).answer
    assert word.mimetype.endswith("wordprocessingml.document")
    lines = [paragraph.text for paragraph in docx.Document(io.BytesIO(word.data)).paragraphs]
    assert "Letter dated [date] from the Permanent Representative of the Kingdom of Norway" in lines[1]
    jonas.get(files["docx"].replace("mission.docx", "president.docx"), 404)
    jonas.get(files["docx"].replace("mission.docx", "other.pdf"), 404)


def test_letter_and_draft_speak_the_language_that_is_chosen_and_the_next_form_remembers_it(
        jonas: Browser, app: Flask) -> None:
    jonas.get(RECORD)
    french = {**ANGOLA, "cover_language": "fr", "is_woman": True, "with_draft": True, "draft_language": "es",
              "sender": "una coalición", "mission_state": "Tonga"}
    page = jonas.submit(french, button="Record the delivery", status=422)
    assert "is not known here" in page.error("mission_state")
    jonas.submit({**french, "mission_state": "Norway"}, button="Record the delivery")
    with app.app_context():
        cover, draft = db.session.query(CoveringLetter).order_by(CoveringLetter.id)
        assert "Représentante permanente de l’Angola" in cover.values["addressee"]
        assert "el Representante Permanente de Noruega" in draft.values["heading"]
    assert jonas.get(RECORD).form().value("cover_language") == "fr"


@pytest.mark.parametrize(("filled", "field"), [
    ({"sender": ""}, "sender"), ({"representative": "Mr. Example"}, "representative"),
    ({"mission_state": "क"}, "mission_state"), ({"mission_title": "क"}, "mission_title")])
def test_what_is_wrong_with_the_draft_is_told_at_its_field(
        jonas: Browser, filled: dict[str, str], field: str) -> None:
    jonas.get(RECORD)
    page = jonas.submit({**ANGOLA, "with_draft": True, **filled}, button="Look at the draft", status=422)
    assert page.error(field)


def test_a_letter_may_go_to_somebody_else_or_not_at_all(jonas: Browser, app: Flask) -> None:
    jonas.get(RECORD)
    other = {**ANGOLA, "covering": "other", "addressee": "The Mission of Norway\r\nNew York"}
    assert "The Mission of Norway" in jonas.submit(other, button="Record the delivery").text
    # The next form knows who signed the last one.
    page = jonas.get(RECORD)
    assert page.form().value("signer_name") == "Samira Haddad"
    none = {**ANGOLA, "covering": "none", "recipient": ""}
    assert jonas.submit(none, button="Record the delivery", status=422).error("recipient")
    assert "Choose to whom" in jonas.submit(none, button="Look at the covering letter", status=422).error("covering")
    assert "A registry" in jonas.submit({**none, "recipient": "A registry"}, button="Record the delivery").text
    with app.app_context():
        assert [len(made.covering_letters) for made in db.session.query(Delivery).order_by(Delivery.id)] == [1, 0]


def test_a_reference_is_added_and_shown_to_the_signatories(jonas: Browser, links: list[str], app: Flask) -> None:
    jonas.get(RECORD)
    jonas.submit({**ANGOLA, "covering": "none", "recipient": "The Council"}, button="Record the delivery")
    page = jonas.follow("Add reference")
    assert "The Council" in page.text
    assert jonas.submit({"assigned_reference": " "}, button="Record it", status=422).error("assigned_reference")
    page = jonas.submit({"assigned_reference": "S/2016/189"}, button="Record it")
    assert "2 signatories are told by mail." in page.text and "S/2016/189" in page.text
    assert jonas.follow("Correct it").form().value("assigned_reference") == "S/2016/189"
    assert "S/2016/189" in Browser(app.test_client()).get(links[0]).text


@pytest.mark.parametrize("who", [cast.OLGA, cast.ADA, ""])
def test_others_find_nothing_here(links: list[str], browser: Browser, app: Flask, who: str) -> None:
    with app.app_context():
        edition = db.session.query(operations.Edition).one()
        made = Delivery(edition_id=edition.id, rendition_sha256="0" * 64, recipient="X", how="X",
                        handed_over_on=date(2016, 3, 1), handed_over_by="X", reference="", recorded_at=clock.now(),
                        recorded_by="operator")
        with operations.unit_of_work():
            db.session.add(made)
        number = made.id
    if who:
        browser.sign_in(who)
    for path in (RECORD, f"{FINAL}/deliveries/{number}/reference", f"{FINAL}/deliveries/{number}/president.pdf"):
        page = browser.get(path, 404 if who else 200)
        assert who or page.path.startswith("/account/login")
    for path in (RECORD, f"{FINAL}/deliveries/preview-covering-letter", f"{FINAL}/deliveries/preview-draft",
                 f"{FINAL}/deliveries/{number}/reference"):
        assert browser.post(path, status=404 if who else 200).is_html


def test_deliveries_of_another_letter_are_not_found_here(jonas: Browser, app: Flask) -> None:
    jonas.get(RECORD)
    jonas.submit({**ANGOLA, "covering": "none", "recipient": "The Council"}, button="Record the delivery")
    with app.app_context():
        cast.open_letter("Another letter")
    jonas.get("/secretariat/letters/another-letter/deliveries/1/reference", 404)
    jonas.get(f"{FINAL}/deliveries/2/reference", 404)
