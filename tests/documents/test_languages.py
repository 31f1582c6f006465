"""Documents in seven languages: alone, one after another, sorted and laid out as each does, and frozen."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from pathlib import Path

import page as validator
import pikepdf
import pytest

from coalition.documents import catalogues, exports
from coalition.documents.drawing import draw
from coalition.documents.html import document_html
from coalition.documents.snapshot import Snapshot
from coalition.errors import Invalid
from coalition.i18n import LANGUAGES
from tests.documents import reading
from tests.documents.cast import snapshot
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
def whole() -> Snapshot:
    return edition(ALL)


@pytest.fixture(scope="module")
def drawn(whole: Snapshot) -> dict[str, bytes]:
    """The edition in each language alone, and in three one after another."""
    return {name: draw(whole, languages=name.split(",")) for name in (*ALL, "en,fr,ar")}


@pytest.mark.parametrize("name", [*ALL, "en,fr,ar"])
def test_each_keeps_both_standards(drawn: dict[str, bytes], name: str, tmp_path: Path) -> None:
    path = tmp_path / "drawn.pdf"
    path.write_bytes(drawn[name])
    for profile in (validator.ValidationProfile.PDF_A_3A, validator.ValidationProfile.PDF_UA_1):
        report = validator.validate_pdf(str(path), profile=profile, limits=validator.SafetyLimits.unlimited())
        assert [f"{failure.rule_id}: {failure.message}" for failure in report.failures] == []
    with pikepdf.open(path) as document:
        assert document.check_pdf_syntax() == []
        assert str(document.Root.Lang) == name.split(",")[0]


@pytest.mark.parametrize("language", SAID)
def test_the_words_of_each_are_read_back(drawn: dict[str, bytes], language: str) -> None:
    words = " ".join(reading.pages(drawn[language]))
    for said in (SUBJECTS[language], *SAID[language]):
        # Lines are broken between any two Chinese characters.
        assert said.replace(" ", "") in words.replace(" ", ""), said
    if language != "en":
        for english in ("Signatory list", "Note on the list", "in a personal capacity", "Edition identifier"):
            assert english not in words


def test_arabic_is_laid_out_from_the_right(whole: Snapshot) -> None:
    html = document_html(whole, languages=["ar"])
    assert '<html lang="ar" dir="rtl">' in html
    assert html.count("direction: rtl;\n    vertical-align") == 2, "head and foot of the pages"
    assert "قائمة الموقّعين" in html and "ملاحظة بشأن القائمة" in html
    assert 'lang="en"' not in html


def test_one_after_another_each_has_its_own_pages_and_bookmark(whole: Snapshot, drawn: dict[str, bytes]) -> None:
    html = document_html(whole, languages=["en", "fr", "ar"])
    assert re.findall(r'<article class="spoken page-(\w+)" lang="(\w+)" dir="(\w+)"', html) == [
        ("en", "en", "ltr"), ("fr", "fr", "ltr"), ("ar", "ar", "rtl")]  # fmt: skip
    assert re.findall(r"@page in-(\w+) \{.*?direction: (\w+);", html, re.DOTALL) == [
        ("en", "ltr"), ("fr", "ltr"), ("ar", "rtl")]  # fmt: skip
    pages = reading.pages(drawn["en,fr,ar"])
    feet = [re.search(r"(Page \d+ (?:of|sur) \d+)", page) for page in pages]
    assert [foot[1] for foot in feet if foot][:2] == [f"Page 1 of {len(pages)}", f"Page 2 of {len(pages)}"]
    assert any(foot and f"Page {number} sur {len(pages)}" == foot[1] for number, foot in enumerate(feet, 1))
    with pikepdf.open(io.BytesIO(drawn["en,fr,ar"])) as document, document.open_outline() as outline:
        assert [item.title for item in outline.root] == ["English", "Français", "العربية"]
        assert outline.root[1].children[0].title == SUBJECTS["fr"]


def test_each_list_is_in_the_order_of_its_language(whole: Snapshot) -> None:
    names = {language: [entry.organisation for entry in whole.in_language(language).entries] for language in ALL}
    assert {frozenset(found) for found in names.values()} == {frozenset(names["en"])}
    assert names["nb"].index("Ålesund fredslag") > names["nb"].index("Zenit")
    assert names["en"].index("Ålesund fredslag") < names["en"].index("Norte")
    assert names["es"].index("Ñandú") > names["es"].index("Nueva Vida")
    assert names["fr"].index("Ñandú") < names["fr"].index("Nueva Vida")
    assert names["ru"][0].startswith("Правозащитный") or names["ru"][0].startswith("Українська")
    assert names["zh"][0] == "中国人权组织联合会"
    for language in ALL:
        assert [entry.number for entry in whole.in_language(language).entries] == list(range(1, 25))


def test_countries_and_remarks_are_in_the_language(whole: Snapshot) -> None:
    by_key = {language: {entry.key: entry for entry in whole.in_language(language).entries} for language in ALL}
    assert [by_key[language]["n1"].country_name for language in ALL] == [
        "Norway", "النرويج", "挪威", "Norvège", "Норвегия", "Noruega", "Norge"]  # fmt: skip
    assert by_key["fr"]["m00015"].line.endswith("(à titre personnel)")
    assert by_key["ar"]["m00016"].country_name == "Kurdistan", "as the signatory wrote it"


def test_the_governing_language_and_each_source_are_named(whole: Snapshot) -> None:
    french = document_html(whole, languages=["fr"])
    assert "Langue faisant foi\u00a0: anglais." in french
    assert "SHA-256 du texte source signé (arabe)" in french and b"ar".hex() * 16 in french
    assert whole.in_language("fr").sha256 == whole.sha256
    assert whole.short_hash in french
    assert "Governing language" not in document_html(edition(["en"]))


def test_the_list_attached_is_that_of_the_first_language(drawn: dict[str, bytes], whole: Snapshot) -> None:
    with pikepdf.open(io.BytesIO(drawn["fr"])) as document:
        attached = document.attachments["signatories.json"].get_file().read_bytes().decode()
    assert attached == exports.as_json(whole.in_language("fr"))
    assert whole.sha256 in attached


def test_every_language_of_the_edition_is_attached(drawn: dict[str, bytes], whole: Snapshot) -> None:
    others = [language for language in ALL if language != "fr"]
    with pikepdf.open(io.BytesIO(drawn["fr"])) as document:
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


def test_what_is_frozen_comes_back_and_outlives_corrections(whole: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    again = Snapshot.from_json(whole.to_json())
    assert again == whole and again.sha256 == whole.sha256
    before = document_html(again, languages=["fr", "ar"])
    monkeypatch.setattr(catalogues, "text_of", lambda language, domain="document": "")
    monkeypatch.setattr("coalition.countries._names", lambda language: {})
    assert document_html(Snapshot.from_json(whole.to_json()), languages=["fr", "ar"]) == before


def test_an_edition_from_before_the_translations_keeps_its_form_and_its_hash() -> None:
    old = replace(snapshot(), format=1)
    text = old.to_json()
    assert '"translations"' not in text and '"words"' not in text and '"original"' not in text
    again = Snapshot.from_json(text)
    assert (again.to_json(), again.sha256) == (text, old.sha256)
    now = snapshot().to_json()
    assert '"translations":[]' in now and '"words":""' in now and '"original"' not in now


def test_a_language_that_was_not_frozen_is_refused(whole: Snapshot) -> None:
    with pytest.raises(Invalid, match="not in “de”"):
        whole.in_language("de")
    with pytest.raises(Invalid, match="This edition is in en, not in “fr”"):
        draw(edition(["en"]), languages=["fr"])


def test_a_character_without_a_glyph_in_a_translation_is_refused() -> None:
    frozen = edition(["en", "fr"])
    broken = Snapshot.from_json(frozen.to_json().replace("Protégez", "Protégez क"))
    assert document_html(broken)
    with pytest.raises(Invalid, match=r"U\+0915 DEVANAGARI LETTER KA"):
        document_html(broken, languages=["en", "fr"])


def test_every_language_of_the_house_is_tried() -> None:
    assert set(ALL) == set(LANGUAGES) == set(SAID) | {"ar"}
