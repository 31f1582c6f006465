"""What can be taken along: data, the signed text, the public edition's file."""

from __future__ import annotations

import csv
import hashlib
import io
import json

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coalition.access.actor import signer
from coalition.db import unit_of_work
from coalition.documents import operations as documents
from coalition.documents.models import Rendition
from coalition.endorsements import operations as endorsements
from tests import cast
from tests.web.browser import Browser


@pytest.fixture
def slug(app: Flask) -> str:
    with app.app_context():
        cast.staff()
        letter = cast.open_letter("Protect the “hospitals”: now/today — حماية",
                                  body="We ask {{ signatories }} times.\n")
        cast.approved(letter, "=Harbour, \"Light\"", country="KE")
        cast.approved(letter, "Relief Network", country="SY", is_network=True, represents_count="92",
                      represents_unit="organisations")
        cast.approved(letter, "Nairobi", country="KE", signing_as="person", signatory="Amina Otieno")
        return letter.slug


def test_the_data_hold_the_list_its_counts_and_the_letter(slug: str, client: FlaskClient) -> None:
    answer = client.get(f"/letters/{slug}.json")
    assert answer.mimetype == "application/json"
    data = json.loads(answer.data)
    assert data["counts"]["signatories"] == 3
    assert data["counts"]["organisations_total"] == 94
    assert [row["line"] for row in data["signatories"]] == [
        "Relief Network – representing 92 organisations", "=Harbour, \"Light\"",
        "Amina Otieno, Nairobi (in a personal capacity)"]
    assert data["signatories"][0]["country"] == "Syria"
    assert data["letter"]["slug"] == slug
    assert data["letter"]["state"] == "open"


ALLOWED = {"number", "key", "line", "group", "signing_as", "organisation", "other_script", "honorific", "signatory",
           "title", "description", "country_code", "country", "network", "statement"}


def test_the_data_have_public_fields_only(slug: str, client: FlaskClient) -> None:
    data = json.loads(client.get(f"/letters/{slug}.json").data)
    assert set(data) == {"format", "letter", "rule", "grouping", "counts", "signatories"}
    assert set(data["letter"]) == {"slug", "subject", "language", "languages", "version", "source_sha256",
                                   "state", "deadline_at", "address"}
    assert all(set(row) == ALLOWED for row in data["signatories"])


def test_the_table_is_safe_in_a_spreadsheet(slug: str, client: FlaskClient) -> None:
    answer = client.get(f"/letters/{slug}.csv")
    assert answer.mimetype == "text/csv"
    assert f"filename={slug}.csv" in answer.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert [row["organisation"] for row in rows] == ["Relief Network", "'=Harbour, \"Light\"", "Nairobi"]


@pytest.mark.parametrize("ending", [".json", ".csv"])
@pytest.mark.parametrize("query", ["fields=email", "sort=organisation", "q=Quiet", "include=withheld", "x="])
def test_questions_in_the_address_are_refused(slug: str, browser: Browser, ending: str, query: str) -> None:
    assert "takes no parameters" in browser.get(f"/letters/{slug}{ending}?{query}", 400).text


@pytest.mark.parametrize("ending", [".json", ".csv", "/versions/1.txt"])
def test_who_has_it_already_is_not_sent_it_again(slug: str, client: FlaskClient, ending: str) -> None:
    first = client.get(f"/letters/{slug}{ending}")
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    again = client.get(f"/letters/{slug}{ending}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_the_hash_of_the_source_is_the_one_on_the_page(slug: str, browser: Browser) -> None:
    browser.get(f"/letters/{slug}")
    shown = browser.page.text
    source = browser.get(f"/letters/{slug}/versions/1.txt")
    assert source.answer.mimetype == "text/plain"
    assert source.answer.headers["X-Content-Type-Options"] == "nosniff"
    assert hashlib.sha256(source.answer.data).hexdigest() in shown
    assert "{{ signatories }} times" in source.source


@pytest.mark.parametrize("number", ["0", "2", "99999999999999999999", "-1", "x"])
def test_a_version_that_is_not_there_is_not_found(slug: str, browser: Browser, number: str) -> None:
    browser.get(f"/letters/{slug}/versions/{number}.txt", 404)
    browser.get(f"/letters/{slug}/editions/{number}/letter.pdf", 404)


def _compiled(app: Flask, slug: str, audience: str = "public") -> int:
    with app.app_context():
        letter = cast.letters.queries.by_slug(slug)
        return documents.compile_edition(cast.actor(cast.JONAS), letter, audience=audience).edition.number


def test_the_public_edition_is_handed_out_until_a_name_in_it_is_withdrawn(slug: str, browser: Browser,
                                                                          app: Flask) -> None:
    number = _compiled(app, slug)
    address = browser.get(f"/letters/{slug}").link("The letter with its list")
    answer = browser.get(address).answer
    assert answer.mimetype == "application/pdf"
    with app.app_context():
        assert hashlib.sha256(answer.data).hexdigest() == Rendition.query.one().sha256
    again = browser.client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    with app.app_context():
        (made,) = [row for row in cast.Endorsement.query if row.entry.organisation == "Relief Network"]
        with unit_of_work():
            endorsements.withdraw(signer(made.id), endorsements.get(made.id))
    gone = browser.get(f"/letters/{slug}/editions/{number}/letter.pdf", 410)
    assert gone.heading == "This edition is no longer handed out"
    assert "The letter with its list" not in browser.get(f"/letters/{slug}").text
    kept = browser.client.get(address, headers={"If-None-Match": answer.headers["ETag"]})
    assert kept.status_code == 410


def test_the_file_has_a_name_every_system_takes(slug: str, browser: Browser, app: Flask) -> None:
    number = _compiled(app, slug)
    header = browser.get(f"/letters/{slug}/editions/{number}/letter.pdf").answer.headers["Content-Disposition"]
    assert header.startswith("attachment; filename=")
    assert "filename*=UTF-8''Protect%20the" in header
    assert header.isascii()
    assert not set("\r\n/\\") & set(header)


def test_an_edition_for_the_recipients_is_not_there_for_outsiders(slug: str, browser: Browser, app: Flask) -> None:
    number = _compiled(app, slug, "recipients")
    unknown = browser.get(f"/letters/{slug}/editions/{number + 1}/letter.pdf", 404)
    hidden = browser.get(f"/letters/{slug}/editions/{number}/letter.pdf", 404)
    assert hidden.heading == unknown.heading
    assert "The letter with its list" not in browser.get(f"/letters/{slug}").text


def test_a_file_that_was_changed_in_the_database_is_given_to_nobody(slug: str, browser: Browser,
                                                                    app: Flask) -> None:
    number = _compiled(app, slug)
    with app.app_context(), unit_of_work():
        Rendition.query.update({"content": b"%PDF-1.7 something else"})
    page = browser.get(f"/letters/{slug}/editions/{number}/letter.pdf", 503)
    assert "not handed out" in page.text
