"""What is personal goes after its time, or when it is asked for; what was printed and the log stay."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from coalition import clock
from coalition.access.actor import OPERATOR, signer
from coalition.audit.models import AuditDetail
from coalition.db import db, unit_of_work
from coalition.documents import operations as documents
from coalition.documents import queries as document_queries
from coalition.documents import witness
from coalition.endorsements import bodies, evidence, operations, receipts
from coalition.endorsements.actors import person_as_actor
from coalition.endorsements.listing import signatory_list
from coalition.erasure import operations as erasure
from coalition.erasure import queries, wiping
from coalition.erasure.models import Erasure
from coalition.erasure.scope import KEPT, steps
from coalition.errors import NotPermitted, WrongState
from coalition.jobs import tasks
from coalition.letters import operations as letters
from coalition.letters.models import Letter
from coalition.mail.models import OutboxMail
from coalition.organisations import profile
from coalition.review import operations as review
from tests import cast, inviting

#: Stands in everything that must be gone in the end, in letters that are found in bytes, too.
CANARY = "CNRYQX"
ARCHIVED = cast.MORNING + timedelta(hours=1)
DUE = datetime(2027, 3, 2, 10, tzinfo=cast.MORNING.tzinfo)


def found_in(app: Flask) -> list[str]:
    """Where the canary is still to be found: tables, and on SQLite the files."""
    db.session.rollback()
    places = []
    for name, table in db.metadata.tables.items():
        rows = db.session.execute(table.select()).all()
        if any(CANARY.lower() in str(part).lower() or (isinstance(part, bytes) and CANARY.encode() in part)
               for row in rows for part in row):
            places.append(name)
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        folder = Path(app.config["INSTANCE"])
        places += [path.name for path in folder.glob("coalition.sqlite*") if CANARY.encode() in path.read_bytes()]
    return sorted(places)


def who(number: int) -> object:
    return cast.contact(f"{CANARY}{number}@{CANARY}.example", name=f"{CANARY} person {number}", role=f"{CANARY} chair")


def signatures(letter: Letter) -> dict[str, int]:
    """One of each kind, with everything around it that a name can stand in."""
    kept = cast.approved(letter, "Printed Trust", country="KE", who=who(1)).id
    hidden = cast.approved(letter, f"{CANARY} Withheld", visibility="withheld", who=who(2)).id
    left = cast.approved(letter, f"{CANARY} Left", who=who(3)).id
    never = cast.sign(letter, cast.fields(f"{CANARY} Never"), who=who(4)).id
    nadia = cast.actor(cast.NADIA)
    with unit_of_work():
        evidence.add(signer(kept), operations.get(kept), b"%PDF-1.7 " + CANARY.encode(), kind="authority")
        review.write_note(nadia, operations.get(kept), f"{CANARY} called.")
        body = operations.get(left).organisation
        profile.write_note(nadia, body, f"{CANARY} is small.", subject=bodies.subject_of(body))
        operations.withdraw(nadia, operations.get(left), reason=f"{CANARY} asked for it.")
        operations.amend(signer(kept), operations.get(kept), seen=1, take_down=False,
                         fields=cast.fields("Printed Trust", description=f"once {CANARY}"))
    row = (f"{CANARY} Invited", "Kenya", CANARY, f"a@{CANARY}.example", "+254 20", f"www.{CANARY}.example", "", CANARY)
    inviting.bring_in(letter, inviting.csv_of(row))
    return {"kept": kept, "hidden": hidden, "left": left, "never": never}


@pytest.fixture
def ended(room: Flask, no_drawing: None) -> Letter:
    """An archived letter with an edition and one signature of each kind."""
    cast.staff()
    letter = cast.open_letter()
    numbers = signatures(letter)
    documents.compile_edition(cast.actor(cast.JONAS), letter)
    nadia = cast.actor(cast.NADIA)
    with unit_of_work():
        documents.request(nadia, db.session.get_one(Letter, letter.id), kind="preview", audience="public", paper="A4")
    documents.run_next_request(person_as_actor)
    with clock.fixed(ARCHIVED):
        with unit_of_work():
            letters.close(nadia, db.session.get_one(Letter, letter.id), reason="")
        with unit_of_work():
            letters.archive(nadia, db.session.get_one(Letter, letter.id))
    room.extensions["numbers"] = numbers
    return db.session.get_one(Letter, letter.id)


def at(moment: datetime, room: Flask) -> int:
    db.session.rollback()  # the work has a session of its own, and needs the file for itself
    with clock.fixed(moment):
        return tasks.erase_due(room)


def test_what_is_personal_about_an_archived_letter_goes_after_a_year_and_the_rest_stays(
        room: Flask, ended: Letter) -> None:
    """F14, N07: announced, erased, wiped; nothing of it is found in any table or file."""
    assert len(found_in(room)) > 10
    edition = document_queries.editions_of(ended)[0].sha256
    counts = signatory_list(ended).counts
    assert at(DUE - timedelta(days=31), room) == 0 and not db.session.query(Erasure).count()
    assert at(DUE - timedelta(days=30), room) == 0
    assert at(DUE - timedelta(days=29), room) == 0
    told = [mail.to for mail in db.session.query(OutboxMail).filter(OutboxMail.key.startswith("erasure:"))]
    assert sorted(told) == [cast.JONAS, cast.NADIA, cast.TOMAS]
    assert at(DUE - timedelta(seconds=1), room) == 0

    would = queries.would_go(ended.id)
    assert at(DUE, room) == 1 and at(DUE, room) == 0
    done = db.session.query(Erasure).one()
    assert done.counts == would and done.wiped_at is not None and all(would.values())
    assert found_in(room) == []

    letter = db.session.get_one(Letter, ended.id)
    assert signatory_list(letter).counts == counts
    assert [entry.organisation for entry in document_queries.snapshot_of(
        document_queries.by_number(letter, 1)).entries] == ["Printed Trust"]
    assert document_queries.editions_of(letter)[0].sha256 == edition
    assert witness.check_log().broken is None
    assert db.session.query(AuditDetail).count() == 0
    with pytest.raises(WrongState, match="cannot be opened again"), unit_of_work():
        letters.reopen(cast.actor(cast.NADIA), letter, deadline_at=DUE + timedelta(days=9), reason="More.")
    with pytest.raises(WrongState, match="erased already"), unit_of_work():
        erasure.erase_letter(OPERATOR, letter)
    kept = operations.get(room.extensions["numbers"]["kept"])
    assert kept.entry.organisation == "Printed Trust" and not kept.has_amendment and receipts.receipt_of(kept)


def test_a_letter_that_is_opened_again_is_not_erased(room: Flask, ended: Letter) -> None:
    at(DUE - timedelta(days=30), room)
    with clock.fixed(DUE - timedelta(days=1)), unit_of_work():
        letters.reopen(cast.actor(cast.NADIA), db.session.get_one(Letter, ended.id),
                       deadline_at=DUE + timedelta(days=9), reason="More came.")
    assert at(DUE, room) == 0 and db.session.query(Erasure).count() == 0
    room.config["ERASE_AFTER_MONTHS"] = 0
    with clock.fixed(DUE), unit_of_work():
        letters.close(cast.actor(cast.NADIA), db.session.get_one(Letter, ended.id), reason="")
    with clock.fixed(DUE), unit_of_work():
        letters.archive(cast.actor(cast.NADIA), db.session.get_one(Letter, ended.id))
    assert at(DUE + timedelta(days=4000), room) == 0 and db.session.query(Erasure).count() == 0


def test_a_withdrawn_organisation_is_forgotten_when_it_asks(room: Flask, ended: Letter) -> None:
    """N07: its row empties, the others stay as they are, the chain holds."""
    numbers = room.extensions["numbers"]
    for who_asks in (cast.NADIA, cast.JONAS, cast.OLGA):
        with pytest.raises(NotPermitted), unit_of_work():
            erasure.erase_endorsement(cast.actor(who_asks), operations.get(numbers["left"]))
    for standing in ("kept", "hidden"):
        with pytest.raises(WrongState, match="may still count"), unit_of_work():
            erasure.erase_endorsement(cast.actor(cast.ADA), operations.get(numbers[standing]))
    would = queries.would_go(ended.id, numbers["left"])
    with unit_of_work():
        erasure.erase_endorsement(cast.actor(cast.ADA), operations.get(numbers["left"]))
    assert db.session.query(Erasure).one().counts == would
    assert (would["contacts"], would["lines"], would["organisations"], would["people"]) == (1, 1, 1, 1)
    left, hidden = operations.get(numbers["left"]), operations.get(numbers["hidden"])
    assert (left.entry.organisation, left.signer.email, left.organisation.name) == ("", "", "")
    assert hidden.entry.organisation == f"{CANARY} Withheld" and hidden.signer.email
    assert not db.session.query(OutboxMail).filter(OutboxMail.about == f"endorsement:{left.id}",
                                                   OutboxMail.text != "").count()
    assert witness.check_log().broken is None
    with pytest.raises(WrongState, match="erased already"), unit_of_work():
        erasure.erase_endorsement(cast.actor(cast.ADA), operations.get(numbers["left"]))
    assert wiping.wipe()


def test_every_table_is_said_to_hold_something_personal_or_nothing(room: Flask) -> None:
    emptied = {step.table.__tablename__ for step in steps(1)}
    kept = {name for names in KEPT.values() for name in names.split()}
    assert emptied | kept == set(db.metadata.tables), "say in coalition/erasure/scope.py what becomes of it"


def test_mails_that_left_long_ago_are_forgotten(room: Flask) -> None:
    cast.staff()
    with unit_of_work():
        db.session.execute(text("UPDATE outbox SET state = 'sent', sent_at = created_at WHERE id < 4"))
    with clock.fixed(cast.MORNING + timedelta(days=61)):
        assert tasks.forget_mails(room) == 3 and tasks.forget_mails(room) == 0
    kept = [bool(mail.text) for mail in db.session.query(OutboxMail).order_by(OutboxMail.id)]
    assert kept == [False] * 3 + [True] * 2
