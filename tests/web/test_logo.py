"""The logo over the letterhead: who may set it, what is taken for a picture, and where it is printed."""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from docx import Document
from flask import Flask
from PIL import Image, PngImagePlugin

from coalition.db import db, unit_of_work
from coalition.documents import operations as documents
from coalition.documents import queries
from coalition.documents.drawing import draw
from coalition.documents.editable import as_docx
from coalition.documents.snapshot import Snapshot
from coalition.errors import Invalid, NotPermitted, Unavailable, WrongState
from coalition.letters import operations as letters
from coalition.letters.logo import set_logo
from coalition.letters.models import Letter, Logo
from coalition.pictures import MOST_PIXELS, redrawn
from tests import cast
from tests.documents.cast import snapshot
from tests.documents.conformance import problems
from tests.oracles import Oracles
from tests.web.browser import Browser, Page


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


def _flat(width: int, height: int) -> bytes:
    made = io.BytesIO()
    Image.new("1", (width, height)).save(made, "PNG")
    return made.getvalue()


def _moving(frames: int = 3) -> bytes:
    made = io.BytesIO()
    pictures = [Image.new("RGB", (64, 64), colour) for colour in ("red", "green", "blue")]
    pictures[0].save(made, "PNG", save_all=True, append_images=pictures[1:])
    # The number of frames is believed before they are counted.
    said, wanted = (_chunk(b"acTL", struct.pack(">II", number, 0)) for number in (3, frames))
    assert said in made.getvalue()
    return made.getvalue().replace(said, wanted)


def _wrong_sum() -> bytes:
    plain = bytearray(_file())
    plain[29] ^= 1  # of the head's sum
    return bytes(plain)


def _talkative() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", "<script>alert('CNRY')</script>")
    return _file(pnginfo=words) + b"<?php CNRY ?>"


def _packed() -> bytes:
    made = io.BytesIO(_file())
    made.seek(0, io.SEEK_END)
    with zipfile.ZipFile(made, "a") as archive:
        archive.writestr("CNRY.js", "CNRY")
    return made.getvalue()


def _located() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "CNRY the description"
    exif[0x8825] = {1: "N", 2: (36.0, 12.0, 0.0)}
    about = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><a>CNRY</a></x:xmpmeta>"
    return _file("JPEG", exif=exif, comment=b"CNRY", xmp=about)


_SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><image href='http://127.0.0.1:9/x.png'/></svg>"
_EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n%%EndComments\nshowpage\n"

#: What is refused, by the plan's numbers, and a word of what is said.
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "C01-svg": (lambda: _SVG, "PNG or JPEG"),
    "C02-bomb": (lambda: _vast(20_000, 20_000), "more than 4 million"),
    "C02-bomb-of-32-bits": (lambda: _vast(2**31 - 1, 2**31 - 1), "more than 4 million"),
    "C03-one-bit": (lambda: _flat(10_000, 10_000), "more than 4 million"),
    "C03-one-pixel-too-many": (lambda: _flat(2000, 2001), "more than 4 million"),
    "C04-gif-and-script": (lambda: b"GIF89a/*" + bytes(40) + b"*/=1;alert(1)", "PNG or JPEG"),
    "C04-pdf-and-zip": (lambda: b"%PDF-1.7\nPK\x03\x04", "PNG or JPEG"),
    "C06-fits": (lambda: b"SIMPLE  =                    T" + bytes(2880), "PNG or JPEG"),
    "C06-psd": (lambda: b"8BPS" + bytes(400), "PNG or JPEG"),
    "C06-tiff": (lambda: _file("TIFF"), "PNG or JPEG"),
    "C06-eps": (lambda: _EPS, "PNG or JPEG"),
    "C06-wmf": (lambda: b"\xd7\xcd\xc6\x9a" + bytes(200), "PNG or JPEG"),
    "C06-bmp": (lambda: _file("BMP"), "PNG or JPEG"),
    "C06-webp": (lambda: _file("WEBP"), "PNG or JPEG"),
    "C06-ppm": (lambda: _file("PPM"), "PNG or JPEG"),
    "C07-truncated": (lambda: _file()[:-40], "PNG or JPEG"),
    "C07-truncated-jpeg": (lambda: _file("JPEG")[:200], "PNG or JPEG"),
    "C07-head-alone": (lambda: b"\x89PNG\r\n\x1a\n", "PNG or JPEG"),
    "C07-empty": (lambda: b"", "Choose a PNG or JPEG"),
    "C07-wrong-sum": (_wrong_sum, "PNG or JPEG"),
    "C07-no-width": (lambda: _vast(0, 7), "PNG or JPEG"),
    "C07-three-frames": (_moving, "moves"),
    "C07-ten-thousand-frames": (lambda: _moving(10_000), "moves"),
    "C07-gif": (lambda: _file("GIF"), "PNG or JPEG"),
    "C07-too-small": (lambda: _file(size=(4, 4)), "too small"),
    "C09-a-page": (lambda: b"<!doctype html><script>x</script>", "PNG or JPEG"),
    "C10-larger-than-a-logo": (lambda: _file() + bytes(3 * 1024**2), "larger than 2 MB"),
}
_CHANGES_NOTHING = ("C02-bomb", "C04-gif-and-script", "C07-truncated", "C07-empty", "C09-a-page", "C01-svg")


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_no_whole_still_picture_of_fair_size_is_refused_with_words(case: str) -> None:
    make, said = REFUSED[case]
    with pytest.raises(Invalid) as refusal:
        redrawn(make(), field="logo")
    assert said in refusal.value.fields["logo"]


@pytest.mark.parametrize("make", [_talkative, _packed, _located], ids=["C04-words-and-tail", "C04-zip", "C05-place"])
def test_nothing_of_the_file_is_kept_but_the_picture(make: Callable[[], bytes]) -> None:
    assert b"CNRY" in make()
    picture = redrawn(make(), field="logo")
    assert b"CNRY" not in picture.content
    assert {picture.content[place : place + 4] for place in _chunks(picture.content)} == {b"IHDR", b"IDAT", b"IEND"}
    with Image.open(io.BytesIO(picture.content)) as kept:
        kept.load()
        assert (kept.format, kept.mode, kept.size) == ("PNG", "RGB", (300, 120))
        assert not kept.getexif() and not kept.info


def _chunks(png: bytes) -> list[int]:
    places, place = [], 8
    while place < len(png):
        places.append(place + 4)
        place += 12 + struct.unpack(">I", png[place : place + 4])[0]
    return places


def test_the_same_file_gives_the_same_picture_and_what_is_clear_becomes_white() -> None:
    clear = io.BytesIO()
    Image.new("RGBA", (40, 40), (255, 0, 0, 0)).save(clear, "PNG")
    first = redrawn(clear.getvalue(), field="logo")
    assert first == redrawn(clear.getvalue(), field="logo")
    with Image.open(io.BytesIO(first.content)) as kept:
        assert kept.getpixel((20, 20)) == (255, 255, 255)
    assert redrawn(_file(size=(3000, 900)), field="logo").width == 1400
    assert redrawn(_file(size=(2000, MOST_PIXELS // 2000), mode="1"), field="logo").height == 500


def test_a_picture_taken_with_a_turned_camera_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = redrawn(_file("JPEG", exif=exif), field="logo")
    assert (turned.width, turned.height) == (120, 300)


@pytest.fixture
def slug(app: Flask) -> str:
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        cast.approved(letter, "Harbour Light Trust", country="KE")
        return letter.slug


def _upload(browser: Browser, slug: str, content: bytes, name: str = "logo.png", status: int = 200,
            kind: str = "image/png") -> Page:
    browser.get(f"/coordinator/letters/{slug}/logo")
    return browser.post(f"/coordinator/letters/{slug}/logo", {"logo": (io.BytesIO(content), name, kind)},
                        status=status)


def test_a_coordinator_sets_a_logo_sees_it_and_takes_it_away(slug: str, browser: Browser, app: Flask) -> None:
    browser.sign_in(cast.NADIA)
    assert browser.get(f"/coordinator/letters/{slug}/details").link("Add a logo").endswith("/logo")
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


def test_C08_the_name_of_the_file_means_nothing(slug: str, browser: Browser, oracles: Oracles) -> None:
    browser.sign_in(cast.NADIA)
    for name in ("../../etc/passwd", "a\0.png", "CON", "x" * 300, "<script>.png", 'a"\r\nX: y.png', "gnp\u202e.exe",
                 "logo.svg"):
        page = _upload(browser, slug, _file(), name)
        assert "<script>.png" not in page.source
        shown = browser.get(f"/coordinator/letters/{slug}/logo.png").answer
        assert shown.headers["Content-Disposition"] == "attachment; filename=logo.png"
        assert "X" not in shown.headers
    oracles.answered(shown)
    oracles.alive()


@pytest.mark.parametrize("case", _CHANGES_NOTHING)
def test_a_refused_file_changes_nothing_and_is_told_at_the_field(slug: str, browser: Browser, oracles: Oracles,
                                                                 case: str) -> None:
    browser.sign_in(cast.NADIA)
    _upload(browser, slug, _file())
    oracles.begin()
    page = _upload(browser, slug, REFUSED[case][0](), status=422)
    assert page.error("logo")
    oracles.refused(page, REFUSED[case][1])


def _multipart(value: bytes) -> bytes:
    return b'--cut\r\nContent-Disposition: form-data; name="body"\r\n\r\n' + value + b"\r\n--cut--\r\n"


@pytest.mark.parametrize("send", [
    {"environ_overrides": {"CONTENT_LENGTH": str(10 * 1024**2 + 1)}, "data": {"a": "x"}},
    {"data": {f"field{number}": "x" for number in range(1001)}, "content_type": "multipart/form-data"},
    {"data": _multipart(b"x" * (2 * 1024**2 + 1)), "content_type": "multipart/form-data; boundary=cut"},
    {"data": {"body": "x" * (10 * 1024**2 + 1)}},
], ids=["C10-length", "C10-parts", "C10-field", "C10-urlencoded"])  # fmt: skip
def test_what_is_too_large_is_refused_with_a_friendly_page(slug: str, browser: Browser, oracles: Oracles,
                                                           send: dict[str, Any]) -> None:
    browser.sign_in(cast.NADIA)
    oracles.begin()
    answer = browser.client.post(f"/coordinator/letters/{slug}/logo", **send)
    assert answer.status_code == 413
    oracles.refused(Page(answer, "/logo"), "larger than this site takes")


def test_C10_a_body_that_does_not_say_how_long_it_is_is_not_read(slug: str, browser: Browser, oracles: Oracles) -> None:
    browser.sign_in(cast.NADIA)
    oracles.begin()
    answer = browser.client.post(
        f"/coordinator/letters/{slug}/logo", input_stream=io.BytesIO(b"x" * (11 * 1024**2)),
        content_type="application/x-www-form-urlencoded", headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True, "CONTENT_LENGTH": ""})
    assert answer.status_code == 413
    oracles.refused(Page(answer, "/logo"), "larger than this site takes")


def _noise() -> bytes:
    """A picture that no packing makes smaller."""
    made = io.BytesIO()
    Image.effect_noise((1400, 500), 200).save(made, "JPEG", quality=60)
    return made.getvalue()


def test_C18_a_full_disk_keeps_the_old_logo(slug: str, browser: Browser, oracles: Oracles) -> None:
    browser.sign_in(cast.NADIA)
    _upload(browser, slug, _file())
    browser.get(f"/coordinator/letters/{slug}/logo")
    oracles.begin()
    with oracles.full_database():
        page = browser.post(f"/coordinator/letters/{slug}/logo",
                            {"logo": (io.BytesIO(_noise()), "a.png")}, status=503)
    oracles.refused(page, "Nothing was lost")


def test_C18_no_room_for_what_is_sent_is_said_so(slug: str, browser: Browser, oracles: Oracles,
                                                 monkeypatch: pytest.MonkeyPatch) -> None:
    browser.sign_in(cast.NADIA)
    browser.get(f"/coordinator/letters/{slug}/logo")
    oracles.begin()
    with monkeypatch.context() as patched, Path("/dev/full").open("rb+", buffering=0) as full:
        patched.setattr("werkzeug.formparser.SpooledTemporaryFile", lambda **how: full)
        page = browser.post(f"/coordinator/letters/{slug}/logo", {"logo": (io.BytesIO(_file()), "a.png")}, status=503)
    oracles.refused(page, "no room left")


@pytest.mark.parametrize("email", [None, cast.OLGA, cast.JONAS, cast.ADA])
def test_nobody_but_the_letters_coordinators_touches_it(slug: str, browser: Browser, app: Flask,
                                                        email: str | None) -> None:
    if email:
        browser.sign_in(email)
    for path in ("logo", "logo.png"):
        assert browser.client.get(f"/coordinator/letters/{slug}/{path}").status_code in (303, 403, 404)
    if email:
        with app.app_context(), pytest.raises(NotPermitted), unit_of_work():
            set_logo(cast.actor(email), db.session.query(Letter).one(), _file())


def test_a_letter_that_is_over_keeps_its_logo(slug: str, browser: Browser, app: Flask) -> None:
    with app.app_context():
        nadia, letter = cast.actor(cast.NADIA), db.session.query(Letter).one()
        with unit_of_work():
            letters.cancel(nadia, letter, reason="The vote was called off.")
        with pytest.raises(WrongState), unit_of_work():
            set_logo(nadia, letter, _file())
    browser.sign_in(cast.NADIA)
    assert "cannot be changed" in browser.get(f"/coordinator/letters/{slug}/logo").text or "not changed any more" in \
        browser.page.text


def test_an_edition_keeps_the_logo_it_was_frozen_with(room: Flask, slug: str) -> None:
    letter = db.session.query(Letter).one()
    nadia, jonas = cast.actor(cast.NADIA), cast.actor(cast.JONAS)
    plain = documents.compile_edition(jonas, letter)
    with unit_of_work():
        set_logo(nadia, letter, _file())
    made = documents.compile_edition(jonas, letter)
    assert made.is_new and made.edition.number == plain.edition.number + 1
    frozen = queries.content_of(made.rendition)
    with unit_of_work():
        set_logo(nadia, letter, _file(size=(64, 64)))
    assert documents.rebuild(jonas, letter, made.edition.number) == frozen
    with pikepdf.open(io.BytesIO(frozen)) as document:
        words = [str(one.Alt) for one in document.objects
                 if isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"]
    assert words[0].startswith("Logo")


def test_a_document_with_a_logo_keeps_both_standards(tmp_path: Path) -> None:
    frozen, content = _with_logo(_file("JPEG", mode="CMYK"))
    assert problems(draw(frozen, logo=content), tmp_path / "logo.pdf") == []


def _with_logo(content: bytes) -> tuple[Snapshot, bytes]:
    picture = redrawn(content, field="logo")
    return replace(snapshot(), logo=hashlib.sha256(picture.content).hexdigest()), picture.content


def test_the_editable_letter_carries_it_over_the_letterhead_with_words() -> None:
    frozen, content = _with_logo(_file(size=(600, 200)))
    made = as_docx(frozen, logo=content)
    assert made == as_docx(frozen, logo=content)
    document = Document(io.BytesIO(made))
    (shape,) = document.inline_shapes
    assert (round(shape.width.mm), round(shape.height.mm)) == (54, 18)
    assert shape._inline.docPr.get("descr") == "Logo: Syrian Civil Society Coalition"
    styles = [paragraph.style.name for paragraph in document.paragraphs]
    assert styles.index("Logo") + 1 == styles.index("Letterhead")
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        assert packed.read("word/media/image1.png") == content


def test_an_edition_without_a_logo_has_the_hash_it_always_had() -> None:
    assert "logo" not in snapshot().to_json()
    frozen, _content = _with_logo(_file())
    assert Snapshot.from_json(frozen.to_json()) == frozen


def test_a_logo_that_is_not_the_one_frozen_is_never_printed() -> None:
    frozen, _content = _with_logo(_file())
    for other in (None, redrawn(_file(size=(64, 64)), field="logo").content):
        with pytest.raises(Unavailable, match="logo"):
            draw(frozen, logo=other)
