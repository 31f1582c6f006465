"""The document as HTML: escaped, directed, and refusing what cannot be printed."""

from __future__ import annotations

import re
from dataclasses import replace
from gettext import NullTranslations

import pytest

from coalition.documents.html import document_html
from coalition.errors import Invalid
from coalition.signatories.counting import Hidden
from coalition.signatories.entry import Entry, SigningAs
from coalition.signatories.grouping import Grouping
from tests.documents.cast import mixed, snapshot


def _entry(**values: object) -> Entry:
    return Entry(**{"key": "k", "signing_as": SigningAs.ORGANISATION, "organisation": "A", **values})  # type: ignore[arg-type]


def _lines(html: str) -> list[str]:
    return re.findall(r'<p class="line[^>]*>.*?</p>', html, re.DOTALL)


def test_the_same_snapshot_gives_the_same_html() -> None:
    assert document_html(snapshot(mixed(40))) == document_html(snapshot(mixed(40)))


def test_names_and_texts_of_users_are_never_markup() -> None:
    nasty = '<img src="http://a.example/x">&"\'{{ 7*7 }}</style>'
    html = document_html(
        snapshot(
            [_entry(organisation=nasty, description=nasty, country_text=nasty)],
            subject=nasty, letterhead=nasty, place=nasty, date_text=nasty, closing=nasty,
            addressees=(nasty,), copies=(nasty,), body=nasty, verify_url=nasty, edition_id=nasty,
        )
    )  # fmt: skip
    assert "<img" not in html
    assert "49" not in re.sub(r'#[0-9a-f]+|\w{12,}|<svg.*?</svg>', "", html, flags=re.DOTALL)
    assert html.count("</style>") == 1


def test_a_line_that_runs_one_way_stays_in_one_piece() -> None:
    html = document_html(snapshot([_entry(organisation="شبكة المرأة السورية")]))
    (line,) = _lines(html)
    assert 'dir="rtl"' in line
    assert "شبكة المرأة السورية</span>" in line
    assert 'class="rtl"' not in line


def test_each_part_of_a_mixed_line_runs_its_own_way() -> None:
    html = document_html(snapshot([_entry(organisation="ANA Press", signatory="رامي الجراح")]))
    (line,) = _lines(html)
    assert 'class="line foreign" dir="rtl"' in line
    assert '<span class="rtl">رامي الجراح</span>' in line
    assert '<span class="name ltr">ANA Press</span>' in line


def test_a_name_is_not_broken_at_its_hyphens() -> None:
    html = document_html(snapshot([_entry(signatory="Sharif Kaf Al-Ghazal")]))
    assert '<span class="whole">Al-Ghazal</span>' in html


def test_paragraphs_of_the_letter_run_as_they_begin() -> None:
    html = document_html(snapshot(body="Dear Council\n\nالسيد الرئيس\n\n> **السلام**\n"))
    assert "<p>Dear Council</p>" in html
    assert '<p dir="rtl">السيد الرئيس</p>' in html
    assert '<blockquote dir="rtl">' in html


def test_a_letter_in_arabic_is_laid_out_from_the_right() -> None:
    html = document_html(snapshot(mixed(18), language="ar"))
    assert '<html lang="ar" dir="rtl">' in html
    # Without a catalogue the fixed words are English, and say so.
    assert '<section class="note" lang="en" dir="ltr">' in html


def test_the_fixed_words_come_from_the_catalogue() -> None:
    class Shouting(NullTranslations):
        def gettext(self, message: str) -> str:
            return message.upper() if "%" not in message else message

    html = document_html(snapshot(language="fr"), translations=Shouting())
    assert "SIGNATORY LIST" in html
    assert "NOTE ON THE LIST" in html


def test_a_character_without_a_glyph_is_refused_with_entry_and_code_point() -> None:
    with pytest.raises(Invalid, match=r"entry 2: U\+0915 DEVANAGARI LETTER KA"):
        document_html(snapshot([_entry(), _entry(key="l", organisation="क संगठन", position=1)]))
    with pytest.raises(Invalid, match=r"the letter: U\+1F600 GRINNING FACE"):
        document_html(snapshot(subject="😀"))


def test_an_unknown_paper_is_refused() -> None:
    with pytest.raises(Invalid, match="A5"):
        document_html(snapshot(), paper="A5")


def test_groups_stand_under_their_headings_and_numbers_run_through() -> None:
    html = document_html(snapshot(mixed(18), grouping=Grouping.KIND)).partition('class="represented"')[0]
    assert re.findall(r"<h3[^>]*>(.*?)</h3>", html) == ["Networks", "Organisations", "Persons"]
    assert re.findall(r'<span class="number">(\d+)\.', html) == [str(number) for number in range(1, 19)]


def test_a_preview_says_on_every_page_that_it_is_none() -> None:
    html = document_html(replace(snapshot(), edition=None), watermark="Preview")
    assert "Preview\\2c  not an edition" in html
    assert '<p class="watermark">Preview</p>' in html
    assert "must not be handed over" in html


def test_an_empty_list_makes_a_document() -> None:
    html = document_html(snapshot([]))
    assert "0 signatories" in html
    assert not _lines(html)


def test_withheld_signatories_are_a_number_and_nothing_else() -> None:
    html = document_html(snapshot(hidden=Hidden(entries=4, organisations=3)))
    assert "23 signatories" in html
    assert "4 further signatories are counted whose names are not printed" in html
    assert len(_lines(html)) == 19
