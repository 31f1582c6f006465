"""A rehearsal of several machines: two of them, each with a web server and a worker, share nothing but a PostgreSQL and
the keys. One is killed while people sign, and comes back."""

from __future__ import annotations

import itertools
import re
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

import psycopg
import pytest
from flask import Flask

from coalition import clock
from coalition.access.actor import OPERATOR
from coalition.audit import chain
from coalition.db import db, unit_of_work
from coalition.documents import operations as documents
from coalition.documents import queries
from coalition.endorsements import operations
from coalition.endorsements.models import Endorsement, EntryRevision, Signer
from coalition.jobs.nudge import nudge
from coalition.jobs.schedule import queue_of
from coalition.letters.models import Letter
from coalition.mail.delivery import LEASE, send_due
from coalition.mail.models import OutboxMail
from coalition.mail.transport import transport_for
from coalition.upkeep import shared_keys
from tests import cast
from tests.conftest import SETTINGS, _database, _sqlalchemy
from tests.machines import BROKEN, KEYS, Machine, Visitor
from tests.mail.server import MailServer

#: A redirection that is cut off by a kill leaves its socket to the garbage collector, in Python's own library.
pytestmark = [pytest.mark.filterwarnings("ignore::ResourceWarning"),
              pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]

_numbers = itertools.count(1)
HERE = "/letters/protect-the-hospitals"


@pytest.fixture
def still_clock() -> None:
    """The machines' clocks run; so must the test's."""


@pytest.fixture
def database_uri(postgres: str) -> Iterator[str]:
    name = f"shared_{next(_numbers)}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template_coalition')
        yield _sqlalchemy(_database(postgres, name))
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def mail() -> Iterator[MailServer]:
    server = MailServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def settings() -> dict[str, Any]:
    return {"HUEY_URL": ""}


@pytest.fixture
def machines(room: Flask, database_uri: str, tmp_path: Path, mail: MailServer) -> Iterator[list[Machine]]:
    """Both, at work; the test itself is the operator's."""
    keys = tmp_path / "keys"
    keys.mkdir()
    for file, name in (("secret.key", "SECRET_KEY"), ("audit.key", "AUDIT_KEY"),
                       ("password-salt.key", "SECURITY_PASSWORD_SALT"), ("second-factor.key", "SECOND_FACTOR_KEY")):
        (keys / file).write_text(room.config[name])
        (keys / file).chmod(0o600)
    shutil.copy(tmp_path / "seal.pem", keys)
    with unit_of_work():
        shared_keys.note(OPERATOR)
    room.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=mail.port)
    made = [Machine(tmp_path / name, keys, public_url=SETTINGS["PUBLIC_URL"], sqlalchemy_database_uri=database_uri,
                    mail_server="127.0.0.1", mail_port=mail.port, mail_from=SETTINGS["MAIL_FROM"], trusted_proxies=1,
                    sign_ons_per_domain=1_000_000) for name in ("one", "other")]
    for machine in made:
        machine.start()
    for machine in made:
        machine.wait()
    yield made
    for machine in made:
        machine.kill()
    queue_of(room).storage.close()


@contextmanager
def signing(machines: list[Machine], mail: MailServer, people: int) -> Iterator[dict[str, list[str]]]:
    """People sign and confirm, one after the other; what they were told is done is kept."""
    told: dict[str, list[str]] = {"signed": [], "confirmed": []}
    stop = Event()

    def sign_and_confirm(place: int) -> None:
        for number in itertools.count(1):
            if stop.is_set():
                return
            try:
                one_person(Visitor(machines), f"p{place}-{number}@ngo{place}.example", mail, told, stop)
            except BROKEN:
                continue

    threads = [Thread(target=sign_and_confirm, args=(place,)) for place in range(people)]
    for thread in threads:
        thread.start()
    try:
        yield told
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)


def one_person(visitor: Visitor, email: str, mail: MailServer, told: dict[str, list[str]], stop: Event) -> None:
    form = visitor.get(f"{HERE}/sign")
    answers = {name: form.value(name) for name in ("csrf_token", "form_key", "version") if form.value(name)}
    sent = visitor.post(f"{HERE}/sign/send", {
        **answers, "signing_as": "organisation", "organisation": body_of(email), "country": "KE", "kind": "single",
        "shown_as": "organisation", "signer_name": "Ann Lee", "signer_role": "Chair", "email": email,
        "authority": "own_role", "visibility": "public"})
    if not sent.path.endswith("/sign/sent"):
        return
    told["signed"].append(email)
    path = ""
    until = time.monotonic() + 20
    while not path and not stop.is_set() and time.monotonic() < until:
        time.sleep(0.05)
        path = confirmation_for(email, mail)
    if path:
        page = visitor.get(path)
        done = visitor.post(path, {"csrf_token": page.value("csrf_token")})
        if done.status == 200 and "/confirm/" not in done.path:
            told["confirmed"].append(email)


def body_of(email: str) -> str:
    return f"Body {email.partition('@')[0]}."


def confirmation_for(email: str, mail: MailServer) -> str:
    for _sender, recipients, message in list(mail.received):
        if recipients == [email] and (found := re.search(r"/member/confirm/[\w-]+", words_of(message))):
            return found[0]
    return ""


def words_of(message: Any) -> str:
    body = message.get_body(("plain",))
    return str(body.get_content()) if body is not None else ""


def wait_for(what: str, holds: Callable[[], object], machines: list[Machine], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, f"waited in vain: {what}\n" + "\n".join(one.said() for one in machines)
        time.sleep(0.1)


def rounds(machines: list[Machine], mail: MailServer, kills: int, people: int) -> dict[str, list[str]]:
    """Kill one machine after the other under load, start it again, and go on."""
    with signing(machines, mail, people) as told:
        for number in range(kills):
            before = len(told["confirmed"])
            wait_for("people who confirm", lambda: len(told["confirmed"]) >= before + 3, machines)  # noqa: B023
            dead, alive = machines[number % 2], machines[1 - number % 2]
            dead.kill()
            so_far = len(told["confirmed"])
            wait_for("people who confirm on the other", lambda: len(told["confirmed"]) > so_far, [alive])  # noqa: B023
            dead.start()
            dead.wait()
    return told


def nothing_is_lost(app: Flask, told: dict[str, list[str]], mail: MailServer) -> None:
    db.session.rollback()
    stored = {signer.email: signer.endorsement_id for signer in db.session.query(Signer)}
    states = dict(db.session.query(Endorsement.id, Endorsement.state).all())
    assert len(stored) == len(states), "nobody is stored twice"
    assert set(told["signed"]) <= set(stored)
    assert {states[stored[email]] for email in told["confirmed"]} <= {"submitted", "approved"}
    assert set(states) <= {row.endorsement_id for row in db.session.query(EntryRevision)}
    assert isinstance(chain.verify(), int)
    # What a killed worker held in its hands is anybody's when its lease has run out.
    with clock.fixed(datetime.now(UTC) + LEASE * 2):
        send_due(transport_for(app.config), app.config["MAIL_FROM"])
    db.session.rollback()
    arrived = defaultdict(set)
    for _sender, recipients, message in mail.received:
        arrived[str(message["Message-ID"]).strip("<>").split("@")[0]].add(recipients[0])
    mails = db.session.query(OutboxMail).all()
    assert {one.state for one in mails} == {"sent"}
    assert {one.message_id: {one.to} for one in mails} == arrived, "each has arrived under one number, and no other"


def see_an_edition_made_on_one_served_by_the_other(app: Flask, letter: Letter, machines: list[Machine]) -> None:
    with unit_of_work():
        asked = documents.request(cast.actor(cast.JONAS), letter, kind="edition", audience="public",
                                  paper="A4").public_id
    nudge(app)

    def made() -> bool:
        db.session.rollback()
        found = queries.request_by_public_id(db.session.get_one(Letter, letter.id), asked)
        assert found is not None and found.state != "failed", found and found.error
        return found.state == "done"

    wait_for("an edition", made, machines)
    path = f"{HERE}/editions/1/letter.pdf"
    one, other = (Visitor(machines).get(path, at=machine) for machine in machines)
    assert one.body == other.body and one.body.startswith(b"%PDF")


def see_a_limit_counted_by_both(machines: list[Machine]) -> None:
    visitor = Visitor(machines)
    token = visitor.get("/member/link-again").value("csrf_token")
    tries = [visitor.post("/member/link-again", {"csrf_token": token, "email": "a@limits.example"}, at=machine).status
             for machine in (*machines, *machines, machines[0])]
    assert tries == [200, 200, 200, 429, 429]


def see_who_is_taken_off_by_one_gone_from_the_other(made: Endorsement, machines: list[Machine]) -> None:
    visitor, (one, other) = Visitor(machines), machines
    name = body_of(cast.email_of(made))
    with unit_of_work():
        mine = f"/member/{operations.manage_link(operations.get(made.id))}"
    assert all(name in visitor.get(HERE, at=machine).text for machine in machines)
    page = visitor.get(mine, at=one)
    action = re.search(r'action="([^"]*take-off[^"]*)"', page.text)
    assert action is not None
    done = visitor.post(action[1], {"csrf_token": page.value("csrf_token")}, at=one)
    assert done.status == 200
    for path in (HERE, f"{HERE}.json", f"{HERE}.csv", "/"):
        assert name not in visitor.get(path, at=other).text, path
    assert visitor.get(f"{HERE}/editions/1/letter.pdf", at=other).status == 410


def approve_one(told: dict[str, list[str]]) -> Endorsement:
    db.session.rollback()
    number = db.session.query(Signer.endorsement_id).filter_by(email=told["confirmed"][0]).scalar()
    return cast.approve(operations.get(number))


def test_one_of_two_machines_is_killed_under_load_and_nothing_acknowledged_is_lost(
        room: Flask, machines: list[Machine], mail: MailServer) -> None:
    cast.staff()
    letter = cast.open_letter(deadline=cast.later(days=5))
    told = rounds(machines, mail, kills=1, people=3)
    made = approve_one(told)
    see_an_edition_made_on_one_served_by_the_other(room, letter, machines)
    see_a_limit_counted_by_both(machines)
    nothing_is_lost(room, told, mail)
    see_who_is_taken_off_by_one_gone_from_the_other(made, machines)
    for machine in machines:
        here = {path.name for path in machine.folder.iterdir()}
        assert not any(name.endswith(".sqlite") for name in here), "nothing but logs and caches in the folder"
        assert {path.name for pattern in KEYS for path in machine.folder.glob(pattern)} == {
            path.name for pattern in KEYS for path in (machine.folder.parent / "keys").glob(pattern)}


@pytest.mark.soak
def test_twenty_kills_of_one_machine_or_the_other(room: Flask, machines: list[Machine], mail: MailServer) -> None:
    cast.staff()
    cast.open_letter(deadline=cast.later(days=5))
    told = rounds(machines, mail, kills=20, people=4)
    nothing_is_lost(room, told, mail)
    print(f"{len(told['signed'])} signed, {len(told['confirmed'])} confirmed, {len(mail.received)} mails, 0 lost")
