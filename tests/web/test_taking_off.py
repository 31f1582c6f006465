"""“Take us off now”: at once, in every state, by the signer or any coordinator; and every door the name could use."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from coalition.app import create_app
from coalition.audit import chain
from coalition.db import db, unit_of_work
from coalition.documents import drawing
from coalition.documents import operations as documents
from coalition.documents import queries as document_queries
from coalition.documents.models import CompileRequest, Edition
from coalition.endorsements import operations
from coalition.endorsements.models import Endorsement
from coalition.jobs import tasks
from coalition.letters import workflow
from coalition.letters.models import Letter
from coalition.mail.models import OutboxMail
from tests import cast, inviting
from tests.conftest import SETTINGS
from tests.oracles import all_bytes, forms_of
from tests.web.browser import Browser

NAME, PERSON, ADDRESS = "CNRY-7f3a Éveil", "CNRY-7f3a Person", "office@eveil.example"
HERE = "/letters/protect-the-hospitals"


@pytest.fixture(autouse=True)
def quick_drawing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that hold their snapshot as it is: these tests look for names in bytes, not at pages."""
    monkeypatch.setattr(drawing, "draw_sealed", lambda snapshot, **options: (
        f"PDF {options.get('paper')} {options.get('languages')} {snapshot.to_json()}".encode()))


def holds_the_name(data: bytes) -> bool:
    return any(shape in data for secret in (NAME, PERSON) for shape in forms_of(secret))


def way_in(made: Endorsement) -> str:
    with unit_of_work():
        secret = operations.manage_link(operations.get(made.id))
    return f"/member/{secret}"


def stage(app: Flask) -> dict[str, Any]:
    """A letter with two editions that name the body, invitations, a second person and mails under way."""
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        asked = inviting.sent(letter, (NAME, "Kenya", PERSON, ADDRESS, "", "", "", ""), inviting.RIVERS)
        other = cast.approved(letter, "Harbour Light Trust", country="KE")
        made = cast.approved(letter, NAME, country="KE", signatory=PERSON, title="Director", description=NAME,
                             who=cast.contact(ADDRESS))
        for paper in ("A4", "Letter"):
            documents.compile_edition(cast.actor(cast.JONAS), letter, paper=paper)
        cast.approved(letter, "River Trust", country="NO")
        documents.compile_edition(cast.actor(cast.JONAS), letter)
        documents.compile_edition(cast.actor(cast.JONAS), letter, audience="recipients")
        return {"number": made.id, "mine": way_in(made), "older": way_in(made), "other": way_in(other),
                "invited": f"/member/invitations/{inviting.secret_in_mail(asked[0])}",
                "verify": [f"/verify/{edition.public_id}" for edition in db.session.query(Edition)],
                "hash": [f"/verify?sha256={made.sha256}" for edition in db.session.query(Edition)
                         for made in edition.renditions]}


def doors(found: dict[str, Any]) -> list[str]:
    """Every page, file, export and answer that is not for the letter's coordinators or the body itself."""
    return ["/", HERE, f"{HERE}?language=en", f"{HERE}.json", f"{HERE}.csv", f"{HERE}.docx", f"{HERE}.xlsx",
            f"{HERE}/versions/1.txt", f"{HERE}/sign", f"{HERE}/editions/1/letter.pdf", f"{HERE}/editions/2/letter.pdf",
            f"{HERE}/editions/3/letter.pdf", f"{HERE}/editions/4/letter.pdf", f"{HERE}/editions/2/changes.json",
            f"{HERE}/editions/2/corrigendum-to-1.pdf", f"{HERE}.json?q=CNRY", *found["verify"], *found["hash"],
            found["other"], f"{found['other']}/letters", found["invited"], "/help", "/healthz"]


def test_from_the_click_to_the_last_public_byte_with_the_name(app: Flask, record_property: Any) -> None:
    """Two processes with warm caches, every door, old ETags, mails under way; the worker stands still."""
    found = stage(app)
    beside = create_app(app.config["INSTANCE"],
                        {**SETTINGS, "SQLALCHEMY_DATABASE_URI": app.config["SQLALCHEMY_DATABASE_URI"]})
    clients: list[FlaskClient] = [app.test_client(), beside.test_client()]
    known: dict[tuple[int, str], str] = {}
    showing = set()
    for index, client in enumerate(clients):
        for door in doors(found):
            answer = client.get(door)
            if holds_the_name(all_bytes(answer)):
                showing.add(door)
            if "ETag" in answer.headers:
                known[index, door] = answer.headers["ETag"]
    assert {HERE, f"{HERE}.json", f"{HERE}.csv", f"{HERE}.docx", f"{HERE}.xlsx", f"{HERE}/editions/1/letter.pdf",
            f"{HERE}/editions/2/letter.pdf", found["invited"]} <= showing, "the name was to be seen before"
    begun = time.perf_counter()
    answer = app.test_client().post(f"{found['mine']}/take-off")
    clicked = time.perf_counter()
    assert answer.status_code == 303
    for index, client in enumerate(clients):
        for door in doors(found):
            headers = {"If-None-Match": known[index, door]} if (index, door) in known else {}
            answer = client.get(door, headers=headers)
            assert not holds_the_name(all_bytes(answer)), door
            assert answer.status_code != 304 or door not in showing, f"{door}: an old copy is called good"
    last = time.perf_counter()
    record_property("seconds", f"{clicked - begun:.3f} to store, {last - begun:.3f} until every door was looked at")
    print(f"\nfrom the click: {clicked - begun:.3f} s until it holds, {last - begun:.3f} s until all "
          f"{2 * len(doors(found))} answers were looked at")
    for edition in (1, 2):
        assert clients[1].get(f"{HERE}/editions/{edition}/letter.pdf").status_code == 410
    assert clients[0].get(found["older"]).status_code == 410, "all other links have ended"
    assert clients[0].get(found["invited"]).status_code == 410
    page = Browser(clients[1]).get(f"{found['mine']}/taken-off")
    assert "Your name was printed before" in page.text and "is being made" in page.text
    with app.app_context():
        waiting = db.session.query(OutboxMail).filter(OutboxMail.state.in_(("queued", "held"))).all()
        others = [mail for mail in waiting if mail.to != ADDRESS]
        assert not [mail.subject for mail in others if holds_the_name((mail.text + mail.html + mail.subject).encode())]
        assert {mail.to for mail in others if "taken off at once" in mail.subject} == {cast.NADIA, cast.TOMAS}
        (told,) = [mail for mail in waiting if mail.to == ADDRESS]
        assert "hospitals" not in told.text and not holds_the_name((told.text + told.html).encode())


def test_a_public_edition_without_it_is_made_unattended_and_says_nothing_of_who_left(app: Flask) -> None:
    found = stage(app)
    client = app.test_client()
    client.post(f"{found['mine']}/take-off")
    client.post(f"{found['mine']}/take-off")  # twice is once
    with app.app_context():
        assert db.session.query(CompileRequest).filter_by(kind="unattended").count() == 1
        assert tasks.run_requests(app) == 1
        tasks.watch_editions(app)
        for _again in range(2):
            tasks.replace_editions(app)
    new = client.get(f"{HERE}/editions/4/letter.pdf")
    assert new.status_code == 200 and not holds_the_name(new.data)
    frozen = json.loads(new.data[new.data.index(b"{"):])
    assert not [key for key in frozen if "taken" in key or "left" in key or "removed" in key]
    assert client.get(f"{HERE}/editions/2/letter.pdf").status_code == 410
    with app.app_context():
        assert [mail.to for mail in db.session.query(OutboxMail).filter_by(
            subject="A new public edition was made").order_by(OutboxMail.to)] == [cast.NADIA, cast.TOMAS]
        from_log = {row.action for row in db.session.query(chain.AuditEntry)}
        assert {"endorsement.taken_off", "edition.replacement_asked", "edition.compiled", "edition.taken_down",
                "invitation.stopped"} <= from_log
        assert isinstance(chain.verify(), int)


def test_what_cannot_be_made_is_told_once_and_tried_again(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    found = stage(app)
    app.test_client().post(f"{found['mine']}/take-off")
    with app.app_context():
        with monkeypatch.context() as broken:
            broken.setattr(drawing, "draw_sealed", _refuses)
            assert tasks.run_requests(app) == 1
        assert tasks.replace_editions(app) == 0, "not at once"
        with cast.clock.fixed(cast.later(minutes=16)):
            assert tasks.replace_editions(app) == 1
            assert tasks.run_requests(app) == 1
            assert tasks.replace_editions(app) == 0
        newest = document_queries.newest(db.session.query(Letter).one(), "public")
        assert newest is not None and newest.number == 4
        subjects = [mail.subject for mail in cast.mails_to(cast.NADIA)]
        assert subjects.count("A public edition needs you") == 1
        assert subjects.count("A new public edition was made") == 1


def _refuses(*_args: Any, **_options: Any) -> bytes:
    raise cast.endorsements.WrongState("It cannot be drawn now.")


def test_in_every_state_of_letter_and_signature_by_signer_or_coordinator(app: Flask, browser: Browser) -> None:
    """Nobody else may; nobody is asked why; the reason may follow, and the signer may come back withheld."""
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        made = {(state, by): cast.approved(letter, f"Body {state} {by}", country="KE").id
                for state in workflow.STATES for by in ("signer", "coordinator")}
        waiting = cast.sign(letter, cast.fields("Body unconfirmed"), who=cast.contact("u@ngo.example"))
        assert waiting is not None
        ways = {number: way_in(operations.get(number)) for number in (*made.values(), waiting.id)}
        ids = {number: operations.get(number).public_id for number in ways}
    for email, status in ((cast.JONAS, 403), (cast.OLGA, 404), ("", 404)):
        other = Browser(app.test_client())
        if email:
            other.sign_in(email)
        address = f"/coordinator{HERE}/endorsements/{ids[waiting.id]}/take-off"
        other.get("/account/login") if not email else None
        answer = other.client.post(address, data={"csrf_token": other._token})
        assert answer.status_code in (status, 303 if not email else status), (email, answer.status)
    nadia = Browser(app.test_client())
    nadia.sign_in(cast.NADIA)
    for (state, by), number in [*made.items(), (("open", "signer"), waiting.id)]:
        with app.app_context(), unit_of_work():
            db.session.execute(update(Letter).values(state=state))
        if by == "signer":
            browser.get(ways[number])
            page = browser.submit(button="Take us off now")
            assert "You are taken off" in page.heading
        else:
            nadia.get(f"/coordinator{HERE}/endorsements/{ids[number]}")
            page = nadia.submit({"quietly": True}, button="Take it off now")
            assert "Taken off at once" in page.text
        with app.app_context():
            found = operations.get(number)
            assert (found.state, found.visibility, found.taken_off_at is not None) == ("withdrawn", "withheld", True)
            told = [mail.state for mail in cast.mails_to(cast.email_of(found)) if "something new" in mail.subject]
            assert told == (["queued"] if by == "signer" else []), "and quietly, if that was asked"
    with app.app_context(), unit_of_work():
        db.session.execute(update(Letter).values(state="open"))
    number = made["open", "signer"]
    browser.get(f"{ways[number]}/taken-off")
    assert browser.submit({"reason": ""}, button="Tell the coordinators", status=422).error("reason")
    browser.submit({"reason": "They came to our office."}, button="Tell the coordinators")
    assert "They came to our office." in nadia.get(f"/coordinator{HERE}/endorsements/{ids[number]}").text
    nadia.submit({"reason": "She phoned."}, button="Keep the reason")
    assert "She phoned." in nadia.page.text
    browser.get(f"{ways[number]}/take-up-again")
    browser.submit({"reason": "It is safe again."}, button="Sign again")
    with app.app_context():
        again = operations.get(number)
        assert (again.state, again.visibility, again.taken_off_at) == ("submitted", "withheld", None)
