"""`kill -9` of the web server while people sign: what was acknowledged is stored, whole, and nothing is half done."""

from __future__ import annotations

import http.client
import http.cookiejar
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from threading import Event, Thread

import pytest
from flask import Flask

from coalition.audit import chain
from coalition.db import db
from coalition.endorsements.models import Endorsement, EntryRevision, Signer
from coalition.mail.models import OutboxMail
from tests import cast
from tests.conftest import SETTINGS

HOME = Path(__file__).resolve().parents[2]


@pytest.fixture
def still_clock() -> None:
    """The server's clock runs; so must the test's."""


class Server:
    """The web server as it runs in production, on a port of its own."""

    def __init__(self, instance: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        environment = {
            **os.environ,
            "COALITION_INSTANCE": str(instance),
            "FLASK_RATELIMIT_ENABLED": "false",
            "FLASK_SIGN_ONS_PER_DOMAIN": "1000000",
            "FLASK_SECRET_KEY": SETTINGS["SECRET_KEY"],
            "FLASK_AUDIT_KEY": SETTINGS["AUDIT_KEY"],
        }
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "gunicorn",
                "coalition.app:create_app()",
                "--bind",
                f"127.0.0.1:{self.port}",
                "--threads",
                "4",
                "--log-level",
                "error",
                "--no-control-socket",
            ],
            cwd=HOME,
            env=environment,
            start_new_session=True,
        )
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise AssertionError("the server did not start")

    def kill(self) -> None:
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


def sign_until(stop: Event, port: int, slug: str, mark: str, acknowledged: list[str]) -> None:
    """Sign the letter again and again; keep the addresses of those that were told it is done."""
    number = 0
    while not stop.is_set():
        number += 1
        email = f"{mark}-{number}@ngo.example"
        cookies = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar()))
        here = f"http://127.0.0.1:{port}/letters/{slug}/sign"
        try:
            with cookies.open(here, timeout=10) as page:
                text = page.read().decode()
            answers = {
                **{
                    name: re.search(f'name="{name}"[^>]*value="([^"]*)"', text)[1]  # type: ignore[index]
                    for name in ("csrf_token", "form_key", "version")
                },
                "signing_as": "organisation",
                "organisation": f"Body {mark} {number}",
                "country": "KE",
                "kind": "single",
                "shown_as": "organisation",
                "signer_name": "Ann Lee",
                "signer_role": "Chair",
                "email": email,
                "authority": "own_role",
                "visibility": "public",
            }
            with cookies.open(f"{here}/send", urllib.parse.urlencode(answers).encode(), timeout=10) as answer:
                if answer.url.endswith("/sign/sent"):
                    acknowledged.append(email)
        except (OSError, http.client.HTTPException):
            continue


def one_round(app: Flask, instance: Path, slug: str, mark: str, seconds: float) -> int:
    server, stop, acknowledged = Server(instance), Event(), list[str]()
    threads = [
        Thread(target=sign_until, args=(stop, server.port, slug, f"{mark}{place}", acknowledged)) for place in range(3)
    ]
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    until = time.monotonic() + 30
    while len(acknowledged) < 3 and time.monotonic() < until:
        time.sleep(0.1)  # a busy machine needs longer for as much
    server.kill()
    stop.set()
    for thread in threads:
        thread.join(30)
    check(acknowledged)
    return len(acknowledged)


def check(acknowledged: list[str]) -> None:
    db.session.rollback()
    stored = {signer.email: signer.endorsement_id for signer in db.session.query(Signer)}
    assert set(acknowledged) <= set(stored)
    whole = {row.endorsement_id for row in db.session.query(EntryRevision)}
    mailed = {mail.about for mail in db.session.query(OutboxMail)}
    for endorsement in db.session.query(Endorsement):
        assert endorsement.id in stored.values() and endorsement.id in whole
        assert f"endorsement:{endorsement.id}" in mailed
    assert isinstance(chain.verify(), int)


def test_whatever_was_acknowledged_is_there_after_a_kill(room: Flask, tmp_path: Path) -> None:
    cast.staff()
    letter = cast.open_letter(deadline=cast.later(days=5))
    assert one_round(room, tmp_path, letter.slug, "a", 2.0) > 0


@pytest.mark.soak
def test_twenty_kills(room: Flask, tmp_path: Path) -> None:
    cast.staff()
    slug = cast.open_letter(deadline=cast.later(days=5)).slug
    chance = random.Random(20160224)
    total = sum(one_round(room, tmp_path, slug, f"r{number}x", chance.uniform(0.5, 3.0)) for number in range(20))
    print(f"{total} acknowledged, 0 lost")
