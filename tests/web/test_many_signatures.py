"""Ten thousand signatures on one letter: each page asks the database as often as with a hundred, and is quick."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, func, insert, select

from coalition.audit.models import AuditEntry
from coalition.db import db, unit_of_work
from coalition.endorsements.models import Endorsement, EntryRevision, Signer
from coalition.endorsements.searching import search_key
from coalition.letters.models import Letter
from coalition.organisations.models import Organisation
from tests import cast
from tests.web.browser import Browser

FEW, MANY = 100, 10_000
LETTER = "/coordinator/letters/protect-the-hospitals"
PAGES = {
    "queue": f"{LETTER}/queue",
    "last page": f"{LETTER}/queue?shown=all&page=999",
    "by name": f"{LETTER}/queue?shown=all&sort=name",
    "search": f"{LETTER}/queue?shown=all&q=munazzama",
    "a search for nobody": f"{LETTER}/queue?shown=all&q=nobody+at+all",
    "dashboard": f"{LETTER}/dashboard",
    "letter": LETTER,
    "my letters": "/coordinator",
}
#: What a page may take on a slow machine that does other things at the same time. Alone it is a tenth of it.
SECONDS = 10.0
STATES = ("approved", "submitted", "submitted", "returned", "unconfirmed")


def grow(letter_id: int, upto: int) -> None:
    """Add signatures in bulk until there are so many; each fifth is approved."""
    have = db.session.scalar(select(func.count()).select_from(Endorsement)) or 0
    letter = db.session.get_one(Letter, letter_id)
    version, language = letter.published.id, letter.language
    numbers = range(have + 1, upto + 1)
    names = {number: f"Body {secrets.token_hex(6)}" if number % 2 else f"منظمة {secrets.token_hex(6)}"
             for number in numbers}
    with unit_of_work():
        start = (db.session.scalar(select(func.max(AuditEntry.sequence))) or 0) + 1
        _insert(Organisation, [{
            "id": number, "public_id": f"o{number}", "name": names[number], "identity_key": names[number],
            "country": "KE" if number % 3 else "PE", "created_at": cast.MORNING} for number in numbers])
        _insert(Endorsement, [{
            "id": number, "public_id": f"e{number}", "reference": f"R{number}", "letter_id": letter_id,
            "signed_version_id": version, "organisation_id": number, "signing_as": "organisation",
            "state": STATES[number % 5], "visibility": "public", "language": language,
            "approved_revision": 0 if number % 5 else 1, "signed_at": cast.MORNING, "confirmed_at": cast.MORNING,
            "waiting_since": cast.MORNING + timedelta(seconds=number) if number % 5 in (1, 2) else None,
        } for number in numbers])
        _insert(EntryRevision, [{
            "endorsement_id": number, "revision": 1, "organisation_id": number, "organisation": names[number],
            "country": "KE" if number % 3 else "PE", "search_key": search_key(names[number]),
            "created_at": cast.MORNING} for number in numbers])
        _insert(Signer, [{
            "endorsement_id": number, "name": "Samira Haddad", "email": f"director{number}@ngo{number}.example",
            "authority_confirmed_at": cast.MORNING} for number in numbers])
        _insert(AuditEntry, [{
            "sequence": start + place, "at": cast.MORNING + timedelta(minutes=number), "actor": "operator",
            "action": "endorsement.approved", "subject_kind": "endorsement", "subject_id": number,
            "letter_id": letter_id, "data": '{"before": "submitted", "revision": 1, "override": false}',
            "previous_hash": "", "hash": secrets.token_hex(32),
        } for place, number in enumerate(numbers) if not number % 5])


def _insert(table: Any, rows: list[dict[str, Any]]) -> None:
    if rows:
        db.session.execute(insert(table), rows)


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that were sent to the database meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith("PRAGMA"):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def measured(app: Flask, browser: Browser) -> dict[str, tuple[int, float]]:
    """For each page the number of statements and the seconds; each was opened once before."""
    found = {}
    for name, address in PAGES.items():
        browser.client.get(address)
        with app.app_context(), counted() as sent:
            before = time.perf_counter()
            assert browser.client.get(address).status_code == 200, name
            found[name] = (len(sent), time.perf_counter() - before)
    return found


@pytest.fixture
def letter_id(app: Flask) -> int:
    with app.app_context():
        cast.staff()
        return cast.open_letter().id


def test_a_page_asks_the_database_no_oftener_for_ten_thousand_than_for_a_hundred(
        app: Flask, letter_id: int, browser: Browser) -> None:
    browser.sign_in(cast.NADIA)
    with app.app_context():
        grow(letter_id, FEW)
    few = measured(app, browser)
    with app.app_context():
        grow(letter_id, MANY)
    many = measured(app, browser)
    print({name: (number, round(seconds, 2)) for name, (number, seconds) in many.items()})
    assert {name: number for name, (number, _seconds) in many.items()} == {
        name: number for name, (number, _seconds) in few.items()}
    assert {name: seconds for name, (_number, seconds) in many.items() if seconds > SECONDS} == {}
    assert all(0 < number < 60 for number, _seconds in many.values())
    assert "Page 200 of 200" in browser.get(PAGES["last page"]).text
