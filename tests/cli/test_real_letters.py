"""Every entry of a letter file, brought in by the commands, read back from all that is made of it: equal, in order.

The letter of 2016 stands in the tree. Others are read from the folder that COALITION_LETTERS names, if it names one.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from docx import Document
from flask import Flask
from openpyxl import load_workbook

from coalition import cli
from coalition.documents.verification import verify
from tests.documents import reading

IN_TREE = Path(cli.__file__).parent / "demo" / "letter_2016.json"
_FOLDER = os.environ.get("COALITION_LETTERS", "")
OTHERS = sorted(Path(_FOLDER).glob("*.json")) if _FOLDER else []
_ARABIC = re.compile("[\u0590-\u08ff]")
_MARKS = str.maketrans("", "", "\u200e\u200f\u2066\u2067\u2068\u2069")
#: What the file says of an entry, and what our outputs call it.
FIELDS = ("organisation", "honorific", "signatory", "title", "description", "represents_text", "country")


@dataclass(frozen=True)
class Read:
    """A letter file, and all that was made of it."""

    entries: list[dict[str, Any]]
    pdf: bytes
    exported: dict[str, bytes]


def _cases() -> list[Any]:
    return [pytest.param(IN_TREE, id="2016"),
            *(pytest.param(path, id=path.stem, marks=pytest.mark.soak) for path in OTHERS)]


@pytest.fixture(params=_cases())
def made(request: pytest.FixtureRequest, app: Flask, run: Any, tmp_path: Path) -> Read:
    """The file imported and approved, its edition compiled, its list exported in every format."""
    whole = json.loads(request.param.read_text("utf-8"))
    file = request.param
    if file != IN_TREE:
        # Its list alone: several claim in title and text what their list does not bear out.
        file = tmp_path / file.name
        kept = {name: whole[name] for name in ("language", "signatories") if name in whole}
        file.write_text(json.dumps({"title": "Read back", **kept}), "utf-8")
    imported = run("letter", "import", file, "--open", "--approve")
    assert imported.exit_code == 0, imported.stderr
    slug = imported.stdout.rstrip().splitlines()[-1]
    compiled = run("letter", "compile", slug, "-o", tmp_path / "letter.pdf")
    assert compiled.exit_code == 0, compiled.stderr
    exported = {}
    for form in ("csv", "xlsx", "json", "docx", "txt"):
        done = run("letter", "export", slug, "--edition", "1", "--format", form, "-o", tmp_path / f"list.{form}")
        assert done.exit_code == 0, done.stderr
        exported[form] = (tmp_path / f"list.{form}").read_bytes()
    return Read(whole["signatories"], (tmp_path / "letter.pdf").read_bytes(), exported)


def _plain(text: object) -> str:
    return unicodedata.normalize("NFC", " ".join(str(text or "").split()))


def test_every_entry_is_read_back_equal_and_in_order(made: Read) -> None:
    data = json.loads(made.exported["json"])
    listed = data["signatories"]
    _hold_against_the_file(made.entries, listed, data["counts"]["withheld"])
    lines = [(entry["number"], entry["line"]) for entry in listed]
    assert [number for number, _line in lines] == list(range(1, len(lines) + 1))

    rows = list(csv.DictReader(io.StringIO(made.exported["csv"].decode("utf-8-sig"))))
    assert [(int(row["number"]), row["printed_line"].removeprefix("'")) for row in rows] == lines
    sheet = load_workbook(io.BytesIO(made.exported["xlsx"]))["Signatories"]
    assert [row[:2] for row in list(sheet.iter_rows(values_only=True))[1:]] == lines
    assert _lines_of_word(made.exported["docx"], data) == [line for _number, line in lines]
    text = made.exported["txt"].decode().translate(_MARKS)
    _in_order(text, [f"{number}. {line}" for number, line in lines])

    with pikepdf.open(io.BytesIO(made.pdf)) as document:
        attached = {name: document.attachments[name].get_file().read_bytes() for name in document.attachments}
    assert json.loads(attached["signatories.json"])["signatories"] == listed
    assert list(csv.DictReader(io.StringIO(attached["signatories.csv"].decode("utf-8-sig")))) == rows
    _printed(made.pdf, lines)


def _hold_against_the_file(entries: list[dict[str, Any]], listed: list[dict[str, Any]], withheld: int) -> None:
    """The list is the file's, in its order; who is not on it is withheld, or a body that is on it already."""
    waiting = list(listed)
    missing = []
    for entry in entries:
        said = {name: _plain(entry.get(name)) for name in FIELDS}
        if waiting and _same(said, waiting[0]):
            waiting.pop(0)
        else:
            missing.append(entry)
    assert waiting == [], "what is listed and was not in the file, or not in this order"
    hidden = [entry for entry in missing if entry.get("anonymous")]
    assert len(hidden) == withheld
    names = [_folded(entry.get("organisation")) for entry in entries]
    for entry in missing:
        assert entry.get("anonymous") or names.count(_folded(entry.get("organisation"))) > 1, entry


def _folded(name: object) -> str:
    return re.sub(r"\W", "", _plain(name)).casefold()


def _same(said: dict[str, str], one: dict[str, Any]) -> bool:
    """Every value of the file stands in the list's values and in the printed line, spelt as it was."""
    line = _plain(one["line"])
    for name in ("organisation", "honorific", "signatory", "title"):
        if _plain(one[name]) != said[name]:
            return False
    return bool(one["country"]) == bool(said["country"]) and all(
        value in line for name, value in said.items() if name != "country")


def _lines_of_word(docx: bytes, data: dict[str, Any]) -> list[str]:
    """The numbered entries of the Word file, without number and country."""
    found: list[str] = []
    for one in Document(io.BytesIO(docx)).paragraphs:
        if one.style.name == "Signatory":
            found.append(one.text.translate(_MARKS))
        elif one.style.name == "Heading 2" and found:
            break  # the second annex names the networks again
    lines = []
    for text, entry in zip(found, data["signatories"], strict=True):
        number, _tab, line = text.partition("\t")
        assert number == f"{entry['number']}."
        country = entry["country"]
        lines.append(line.removesuffix(f" ({country})") if country else line)
    return lines


def _in_order(text: str, wanted: list[str]) -> None:
    start = 0
    for words in wanted:
        place = text.find(words, start)
        assert place >= 0, f"not found in order: {words}"
        start = place + len(words)


def _printed(pdf: bytes, lines: list[tuple[int, str]]) -> None:
    """The pages hold every line, in order; of lines from the right their words, which programs put out otherwise."""
    verdict = verify(pdf, fingerprint="")
    assert verdict.code == "foreign_seal", "sealed and whole"
    pages = [re.sub(r"\S+ \d+, [0-9a-f]{12} · \S+ \d+ \S+ \d+", "", page) for page in reading.pages(pdf)]
    text = " ".join(pages)
    plain = [f"{number}. {line}" for number, line in lines if not _ARABIC.search(line)]
    _in_order(_without_breaks(text), [_without_breaks(line) for line in plain])
    for _number, line in lines:
        if _ARABIC.search(line):
            for word in re.findall(r"[\w]+", line):
                assert word in text, word


def _without_breaks(text: str) -> str:
    """Without blanks: a page may end within an entry's line only where a line of it ends."""
    return re.sub(r"\s", "", text)
