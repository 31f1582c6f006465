"""Faults in the middle of a compile: it hangs, grows, the disk is full, the seal cannot be read. Whoever asked is told,
the edition before stays served, and the next document is made."""

from __future__ import annotations

import errno
import re
import tempfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coalition.db import db
from coalition.documents import drawing, seal
from coalition.documents import operations as documents
from coalition.documents.models import CompileRequest
from coalition.documents.pdf import Limits, render_pdf
from coalition.jobs import tasks
from coalition.letters.models import Letter
from tests import cast
from tests.oracles import Oracles
from tests.rooms.conftest import no_drawing as no_drawing
from tests.web.browser import Browser, Page

FINAL = "/secretariat/letters/protect-the-hospitals"
SERVED = "/letters/protect-the-hospitals/editions/1/letter.pdf"


@pytest.fixture
def jonas(app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Browser:
    """The secretariat before the page from which documents are made, with edition 1 out and a signature since."""
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        cast.approved(letter, "Harbour Light Trust", country="KE")
        with monkeypatch.context() as quick:
            quick.setattr(drawing, "draw_sealed", lambda snapshot, **how: b"%PDF-1.7 edition 1")
            documents.compile_edition(cast.actor(cast.JONAS), letter)
        cast.approved(letter, "Ford Surgery", country="KE")
    browser = Browser(client)
    browser.sign_in(cast.JONAS)
    browser.get(FINAL)
    return browser


def ask(jonas: Browser, button: str = "Compile edition") -> str:
    jonas.get(FINAL)
    return jonas.submit({}, button=button).path


def served(app: Flask) -> bytes:
    answer = app.test_client().get(SERVED)
    assert answer.status_code == 200
    return answer.data


def told(jonas: Browser, path: str, words: str, oracles: Oracles) -> Page:
    page = jonas.get(path)
    assert page.heading == "The edition could not be made"
    assert re.search(words, page.text), page.text
    assert "editions made before stand as they were" in page.text
    oracles.answered(page)
    oracles.alive()
    return page


def then_the_next_one_works(app: Flask, jonas: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    assert served(app) == b"%PDF-1.7 edition 1"
    monkeypatch.setattr(drawing, "draw", lambda snapshot, **how: b"%PDF-1.7 preview")
    path = ask(jonas, "Make a preview")
    tasks.run_requests(app)
    assert jonas.get(path).heading == "The preview is ready"


@pytest.mark.parametrize(("limits", "words"), [
    (Limits(wall_seconds=1), "not ready after 1 seconds and was stopped"),
    (Limits(cpu_seconds=1), "too large: setting it takes more than 1 seconds"),
    (Limits(memory_bytes=150 * 1024**2), "too large|could not be set"),
], ids=["G05-hangs", "G05-computes", "K14-grows"])  # fmt: skip
def test_a_compile_without_end_is_killed_and_the_next_one_runs(
        app: Flask, jonas: Browser, oracles: Oracles, monkeypatch: pytest.MonkeyPatch, limits: Limits,
        words: str) -> None:
    # A real child is really killed; a line long enough keeps it busy.
    monkeypatch.setattr(drawing, "render_pdf", lambda html, **how: render_pdf(
        html.replace("</body>", "<p>word</p>" * 20_000 + "</body>"), **{**how, "limits": limits}))
    path = ask(jonas)
    assert tasks.run_requests(app) == 1
    told(jonas, path, words, oracles)
    then_the_next_one_works(app, jonas, monkeypatch)


def test_K01_a_disk_that_is_full_while_the_pages_are_set(app: Flask, jonas: Browser, oracles: Oracles,
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_given: Any, **_named: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = ask(jonas)
    with monkeypatch.context() as patched:
        patched.setattr(tempfile, "TemporaryDirectory", full)
        tasks.run_requests(app)
    told(jonas, path, "no room left on the server's disk", oracles)
    then_the_next_one_works(app, jonas, monkeypatch)


def test_K01_a_disk_that_is_full_when_the_edition_is_kept(app: Flask, jonas: Browser, oracles: Oracles,
                                                          monkeypatch: pytest.MonkeyPatch) -> None:
    path = ask(jonas)
    monkeypatch.setattr(drawing, "draw_sealed", lambda snapshot, **how: b"%PDF-1.7 edition 2" + bytes(10**6))
    oracles.begin()
    with oracles.full_database():
        tasks.run_requests(app)
    oracles.nothing_lost()
    told(jonas, path, "cannot store this right now", oracles)
    assert served(app) == b"%PDF-1.7 edition 1"
    path = ask(jonas)
    tasks.run_requests(app)
    assert jonas.get(path).heading == "The edition is ready"


@pytest.mark.parametrize("spoil", [
    lambda path: path.write_bytes(b"-----BEGIN PRIVATE KEY-----\nrubbish"),
    lambda path: (path.unlink(), path.mkdir()),
    lambda path: path.unlink(),
    lambda path: path.write_bytes(path.read_bytes()[:-40]),
], ids=["rubbish", "not-a-file", "gone", "cut-off"])  # fmt: skip
def test_a_seal_that_cannot_be_read_is_said_so_and_nothing_is_lost(
        app: Flask, jonas: Browser, oracles: Oracles, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
        spoil: Any) -> None:
    oracles.begin()
    before = (tmp_path / seal.FILE_NAME).read_bytes()
    spoil(tmp_path / seal.FILE_NAME)
    page = jonas.submit({}, button="Compile edition")
    assert page.path == FINAL
    assert re.search("seal.pem is damaged|seal.pem cannot be read|has no seal yet", page.text), page.text
    assert str(tmp_path) not in page.source
    oracles.answered(page)
    oracles.nothing_lost()
    if (tmp_path / seal.FILE_NAME).is_dir():
        (tmp_path / seal.FILE_NAME).rmdir()
    (tmp_path / seal.FILE_NAME).write_bytes(before)
    (tmp_path / seal.FILE_NAME).chmod(0o600)
    then_the_next_one_works(app, jonas, monkeypatch)


def test_a_seal_that_is_spoilt_while_the_request_waits_fails_with_words(
        app: Flask, jonas: Browser, oracles: Oracles, tmp_path: Path) -> None:
    path = ask(jonas)
    (tmp_path / seal.FILE_NAME).write_bytes(b"rubbish")
    tasks.run_requests(app)
    told(jonas, path, "seal.pem is damaged", oracles)
    assert served(app) == b"%PDF-1.7 edition 1"
    with app.app_context():
        assert db.session.query(CompileRequest).one().state == "failed"
        assert db.session.query(Letter).one().published is not None
