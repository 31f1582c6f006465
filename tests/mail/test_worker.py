"""A worker of its own process, killed in the middle of its work: nothing is lost, and no mail gets a twin."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from coalition.app import create_app
from coalition.db import db, unit_of_work
from coalition.mail import outbox
from coalition.mail.message import Message
from coalition.mail.models import OutboxMail
from tests.conftest import SETTINGS
from tests.mail.server import MailServer

ROOT = Path(__file__).resolve().parents[2]
#: As `coalition worker`, with a clock that runs ahead: what a killed worker held is anybody's by then.
AHEAD = """
import sys
from datetime import UTC, datetime, timedelta
from coalition import clock
from coalition.app import create_app
from coalition.jobs.schedule import consumer
with clock.travelling(datetime.now(UTC) + timedelta(minutes=6 * int(sys.argv[1]))):
    consumer(create_app(), threads=2).run()
"""


@pytest.fixture
def installation(tmp_path: Path, sqlite_template: Path) -> Iterator[Flask]:
    """An application whose clock runs, with a queue in its own file, as workers in other processes see it."""
    shutil.copy(sqlite_template, tmp_path / "coalition.sqlite")
    app = create_app(tmp_path, {**SETTINGS, "HUEY_URL": ""})
    yield app
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def environment(app: Flask, server: MailServer) -> dict[str, str]:
    return {**os.environ, "COALITION_INSTANCE": str(app.config["INSTANCE"]), "PYTHONPATH": str(ROOT),
            "FLASK_SECRET_KEY": SETTINGS["SECRET_KEY"], "FLASK_MAIL_SERVER": "127.0.0.1",
            "FLASK_MAIL_PORT": str(server.port)}


def start_worker(app: Flask, server: MailServer, *, ahead: int = 0) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", AHEAD, str(ahead)] if ahead else [
        sys.executable, "-m", "coalition", "worker", "--threads", "2"]
    return subprocess.Popen(command, env=environment(app, server), cwd=ROOT, stderr=subprocess.PIPE)


def put_mails(app: Flask, number: int) -> None:
    with app.app_context(), unit_of_work():
        for which in range(number):
            outbox.put(Message(key=f"mail-{which}", to=f"director{which}@ngo.example", subject="Hello",
                               text="Hello.\n", html="<p>Hello.</p>"))


def left(app: Flask) -> int:
    with app.app_context():
        return db.session.query(OutboxMail).filter(OutboxMail.state != "sent").count()


def wait_for(what: str, holds: object, worker: subprocess.Popen[bytes], seconds: float = 90) -> None:
    until = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        assert worker.poll() is None, (worker.stderr.read() if worker.stderr else b"").decode()
        assert time.monotonic() < until, f"waited in vain: {what}"
        time.sleep(0.02)


def end(worker: subprocess.Popen[bytes], number: signal.Signals = signal.SIGTERM) -> int:
    worker.send_signal(number)
    worker.communicate(timeout=60)
    return worker.returncode


def assert_each_once_at_heart(server: MailServer, number: int, kills: int) -> None:
    """Every mail is there; one that came twice, since its sender was killed in between, is the same mail."""
    by_recipient: dict[str, list[str]] = defaultdict(list)
    for _sender, recipients, mail in server.received:
        by_recipient[recipients[0]].append(str(mail["Message-ID"]))
    assert set(by_recipient) == {f"director{which}@ngo.example" for which in range(number)}
    assert all(len(set(ids)) == 1 for ids in by_recipient.values())
    assert len(set(server.message_ids)) == number
    assert len(server.received) <= number + kills


def test_a_worker_killed_in_mid_send_loses_no_mail(installation: Flask, server: MailServer) -> None:
    server.slow = 0.05
    put_mails(installation, 30)
    killed = start_worker(installation, server)
    wait_for("the first mails", lambda: len(server.received) >= 5, killed)
    assert end(killed, signal.SIGKILL) == -signal.SIGKILL
    assert left(installation) > 0, "killed too late to prove anything"
    server.slow = 0.0
    worker = start_worker(installation, server, ahead=1)
    wait_for("all mails", lambda: left(installation) == 0, worker)
    assert end(worker) == 0
    assert_each_once_at_heart(server, 30, kills=1)


def test_a_worker_finds_at_once_what_was_left_and_stops_when_asked(installation: Flask,
                                                                   server: MailServer) -> None:
    put_mails(installation, 3)
    worker = start_worker(installation, server)
    wait_for("all mails", lambda: left(installation) == 0, worker)
    worker.terminate()
    said = worker.communicate(timeout=60)[1].decode()
    assert worker.returncode == 0
    assert "found at the start: 3 mails to send (0 of them begun by a worker that stopped" in said
    assert_each_once_at_heart(server, 3, kills=0)


@pytest.mark.soak
def test_kill_after_kill_loses_no_mail(installation: Flask, server: MailServer) -> None:
    number, kills = 300, 20
    server.slow = 0.02
    put_mails(installation, number)
    for turn in range(kills):
        before = len(server.received)
        killed = start_worker(installation, server, ahead=turn)
        wait_for("some mails", lambda: len(server.received) >= before + 7 or left(installation) == 0,  # noqa: B023
                 killed)
        end(killed, signal.SIGKILL)
    server.slow = 0.0
    worker = start_worker(installation, server, ahead=kills)
    wait_for("all mails", lambda: left(installation) == 0, worker)
    end(worker)
    assert_each_once_at_heart(server, number, kills)
