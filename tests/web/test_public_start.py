"""The start page, the help, and the answers for those who watch the machine."""

from __future__ import annotations

import pytest
from flask import Flask

from coalition import clock
from coalition.db import db, unit_of_work
from coalition.documents import seal
from coalition.letters import operations as letters
from tests import cast
from tests.web.browser import Browser


def test_without_letters_the_page_says_what_will_appear(app: Flask, browser: Browser) -> None:
    page = browser.get("/")
    assert page.heading == "Joint letters"
    assert "No letter is open for signing now." in page.text
    assert "Closed letters" not in page.text


def test_open_letters_come_before_closed_ones_with_their_counts(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        closed = cast.open_letter("Let aid pass")
        cast.approved(closed, "Harbour Light Trust", country="KE")
        with unit_of_work():
            letters.close(cast.actor(cast.NADIA), closed)
        network = cast.open_letter("Protect the hospitals")
        cast.approved(network, "Relief Network", country="SY", is_network=True, represents_count="92",
                      represents_unit="organisations")
        cast.draft_letter("Only a draft")
        cast.open_letter("By link only", reach="link")
        given_up = cast.open_letter("Given up")
        with unit_of_work():
            letters.cancel(cast.actor(cast.NADIA), given_up, reason="no")
    text = browser.get("/").text
    assert text.index("Protect the hospitals") < text.index("Closed letters") < text.index("Let aid pass")
    assert "1 signatory · 93 organisations in all · 1 country" in text
    assert "Closed on 2 March 2026 1 signatory · 1 country" in text
    for hidden in ("Only a draft", "By link only", "Given up"):
        assert hidden not in text
    assert browser.follow("Read and sign").heading == "Protect the hospitals"


def test_at_its_deadline_a_letter_counts_as_closed_before_anybody_closes_it(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        cast.open_letter()
    with clock.fixed(cast.DEADLINE):
        text = browser.get("/").text
        assert text.index("Closed letters") < text.index("Protect the hospitals")


def test_the_counts_follow_every_approval(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
        cast.open_letter()
    assert "0 signatories" in browser.get("/").text
    with app.app_context():
        cast.approved(cast.letters.queries.by_slug("protect-the-hospitals"))
    assert "1 signatory" in browser.get("/").text


@pytest.mark.parametrize(("topic", "heading"), [
    ("", "Help"), ("/signers", "Help for signers"), ("/coordinators", "Help for coordinators"),
    ("/secretariat", "Help for the secretariat"), ("/administrators", "Help for administrators"),
    ("/verifying", "Checking a letter")])
def test_there_is_help_for_every_reader(app: Flask, browser: Browser, topic: str, heading: str) -> None:
    page = browser.get(f"/help{topic}")
    assert page.heading == heading
    for _words, address in page.links:
        if address.startswith("/") and not address.startswith(("/static", "/account", "/language")):
            assert browser.client.get(address).status_code == 200, address


@pytest.mark.parametrize("topic", ["nothing", "..%2fpublic%2fstart", "index"])
def test_help_that_is_not_there_is_not_found(app: Flask, browser: Browser, topic: str) -> None:
    browser.get(f"/help/{topic}", 404)


def test_the_process_says_that_it_lives(app: Flask, browser: Browser) -> None:
    assert browser.get("/healthz").source == "ok\n"


def test_it_is_ready_with_a_current_database_and_a_seal(app: Flask, browser: Browser) -> None:
    assert browser.get("/readyz").source == "database ok\nseal ok\n"


def test_it_is_not_ready_without_its_seal(app: Flask, browser: Browser) -> None:
    (app.config["INSTANCE"] / seal.FILE_NAME).unlink()
    assert browser.get("/readyz", 503).source == "database ok\nseal not ready\n"


def test_it_is_not_ready_on_an_older_database(app: Flask, browser: Browser) -> None:
    with app.app_context(), unit_of_work():
        db.session.execute(db.text("UPDATE alembic_version SET version_num = 'older'"))
    assert browser.get("/readyz", 503).source == "database not ready\nseal ok\n"
