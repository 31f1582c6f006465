"""The letter's page: what it shows, to whom, and what may be kept of it."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coalition import clock
from coalition.access.actor import signer
from coalition.db import unit_of_work
from coalition.endorsements import operations as endorsements
from coalition.letters import operations as letters
from tests import cast
from tests.web.browser import Browser

BODY = "We, {{ signatories }} signatories and {{ organisations_total }} organisations, ask the Council to *act*.\n"


@pytest.fixture
def slug(app: Flask) -> str:
    """A letter with a network of 92, an organisation, a person and a withheld body."""
    with app.app_context():
        cast.staff()
        letter = cast.open_letter(body=BODY)
        cast.approved(letter, "Relief Network", country="SY", is_network=True, represents_count="92",
                      represents_unit="organisations")
        cast.approved(letter, "شبكة المرأة", country="SY", other_script="Women’s Network")
        cast.approved(letter, "University of Nairobi", country="KE", signing_as="person",
                      signatory="Amina Otieno")
        cast.approved(letter, "Quiet Body", country="NO", visibility="withheld")
        return letter.slug


def test_the_page_shows_text_counts_deadline_and_list(slug: str, browser: Browser) -> None:
    page = browser.get(f"/letters/{slug}")
    assert page.heading == "Protect the hospitals"
    assert "We, 4 signatories and 94 organisations, ask the Council to act." in page.text
    assert "92 of them as stated by 1 network, overlaps not excluded" in page.text
    assert "Sign until 20 March 2026, 22:00 UTC (in 3 weeks)" in page.text
    for line in ("Relief Network – representing 92 organisations", "شبكة المرأة / Women’s Network",
                 "Amina Otieno, University of Nairobi (in a personal capacity)"):
        assert line in page.text
    assert "and 1 signatory who is not named here" in page.text
    assert page.link("Sign this letter") == f"/letters/{slug}/sign"


def test_how_it_is_counted_is_said_with_every_number(slug: str, browser: Browser) -> None:
    text = browser.get(f"/letters/{slug}").text
    assert "4 signatories are on the list." in text
    assert "It names 2 organisations, 1 person." in text
    assert "1 further signatory is counted whose name is not shown here." in text
    assert "94 organisations in all: 2 that sign themselves and 92 as stated. No member list was given" in text
    assert "The named signatories give 2 countries." in text


def test_addressees_and_copies_are_those_that_were_published(slug: str, browser: Browser, app: Flask) -> None:
    with app.app_context(), unit_of_work():
        letter = cast.letters.queries.by_slug(slug)
        letters.edit(cast.actor(cast.NADIA), letter, addressees=["Somebody else"], subject="Another subject")
    page = browser.get(f"/letters/{slug}")
    assert "The President of the Security Council" in page.text
    assert "Somebody else" not in page.text
    assert page.heading == "Protect the hospitals"


def test_an_empty_list_says_what_will_appear(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        cast.open_letter()
    assert "The names appear here as soon as" in browser.get("/letters/protect-the-hospitals").text


def test_after_the_deadline_it_stays_readable_and_offers_no_signing(slug: str, browser: Browser) -> None:
    with clock.fixed(cast.DEADLINE):
        page = browser.get(f"/letters/{slug}")
        assert "Signing ended: 20 March 2026, 22:00 UTC" in page.text
        assert "Relief Network" in page.text
        assert "Sign this letter" not in page.text


def test_a_text_cannot_bring_markup_of_its_own(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        cast.open_letter(body="<script>alert(1)</script> [x](javascript:alert(1))\n")
    page = browser.get("/letters/protect-the-hospitals")
    assert "<script>alert" not in page.source
    assert "javascript:" not in [address for _words, address in page.links]


def test_entries_for_another_text_are_not_listed(slug: str, browser: Browser, app: Flask) -> None:
    with app.app_context():
        letter = cast.letters.queries.by_slug(slug)
        with unit_of_work():
            letters.write_draft(cast.actor(cast.NADIA), letter, "We demand.\n")
            letters.publish(cast.actor(cast.NADIA), letter, change="substantive", note="stronger")
    text = browser.get(f"/letters/{slug}").text
    assert "We demand." in text
    assert "Relief Network" not in text


def test_anybody_may_keep_the_page_and_ask_whether_it_stands(slug: str, client: FlaskClient) -> None:
    first = client.get(f"/letters/{slug}")
    assert first.headers["Cache-Control"] == "public, max-age=0, must-revalidate"
    assert set(first.vary) == {"Accept-Language", "Accept-Encoding", "Cookie"}
    again = client.get(f"/letters/{slug}", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("ending", ["", ".json", ".csv"])
def test_a_withdrawal_changes_the_page_at_once(slug: str, client: FlaskClient, app: Flask, ending: str) -> None:
    first = client.get(f"/letters/{slug}{ending}")
    with app.app_context():
        (made,) = [row for row in cast.Endorsement.query if row.entry.organisation == "Relief Network"]
        with unit_of_work():
            endorsements.withdraw(signer(made.id), endorsements.get(made.id))
    again = client.get(f"/letters/{slug}{ending}", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 200
    assert "Relief Network" in first.text
    assert "Relief Network" not in again.text


def test_nothing_is_kept_of_a_page_for_somebody_signed_in(slug: str, browser: Browser) -> None:
    browser.sign_in(cast.NADIA)
    headers = browser.get(f"/letters/{slug}").answer.headers
    assert headers["Cache-Control"] == "no-store"
    assert "ETag" not in headers


def test_a_page_with_a_message_for_one_reader_is_for_that_reader_only(slug: str, app: Flask) -> None:
    reader = app.test_client()
    with reader.session_transaction() as session:
        session["_flashes"] = [("success", "for your eyes only")]
    shown = reader.get(f"/letters/{slug}")
    assert "for your eyes only" in shown.text
    assert shown.headers["Cache-Control"] == "no-store"
    assert "for your eyes only" not in app.test_client().get(f"/letters/{slug}").text


def _by_link(app: Flask) -> tuple[str, str]:
    with app.app_context():
        cast.staff()
        letter = cast.open_letter("Not for all yet", reach="link")
        cast.approved(letter, "Early Signer")
        return letter.slug, letter.link_secret


PAGES = ("", ".json", ".csv", "/sign", "/versions/1.txt", "/sign/sent")


@pytest.mark.parametrize("ending", PAGES)
def test_a_letter_by_link_is_not_there_for_strangers(app: Flask, browser: Browser, ending: str) -> None:
    slug, _secret = _by_link(app)
    unknown = browser.get(f"/letters/no-such-letter{ending}", 404)
    hidden = browser.get(f"/letters/{slug}{ending}", 404)
    number = re.compile("this number: [0-9a-f]+")
    assert number.sub("", hidden.text) == number.sub("", unknown.text)
    assert "Early Signer" not in hidden.source
    assert "Not for all yet" not in hidden.source


def test_its_link_lets_a_visitor_in_for_good(app: Flask, browser: Browser) -> None:
    slug, secret = _by_link(app)
    page = browser.get(f"/letters/{slug}/by-link/{secret}")
    assert page.path == f"/letters/{slug}"
    assert "Early Signer" in page.text
    assert page.answer.headers["Cache-Control"] == "no-store"
    assert secret not in page.source
    for ending in PAGES:
        assert browser.get(f"/letters/{slug}{ending}").answer.headers["Cache-Control"] == "no-store"
    assert "Not for all yet" not in browser.get("/").text


@pytest.mark.parametrize("spoil", [str.upper, str.lower, lambda secret: secret[:-1], lambda secret: secret + "=",
                                   lambda _secret: "é", lambda _secret: "%00"])
def test_a_spoilt_link_leads_nowhere(app: Flask, browser: Browser, spoil: object) -> None:
    slug, secret = _by_link(app)
    browser.get(f"/letters/{slug}/by-link/{spoil(secret)}", 404)
    browser.get(f"/letters/{slug}", 404)


def test_a_link_does_not_open_a_letter_for_the_invited_nor_a_draft(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        invited = cast.open_letter("For the invited", reach="invited")
        draft = cast.draft_letter("Still a draft", reach="link")
        addresses = [f"/letters/{letter.slug}/by-link/{letter.link_secret}" for letter in (invited, draft)]
    for address in addresses:
        browser.get(address, 404)


def test_at_its_release_a_letter_by_link_reaches_everybody(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        cast.open_letter("Embargoed", reach="link", releases_at=cast.later(days=1))
    browser.get("/letters/embargoed", 404)
    with clock.fixed(cast.later(days=1)):
        assert browser.get("/letters/embargoed").answer.headers["Cache-Control"].startswith("public")


def test_a_draft_given_up_before_anything_was_published_was_never_there(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        letter = cast.draft_letter("Secret plan")
        with unit_of_work():
            letters.cancel(cast.actor(cast.NADIA), letter, reason="no")
    browser.get("/letters/secret-plan", 404)


@pytest.mark.parametrize("slug_", ["%00", "a%00b", "..%2f..", "%ff", "x" * 500, "protect-the-hospitals.xml"])
def test_strange_addresses_are_not_found(slug: str, browser: Browser, slug_: str) -> None:
    browser.get(f"/letters/{slug_}", 404)
    browser.get(f"/letters/{slug_}/by-link/x", 404)
