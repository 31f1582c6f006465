"""Recording that an edition was handed over."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coalition.db import db
from coalition.documents import drawing, queries
from coalition.documents import operations as documents
from coalition.documents.models import Delivery
from coalition.letters.models import Letter
from tests import cast
from tests.web.browser import Browser

FINAL = "/secretariat/letters/protect-the-hospitals"
RECORD = f"{FINAL}/deliveries/record"
RECORDING = "Record the delivery"
WHOLE = {"edition": "1 A4", "covering": "none",
         "recipient": "H.E. the President of the Security Council\r\nUnited Nations, New York",
         "how": "by e-mail", "handed_over_on": "2026-03-02", "handed_over_by": "Jonas Example",
         "reference": "SC/2026/17"}


@pytest.fixture
def jonas(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Browser:
    monkeypatch.setattr(drawing, "draw_sealed", lambda snapshot, paper, **_options: b"%PDF " + paper.encode())
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        cast.approved(letter, "Harbour Light Trust", country="KE")
        for paper in ("A4", "Letter"):
            documents.compile_edition(cast.actor(cast.JONAS), letter, paper=paper)
    browser = Browser(client)
    browser.sign_in(cast.JONAS)
    return browser


def deliveries(app: Flask) -> list[Delivery]:
    with app.app_context():
        return queries.deliveries_of(db.session.get_one(Letter, 1))


def test_a_delivery_is_recorded_and_shown(app: Flask, jonas: Browser) -> None:
    jonas.get(RECORD)
    page = jonas.submit(WHOLE, button=RECORDING)
    assert page.path.partition("#")[0] == FINAL
    for words in ("The delivery is recorded", "H.E. the President of the Security Council", "by e-mail",
                  "SC/2026/17", "2 Mar 2026"):
        assert words in page.text, words
    [kept] = deliveries(app)
    assert kept.recipient == "H.E. the President of the Security Council\nUnited Nations, New York"


def test_the_form_offers_today_and_the_edition_asked_for(jonas: Browser) -> None:
    page = jonas.get(f"{RECORD}?edition=1+Letter")
    form = page.form(button=RECORDING)
    assert form.value("edition") == "1 Letter"
    assert form.value("handed_over_on") == "2026-03-02"
    assert jonas.get(f"{RECORD}?edition=9+A4").form(button=RECORDING).value("edition") == ""


def test_the_very_file_that_was_handed_over_is_named(app: Flask, jonas: Browser) -> None:
    jonas.get(RECORD)
    jonas.submit({**WHOLE, "edition": "1 Letter"}, button=RECORDING)
    with app.app_context():
        letter = db.session.get_one(Letter, 1)
        edition = queries.by_number(letter, 1)
        assert edition is not None
        made = queries.rendition(edition, paper="Letter")
    assert made is not None
    assert deliveries(app)[0].rendition_sha256 == made.sha256


@pytest.mark.parametrize(("change", "field", "said"), [
    ({"edition": ""}, "edition", "Choose the edition"),
    ({"recipient": ""}, "recipient", "Fill this in"),
    ({"recipient": " \n "}, "recipient", "Fill this in"),
    ({"recipient": "x" * 801}, "recipient", "at most 800"),
    ({"recipient": "The Council\0"}, "recipient", "cannot be seen or printed"),
    ({"how": ""}, "how", "Enter how"),
    ({"how": "x" * 201}, "how", "at most 200"),
    ({"handed_over_on": ""}, "handed_over_on", "Enter the day"),
    ({"handed_over_on": "yesterday"}, "handed_over_on", "Enter a date, like"),
    ({"handed_over_on": "2026-02-30"}, "handed_over_on", "Enter a date, like"),
    ({"handed_over_on": "2027-03-02"}, "handed_over_on", "not one still to come"),
    ({"handed_over_by": ""}, "handed_over_by", "Enter who handed it over"),
    ({"reference": "x" * 201}, "reference", "at most 200"),
])
def test_a_bad_answer_is_refused_beside_its_field_and_the_rest_is_kept(
        app: Flask, jonas: Browser, change: dict[str, Any], field: str, said: str) -> None:
    jonas.get(RECORD)
    page = jonas.submit({**WHOLE, **change}, button=RECORDING, status=422)
    assert said in page.error(field)
    form = page.form(button=RECORDING)
    kept = {name: value for name, value in WHOLE.items() if name not in (field, "recipient")}
    assert {name: form.value(name) for name in kept} == kept
    assert deliveries(app) == []


@pytest.mark.parametrize("edition", ["2 A4", "1 A3", "1", "x y z"])
def test_an_edition_that_there_is_not_was_handed_to_nobody(app: Flask, jonas: Browser, edition: str) -> None:
    jonas.get(RECORD)
    page = jonas.submit({}, smuggled={**WHOLE, "edition": edition}, button=RECORDING, status=422)
    assert page.error("edition")
    assert deliveries(app) == []


def test_without_an_edition_the_page_says_what_to_do_first(app: Flask, jonas: Browser) -> None:
    with app.app_context():
        cast.open_letter("Another letter")
    assert "There is no edition yet" in jonas.get("/secretariat/letters/another-letter/deliveries/record").text


def test_what_was_typed_is_shown_literally(app: Flask, jonas: Browser) -> None:
    jonas.get(RECORD)
    page = jonas.submit({**WHOLE, "recipient": "<script>alert(1)</script>", "how": '"><img src=x>'}, button=RECORDING)
    assert "<script>alert(1)</script>" in page.text
    assert "<img src=x" not in page.source
