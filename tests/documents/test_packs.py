"""The pack of 2016, and packs in each of the seven languages, sealed as they are handed over: each is made once here,
and shown to other people's programs."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pikepdf
import pytest

from coalition.documents import exports
from coalition.documents.drawing import draw_sealed
from coalition.documents.html import document_html
from coalition.documents.seal import Seal
from coalition.documents.snapshot import Snapshot
from coalition.documents.verification import verify
from tests.documents import reading
from tests.documents.conformance import problems
from tests.documents.conftest import Sealed
from tests.documents.many_languages import SUBJECTS, edition

ALL = ("en", "ar", "zh", "fr", "ru", "es", "nb")
#: What each language says: title of the list, note, a statement, a date, a page's foot.
SAID = {
    "en": ("Signatory list", "Note on the list", "representing more than 700 organisations", "Page 2 of"),
    "fr": ("Liste des signataires", "Note relative à la liste", "représentant plus de 700 organisations", "Page 2 sur"),
    "ru": ("Список подписантов", "Примечание к списку", "представлено: более 700 организаций", "Страница 2 из"),
    "es": ("Lista de signatarios", "Nota sobre la lista", "en representación de más de 700 organizaciones",
           "Página 2 de"),
    "nb": ("Liste over underskrivere", "Merknad om listen", "representerer mer enn 700 organisasjoner", "Side 2 av"),
    "zh": ("签署方名单", "关于名单的说明", "代表超过700个组织", "第2页，共"),
}  # fmt: skip


@pytest.fixture(scope="module")
def whole(issuer: Seal) -> Snapshot:
    return edition(ALL, issuer=issuer.fingerprint)


@pytest.fixture(scope="module")
def packs(whole: Snapshot, letter_2016: Sealed, issuer: Seal) -> dict[str, bytes]:
    """The pack of 2016, the edition in each language alone, and in three one after another."""
    made = {name: draw_sealed(whole, issuer=issuer, languages=name.split(",")) for name in (*ALL, "en,fr,ar")}
    return {"2016": letter_2016.pdf, **made}


@pytest.mark.parametrize("name", ["2016", *ALL, "en,fr,ar"])
def test_each_pack_keeps_both_standards_and_every_program_reads_it_in_silence(
    packs: dict[str, bytes], issuer: Seal, name: str, tmp_path: Path
) -> None:
    assert problems(packs[name], tmp_path / "pack.pdf") == []
    assert verify(packs[name], fingerprint=issuer.fingerprint).is_genuine
    with pikepdf.open(tmp_path / "pack.pdf") as document:
        assert str(document.Root.Lang) == ("en" if name == "2016" else name.split(",")[0])


_DRAW_AGAIN = """
import hashlib, sys
from coalition.documents.drawing import draw
from coalition.documents.snapshot import Snapshot
frozen = Snapshot.from_json(sys.stdin.buffer.read().decode())
for languages in sys.argv[1:]:
    print(hashlib.sha256(draw(frozen, languages=languages.split(","))).hexdigest())
"""


def test_another_process_in_another_zone_locale_and_order_of_hashes_draws_the_same_bytes(
    packs: dict[str, bytes], whole: Snapshot, tmp_path: Path
) -> None:
    """From the frozen values alone: what is before the seal is what was handed over."""
    name = "en,fr,ar"
    root = Path(exports.__file__).parents[2]
    environment = {
        **os.environ, "PYTHONPATH": str(root), "TZ": "Pacific/Kiritimati", "LANG": "tr_TR.UTF-8",
        "LC_ALL": "tr_TR.UTF-8", "LANGUAGE": "tr", "PYTHONHASHSEED": "4711",
    }  # fmt: skip
    again = subprocess.run([sys.executable, "-c", _DRAW_AGAIN, name], input=whole.to_json().encode(),
                           capture_output=True, env=environment, cwd=tmp_path, check=True)  # fmt: skip
    sealed_part = packs[name].rindex(b"%%EOF", 0, packs[name].rindex(b"/ByteRange")) + len(b"%%EOF\n")
    assert again.stdout.decode().split() == [hashlib.sha256(packs[name][:sealed_part]).hexdigest()]


@pytest.mark.parametrize("language", SAID)
def test_the_words_of_each_are_read_back(packs: dict[str, bytes], language: str) -> None:
    words = " ".join(reading.pages(packs[language]))
    for said in (SUBJECTS[language], *SAID[language]):
        # Lines are broken between any two Chinese characters.
        assert said.replace(" ", "") in words.replace(" ", ""), said
    if language != "en":
        for english in ("Signatory list", "Note on the list", "in a personal capacity", "Edition identifier"):
            assert english not in words


def test_nobody_is_left_alone_at_the_end_of_a_list(packs: dict[str, bytes], whole: Snapshot) -> None:
    """The last entries of a list stand together: a page with one name and white below looks like a mistake."""
    for language in set(ALL) - {"ar"}:  # there the numbers stand elsewhere in the text of the page
        pages = reading.pages(packs[language])
        entries = whole.in_language(language).entries
        assert any(all(_numbered(page, entry.number) for entry in entries[-4:]) for page in pages), language


def _numbered(page: str, number: int) -> bool:
    return re.search(rf"(?<!\d){number}\. ", page) is not None


def test_one_after_another_each_has_its_own_pages_and_bookmark(whole: Snapshot, packs: dict[str, bytes]) -> None:
    html = document_html(whole, languages=["en", "fr", "ar"])
    assert re.findall(r'<article class="spoken page-(\w+)" lang="(\w+)" dir="(\w+)"', html) == [
        ("en", "en", "ltr"), ("fr", "fr", "ltr"), ("ar", "ar", "rtl")]  # fmt: skip
    assert re.findall(r"@page in-(\w+) \{.*?direction: (\w+);", html, re.DOTALL) == [
        ("en", "ltr"), ("fr", "ltr"), ("ar", "rtl")]  # fmt: skip
    pages = reading.pages(packs["en,fr,ar"])
    feet = [re.search(r"(Page \d+ (?:of|sur) \d+)", page) for page in pages]
    assert [foot[1] for foot in feet if foot][:2] == [f"Page 1 of {len(pages)}", f"Page 2 of {len(pages)}"]
    assert any(foot and f"Page {number} sur {len(pages)}" == foot[1] for number, foot in enumerate(feet, 1))
    with pikepdf.open(io.BytesIO(packs["en,fr,ar"])) as document, document.open_outline() as outline:
        assert [item.title for item in outline.root] == ["English", "Français", "العربية"]
        assert outline.root[1].children[0].title == SUBJECTS["fr"]


def test_the_list_attached_is_that_of_the_first_language(packs: dict[str, bytes], whole: Snapshot) -> None:
    with pikepdf.open(io.BytesIO(packs["fr"])) as document:
        attached = document.attachments["signatories.json"].get_file().read_bytes().decode()
    assert attached == exports.as_json(whole.in_language("fr"))
    assert whole.sha256 in attached


def test_every_language_of_the_edition_is_attached(packs: dict[str, bytes], whole: Snapshot) -> None:
    others = [language for language in ALL if language != "fr"]
    with pikepdf.open(io.BytesIO(packs["fr"])) as document:
        attached = {name: file.get_file().read_bytes().decode() for name, file in document.attachments.items()}
    assert set(attached) >= {"signatories.csv", "signatories.json", *(f"signatories-{one}.csv" for one in others)}
    assert attached["signatories.csv"] == exports.as_csv(whole.in_language("fr"))
    for language in others:
        assert attached[f"signatories-{language}.csv"] == exports.as_csv(whole.in_language(language))
    data = json.loads(attached["signatories.json"])
    assert data["letter"]["governing_language"] == "en"
    assert {one["language"] for one in data["letter"]["translations"]} == set(others)
    for language in others:
        read = sorted((one["translations"][language]["number"], one["translations"][language]["line"],
                       one["translations"][language]["country"]) for one in data["signatories"])
        assert read == [(entry.number, entry.line, entry.country_name)
                        for entry in whole.in_language(language).entries]
