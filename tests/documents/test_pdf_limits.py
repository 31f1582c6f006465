"""The typesetter as a closed box: same input same bytes, nothing fetched, nothing without end."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from coalition.documents import press
from coalition.documents.drawing import draw
from coalition.documents.pdf import Limits, render_pdf
from coalition.errors import Invalid, Unavailable
from tests.documents.cast import mixed, snapshot

_AT = datetime(2016, 2, 24, tzinfo=UTC)

_FONT = """<style>@font-face { font-family: "Serif of ours"; src: url("asset:/fonts/source-serif.ttf") }
html { font-family: "Serif of ours" }</style>"""


def _render(html: str, **values: object) -> bytes:
    page = f'<!doctype html><html lang="en"><head><title>t</title>{_FONT}</head><body>{html}</body></html>'
    return render_pdf(page, identifier="0" * 32, created=_AT, **values)  # type: ignore[arg-type]


@pytest.fixture
def canary() -> Iterator[tuple[str, list[bytes]]]:
    """An address on this machine, and what was asked of it."""
    asked: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)
    stop = threading.Event()

    def listen() -> None:
        while not stop.is_set():
            try:
                connection, _ = server.accept()
            except TimeoutError:
                continue
            asked.append(connection.recv(200))
            connection.close()

    thread = threading.Thread(target=listen)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}/canary.png", asked
    stop.set()
    thread.join()
    server.close()


def test_two_processes_give_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    frozen = snapshot(mixed(18))
    first = draw(frozen)
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    monkeypatch.setenv("LANG", "tr_TR.UTF-8")
    monkeypatch.setenv("PYTHONHASHSEED", "77")
    time.sleep(1.1)  # a time of day that had slipped in would show
    assert draw(frozen) == first


def test_another_snapshot_gives_another_file() -> None:
    assert draw(snapshot(place="Aleppo")) != draw(snapshot(place="Daraa"))


@pytest.mark.parametrize(
    "html",
    [
        '<img src="{url}">',
        '<object data="{url}"></object>',
        '<embed src="{url}">',
        '<link rel=stylesheet href="{url}">',
        '<style>@import "{url}";</style>',
        "<p style=\"background: url('{url}')\">x</p>",
        "<p style=\"border-image: url('{url}') 1; border: 1px solid\">x</p>",
        "<ul style=\"list-style: url('{url}')\"><li>x</ul>",
        "<style>@font-face {{ font-family: q; src: url('{url}') }}</style>",
        '<link rel=attachment href="{url}">',
        '<a rel=attachment href="{url}">x</a>',
        '<base href="{url}"><img src="x.png">',
        '<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}" width="9" height="9"/></svg>',
        "<style>@page {{ background: url('{url}') }}</style>",
    ],
)
def test_an_address_is_refused_by_name_and_never_asked(
    html: str, canary: tuple[str, list[bytes]]
) -> None:
    url, asked = canary
    with pytest.raises(Invalid, match="Only its own fonts") as refusal:
        _render(html.format(url=url))
    assert "127.0.0.1" in refusal.value.message
    assert asked == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/hostname", "FILE:///etc/hostname", "file://localhost/etc/hostname", "file:///proc/self/environ",
        "ftp://127.0.0.1/x", "http://[::1]/", "http://127.1/", "http://0x7f000001/", "http://169.254.169.254/",
        "data:image/png;base64,AAAA", "asset:/fonts/../fonts/source-serif.ttf", "asset:/fonts/none.ttf",
        "pictures/x.png", "/etc/hostname",
    ],
)  # fmt: skip
def test_no_other_kind_of_address_gets_in(url: str) -> None:
    with pytest.raises(Invalid, match="Only its own fonts"):
        _render(f'<img src="{url}" alt="x">')


def test_a_document_that_takes_too_much_computing_is_stopped() -> None:
    rows = "<p>word</p>" * 20_000
    with pytest.raises(Invalid, match="more than 2 seconds of computing time"):
        _render(rows, limits=Limits(cpu_seconds=2))


def test_a_document_that_takes_too_long_is_stopped_and_said_to_be() -> None:
    started = time.monotonic()
    with pytest.raises(Unavailable, match="not ready after 1 seconds"):
        _render("<p>word</p>" * 20_000, limits=Limits(wall_seconds=1))
    assert time.monotonic() - started < 10


def test_a_document_that_takes_too_much_memory_is_stopped() -> None:
    with pytest.raises((Invalid, Unavailable)):
        _render("<p>" + "word " * 4_000_000, limits=Limits(memory_bytes=256 * 1024**2))
    assert _render("<p>the next one works</p>")


def test_a_nest_without_end_is_refused() -> None:
    with pytest.raises((Invalid, Unavailable)):
        _render("<div>" * 3_000 + "x")


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    _render("<p>x</p>")
    with pytest.raises(Unavailable):
        _render("<p>word</p>" * 20_000, limits=Limits(wall_seconds=1))
    assert not list(tmp_path.iterdir())


def test_a_typesetter_that_was_killed_is_started_again() -> None:
    _render("<p>x</p>")
    current = press._press()
    os.killpg(current._process.pid, signal.SIGKILL)
    with contextlib.suppress(Unavailable):  # it may be noticed now, or have been noticed already
        _render("<p>x</p>")
    assert _render("<p>the next one works</p>")
    assert press._press() is not current


def test_documents_set_at_the_same_time_are_each_their_own() -> None:
    texts = [f"<p>number {number}</p>" for number in range(6)]
    with ThreadPoolExecutor(6) as together:
        at_once = list(together.map(_render, texts))
    assert at_once == [_render(text) for text in texts]
    assert len(set(at_once)) == 6


def test_what_the_typesetter_remarks_on_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    _render("<p style='no-such-property: 1'>x</p>")
    assert any("no-such-property" in message for message in caplog.messages)


def test_the_templates_give_the_typesetter_nothing_to_complain_of(caplog: pytest.LogCaptureFixture) -> None:
    draw(snapshot(mixed(18), language="ar", body="# a\n\n- b\n\n> c\n"))
    assert caplog.messages == []
