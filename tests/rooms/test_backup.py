"""Backup and restore, from each kind of database into the other, while others write."""

from __future__ import annotations

import contextlib
import itertools
import threading
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask import Flask

from coalition import clock
from coalition.access.actor import OPERATOR, SYSTEM
from coalition.app import create_app
from coalition.audit import chain
from coalition.db import db, is_sqlite
from coalition.documents import operations as documents
from coalition.documents.models import Edition
from coalition.endorsements.models import Endorsement
from coalition.errors import CoalitionError, NotPermitted, WrongState
from coalition.letters.models import Letter
from coalition.mail.delivery import send_due
from coalition.mail.models import OutboxMail
from coalition.mail.transport import FileTransport
from coalition.organisations.models import Organisation
from coalition.upkeep import database, dump, encryption, mailing
from coalition.upkeep.backup import back_up
from coalition.upkeep.models import Sighting
from coalition.upkeep.restoring import restore
from tests import cast
from tests.conftest import SETTINGS, _database, _sqlalchemy


@pytest.fixture
def elsewhere(engine: str, tmp_path: Path, postgres: str) -> Iterator[Flask]:
    """An empty installation on a database of the other kind."""
    folder, name = tmp_path / "elsewhere", "test_restored"
    uri = f"sqlite:///{folder / 'coalition.sqlite'}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        if engine == "sqlite":
            connection.execute(f'CREATE DATABASE "{name}"')
            uri = _sqlalchemy(_database(postgres, name))
        made = create_app(folder, {**SETTINGS, "SQLALCHEMY_DATABASE_URI": uri})
        yield made
        with made.app_context():
            db.session.remove()
            db.engine.dispose()
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextlib.contextmanager
def signing_meanwhile(app: Flask, slug: str) -> Iterator[list[str]]:
    """Somebody signs again and again; the list takes the addresses of those who were told that it is done."""
    stop, done = threading.Event(), list[str]()

    def sign() -> None:
        with app.app_context():
            for number in itertools.count():
                letter = db.session.query(Letter).filter_by(slug=slug).one()
                if cast.sign(letter, cast.fields(f"Body {number}"), who=cast.contact(f"b{number}@ngo.example")):
                    done.append(f"b{number}@ngo.example")
                if stop.is_set():
                    return

    thread = threading.Thread(target=sign)
    thread.start()
    try:
        while len(done) < 2:
            stop.wait(0.01)
        yield done
    finally:
        stop.set()
        thread.join()


def test_what_comes_back_is_what_stood_there_at_one_moment(
        room: Flask, elsewhere: Flask, tmp_path: Path, no_drawing: None) -> None:
    cast.staff()
    letter = cast.open_letter()
    cast.approved(letter, "Søster Ängeln Šárka مركز النور", country="NO")
    waiting = cast.sign(letter)
    with cast.unit_of_work():
        # A row that refers to one which comes after it.
        first, *_others, last = db.session.query(Organisation).order_by(Organisation.id)
        first.merged_into_id, merged = last.id, (first.id, last.id)
    edition = documents.compile_edition(OPERATOR, letter).edition.sha256
    encryption.make_key(tmp_path)
    backup, keys, key = tmp_path / "b.age", tmp_path / "k.age", tmp_path / encryption.KEY_FILE
    secret, number, slug = cast.secret_in_mail(waiting), waiting.id, letter.slug
    sessions = {person.fs_uniquifier for person in db.session.query(cast.Person)}
    before = db.session.query(Endorsement).count()
    with pytest.raises(NotPermitted):
        back_up(SYSTEM, backup, keys, None)
    with signing_meanwhile(room, slug) as told:
        already = set(told)
        back_up(OPERATOR, backup, keys, None)
    after = db.session.query(Endorsement).count()
    with db.engine.connect() as connection:
        tables = {table.name for table in dump.tables_in(connection)}
    assert tables == set(db.metadata.tables)
    for left, right in itertools.pairwise([backup, keys]):
        assert b"Harbour" not in left.read_bytes() + right.read_bytes()
    with elsewhere.app_context(), clock.fixed(cast.later(hours=1)):
        done = restore(OPERATOR, backup, keys, key)
        assert isinstance(chain.verify(), int)
        assert before + len(already) <= db.session.query(Endorsement).count() <= after
        assert {signer.email for signer in db.session.query(cast.Signer)} >= already
        assert db.session.query(Edition).one().sha256 == edition
        assert db.session.get_one(Organisation, merged[0]).merged_into_id == merged[1]
        assert not sessions & {person.fs_uniquifier for person in db.session.query(cast.Person)}
        # Nothing leaves, old or new, until the operator says so.
        again = db.session.query(Letter).filter_by(slug=slug).one()
        cast.sign(again, cast.fields("Signed after the restore"))
        transport = FileTransport(tmp_path / "left")
        assert send_due(transport, "letters@coalition.example") == {"sent": 0, "later": 0, "failed": 0}
        assert done.mails + 1 == db.session.query(OutboxMail).filter_by(state="queued").count()
        # Links in old mails work; what is entered next gets numbers of its own.
        with cast.unit_of_work():
            cast.endorsements.confirm(cast.links.look_up(secret, cast.links.Purpose.CONFIRM))
        assert cast.endorsements.get(number).state == "submitted"
        with cast.unit_of_work():
            assert mailing.release(OPERATOR, without_old=True)[1] == done.mails
        assert send_due(transport, "letters@coalition.example")["sent"] >= 1
        with cast.unit_of_work(), pytest.raises(WrongState):
            mailing.release(OPERATOR)
        assert isinstance(chain.verify(), int)
    # The tests' clock stands still: next to a database server's that is a clock to be set right.
    levels = [finding.level for finding in (*database.soundness(), *database.hours())
              # The server of the tests waits for no disk.
              if "fsync is off" not in finding.words]
    assert levels == ["OK", "OK" if is_sqlite() else "FAIL"]
    assert db.session.query(Sighting).filter_by(what="backup").count() == 1
    with pytest.raises(CoalitionError, match="empty installation only"):
        restore(OPERATOR, backup, keys, key)
