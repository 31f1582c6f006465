"""What must hold after every hostile input or fault, whatever it was: the five oracles of the plan of bad inputs.

O1 the answer is one we meant; O2 nothing is lost; O3 nothing has leaked; O4 the person is told, and it is noted once;
O5 the application still answers. A test begins, does its worst, and asks `refused` (all five) or the one it needs.
"""

from __future__ import annotations

import base64
import hashlib
import html
import io
import logging
import re
import time
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import event, func, select, text
from werkzeug.test import TestResponse

from coalition.audit import chain
from coalition.db import db
from coalition.web.errors import REFUSALS

if TYPE_CHECKING:
    from tests.web.browser import Page

#: The name that no answer of this test run may hold: cases with withheld entries give it to them.
CANARY = "CNRY-7f3a"
# What an answer to a stranger has no business to hold: traces, paths, statements, versions.
_INSIDE = re.compile(rb"Traceback|File \"/|/site-packages/|sqlite3\.|psycopg|SELECT .* FROM|INSERT INTO|"
                     rb"Werkzeug/|gunicorn/|coalition/\w+\.py")
_HASHED = {"letter_versions": "source", "renditions": "content", "editions": "snapshot", "logos": "content"}


def forms_of(secret: str) -> Iterator[bytes]:
    """Every shape in which a name could slip out."""
    for said in (secret, secret.lower(), html.escape(secret), quote(secret), secret.split()[0],
                 unicodedata.normalize("NFD", secret)):
        yield said.encode()
        yield said.encode("utf-16-le")
        yield said.encode("utf-16-be")
        yield base64.b64encode(said.encode())
        yield said.encode().hex().encode()
    yield hashlib.sha256(secret.encode()).hexdigest().encode()
    yield hashlib.sha1(secret.encode(), usedforsecurity=False).hexdigest().encode()


def all_bytes(answer: TestResponse) -> bytes:
    """Body and headers; a PDF with its streams unpacked, an archive with its members."""
    return unpacked(answer.data) + str(answer.headers).encode()


def unpacked(data: bytes) -> bytes:
    """A file together with what it holds in packed form."""
    if data.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(data)) as pdf:
            plain = io.BytesIO()
            pdf.save(plain, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.all,
                     object_stream_mode=pikepdf.ObjectStreamMode.disable)
            return data + plain.getvalue() + b"".join(
                pdf.attachments[name].get_file().read_bytes() for name in pdf.attachments)
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return data + b"".join(packed.read(name) for name in packed.namelist())
    return data


def state_of(app: Flask) -> dict[str, Any]:
    """Rows of every table, hashes of what is kept for good, and the head of the audit log."""
    with app.app_context():
        db.session.rollback()
        found: dict[str, Any] = {
            name: db.session.scalar(select(func.count()).select_from(table))
            for name, table in db.metadata.tables.items()}
        for name, column in _HASHED.items():
            kept = db.session.execute(text(f"SELECT {column} FROM {name} ORDER BY 1")).scalars()  # noqa: S608
            found[f"{name}.{column}"] = [
                hashlib.sha256(one.encode() if isinstance(one, str) else bytes(one or b"")).hexdigest() for one in kept]
        found["audit"] = chain.head_hash()
        db.session.remove()
    return found


class Oracles:
    """The five questions about one application."""

    def __init__(self, app: Flask, caplog: pytest.LogCaptureFixture) -> None:
        self._app, self._log = app, caplog
        self._before: dict[str, Any] = {}

    def begin(self) -> None:
        """Remember how things stand: the case comes now."""
        self._before = state_of(self._app)
        self._log.clear()

    def answered(self, answer: TestResponse | Page) -> None:
        """O1 and O3: a page of ours with the number of the request, without a word of the inside or a hidden name."""
        answer = getattr(answer, "answer", answer)
        assert answer.status_code < 500 or answer.status_code == 503, answer.status
        body = all_bytes(answer)
        assert not (found := _INSIDE.search(body)), f"an answer tells of the inside: {found and found.group()!r}"
        if answer.status_code not in (200, 302, 303, 304, 422):
            assert re.search(rb"[0-9a-f]{12}", answer.data), "an error page without the number of the request"
        for shape in forms_of(CANARY):
            assert shape not in body, f"{CANARY} as {shape!r}"

    def nothing_lost(self) -> None:
        """O2: nothing was stored, changed or lost since `begin`."""
        assert self._before, "begin was never called"
        now = state_of(self._app)
        assert {name for name in now if now[name] != self._before[name]} == set()

    def told(self, page: Page, words: str) -> None:
        """O4: the person reads these words, and the refusal is noted exactly once."""
        assert words in page.text, page.text
        noted = [record for record in self._log.records if record.name == REFUSALS]
        assert len(noted) == 1, [record.getMessage() for record in noted]
        assert not any(CANARY in record.getMessage() for record in self._log.records)

    def alive(self) -> None:
        """O5: the application answers at once."""
        started = time.monotonic()
        assert self._app.test_client().get("/healthz").status_code == 200
        assert time.monotonic() - started < 1

    def refused(self, page: Page, words: str) -> None:
        """All five, of an answer that refuses."""
        assert page.status >= 400, page.status
        self.answered(page)
        self.nothing_lost()
        self.told(page, words)
        self.alive()

    @contextmanager
    def full_database(self) -> Iterator[None]:
        """SQLite's file may not grow meanwhile: each write that needs room fails as on a full disk."""
        with self._app.app_context():
            engine = db.engine

        @event.listens_for(engine, "begin")
        def forbid(connection: Any) -> None:
            # Set to less than there is, the limit becomes what there is.
            connection.exec_driver_sql("PRAGMA max_page_count=1")

        try:
            yield
        finally:
            event.remove(engine, "begin", forbid)
            engine.dispose()


@pytest.fixture
def oracles(app: Flask, caplog: pytest.LogCaptureFixture) -> Oracles:
    """What is asked after every case."""
    caplog.set_level(logging.INFO, logger=REFUSALS)
    return Oracles(app, caplog)
