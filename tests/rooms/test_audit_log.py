"""The audit log holds against somebody who has the database in their hands, but not the key."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from coalition import clock
from coalition.access.actor import OPERATOR
from coalition.audit import chain, checking, checkpoints, keys
from coalition.audit.actions import ACTIONS, UNSEEN
from coalition.audit.chain import Broken, Known
from coalition.audit.models import AuditDetail, AuditEntry
from coalition.db import db, unit_of_work, writing_elsewhere
from tests import cast

TABLES = ("audit_entries", "audit_details", "audit_heads")
ENTRIES = 12


def act(number: int, **values: Any) -> None:
    chain.record(OPERATOR, "letter.closed", "letter", number, letter_id=number, by_deadline=False,
                 private={"reason": f"Because of {number}."}, **values)


@pytest.fixture
def log(room: Flask) -> Flask:
    with unit_of_work():
        for number in range(1, ENTRIES):
            act(number)
    checkpoints.write()
    with unit_of_work():
        act(ENTRIES)
    return room


def execute(*statements: str) -> None:
    with writing_elsewhere():
        for statement in statements:
            db.session.execute(text(statement))
        db.session.commit()


def drop_the_guards(engine: str) -> None:
    if engine == "sqlite":
        names = db.session.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
        execute(*(f"DROP TRIGGER {name}" for name in names))
    else:
        execute(*(f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in TABLES))


GUARDED = {
    "UPDATE audit_entries SET actor = 'x' WHERE sequence = 3": "both",
    "UPDATE audit_entries SET data = data": "both",
    "DELETE FROM audit_entries WHERE sequence > 7": "both",
    "UPDATE audit_details SET \"values\" = 'x' WHERE sequence = 3": "both",
    "DELETE FROM audit_heads": "both",
    "TRUNCATE audit_entries CASCADE": "postgresql",
    "TRUNCATE audit_heads": "postgresql",
    "INSERT OR REPLACE INTO audit_entries SELECT 3, at, 'x', action, subject_kind, subject_id, letter_id, data, "
    "previous_hash, hash, key_name, seen_on FROM audit_entries WHERE sequence = 3": "sqlite",
    "INSERT OR REPLACE INTO audit_details SELECT 3, salt, 'x' FROM audit_details WHERE sequence = 3": "sqlite",
    "INSERT OR REPLACE INTO audit_heads SELECT 1, 3, hash, key_name, seal FROM audit_heads": "sqlite",
}


def test_the_database_refuses_to_change_the_log_but_lets_personal_values_go(log: Flask, engine: str) -> None:
    """K08: the triggers."""
    for statement, where in GUARDED.items():
        if where not in ("both", engine):
            continue
        with writing_elsewhere(), pytest.raises(DBAPIError, match="never changed"):
            db.session.execute(text(statement))
        db.session.rollback()
    execute("DELETE FROM audit_details WHERE sequence IN (2, 5)")
    assert chain.verify() == ENTRIES
    assert checking.check().broken is None


def rewritten(connection: Connection, *, forget_head: bool) -> None:
    """All that can be done without the key: every entry plain, with hashes that fit."""
    connection.execute(text("UPDATE audit_entries SET actor = 'person:9' WHERE sequence = 3"))
    before = chain.GENESIS
    for entry in list(db.session.query(AuditEntry).order_by(AuditEntry.sequence)):
        entry.key_name, entry.previous_hash = "", before
        entry.hash = before = hashlib.sha256(chain.covered(entry).encode()).hexdigest()
    db.session.flush()
    if forget_head:
        connection.execute(text("DELETE FROM audit_heads"))


def moved(connection: Connection, before: int, after: int) -> None:
    connection.execute(text("UPDATE audit_entries SET sequence = :after WHERE sequence = :before"),
                       {"before": before, "after": after})


def swapped(connection: Connection) -> None:
    for before, after in ((4, 99), (5, 4), (99, 5)):
        moved(connection, before, after)


def inserted(connection: Connection) -> None:
    for number in range(ENTRIES, 5, -1):
        moved(connection, number, number + 1)
    connection.execute(text(
        "INSERT INTO audit_entries (sequence, at, actor, action, subject_kind, subject_id, letter_id, data, "
        "previous_hash, hash, key_name) SELECT 6, at, actor, action, subject_kind, subject_id, letter_id, data, "
        "hash, 'made up', key_name FROM audit_entries WHERE sequence = 5"))


def sql(*statements: str) -> Callable[[Connection], None]:
    def tamper(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement))

    return tamper


CUT = "DELETE FROM audit_entries WHERE sequence > 7"
#: What somebody does, and how the log is found by itself and with its checkpoint (which was written at entry 11).
TAMPERED: dict[str, tuple[Callable[[Connection], None], Broken | int, Broken | None]] = {
    "nothing": (sql(), ENTRIES, None),
    "an entry edited": (sql("UPDATE audit_entries SET actor = 'person:9' WHERE sequence = 3"),
                        Broken(3, "changed"), Broken(3, "changed")),
    "the moment of an entry edited": (sql("UPDATE audit_entries SET at = '2020-01-01 00:00:00' WHERE sequence = 4"),
                                      Broken(4, "changed"), Broken(4, "changed")),
    "an entry deleted": (sql("DELETE FROM audit_entries WHERE sequence = 6"),
                         Broken(6, "missing", 6), Broken(6, "missing", 6)),
    "the first two deleted": (sql("DELETE FROM audit_entries WHERE sequence < 3"),
                              Broken(1, "missing", 2), Broken(1, "missing", 2)),
    "an entry inserted": (inserted, Broken(6, "changed"), Broken(6, "changed")),
    "two entries swapped": (swapped, Broken(4, "order"), Broken(4, "order")),
    "the last five cut off": (sql(CUT), Broken(8, "cut_off", 12), Broken(8, "cut_off", 11)),
    "all of them deleted": (sql("DELETE FROM audit_entries"), Broken(1, "cut_off", 12), Broken(1, "cut_off", 11)),
    "the last five cut off and the head put back": (
        sql(CUT, "UPDATE audit_heads SET sequence = 7, hash = (SELECT hash FROM audit_entries WHERE sequence = 7)"),
        Broken(7, "head"), Broken(8, "cut_off", 11)),
    "the last five cut off and the head taken out": (
        sql(CUT, "DELETE FROM audit_heads"), Broken(7, "head"), Broken(8, "cut_off", 11)),
    "personal values edited": (sql("UPDATE audit_details SET \"values\" = '{}' WHERE sequence = 9"),
                               Broken(9, "values"), Broken(9, "values")),
    "all hashes computed anew": (lambda connection: rewritten(connection, forget_head=False),
                                 Broken(12, "head"), Broken(11, "known")),
    "all hashes computed anew and the head taken out": (lambda connection: rewritten(connection, forget_head=True),
                                                        ENTRIES, Broken(11, "known")),
    "another key": (sql("UPDATE audit_entries SET key_name = 'another' WHERE sequence = 3"),
                    Broken(3, "other_key"), Broken(3, "other_key")),
}


def test_whatever_is_done_to_the_log_without_the_key_is_found(log: Flask, engine: str) -> None:
    """K08: with the triggers gone. Each case is undone before the next."""
    drop_the_guards(engine)
    for case, (tamper, alone, held_against) in TAMPERED.items():
        with writing_elsewhere():
            db.session.execute(text("DELETE FROM audit_details WHERE sequence <> 9"))
            if "deleted" in case or "cut" in case or "swapped" in case or "inserted" in case or "two" in case:
                db.session.execute(text("DELETE FROM audit_details"))
            tamper(db.session.connection())
            db.session.expire_all()
            assert chain.verify() == alone, case
            assert checking.check().broken == held_against, case
            db.session.rollback()


def test_what_was_noted_elsewhere_is_held_against_the_log(log: Flask, tmp_path: Path) -> None:
    entries = db.session.query(AuditEntry).order_by(AuditEntry.sequence).all()
    fifth, last = entries[4], entries[-1]
    whole = [Known(fifth.hash), Known(fifth.hash[:24]), Known(last.hash[:12], 12), Known(chain.GENESIS)]
    assert checking.check(known=whole).broken is None
    assert checking.check(known=[Known(last.hash, 5)]).broken == Broken(5, "known")
    assert checking.check(known=[Known("f" * 24)]).broken == Broken(12, "known")
    assert checking.check(known=[Known(last.hash, 13)]).broken == Broken(13, "cut_off", 13)

    own, copy = checkpoints.own_file(), tmp_path / "copy.txt"
    line = own.read_text()
    assert stat.S_IMODE(own.stat().st_mode) == 0o600
    copy.write_text(line.replace(" 11 ", " 10 "))
    assert checking.check(files=[copy]).broken == Broken(10, "checkpoint")
    # A line that a crash cut short spoils neither the check nor the next line.
    own.write_text(line + line[:40])
    assert checking.check().broken is None
    checkpoints.write()
    assert [mark.reached.sequence for mark in checkpoints.read(own)] == [11, 12]


def test_a_checkpoint_is_written_once_an_hour_while_the_log_grows(log: Flask) -> None:
    later = cast.MORNING + checkpoints.EVERY
    assert not checkpoints.write_if_due()
    with clock.fixed(later):
        assert checkpoints.write_if_due() and not checkpoints.write_if_due()
    with clock.fixed(later + checkpoints.EVERY):
        assert not checkpoints.write_if_due()
    checkpoints.own_file().unlink()
    assert checkpoints.write_if_due()


def test_entries_from_before_there_were_keys_are_sealed_by_the_first_one_with_a_key(log: Flask, engine: str) -> None:
    checkpoints.own_file().unlink()
    drop_the_guards(engine)
    with writing_elsewhere():
        rewritten(db.session.connection(), forget_head=True)
        db.session.commit()
    assert chain.verify() == ENTRIES
    checkpoints.write_if_due()
    with unit_of_work():
        act(13)
    assert checking.check().broken is None
    execute("UPDATE audit_entries SET actor = 'person:8' WHERE sequence = 2")
    assert chain.verify() == Broken(2, "changed")


def test_a_new_key_seals_what_comes_and_the_old_one_is_kept_for_what_was(log: Flask) -> None:
    log.config["AUDIT_KEY"] = ""
    path = Path(log.config["INSTANCE"]) / "audit.key"
    path.write_text("a-key-for-the-log-of-the-tests")
    before, after = keys.change()
    with unit_of_work():
        act(13)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.key_name for entry in db.session.query(AuditEntry).order_by(AuditEntry.sequence)][-2:] == [
        before.name, after.name]
    assert checking.check().broken is None
    path.write_text(path.read_text().split()[0])
    assert chain.verify() == Broken(1, "other_key")


def test_what_did_not_happen_is_not_in_the_log(log: Flask) -> None:
    with pytest.raises(RuntimeError), unit_of_work():
        act(99)
        raise RuntimeError
    with unit_of_work():
        act(13)
        chain.link()
        assert chain.head().sequence == 13
        act(14)
    assert chain.verify() == 14
    assert db.session.query(AuditDetail).count() == 14


def test_every_act_tells_on_which_public_pages_it_is_seen(log: Flask) -> None:
    """Whatever is not known to show nothing makes pages anew: of its letter, or of all where it is about none."""
    assert set(ACTIONS) >= UNSEEN
    before = chain.head().sequence
    with unit_of_work():
        for action, known in ACTIONS.items():
            for letter in (7, None):
                chain.record(OPERATOR, action, "thing", 1, letter_id=letter, **dict.fromkeys(known.facts, 0))
    found = db.session.execute(select(AuditEntry.action, AuditEntry.letter_id, AuditEntry.seen_on).where(
        AuditEntry.sequence > before)).all()
    assert len(found) == 2 * len(ACTIONS)
    assert {(action, letter): seen for action, letter, seen in found} == {
        (action, letter): None if action in UNSEEN else letter or 0 for action in ACTIONS for letter in (7, None)}
    assert {"endorsement.approved", "endorsement.withdrawn", "endorsement.taken_off", "endorsement.visibility_changed",
            "endorsement.declined", "endorsement.returned", "endorsement.reconfirmed", "letter.closed", "country.named",
            "edition.compiled", "organisation.merged", "version.published"}.isdisjoint(UNSEEN)
