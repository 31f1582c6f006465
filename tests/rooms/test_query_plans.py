"""What is asked of the large tables is found by an index on both databases: so an index that every sign-on writes goes
only where another answers for it, and one of a part of a table is known by the words that ask."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from flask import Flask
from sqlalchemy import Connection, event, select

from coalition import clock
from coalition.access.actor import VISITOR
from coalition.audit import queries as log
from coalition.db import db, is_sqlite, unit_of_work
from coalition.endorsements import apart, operations
from coalition.endorsements import queries as endorsements
from coalition.endorsements.models import EntryRevision
from coalition.erasure import scope
from coalition.letters.models import Letter
from coalition.mail import outbox
from coalition.organisations import queries as register
from coalition.organisations import suggestions
from coalition.safety import conditions, sifting
from coalition.safety import queries as safety
from tests import cast

#: Those that grow with every signature.
LARGE = {"audit_entries", "endorsement_entries", "endorsement_signers", "endorsements", "links", "organisations",
         "outbox", "sign_ons"}
#: Indexes that hold so few rows that all of them may be read.
SMALL = {"ix_organisations_wanted_soon"}
_forms = itertools.count()


def _sign(letter: Letter, name: str) -> None:
    published = letter.published
    assert published is not None
    sifting.sign(sifting.prepare(
        replace(VISITOR, letters=frozenset({letter.id})), letter, network_address="192.0.2.7", fields=cast.fields(name),
        contact=cast.contact("ann@quiet-bay.example"), visibility="public", version_number=published.number,
        form_key=f"planned-{next(_forms)}"))


def _erase(letter: Letter, number: int) -> None:
    for step in scope.steps(letter.id, number):
        if step.table.__tablename__ in ("sign_ons", "endorsement_signers"):
            db.session.execute(select(step.table).where(step.rows))


#: What is asked, of a letter and of the number of one of its endorsements.
QUESTIONS: dict[str, Callable[[Letter, int], Any]] = {
    "a sign-on": lambda letter, _number: _sign(letter, "Quiet Bay Trust"),
    "the same again": lambda letter, _number: _sign(letter, "Quiet Bay Trust"),
    "one to confirm": lambda _letter, number: apart.by_id(number),
    "whom a body looks like": lambda _letter, number: suggestions.renew_outdated(
        [operations.get(number).organisation_id or 0]),
    "withdrawing": lambda _letter, number: operations.withdraw(
        cast.actor(cast.NADIA), operations.get(number), reason="They said so"),
    "an address and a body": lambda letter, _number: endorsements.live_of_signer(
        letter.id, email="ann@quiet-bay.example", organisation_id=1, signatory=""),
    "the body of a name": lambda _letter, _number: register.the_same("Harbour Light Trust", "NO"),
    "bodies to compare soon": lambda _letter, _number: suggestions.outdated(only_soon=True),
    "all entries of one": lambda _letter, number: operations.get(number).entries,
    "one entry": lambda _letter, number: db.session.scalar(select(EntryRevision).where(
        EntryRevision.endorsement_id == number, EntryRevision.revision == 1)),
    "where sign-ons come from": lambda letter, _number: safety.trends_of(letter),
    "signatures from one network": lambda letter, _number: conditions.matching(
        letter, conditions.Conditions(network="0123456789abcdef")),
    "forgetting where old ones came from": lambda _letter, _number: sifting.forget_old(),
    "erasing one": _erase,
    "a letter's last acts": lambda letter, _number: log.recent_of_letter(letter.id),
    "a letter's last act": lambda letter, _number: log.head_of_letter(letter.id),
    "acts around letters": lambda letter, _number: log.numbers_of_acts([letter.id], clock.now()),
    "acts about one": lambda _letter, number: log.timeline_of("endorsement", number),
    "what an address was mailed": lambda _letter, _number: outbox.has_had_enough("ann@quiet-bay.example"),
}


def test_no_large_table_is_read_whole(room: Flask) -> None:
    cast.staff()
    letter, number = cast.open_letter(), cast.sign(cast.open_letter()).id  # type: ignore[union-attr]
    found = {name: statements_of(ask, letter, number) for name, ask in QUESTIONS.items()}
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # few rows are read whole wherever they may be
        read = {name: [text for text, values in said if LARGE & read_whole(connection, text, values)]
                for name, said in found.items()}
    assert all(found.values())
    assert {name: texts for name, texts in read.items() if texts} == {}


def test_sqlite_plans_the_question_of_a_name_once(room: Flask) -> None:
    if not is_sqlite():
        return  # it is SQLite that plans anew for a value beside an index of a part of the table
    planned: list[object] = []
    with unit_of_work():
        driver: Any = db.session.connection().connection.driver_connection
        driver.set_authorizer(lambda *step: planned.append(step) or 0)
        register.number_of_the_same("Quiet Bay Trust", "NO")
        first = len(planned)
        register.number_of_the_same("Harbour Light Trust", "NO")
        driver.set_authorizer(None)
    assert 0 < first == len(planned)


def statements_of(ask: Callable[[Letter, int], Any], letter: Letter, number: int) -> list[tuple[str, Any]]:
    """What a question says to the database, with the values; what it changes is kept."""
    said: list[tuple[str, Any]] = []

    def hear(_connection: Any, _cursor: Any, text: str, values: Any, _context: Any, _many: bool) -> None:
        # SQLite plans for rows of an organisation that refer to a new one, but looks for them only after a violation.
        if text.startswith(("SELECT", "UPDATE", "DELETE")) or "SELECT" in text:
            said.append((text, values))

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        with unit_of_work():
            ask(db.session.get_one(Letter, letter.id), number)
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)
    return said


def read_whole(connection: Connection, text: str, values: Any) -> set[str]:
    """The tables that all rows are read of to do this."""
    if connection.dialect.name == "postgresql":
        # As it is planned once for all values: those of today must not make an index known that is not known always.
        names = list(dict.fromkeys(re.findall(r"%\((\w+)\)s", text)))
        text = re.sub(r"%\((\w+)\)s", lambda name: f"${names.index(name[1]) + 1}", text).replace("%%", "%")
        driver: Any = connection.connection.driver_connection
        plan, = driver.execute(f"EXPLAIN (GENERIC_PLAN, FORMAT JSON) {text}", prepare=False).fetchone()
        return {node["Relation Name"] for node in _nodes(plan[0]["Plan"])
                if "Scan" in node["Node Type"] and "Relation Name" in node and not _is_found(node)}
    called = {alias: table for table, alias in re.findall(r"(\w+) AS (\w+)", text)}
    lines = [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)]
    scans = [line.split() for line in lines if line.startswith("SCAN ")]
    return {called.get(words[1], words[1]) for words in scans if not SMALL & set(words)}


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def _is_found(node: dict[str, Any]) -> bool:
    """Whether an index leads to the rows; behind a bitmap stands one that tells."""
    leading = _nodes(node) if node["Node Type"] == "Bitmap Heap Scan" else (node,)
    return any("Index Cond" in one or one.get("Index Name") in SMALL for one in leading)
