"""The page of an edition: its parts made and fetched, its list in every format, and who may."""

from __future__ import annotations

import io
import json
import zipfile
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coalition.db import db, unit_of_work
from coalition.documents import drawing
from coalition.documents import operations as documents
from coalition.documents.models import Edition
from coalition.documents.parts import Part
from coalition.jobs import tasks
from coalition.letters import queries as letters
from tests import cast
from tests.web.browser import Browser

FORMS = ["csv", "xlsx", "json", "docx", "txt", "press"]


@pytest.fixture
def quick_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of a few bytes, another for each part and paper: these tests are about who is given which."""
    monkeypatch.setattr(
        drawing,
        "draw_sealed",
        lambda snapshot, paper, part=Part.WHOLE, **_options: f"%PDF-1.7 {snapshot.sha256} {paper} {part}".encode(),
    )


@pytest.fixture
def slug(app: Flask, quick_drawing: None) -> str:
    """A letter with a network, a body for the recipients alone and a withheld one; a public edition and one for
    the recipients."""
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        cast.approved(
            letter,
            "Relief Network",
            country="SY",
            is_network=True,
            represents_count="92",
            represents_unit="organisations",
        )
        cast.approved(letter, "CNRY-recipients", country="NO", visibility="recipients")
        cast.approved(letter, "CNRY-withheld", country="NO", visibility="withheld")
        for audience in ("public", "recipients"):
            documents.compile_edition(cast.actor(cast.JONAS), letter, audience=audience)
        return letter.slug


def _plain(content: bytes, form: str) -> str:
    if form not in ("xlsx", "docx"):
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return unescape("".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")))


def test_every_part_can_be_made_on_either_paper_and_is_then_given(slug: str, browser: Browser, app: Flask) -> None:
    browser.sign_in(cast.JONAS)
    address = f"/secretariat/letters/{slug}/editions/1"
    page = browser.get(address)
    assert page.heading == "Edition 1"
    assert "Annex II: represented organisations" in page.text
    browser.get(f"{address}/annex-1-A4.pdf", status=404)
    progress = browser.post(f"{address}/make", {"part": "annex-1", "paper": "A4"})
    assert "is being made" in progress.heading
    with app.app_context():
        assert tasks.run_requests(app) == 1
    made = browser.get(f"{address}/annex-1-A4.pdf")
    assert made.source == "" and "annex-1-A4.pdf" in made.answer.headers["Content-Disposition"]
    assert "annex-1-A4.pdf" in " ".join(link for _, link in browser.get(address).links)


def test_asking_twice_is_asking_once_and_nonsense_is_refused_kindly(slug: str, browser: Browser, app: Flask) -> None:
    browser.sign_in(cast.JONAS)
    address = f"/secretariat/letters/{slug}/editions/1"
    browser.get(address)
    for _ in range(2):
        browser.post(f"{address}/make", {"part": "note", "paper": "Letter"})
    for nonsense in ({"part": "cover", "paper": "A4"}, {"part": "note", "paper": "A5"}, {"part": "", "paper": ""}):
        browser.get(address)
        page = browser.post(f"{address}/make", nonsense)
        assert page.heading == "Edition 1"
    with app.app_context():
        assert tasks.run_requests(app) == 1


@pytest.mark.parametrize("form", FORMS)
def test_each_edition_gives_its_own_list_in_every_format(slug: str, browser: Browser, form: str) -> None:
    browser.sign_in(cast.JONAS)
    lists = {
        number: _plain(
            browser.get(f"/secretariat/letters/{slug}/editions/{number}/signatories.{form}").answer.data, form
        )
        for number in (1, 2)
    }
    assert all("Relief Network" in text and "CNRY-withheld" not in text for text in lists.values())
    assert "CNRY-recipients" not in lists[1]
    assert "CNRY-recipients" in lists[2]


@pytest.mark.parametrize("email", [None, cast.OLGA, cast.ADA])
def test_nobody_outside_the_team_gets_any_of_it(slug: str, browser: Browser, email: str | None) -> None:
    if email:
        browser.sign_in(email)
    address = f"/secretariat/letters/{slug}/editions/2"
    for path in ("", "/A4.pdf", "/annex-1-A4.pdf", *(f"/signatories.{form}" for form in (*FORMS, "members"))):
        answer = browser.client.get(address + path)
        assert answer.status_code in (303, 404), path
        assert b"CNRY" not in answer.data


@pytest.mark.parametrize("form", ["csv", "json", "xlsx", "docx"])
def test_the_public_takes_along_the_public_list_only(slug: str, client: FlaskClient, form: str) -> None:
    answer = client.get(f"/letters/{slug}.{form}")
    assert answer.status_code == 200
    text = _plain(answer.data, form)
    assert "Relief Network" in text
    assert "CNRY" not in text
    assert client.get(f"/letters/{slug}.{form}?fields=all").status_code == 400


def test_the_letters_page_leads_to_every_file(slug: str, browser: Browser) -> None:
    links = {link for _, link in browser.get(f"/letters/{slug}").links}
    assert {f"/letters/{slug}.{form}" for form in ("csv", "json", "xlsx", "docx")} <= links


def _edition_ids(app: Flask) -> dict[str, str]:
    with app.app_context():
        return {edition.audience: edition.public_id for edition in db.session.query(Edition)}


def test_the_printed_code_leads_to_how_a_public_edition_stands(slug: str, browser: Browser, app: Flask) -> None:
    page = browser.get(f"/verify/{_edition_ids(app)['public']}")
    assert page.heading == "This is the newest edition"
    assert "Protect the hospitals" in page.text
    assert "CNRY" not in page.text
    assert page.form(action="/verify").names() >= {"file"}
    with app.app_context():
        letter = letters.by_slug(slug)
        assert letter is not None
        cast.approved(letter, "Late Arrival", country="KE")
        documents.compile_edition(cast.actor(cast.JONAS), letter)
    page = browser.get(f"/verify/{_first_public(app)}")
    assert page.heading == "There is a newer edition"
    assert "superseded by edition 3" in page.text


def _first_public(app: Flask) -> str:
    with app.app_context():
        return str(db.session.query(Edition).filter_by(number=1).one().public_id)


def test_of_an_edition_for_the_recipients_nothing_is_told_but_that_it_exists(
    slug: str, browser: Browser, app: Flask
) -> None:
    page = browser.get(f"/verify/{_edition_ids(app)['recipients']}")
    assert page.heading == "This edition exists"
    for secret in ("Protect", "Relief", "CNRY", slug, "signator"):
        assert secret not in page.text


def test_before_its_release_a_letters_edition_tells_nothing_either(slug: str, browser: Browser, app: Flask) -> None:
    with app.app_context():
        letter = letters.by_slug(slug)
        assert letter is not None
        with unit_of_work():
            letter.reach, letter.releases_at = "link", None
    page = browser.get(f"/verify/{_edition_ids(app)['public']}")
    assert page.heading == "This edition exists"
    assert "Protect" not in page.text


@pytest.mark.parametrize("identifier", ["no-such", "A" * 300, "%00", "..%2f..%2fetc", "x%22%3E%3Cimg"])
def test_an_identifier_nobody_gave_is_an_honest_404(slug: str, client: FlaskClient, identifier: str) -> None:
    assert client.get(f"/verify/{identifier}").status_code == 404


def test_a_part_is_known_by_its_hash_like_the_whole(slug: str, browser: Browser, app: Flask) -> None:
    browser.sign_in(cast.JONAS)
    address = f"/secretariat/letters/{slug}/editions/1"
    browser.get(address)
    browser.post(f"{address}/make", {"part": "letter", "paper": "A4"})
    with app.app_context():
        tasks.run_requests(app)
        edition = db.session.query(Edition).filter_by(number=1).one()
        (sha256,) = [made.sha256 for made in edition.renditions if made.kind == "letter"]
    assert browser.get(f"/verify?sha256={sha256}").heading == "This is the hash of a genuine file"


def test_a_file_changed_in_the_database_is_handed_to_nobody(slug: str, browser: Browser, app: Flask) -> None:
    with app.app_context(), unit_of_work():
        edition = db.session.query(Edition).filter_by(number=1).one()
        edition.renditions[0].content = b"%PDF-1.7 forged"
    browser.sign_in(cast.JONAS)
    browser.get(f"/secretariat/letters/{slug}/editions/1/A4.pdf", status=503)


def test_json_of_an_edition_names_it_and_its_counts(slug: str, browser: Browser) -> None:
    browser.sign_in(cast.JONAS)
    data: dict[str, Any] = json.loads(
        browser.get(f"/secretariat/letters/{slug}/editions/2/signatories.json").answer.data
    )
    assert data["edition"]["number"] == 2 and data["edition"]["audience"] == "recipients"
    assert data["counts"]["withheld"] == 1
