"""Documents in seven languages: sorted and laid out as each does, and frozen. Their files are in `test_packs.py`."""

from __future__ import annotations

from dataclasses import replace

import pytest

from coalition.documents import catalogues
from coalition.documents.drawing import draw
from coalition.documents.html import document_html
from coalition.documents.snapshot import Snapshot
from coalition.errors import Invalid
from coalition.i18n import LANGUAGES
from tests.documents.cast import snapshot
from tests.documents.many_languages import edition

ALL = ("en", "ar", "zh", "fr", "ru", "es", "nb")
@pytest.fixture(scope="module")
def whole() -> Snapshot:
    return edition(ALL)


def test_arabic_is_laid_out_from_the_right(whole: Snapshot) -> None:
    html = document_html(whole, languages=["ar"])
    assert '<html lang="ar" dir="rtl">' in html
    assert html.count("direction: rtl;\n    vertical-align") == 2, "head and foot of the pages"
    assert "قائمة الموقّعين" in html and "ملاحظة بشأن القائمة" in html
    assert 'lang="en"' not in html


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
    assert set(ALL) == set(LANGUAGES)
