"""What a coordinator opens - queue, search, dashboard - on letters with 100, 1,000, 10,000 and 100,000 endorsements:
the processor time of each page, in-process on SQLite (so with that of the database), and its queries.
`BENCH_SIZES=100,1000` for a quick look. Of ten endorsements four are approved, four wait, one was returned, one is not
confirmed.
"""

from __future__ import annotations

import secrets
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, insert, select

from coalition import clock
from coalition.audit.models import AuditEntry
from coalition.db import db, unit_of_work
from coalition.endorsements.models import Endorsement
from coalition.letters.models import Letter
from tests import cast
from tests.bench import rows
from tests.bench.filling import fill
from tests.bench.measuring import ROUNDS, at_most, exponent, goal_lines, installation, open_letter, sizes
from tests.web.browser import Browser

_STATES = ("approved", "submitted") * 4 + ("returned", "unconfirmed")
_AFTER_AN_ACT = "dashboard, the first after an approval"
#: What is measured, by name; the searches are for words of many, of one, of nobody, in another script than was typed.
_PAGES = {
    "queue": "queue",
    "queue, last page": "queue?shown=all&page=99999",
    "queue by name": "queue?shown=all&sort=name",
    "search, many found": "queue?shown=all&q=doctors",
    "search, Arabic by Latin letters": "queue?shown=all&q=shabaka",
    "search for one": "queue?shown=all&q=B0000042",
    "search for nobody": "queue?shown=all&q=nobody+at+all",
    "dashboard": "dashboard",
    _AFTER_AN_ACT: "dashboard",
    "letter": "",
}
_FACTS = '{"before":"submitted","override":false,"revision":1}'
_BOUND = ("queue", "search", "dashboard")


def measure() -> dict[str, Any]:
    """Seconds and queries of each page, by number of endorsements."""
    figures: dict[str, Any] = {"seconds": {}, "queries": {}}
    with tempfile.TemporaryDirectory() as folder:
        app = installation(Path(folder) / "instance")
        with app.app_context():
            letter, filled = open_letter(), 0
            address, number = f"/coordinator/letters/{letter.slug}", letter.id
        browser = Browser(app.test_client())
        browser.sign_in(cast.NADIA)
        for size in sizes(100, 1000, 10_000, 100_000):
            with app.app_context():
                _grow(db.session.get_one(Letter, number), filled, size)
            filled = size
            figures["seconds"][size], figures["queries"][size] = _measure(app, browser.client, address)
    figures["goals"] = list(_goals(figures))
    return figures


def _grow(letter: Letter, filled: int, size: int) -> None:
    entries = rows.entries(filled, size)
    for place, state in enumerate(_STATES):
        fill(letter, entries[place::len(_STATES)], state=state)
    known = select(AuditEntry.subject_id).where(AuditEntry.action == "endorsement.approved")
    approved = db.session.scalars(select(Endorsement.id).where(
        Endorsement.state == "approved", Endorsement.id.not_in(known)).order_by(Endorsement.id)).all()
    letter_id, began = letter.id, clock.now() - timedelta(days=30)
    with unit_of_work():
        last = db.session.scalar(select(func.max(AuditEntry.sequence))) or 0
        # The dashboard draws approvals from the log: a month of them.
        db.session.execute(insert(AuditEntry), [{
            "sequence": last + place, "at": began + timedelta(minutes=number % 43_200), "actor": "operator",
            "action": "endorsement.approved", "subject_kind": "endorsement", "subject_id": number,
            "letter_id": letter_id, "data": _FACTS, "previous_hash": "", "hash": secrets.token_hex(32),
            "seen_on": letter_id} for place, number in enumerate(approved, 1)])
        db.session.execute(db.text("ANALYZE"))
    db.session.remove()


def _measure(app: Flask, client: FlaskClient, address: str) -> tuple[dict[str, float], dict[str, int]]:
    found: dict[str, list[float]] = {name: [] for name in _PAGES}
    queries: dict[str, int] = {}
    for _round in range(ROUNDS + 1):
        for name, page in _PAGES.items():
            if name == _AFTER_AN_ACT:
                app.extensions.pop("coalition.pages")
            began = time.process_time()
            answer = client.get(f"{address}/{page}".rstrip("/"))
            found[name].append(time.process_time() - began)
            assert answer.status_code == 200, (name, answer.status)
    with app.app_context():
        sent: list[str] = []
        event.listen(db.engine, "before_cursor_execute", lambda *given: sent.append(given[2]))
    for name, page in _PAGES.items():
        sent.clear()
        client.get(f"{address}/{page}".rstrip("/"))
        queries[name] = sum(statement.startswith(("SELECT", "WITH")) for statement in sent)
    return {name: statistics.median(seconds[1:]) for name, seconds in found.items()}, queries


def _goals(figures: dict[str, Any]) -> Iterator[dict[str, Any]]:
    every = figures["queries"].values()
    yield at_most("different numbers of queries of any page, whatever the size",
                  max(len({row[name] for row in every}) for name in _PAGES), 1)
    seconds = figures["seconds"]
    if {100, 10_000} <= set(seconds):
        for name in _PAGES:
            if name.startswith(_BOUND):
                yield at_most(f"{name}: 10,000 endorsements in processor time of 100",
                              seconds[10_000][name] / seconds[100][name], 3)


def tell(figures: dict[str, Any]) -> Iterable[str]:
    """A line for each page, the goals."""
    known = sorted(figures["seconds"], key=int)
    for name in _PAGES:
        row = [figures["seconds"][size][name] for size in known]
        ratios = ", ".join(f"{seconds / row[0]:.1f}" for seconds in row)
        grown = exponent((int(known[-2]), row[-2]), (int(known[-1]), row[-1])) if len(known) > 1 else 0
        yield (f"{name}: {ratios} x of {known[0]} at {', '.join(known)} endorsements ({row[0] * 1000:.0f} ms there), "
               f"exponent at the end {grown:.2f}, {figures['queries'][known[-1]][name]} queries")
    yield from goal_lines(figures["goals"])
