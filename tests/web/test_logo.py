"""The logo over the letterhead: who may set it, what is taken for a picture, and where it is printed."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from flask import Flask
from PIL import Image, PngImagePlugin

from coalition.db import db, unit_of_work
from coalition.documents import operations as documents
from coalition.documents import queries
from coalition.documents.drawing import draw
from coalition.errors import Invalid, NotPermitted, Unavailable
from coalition.letters import operations as letters
from coalition.letters.logo import redrawn
from coalition.letters.models import Letter, Logo
from tests import cast
from tests.documents.cast import snapshot
from tests.documents.test_pdf_standards import _problems
from tests.web.browser import Browser


def _file(kind: str = "PNG", size: tuple[int, int] = (300, 120), mode: str = "RGB", **how: Any) -> bytes:
    made = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(made, kind, **how)
    return made.getvalue()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _vast(width: int, height: int) -> bytes:
    """A picture of a few bytes that says it is as large as this."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(b"\0")) + _chunk(b"IEND", b"")


def _moving() -> bytes:
    made = io.BytesIO()
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "green", "blue")]
    frames[0].save(made, "PNG", save_all=True, append_images=frames[1:])
    return made.getvalue()


def _talkative() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "<script>alert('CNRY')</script>")
    return _file(pnginfo=words) + b"<?php CNRY ?>"


def _located() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "CNRY the description"
    exif[0x8825] = {1: "N", 2: (36.0, 12.0, 0.0)}
    return _file("JPEG", exif=exif, comment=b"CNRY")


@pytest.mark.parametrize("make", [_talkative, _located], ids=["text and tail", "place and words"])
def test_nothing_of_the_file_is_kept_but_the_picture(make: Callable[[], bytes]) -> None:
    picture = redrawn(make())
    assert b"CNRY" not in picture.content
    with Image.open(io.BytesIO(picture.content)) as kept:
        kept.load()
        assert (kept.format, kept.mode, kept.size) == ("PNG", "RGB", (300, 120))
        assert not kept.getexif() and not kept.info


@pytest.mark.parametrize(
    "content",
    [
        b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<!doctype html><script>x</script>", b"%PDF-1.7 x",
        b"\x89PNG\r\n\x1a\n", _file()[:-40], _file()[: len(_file()) // 2], _file("JPEG")[:200],
        _file().replace(_file()[60:64], b"\0\0\0\0"), _vast(20_000, 20_000), _vast(10_000, 10_000), _vast(0, 7),
        _vast(2**31 - 1, 2**31 - 1), _moving(), _file("GIF"), _file("BMP"), _file("TIFF"), _file("WEBP"), _file("PPM"),
        _file(size=(4, 4)), b"SIMPLE  =                    T" + bytes(2880), b"8BPS" + bytes(400),
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", bytes(3 * 1024**2),
    ],
)  # fmt: skip
def test_what_is_no_whole_still_picture_of_fair_size_is_refused_with_words(content: bytes) -> None:
    with pytest.raises(Invalid) as refusal:
        redrawn(content)
    assert refusal.value.fields["logo"]


def test_the_same_file_gives_the_same_picture_and_what_is_clear_becomes_white() -> None:
    clear = io.BytesIO()
    Image.new("RGBA", (40, 40), (255, 0, 0, 0)).save(clear, "PNG")
    first = redrawn(clear.getvalue())
    assert first == redrawn(clear.getvalue())
    with Image.open(io.BytesIO(first.content)) as kept:
        assert kept.getpixel((20, 20)) == (255, 255, 255)
    assert redrawn(_file(size=(3000, 900))).width == 1400


@pytest.fixture
def slug(app: Flask) -> str:
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        cast.approved(letter, "Harbour Light Trust", country="KE")
        return letter.slug


def _upload(browser: Browser, slug: str, content: bytes, name: str = "logo.png", status: int = 200) -> Any:
    browser.get(f"/coordinator/letters/{slug}/logo")
    return browser.post(f"/coordinator/letters/{slug}/logo", {"logo": (io.BytesIO(content), name)}, status=status)


def test_a_coordinator_sets_a_logo_sees_it_and_takes_it_away(slug: str, browser: Browser, app: Flask) -> None:
    browser.sign_in(cast.NADIA)
    page = _upload(browser, slug, _file())
    assert "Editions made from now on carry it" in page.text
    shown = browser.get(f"/coordinator/letters/{slug}/logo.png").answer
    assert shown.data.startswith(b"\x89PNG") and shown.mimetype == "image/png"
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    browser.get(f"/coordinator/letters/{slug}/logo")
    browser.submit(action="/logo/remove")
    browser.get(f"/coordinator/letters/{slug}/logo.png", status=404)
    with app.app_context():
        assert db.session.query(Letter).one().logo_sha256 is None
        assert db.session.query(Logo).count() == 1


@pytest.mark.parametrize("name", [
    "../../etc/passwd", "a\0.png", "CON", "x" * 300, "<script>.png", "gnp\u202e.exe", "logo.svg"])  # fmt: skip
def test_the_name_of_the_file_means_nothing(slug: str, browser: Browser, app: Flask, name: str) -> None:
    browser.sign_in(cast.NADIA)
    page = _upload(browser, slug, _file(), name)
    assert "<script>.png" not in page.source
    disposition = browser.get(f"/coordinator/letters/{slug}/logo.png").answer.headers["Content-Disposition"]
    assert disposition == "attachment; filename=logo.png"


@pytest.mark.parametrize("content", [b"<html>", _vast(20_000, 20_000)])
def test_a_refused_file_changes_nothing_and_is_told_at_the_field(slug: str, browser: Browser, app: Flask,
                                                                content: bytes) -> None:
    browser.sign_in(cast.NADIA)
    page = _upload(browser, slug, content, status=422)
    assert page.error("logo")
    with app.app_context():
        assert db.session.query(Letter).one().logo_sha256 is None
        assert db.session.query(Logo).count() == 0


@pytest.mark.parametrize("email", [None, cast.OLGA, cast.JONAS, cast.ADA])
def test_nobody_but_the_letters_coordinators_touches_it(slug: str, browser: Browser, app: Flask,
                                                        email: str | None) -> None:
    if email:
        browser.sign_in(email)
    for path in ("logo", "logo.png"):
        assert browser.client.get(f"/coordinator/letters/{slug}/{path}").status_code in (303, 403, 404)
    if email:
        with app.app_context(), pytest.raises(NotPermitted), unit_of_work():
            letters.set_logo(cast.actor(email), db.session.query(Letter).one(), _file())


def test_an_edition_keeps_the_logo_it_was_frozen_with(room: Flask, slug: str) -> None:
    letter = db.session.query(Letter).one()
    nadia, jonas = cast.actor(cast.NADIA), cast.actor(cast.JONAS)
    plain = documents.compile_edition(jonas, letter)
    with unit_of_work():
        letters.set_logo(nadia, letter, _file())
    made = documents.compile_edition(jonas, letter)
    assert made.is_new and made.edition.number == plain.edition.number + 1
    frozen = queries.content_of(made.rendition)
    with unit_of_work():
        letters.set_logo(nadia, letter, _file(size=(64, 64)))
    assert documents.rebuild(jonas, letter, made.edition.number) == frozen
    with pikepdf.open(io.BytesIO(frozen)) as document:
        assert [str(one.Alt) for one in document.objects if isinstance(one, pikepdf.Dictionary)
                and one.get("/S") == "/Figure"][0].startswith("Logo")  # fmt: skip


@pytest.mark.parametrize("content", [_file(), _file("JPEG"), _file(mode="LA"), _file(mode="P"), _file(mode="1"),
                                     _file("JPEG", mode="CMYK")])  # fmt: skip
def test_a_document_with_a_logo_keeps_both_standards(content: bytes, tmp_path: Any) -> None:
    picture = redrawn(content)
    frozen = replace(snapshot(), logo=hashlib.sha256(picture.content).hexdigest())
    assert _problems(draw(frozen, logo=picture.content), tmp_path / "logo.pdf") == []


def test_a_logo_that_is_not_the_one_frozen_is_never_printed() -> None:
    frozen = replace(snapshot(), logo="ab" * 32)
    for other in (None, redrawn(_file()).content):
        with pytest.raises(Unavailable, match="logo"):
            draw(frozen, logo=other)
