"""The same form sent twice is one act: a double click, "back" and again, or no answer the first time. (K04, O06)

Deciding twice, signing twice and confirming twice are tried where they are tested."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from coalition.db import db, unit_of_work
from coalition.documents import operations as documents
from coalition.jobs import tasks
from tests import cast
from tests.rooms.conftest import no_drawing as no_drawing
from tests.web.browser import Browser
from tests.web.test_coordinator_entering import GOOD as ON_PAPER
from tests.web.test_secretariat_deliveries import RECORD
from tests.web.test_secretariat_deliveries import WHOLE as HANDED_OVER

LETTER = "/coordinator/letters/protect-the-hospitals"


def rows(app: Flask) -> dict[str, int]:
    with app.app_context():
        return {name: db.session.scalar(select(func.count()).select_from(table)) or 0
                for name, table in db.metadata.tables.items()}


@pytest.fixture
def forms(app: Flask, browser: Browser, no_drawing: None) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Where each form stands, which one it is, and what is filled in."""
    with app.app_context():
        cast.staff()
        made = cast.approved(cast.open_letter(), "Harbour Light Trust", country="KE")
        public_id, body = made.public_id, made.organisation.public_id if made.organisation else ""
        documents.compile_edition(cast.actor(cast.JONAS), made.letter)
    browser.sign_in(cast.NADIA)
    return {
        "begin a letter": ("/coordinator/letters/new", "", {"subject": "Another letter"}),
        "note about a signature": (f"{LETTER}/endorsements/{public_id}", "/note", {"text": "They phoned."}),
        "note about a body": (f"/coordinator/organisations/{body}", "/notes", {"text": "They moved."}),
        "somebody acts for a body": (f"/coordinator/organisations/{body}/representatives", "/add",
                                     {"name": "Rana Aziz", "role": "Chair", "email": "rana@harbour.example"}),
        "somebody stands in": (f"{LETTER}/team", "/deputies", {
            "email": cast.OLGA, "first_day": "2026-03-03", "last_day": "2026-03-09"}),
        "a signature on paper": (f"{LETTER}/enter", "", {**ON_PAPER, "organisation": "Olive Branch"}),
        "hand over": (RECORD, "/record", HANDED_OVER),
    }


def test_K04_a_form_sent_again_is_answered_as_before_and_does_nothing_more(
        app: Flask, browser: Browser, forms: dict[str, tuple[str, str, dict[str, Any]]]) -> None:
    for name, (path, action, filled) in forms.items():
        form = browser.get(path).form(action)
        data, before = form.data(filled), rows(app)
        first = browser.client.post(form.action or path, data=data)
        assert first.status_code == 303, (name, first.status_code, first.text[-3000:])
        done = rows(app)
        assert done != before, name
        for _again in range(2):
            again = browser.client.post(form.action or path, data=data)
            assert (again.status_code, again.location) == (303, first.location), name
        assert rows(app) == done, name
        # The process was killed after it had stored this, and before it answered.
        with app.app_context(), unit_of_work():
            db.session.execute(text("UPDATE sent_forms SET location = ''"))
        assert browser.client.post(form.action or path, data=data).status_code == 409, name
        assert rows(app) == done, name
    with app.app_context(), cast.clock.fixed(cast.later(days=3)):
        assert tasks.forget_sent_forms(app) == len(forms)
