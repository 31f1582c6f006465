"""The start page, the help, and the answers for those who watch the machine."""

from __future__ import annotations

import pytest
from flask import Flask

from coalition import clock
from coalition.db import db, unit_of_work
from coalition.documents import seal
from coalition.jobs import tasks
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


def test_it_says_in_a_word_for_each_part_whether_it_is_ready(app: Flask, browser: Browser) -> None:
    parts = ["database ok", "seal ok", "certificate ok", "disk ok", "worker not seen"]

    def said(status: int = 200) -> list[str]:
        return browser.get("/readyz", status).source.splitlines()

    assert said()[:3] + said()[4:] == parts[:3] + parts[4:]
    tasks.note_worker(app)
    assert said()[-1] == "worker ok"
    with clock.fixed(cast.later(minutes=6)):
        assert said()[-1] == "worker not seen"
    with clock.fixed(cast.later(days=365 * 40 - 30)):
        assert said()[2] == "certificate ends soon"
    with clock.fixed(cast.later(days=365 * 41)):
        assert said(503)[2] == "certificate ended"
    (app.config["INSTANCE"] / seal.FILE_NAME).rename(app.config["INSTANCE"] / "aside")
    assert said(503)[1] == "seal not ready"
    (app.config["INSTANCE"] / "aside").rename(app.config["INSTANCE"] / seal.FILE_NAME)
    with app.app_context(), unit_of_work():
        db.session.execute(db.text("UPDATE alembic_version SET version_num = 'older'"))
    assert said(503)[0] == "database not ready"


def test_numbers_are_for_those_who_watch(app: Flask, browser: Browser) -> None:
    with app.app_context():
        cast.staff()
    here = browser.client.get("/metrics")
    values = dict(line.rsplit(" ", 1) for line in here.text.splitlines() if not line.startswith("#"))
    assert here.status_code == 200 and values['coalition_mails{state="queued"}'] == "5"
    assert values["coalition_worker_seen_seconds"] == "0" and values["coalition_database_current"] == "1"
    assert "@" not in here.text and "hospital" not in here.text.lower()
    for asked in ({"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}, {"headers": {"X-Forwarded-For": "127.0.0.1"}},
                  {"environ_base": {"REMOTE_ADDR": ""}}):
        assert browser.client.get("/metrics", **asked).status_code == 404, asked
    app.config["PRODUCTION"] = True
    assert browser.client.get("/metrics").status_code == 404
    app.config["METRICS_TOKEN"] = "a long token"
    for words, status in (("", 404), ("Bearer other", 404), ("Bearer a long token", 200)):
        assert browser.client.get("/metrics", headers={"Authorization": words}).status_code == status


def test_a_former_address_leads_on_and_a_button_in_a_mail_works_where_it_is(app: Flask, browser: Browser) -> None:
    app.config["PUBLIC_URL_FORMER"] = ["https://old.test", "http://older.test:8000"]
    for host in ("old.test", "older.test:8000", "OLD.test"):
        for path in ("/verify/abc", "/letters/a?b=%C3%A4&c", "/member/confirm/secret"):
            answer = browser.client.get(path, headers={"Host": host})
            assert (answer.status_code, answer.location) == (308, f"https://letters.test{path}")
    assert browser.client.get("/", headers={"Host": "other.test"}).status_code == 200
    assert browser.client.post("/member/link-again", headers={"Host": "old.test"}).status_code == 400
