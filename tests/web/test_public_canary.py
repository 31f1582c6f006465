"""A name that is withheld, or for the recipients alone, leaves by no door of the public pages."""

from __future__ import annotations

import email
import email.policy
import logging
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from coalition.access.actor import signer
from coalition.db import db, unit_of_work
from coalition.documents import operations as documents
from coalition.documents.snapshot import Snapshot
from coalition.endorsements import operations as endorsements
from coalition.jobs import tasks
from coalition.jobs.nudge import nudge
from coalition.letters.models import Letter
from tests import cast, stage
from tests.conftest import SETTINGS
from tests.oracles import all_bytes, forms_of, unpacked

WITHHELD, RECIPIENTS = "CNRY-7f3a Éveil", "CNRY-c41d Ömer"
#: Whose mails may hold the name: they go to whoever gave it.
HIDDEN_CONTACT = "hidden@ngo.example"


def assert_clean(data: bytes, where: str) -> None:
    for secret in (WITHHELD, RECIPIENTS):
        for shape in forms_of(secret):
            assert shape not in data, f"{secret} as {shape!r} in {where}"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, seal_file: Path, sqlite_template: Path) -> Iterator[Flask]:
    """One for all tests here, since real documents are drawn. Its queue and its mails are files of its own folder."""
    folder = tmp_path_factory.mktemp("canary")
    with stage.for_a_module(folder, seal_file, sqlite_template, {**SETTINGS, "HUEY_URL": ""}) as made:
        yield made


@pytest.fixture(scope="module")
def slug(app: Flask) -> str:
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        cast.approved(letter, "Harbour Light Trust", country="KE")
        cast.approved(letter, WITHHELD, country="KE", visibility="withheld", description=WITHHELD,
                      who=cast.contact(HIDDEN_CONTACT, name=f"{WITHHELD} Contact"),
                      signatory="CNRY-7f3a Person", is_network=True, represents_count="77777",
                      represents_unit="organisations", represents_text=f"all of {WITHHELD}")
        cast.approved(letter, RECIPIENTS, country="NO", visibility="recipients")
        cast.approved(letter, "Body", country="NO", visibility="withheld", signing_as="person",
                      signatory=f"{WITHHELD} Smith")
        documents.compile_edition(cast.actor(cast.JONAS), letter)
        documents.compile_edition(cast.actor(cast.JONAS), letter, audience="recipients")
        return letter.slug


def addresses(slug: str) -> list[str]:
    here = f"/letters/{slug}"
    return ["/", here, f"{here}.json", f"{here}.csv", f"{here}/versions/1.txt", f"{here}/sign",
            f"{here}/sign?as=person", f"{here}/sign/sent", f"{here}/editions/1/letter.pdf",
            f"{here}/editions/2/letter.pdf", f"{here}/editions/3/letter.pdf", f"{here}.json?q=CNRY", "/verify",
            "/help", "/member/link-again", "/member/link-again/sent", "/no-such-page", "/healthz", "/readyz"]


def test_no_public_answer_holds_a_hidden_name(slug: str, app: Flask) -> None:
    client = app.test_client()
    for address in addresses(slug):
        answer = client.get(address)
        assert answer.status_code < 500
        assert_clean(all_bytes(answer), address)


def test_a_hidden_statement_is_in_no_public_number(slug: str, app: Flask) -> None:
    client = app.test_client()
    for address in (f"/letters/{slug}", f"/letters/{slug}.json", "/"):
        text = client.get(address).text
        assert "77777" not in text
        assert "77,777" not in text
    counts = client.get(f"/letters/{slug}.json").json["counts"]
    assert (counts["signatories"], counts["withheld"], counts["represented_stated"]) == (4, 3, 0)
    assert counts["countries"] == 1


def test_F04_and_F07_numbers_and_order_leave_no_gap(slug: str, app: Flask) -> None:
    """Numbers run through over what is shown, and no key of an entry tells how many there are before it."""
    client = app.test_client()
    rows = client.get(f"/letters/{slug}.csv").text.splitlines()
    assert [row.split(",")[0].strip('"') for row in rows[1:]] == ["1"]
    data = client.get(f"/letters/{slug}.json").json
    assert [entry["number"] for entry in data["signatories"]] == [1]
    assert not any(isinstance(value, int) and name != "number" for entry in data["signatories"]
                   for name, value in entry.items() if name.endswith(("id", "key", "position")))


#: What only the coordinators may know, of whoever is not on the public list.
_NAMES = {"endorsement_entries": None, "endorsement_signers": {"name", "role", "second_name", "second_email"}}
_OPEN_VIEWS = {"public_entries", "unnamed_endorsements"}


def test_F03_the_public_edition_is_made_where_no_other_row_can_be_read(slug: str, app: Flask,
                                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    """The database itself refuses to read names but through the views of public entries, and it is made all the same;
    the list for the recipients is refused there."""
    asked: list[str] = []

    def judge(action: int, table: str | None, column: str | None, _database: str | None, view: str | None) -> int:
        if action == sqlite3.SQLITE_READ and table in _NAMES and view not in _OPEN_VIEWS:
            columns = _NAMES[table]
            if column and (columns is None or column in columns):
                asked.append(f"{table}.{column} for {view}")
                return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    with app.app_context():
        db.engine.dispose()

        @event.listens_for(db.engine, "checkout")
        def watch(connection: Any, _record: Any, _proxy: Any) -> None:
            connection.set_authorizer(judge)

        letter, jonas = db.session.query(Letter).one(), cast.actor(cast.JONAS)
        try:
            frozen = documents._snapshot(letter, "public", None, check=False)
            assert isinstance(frozen, Snapshot) and asked == []
            assert_clean(frozen.to_json().encode(), "the snapshot")
            assert documents.compile_edition(jonas, letter).edition.number == 1
            with pytest.raises(Exception, match=r"prohibited|not authorized"):
                documents._snapshot(letter, "recipients", None, check=False)
        finally:
            event.remove(db.engine, "checkout", watch)
            db.session.remove()
            db.engine.dispose()


def test_F10_no_mail_to_others_no_log_no_queue_and_no_left_over_file_holds_a_hidden_name(
        slug: str, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture) -> None:
    """Everything is done that a day of work does, with the whole log open."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    caplog.set_level(logging.DEBUG)
    with app.app_context():
        letter = db.session.query(Letter).one()
        with unit_of_work():
            documents.request(cast.actor(cast.JONAS), letter, kind="preview", audience="public", paper="A4")
    nudge(app)
    with stage.clock.fixed(cast.MORNING.replace(day=3, hour=7)):
        tasks.run_requests(app)
        tasks.write_digests(app)
        tasks.watch_editions(app)
        tasks.send_mails(app)
    app.test_client().get(f"/letters/{slug}/sign?organisation={WITHHELD}")
    said = [record.getMessage() + (record.exc_text or "") for record in caplog.records]
    assert_clean("\n".join(said).encode(), "the log")
    folder = Path(app.config["INSTANCE"])
    for file in [*folder.rglob("*"), *tmp_path.rglob("*")]:
        if file.is_file() and not file.name.startswith("coalition.sqlite"):
            _assert_file_clean(file)
    assert list(folder.glob("mail/*.eml")) and (folder / "jobs.sqlite").exists()


def _assert_file_clean(file: Path) -> None:
    data = file.read_bytes()
    if file.suffix == ".eml":
        mail = email.message_from_bytes(data, policy=email.policy.default)
        if mail["To"] == HIDDEN_CONTACT or mail["To"].startswith("director"):
            return  # to who typed the name
        data += b"".join(part.get_payload(decode=True) or b"" for part in mail.walk() if not part.is_multipart())
        data += "\n".join(f"{name}: {value}" for name, value in mail.items()).encode()
    assert_clean(unpacked(data), file.name)


def test_what_a_hidden_signatory_changes_leaves_no_trace_outside(slug: str, app: Flask) -> None:
    """Not in the bytes, not in their length, not in the ETag: only the names nobody sees have changed."""
    client = app.test_client()
    watched = [address for address in addresses(slug) if "/sign" not in address and "no-such" not in address
               and "?" not in address and "editions/3" not in address and "editions/2" not in address]
    watched = [address for address in watched if address not in ("/verify", "/member/link-again")]
    before = {address: client.get(address) for address in watched}
    with app.app_context():
        (made,) = [row for row in cast.Endorsement.query if row.entry.organisation == WITHHELD]
        number = made.id
        with unit_of_work():
            endorsements.amend(signer(number), endorsements.get(number), seen=1, take_down=False,
                               fields=cast.fields("CNRY-7f3a renamed", country="SE"))
        cast.approve(endorsements.get(number))
    for address, first in before.items():
        again = app.test_client().get(address)
        assert again.data == first.data, address
        assert again.headers.get("ETag") == first.headers.get("ETag"), address


def test_signing_for_a_hidden_body_says_nothing_of_it(slug: str, app: Flask) -> None:
    client = app.test_client()
    answer = client.get(f"/letters/{slug}/sign/sent")
    assert_clean(all_bytes(answer), "sent")
