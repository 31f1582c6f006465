"""Which characters can be printed, told before anybody signs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from coalition.documents.drawing import draw
from coalition.fonts import FACES, brackets, missing_glyphs
from tests.documents import reading
from tests.documents.cast import ENTRIES, snapshot
from tests.documents.conformance import problems


@pytest.mark.parametrize(
    "text",
    [
        "Syrian Women’s Network – “92” (SAMA) & Œuvre № 5 €",
        "Łódź Źródło İnsan Hakları Người Việt Nam ș ț ħ ŵ ǧ ḥ",
        "Правозащитный центр «Мемориал» Українська ґ ђ ћ",
        "Ελληνική Ένωση για τα Δικαιώματα",
        "شبكة المرأة السورية ٢١٢ کوردستان ێ ۆ پ چ گ",
        "中国人权组织联合会，主任。",
        "left\u200eright\u200f \u2068isolated\u2069 no\u00a0break soft\u00adhyphen zero\u200cwidth\n\tline",
        "e\u0301 composed after all",
    ],
)
def test_the_scripts_of_the_seven_languages_can_be_printed(text: str) -> None:
    assert missing_glyphs(text) == ()


def test_a_character_without_a_glyph_is_named_with_its_code_point_once() -> None:
    assert missing_glyphs("कक ა 😀") == (
        "U+0915 DEVANAGARI LETTER KA",
        "U+10D0 GEORGIAN LETTER AN",
        "U+1F600 GRINNING FACE",
    )


def test_every_face_is_in_its_package() -> None:
    assert all(len(face.read()) > 100_000 for face in FACES)


def test_brackets_are_known_by_the_name_a_pdf_gives_the_font() -> None:
    for name in ("Source-Serif-4", "Source-Serif-4-Semi-Bold", "Source-Serif-4-Italic", "Amiri-Bold"):
        assert set("()[]«»") <= set(brackets(name).values())
    assert brackets("Source-Serif-4") != brackets("Source-Serif-4-Italic")
    assert brackets("Times") == {}


def test_letters_with_vowel_signs_are_copied_and_archived_as_they_were_typed(tmp_path: Path) -> None:
    # The vowelled form comes first in the file: the first use of a glyph once decided what it stood for.
    names = ("رُؤْيَة ٱلْحَقّ", "الشَّبكة السُّوريّة", "رؤية محمد", "قَوِيٌّ", "لِلّٰه")
    made = draw(snapshot([replace(ENTRIES[3], organisation=name) for name in names]), paper="A4")
    assert problems(made, tmp_path / "vowels.pdf") == []
    text = "".join(reading.pages(made))
    assert text.count("ؤ") == 2 and "رؤية محمد" in text
