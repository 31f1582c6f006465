"""Correcting an edition in the browser, and what outsiders see of it: numbers, and nobody who left."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coalition.access.actor import signer
from coalition.corrections import drawing as sheets
from coalition.corrections import queries
from coalition.corrections.models import Correction
from coalition.db import db, unit_of_work
from coalition.documents import deliveries, drawing
from coalition.documents import operations as documents
from coalition.documents.models import Edition
from coalition.endorsements import operations as endorsements
from coalition.endorsements.models import Endorsement
from coalition.letters.models import Letter
from coalition.mail.models import OutboxMail
from tests import cast
from tests.web.browser import Browser
from tests.web.test_public_canary import RECIPIENTS, WITHHELD, all_bytes, assert_clean

FINAL = "/secretariat/letters/protect-the-hospitals"
PAIR = f"{FINAL}/editions/2/corrections-of/1"
MAKE = "Make the corrigendum"
PUBLIC = "/letters/protect-the-hospitals"


@pytest.fixture
def staged(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Edition 1 names two bodies that edition 2 does not: one withheld since, one for the recipients alone; a third
    was renamed, a fourth came late. Edition 1 was handed over twice."""
    monkeypatch.setattr(drawing, "draw_sealed", lambda snapshot, **_options: b"%PDF " + snapshot.sha256.encode())
    monkeypatch.setattr(sheets, "draw_corrigendum", lambda sheet, edition, language, paper: b"%PDF preview")
    monkeypatch.setattr(sheets, "draw_sealed", lambda sheet, edition, issuer, language, paper:
                        f"%PDF {sheet.to_json()} {language} {paper}".encode())
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        cast.approved(letter, "Harbour Light Trust", country="KE")
        leaving = [cast.approved(letter, name, country="KE", is_network=True, represents_count="77777",
                                 represents_unit="organisations").id for name in (WITHHELD, RECIPIENTS)]
        renamed = cast.approved(letter, "Wrong Nmae").id
        jonas = cast.actor(cast.JONAS)
        first = documents.compile_edition(jonas, letter).edition.id
        for recipient, email in (("A mission", "mission@un.example"), ("An embassy", "")):
            with unit_of_work():
                deliveries.record_delivery(
                    jonas, db.session.get_one(Edition, first), recipient=recipient, how="by hand",
                    handed_over_on=cast.MORNING.date(), handed_over_by="Jonas", email=email)
        for number, visibility in zip(leaving, ("withheld", "recipients"), strict=True):
            with unit_of_work():
                endorsements.change_visibility(signer(number), endorsements.get(number), visibility)
        with unit_of_work():
            endorsements.amend(signer(renamed), endorsements.get(renamed), seen=1, take_down=False,
                               fields=cast.fields("Right Name"))
        cast.approve(endorsements.get(renamed))
        cast.approved(letter, "Late Body")
        documents.compile_edition(jonas, db.session.get_one(Letter, letter.id))
    return app


@pytest.fixture
def jonas(staged: Flask, client: FlaskClient) -> Browser:
    browser = Browser(client)
    browser.sign_in(cast.JONAS)
    return browser


def made(jonas: Browser, **answers: Any) -> str:
    """Make the corrigendum; the address of its page."""
    jonas.get(PAIR)
    page = jonas.submit({"reasons": ["wrong_name", "narrowed"], "words": "We were told late.", "paper": "A4",
                         **answers}, button=MAKE)
    return page.path.partition("#")[0]


def test_the_team_sees_by_name_what_changed(jonas: Browser) -> None:
    page = jonas.get(f"{FINAL}/editions/2/difference")
    for said in (WITHHELD, RECIPIENTS, "Wrong Nmae", "Right Name", "Late Body", "Counted, not named"):
        assert said in page.text, said
    assert "Harbour" not in page.text
    jonas.get(f"{FINAL}/editions/1/difference", 404)


def test_a_correction_is_made_from_the_final_letter(jonas: Browser) -> None:
    assert "Edition 1 was handed over and is superseded by edition 2" in jonas.get(FINAL).text
    address = made(jonas)
    assert address == f"{FINAL}/corrections/1"
    page = jonas.get(address)
    for said in ("We were told late.", "A wrong name or line, An entry that is no longer shown", "An embassy",
                 "mission@un.example", "not told yet: 1"):
        assert said in page.text, said
    final = jonas.get(FINAL).text
    assert "Edition 1, corrected by edition 2" in final
    assert "was handed over and is superseded" not in final
    assert jonas.get(PAIR).path == address, "made once"


@pytest.mark.parametrize(("answers", "field", "said"), [
    ({"reasons": []}, "reasons", "Choose at least one reason"),
    ({"reasons": ["other"], "words": ""}, "words", "in your own words"),
    ({"words": "x" * 501}, "words", "at most 500"),
    ({"words": f"{WITHHELD} asked us."}, "words", "Leave out the names"),
])
def test_a_bad_answer_is_refused_beside_its_field(jonas: Browser, app: Flask, answers: dict[str, Any], field: str,
                                                  said: str) -> None:
    jonas.get(PAIR)
    page = jonas.submit({"reasons": ["late"], "paper": "A4", **answers}, button=MAKE, status=422)
    assert said in page.error(field)
    with app.app_context():
        assert db.session.query(Correction).count() == 0


def test_the_sheet_is_looked_at_before_it_is_made(jonas: Browser, app: Flask) -> None:
    jonas.get(PAIR)
    page = jonas.submit({"reasons": ["late"], "paper": "A4"}, button="Look at the corrigendum")
    assert page.answer.mimetype == "application/pdf"
    with app.app_context():
        assert db.session.query(Correction).count() == 0


def test_further_files_are_made_when_asked_for(jonas: Browser) -> None:
    address = made(jonas)
    jonas.get(address)
    page = jonas.submit({}, button="Make it")
    assert page.path.startswith(address)
    assert jonas.get(f"{address}/en-Letter.pdf").answer.data.endswith(b"en Letter")
    jonas.get(f"{address}/ar-A4.pdf", 404)
    jonas.get(f"{FINAL}/corrections/9", 404)


def test_those_concerned_are_told_by_mail_and_the_rest_ticked_off(jonas: Browser, app: Flask) -> None:
    address = made(jonas)
    with app.app_context():
        before = {mail.id for mail in db.session.query(OutboxMail)}
    jonas.get(address)
    page = jonas.submit({}, button="Tell them by mail")
    assert "5 mails are on their way" in page.text
    assert "Nobody is left to be told by mail" in page.text
    page = jonas.submit({"note": "By telephone"}, button="They were told")
    assert "by hand" in page.text and "By telephone" in page.text
    with app.app_context():
        mails = [mail for mail in db.session.query(OutboxMail) if mail.id not in before]
        assert len(mails) == 5
        own = {endorsement.signer.email for endorsement in db.session.query(Endorsement) if endorsement.signer}
        assert {mail.to for mail in mails} - own == {"mission@un.example"}
        for mail in mails:
            assert_clean("\n".join((mail.subject, mail.text, mail.html)).encode(), mail.to)
            assert "77777" not in mail.text + mail.html


def public_addresses(app: Flask) -> list[str]:
    with app.app_context():
        ids = [edition.public_id for edition in db.session.query(Edition).order_by(Edition.number)]
        letter = db.session.get_one(Letter, 1)
        [correction] = queries.corrections_of(letter)
        [file] = correction.files
    sheet = f"{PUBLIC}/editions/2/corrigendum-to-1.pdf"
    return [f"/verify/{ids[0]}", f"/verify/{ids[1]}", f"{PUBLIC}/editions/2/changes.json", sheet, f"{sheet}?paper=A4",
            f"{PUBLIC}/editions/2/corrigendum-to-9.pdf", f"{PUBLIC}/editions/1/changes.json",
            f"/verify?sha256={file.sha256}", PUBLIC, f"{PUBLIC}.json", f"{PUBLIC}/editions/1/letter.pdf",
            f"{PUBLIC}/editions/2/letter.pdf"]


def test_no_public_answer_about_the_correction_holds_a_name_that_left(jonas: Browser, staged: Flask) -> None:
    made(jonas)
    visitor = staged.test_client()
    for address in public_addresses(staged):
        answer = visitor.get(address)
        data = answer.data if answer.mimetype == "application/pdf" else all_bytes(answer)
        assert_clean(data, address)
        for secret in (b"Wrong Nmae", b"77777", b"77,777", b"155", b"narrowed"):
            assert secret not in re.sub(rb"[0-9a-f]{12,}", b"", data), f"{secret!r} in {address}"


def test_outsiders_are_told_the_numbers_the_reasons_and_the_way_on(jonas: Browser, staged: Flask) -> None:
    made(jonas)
    first, second, changes, sheet, *_rest = public_addresses(staged)
    visitor = Browser(staged.test_client())
    page = visitor.get(first)
    for said in ("There is a newer edition", "superseded by edition 2", "1 entry was added", "1 entry reads otherwise",
                 "2 entries are no longer on the list", "Not everybody named before is named any longer.",
                 "Signatories: 4 then, 5 now."):
        assert said in page.text, said
    assert "Organisations in all" not in page.text
    assert "edition 1" in visitor.get(second).text
    told = staged.test_client().get(changes).json
    assert told is not None
    assert {name: told[name] for name in ("added", "gone", "corrected", "moved", "organisations_before")} == {
        "added": 1, "gone": 2, "corrected": 1, "moved": 0, "organisations_before": None}
    assert staged.test_client().get(sheet).status_code == 200
    gone = visitor.get(f"{PUBLIC}/editions/1/letter.pdf", 410)
    assert "Take edition 2, which stands now" in gone.text


def test_a_sheet_goes_when_a_name_in_it_may_no_longer_be_told(jonas: Browser, staged: Flask) -> None:
    made(jonas)
    address = f"{PUBLIC}/editions/2/corrigendum-to-1.pdf"
    with staged.app_context():
        number = next(one.id for one in db.session.query(Endorsement) if one.entry.organisation == "Right Name")
        with unit_of_work():
            endorsements.withdraw(signer(number), endorsements.get(number))
    page = Browser(staged.test_client()).get(address, 410)
    assert page.heading == "This corrigendum is no longer handed out"
    first = public_addresses(staged)[0]
    assert "corrigendum-to-1" not in staged.test_client().get(first).text
    assert jonas.get(f"{FINAL}/corrections/1/en-A4.pdf").answer.status_code == 200, "the team keeps it"


@pytest.mark.parametrize("address", [f"{FINAL}/editions/2/difference", PAIR, f"{FINAL}/corrections/1",
                                     f"{FINAL}/corrections/1/en-A4.pdf"])
def test_to_who_is_not_of_the_team_there_is_nothing(jonas: Browser, staged: Flask, address: str) -> None:
    made(jonas)
    olga = Browser(staged.test_client())
    olga.sign_in(cast.OLGA)
    olga.get(address, 404)
    assert staged.test_client().get(address).location, "a stranger is shown the way in"
