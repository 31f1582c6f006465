"""Public pages are made once and kept compressed, and never longer than they are true."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coalition import clock
from coalition.access.actor import OPERATOR
from coalition.db import unit_of_work
from coalition.letters import operations as letters
from coalition.letters.glance import glance_at
from coalition.web import kept as keeping
from coalition.web.assets import asset
from coalition.web.public import letters as pages
from coalition.web.public import shown
from tests import cast


@pytest.fixture
def slug(app: Flask) -> str:
    with app.app_context():
        cast.staff()
        letter = cast.open_letter(body="We ask the Council to act. " * 40)
        cast.approved(letter, "Harbour Light Trust")
        return letter.slug


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What was made, in order: "page" and "list"."""
    found: list[str] = []

    def noted(what: str, make: Any) -> Any:
        return lambda *given: (found.append(what), make(*given))[1]

    monkeypatch.setattr(pages, "page_of", noted("page", pages.page_of))
    monkeypatch.setattr(shown, "_list", noted("list", shown._list))
    yield found


def test_a_page_is_made_once_and_the_list_in_it_outlasts_the_minute(
        slug: str, client: FlaskClient, made: list[str]) -> None:
    for minutes in (0, 0, 1, 11):
        with clock.fixed(cast.MORNING + timedelta(minutes=minutes)):
            assert "Harbour Light Trust" in client.get(f"/letters/{slug}").text
    assert made == ["page", "list", "page", "page", "list"]


def test_what_nobody_outside_can_see_throws_no_page_away(
        slug: str, client: FlaskClient, app: Flask, made: list[str]) -> None:
    client.get(f"/letters/{slug}")
    with app.app_context():
        letter = letters_of(slug)
        signed = cast.sign(letter, cast.fields("Open Door"))
        assert signed is not None
        cast.confirm(signed)
        assert "Open Door" not in client.get(f"/letters/{slug}").text
        assert made == ["page", "list"]
        cast.approve(signed)
    assert "Open Door" in client.get(f"/letters/{slug}").text
    assert made == ["page", "list"] * 2


def test_a_page_stands_no_longer_than_the_deadline(slug: str, client: FlaskClient, app: Flask) -> None:
    deadline = cast.MORNING + timedelta(days=1, seconds=30)
    with app.app_context(), unit_of_work():
        letters.extend(OPERATOR, letters_of(slug), deadline_at=deadline, reason="They asked us to.")
    for moment, offered in ((deadline - timedelta(seconds=1), True), (deadline, False)):
        with clock.fixed(moment):
            assert ("Sign this letter" in client.get(f"/letters/{slug}").text) is offered


@pytest.mark.parametrize(("accepted", "compressed"), [
    ("gzip", True), ("br, gzip;q=0.5", True), ("*", True), ("", False), ("gzip;q=0", False), ("br", False)])
def test_the_page_comes_compressed_to_who_takes_it_so(
        slug: str, client: FlaskClient, accepted: str, compressed: bool) -> None:
    plain = client.get(f"/letters/{slug}")
    found = client.get(f"/letters/{slug}", headers={"Accept-Encoding": accepted})
    assert found.headers.get("Content-Encoding") == ("gzip" if compressed else None)
    assert (gzip.decompress(found.data) if compressed else found.data) == plain.data
    assert (found.headers["ETag"] != plain.headers["ETag"]) is compressed
    again = client.get(f"/letters/{slug}", headers={
        "Accept-Encoding": accepted, "If-None-Match": found.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_who_has_the_page_is_told_so_however_they_name_it(slug: str, client: FlaskClient) -> None:
    tag = client.get(f"/letters/{slug}").headers["ETag"]
    for named, status in ((tag, 304), (f"W/{tag}", 304), (f'"another", {tag}', 304), ("*", 304),
                          ('"another"', 200), (tag.strip('"'), 304), ("", 200)):
        found = client.get(f"/letters/{slug}", headers={"If-None-Match": named})
        assert (found.status_code, found.headers["ETag"]) == (status, tag), named
        assert {"Accept-Language", "Accept-Encoding", "Cookie"} == set(found.vary)
        assert (found.data == b"") is (status == 304)


def test_an_unknown_language_is_kept_under_one_name(slug: str, client: FlaskClient, made: list[str]) -> None:
    for language in ("xx", "yy", "<b>"):
        assert client.get(f"/letters/{slug}", query_string={"language": language}).status_code == 200
    assert made == ["page", "list"]


def test_many_who_come_at_once_wait_for_one_to_make_it(slug: str, app: Flask) -> None:
    together, made, found = Barrier(4), list[int](), list[object]()

    def make() -> object:
        made.append(1)
        return object()

    def read() -> None:
        with app.test_request_context("/"):
            glance = glance_at(slug)
            assert glance is not None
            together.wait()
            found.append(keeping.kept(glance, "anything", make))

    readers = [Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(made) == 1
    assert len(found) == 4
    assert len(set(map(id, found))) == 1


def test_what_is_kept_takes_no_more_room_than_it_may(
        slug: str, client: FlaskClient, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeping, "MOST", 2000)
    for language in ("en", "fr", "es", "nb"):
        client.get(f"/letters/{slug}", query_string={"language": language})
    shelf = app.extensions["coalition.pages"]
    assert 0 < len(shelf.places) <= 2


@pytest.mark.parametrize(("file", "squeezed"), [("css/app.css", True), ("js/core.js", True), ("icon.svg", True),
                                                ("fonts/amiri-bold.1.woff2", False)])
def test_static_texts_come_compressed_and_stay_for_a_year(
        app: Flask, client: FlaskClient, file: str, squeezed: bool) -> None:
    with app.test_request_context("/"):
        address = asset(file)
    plain, small = (client.get(address, buffered=True, headers={"Accept-Encoding": accepted})
                    for accepted in ("", "gzip"))
    assert (small.headers.get("Content-Encoding") == "gzip") is squeezed
    assert (gzip.decompress(small.data) if squeezed else small.data) == plain.data
    assert small.headers["Content-Type"] == plain.headers["Content-Type"]
    assert ("Accept-Encoding" in small.vary) is squeezed
    assert "immutable" in small.headers["Cache-Control"]
    again = client.get(address, buffered=True, headers={
        "Accept-Encoding": "gzip", "If-None-Match": small.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def letters_of(slug: str) -> Any:
    """The letter at this address."""
    glance = glance_at(slug)
    assert glance is not None
    return keeping.letter_of(glance)
