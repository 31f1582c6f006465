"""A long list, drawn entry by entry, looks as it does when it is set with its document, and says the same."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageChops

from coalition.documents import drawing, long_lists, pdf
from coalition.documents.composing import gathering, keeping
from coalition.documents.snapshot import Snapshot
from coalition.signatories.grouping import Grouping
from tests.documents import conformance, many_languages
from tests.documents.cast import mixed, snapshot

_LENGTH = 24


@dataclass(frozen=True)
class Both:
    """The same edition, its list set apart and set with it."""

    composed: bytes
    at_once: bytes


def _both(frozen: Snapshot, patch: pytest.MonkeyPatch, **how: object) -> Both:
    for bound in ("LONG", "LONG_STATED"):
        patch.setattr(long_lists, bound, 2)
    composed = drawing.draw(frozen, **how)  # type: ignore[arg-type]
    for bound in ("LONG", "LONG_STATED"):
        patch.setattr(long_lists, bound, 10**9)
    return Both(composed, drawing.draw(frozen, **how))  # type: ignore[arg-type]


def _in_three(patch: pytest.MonkeyPatch) -> Both:
    patch.setattr(many_languages, "ENTRIES", tuple(mixed(_LENGTH)))
    languages = ("en", "ar", "zh")
    return _both(many_languages.edition(languages), patch, languages=languages)


_CASES: dict[str, Callable[[pytest.MonkeyPatch], Both]] = {
    "by country, American paper": lambda patch: _both(
        snapshot(mixed(_LENGTH), grouping=Grouping.COUNTRY), patch, paper="Letter"),
    "a preview in Arabic": lambda patch: _both(replace(snapshot(mixed(_LENGTH), language="ar"), edition=None), patch),
    "three languages": _in_three,
}


@pytest.mark.parametrize("case", _CASES)
def test_every_page_says_and_looks_the_same(
        case: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    both = _CASES[case](monkeypatch)
    assert caplog.messages == [], "the typesetter remarks on something"
    composed, at_once = _seen(both.composed, tmp_path / "composed"), _seen(both.at_once, tmp_path / "at_once")
    assert composed.text == at_once.text
    assert _bookmarks(both.composed) == _bookmarks(both.at_once)
    assert len(both.composed) < 1.05 * len(both.at_once)
    assert len(composed.pages) == len(at_once.pages) > 2
    for one_page, other_page in zip(composed.pages, at_once.pages, strict=True):
        with Image.open(one_page) as one, Image.open(other_page) as other:
            difference = ImageChops.difference(one, other)
        # The edge of a letter may fall a shade to the other side, no more.
        assert sum(difference.histogram()[96:]) == 0, one_page
    if case == "three languages":
        assert conformance.problems(both.composed, tmp_path / "composed.pdf") == []


@dataclass(frozen=True)
class Seen:
    """The text of a file as it stands on its pages, and their pictures."""

    text: str
    pages: list[Path]


def _seen(pdf: bytes, folder: Path) -> Seen:
    folder.mkdir()
    (folder / "document.pdf").write_bytes(pdf)
    subprocess.run(["pdftoppm", "-r", "40", "-gray", folder / "document.pdf", folder / "page"], check=True)
    said = subprocess.run(["pdftotext", "-layout", folder / "document.pdf", "-"], check=True, capture_output=True)
    return Seen(said.stdout.decode(), sorted(folder.glob("page-*")))


def _bookmarks(pdf: bytes) -> list[tuple[str, int, int]]:
    found: list[tuple[str, int, int]] = []

    def walk(items: list[pikepdf.OutlineItem], pages: list[object]) -> None:
        for item in items:
            target, _how, _across, down, _zoom = item.destination  # type: ignore[misc]
            found.append((item.title, pages.index(target.objgen), round(float(down))))
            walk(item.children, pages)

    with pikepdf.open(BytesIO(pdf)) as document, document.open_outline() as outline:
        walk(outline.root, [page.obj.objgen for page in document.pages])
    return found


def test_what_is_kept_changes_no_byte_and_only_the_new_is_drawn(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_lists, "LONG", 20)
    drawn: list[int] = []
    plain = gathering._drawn

    def counted(frame: str, missing: list[str], draw: object) -> object:
        drawn.append(len(missing))
        return plain(frame, missing, draw)  # type: ignore[arg-type]

    monkeypatch.setattr(gathering, "_drawn", counted)
    entries = list(mixed(_LENGTH))
    without_one = snapshot([*entries[:10], *entries[11:]])
    whole = snapshot(entries)
    by_itself = drawing.draw(whole)
    monkeypatch.setattr(gathering, "_AT_ONCE", 17)
    kept = tmp_path / "cache" / keeping.FILE_NAME
    monkeypatch.setattr(drawing, "has_app_context", lambda: True)
    monkeypatch.setattr(drawing, "drawn_lists", lambda: kept)
    drawing.draw(without_one)
    assert drawing.draw(whole) == drawing.draw(whole) == by_itself
    # The entries, and two samples of numbers with one figure, two with two, and all ten: then the one entry.
    assert drawn == [_LENGTH + 5, _LENGTH - 1 + 5, 1, 0]
    assert kept.parent.stat().st_mode & 0o777 == 0o700
    place = f"{whole.letter} {whole.audience} A4 {whole.language}"
    longer = list(mixed(3 * _LENGTH))
    drawing.draw(snapshot(longer))
    pages = [keeping.take(kept, f"{place}-{what}").keys() for what in ("sheets", "structure")]
    drawing.draw(snapshot(longer[:-1]))
    for before, what in zip(pages, ("sheets", "structure"), strict=True):
        assert 0 < len(before - keeping.take(kept, f"{place}-{what}").keys()) < len(before), "the first pages stay"
    assert drawing.draw(whole) == by_itself
    kept.write_bytes(b"this is no database any more")
    assert drawing.draw(whole) == by_itself
    assert keeping.take(kept, place), "a damaged file is thrown away"
    drawing.draw(snapshot(entries[:10]))
    assert not keeping.take(kept, place)


def test_what_is_thrown_away_while_a_document_is_made_is_drawn_again(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_lists, "LONG", 5)
    kept = tmp_path / keeping.FILE_NAME
    monkeypatch.setattr(drawing, "has_app_context", lambda: True)
    monkeypatch.setattr(drawing, "drawn_lists", lambda: kept)
    asked: list[str] = []
    plain = pdf._written

    def forgetful(*arguments: Any) -> dict[str, Any]:
        request = plain(*arguments)
        keeping.forget(kept, "")
        asked.append(request["kept"])
        return request

    monkeypatch.setattr(pdf, "_written", forgetful)
    assert drawing.draw(snapshot(mixed(5))).startswith(b"%PDF")
    assert [file == str(kept) for file in asked] == [True, True, False]
    monkeypatch.setattr(pdf, "_written", plain)
    keep = keeping.keep_together

    def full(file: Path, *arguments: Any, **how: Any) -> None:
        if file == kept:
            raise keeping.Lost
        keep(file, *arguments, **how)

    monkeypatch.setattr(keeping, "keep_together", full)
    assert drawing.draw(snapshot(mixed(5))).startswith(b"%PDF"), "nothing can be kept"


def test_a_name_that_left_the_list_leaves_what_is_kept(tmp_path: Path) -> None:
    kept = tmp_path / keeping.FILE_NAME
    keeping.keep(kept, "letter public A4 en", {"a": b"first CNRY-1", "b": b"second"}, gone=())
    keeping.keep(kept, "letter public A4 en", {"c": b"third"}, gone=["a"])
    assert keeping.take(kept, "letter public A4 en") == {"b": b"second", "c": b"third"}
    assert b"CNRY-1" not in kept.read_bytes()
    keeping.keep(kept, "letters public A4 en", {"d": b"another letter"}, gone=())
    keeping.forget(kept, "letter ")
    assert keeping.take(kept, "letter public A4 en") == {}
    assert keeping.take(kept, "letters public A4 en") == {"d": b"another letter"}
    assert b"second" not in kept.read_bytes()
    for beginning, found in (("letters public A4 en", {"e": b"a page"}), ("letter public A4 en", {})):
        keeping.keep(kept, f"{beginning}-sheets", {"e": b"a page"}, gone=(), made_from=beginning)
        assert keeping.take(kept, f"{beginning}-sheets") == found, "made from what was forgotten meanwhile"
