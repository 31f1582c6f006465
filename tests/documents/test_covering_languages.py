"""Covering letters and drafts for missions in the seven languages: words, forms, direction, one sound page."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import docx
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from docx.oxml.ns import qn

from coalition.documents import sheets
from coalition.documents.catalogues import words_of_letters
from coalition.documents.covering import OTHER, PRESIDENT, Cover, Wanted, cover_of
from coalition.documents.snapshot import Snapshot
from coalition.documents.transmittal import Draft, DraftWanted, draft_of
from coalition.documents.transmittal_docx import draft_docx
from coalition.i18n import LANGUAGES
from coalition.letters.presidency import Office, president_of
from tests.documents.cast import snapshot
from tests.documents.reading import pages
from tests.documents.test_covering_letters import FILE, SIGNER, assert_sound
from tests.documents.words_of_the_document import HOME, messages_of_letters

TRANSLATED = [language for language in LANGUAGES if language != "en"]
NAMES = re.compile(r"%\((\w+)\)s")


@cache
def edition() -> Snapshot:
    return replace(snapshot(), edition=3)


def to_president(language: str, month: int = 3, **typed: object) -> Cover:
    wanted = Wanted(PRESIDENT, date(2016, month, 1), language, **{**SIGNER, **typed})  # type: ignore[arg-type]
    return cover_of(edition(), wanted, paper="A4", letterhead="Harbour Light Trust", file_sha256=FILE,
                    letter_date=words_of_letters(language).day("2016-02-24"), president=president_of(2016, month))


def draft(language: str, **typed: str) -> Draft:
    return draft_of(edition(), DraftWanted(**{"sender": "شبكة المرأة السورية", "language": language, **typed}),
                    paper="A4", letter_date=words_of_letters(language).day("2016-02-24"), file_sha256=FILE,
                    made_on="2016-03-01")


def catalogue(language: str) -> Catalog:
    with (HOME / "coalition" / "translations" / language / "LC_MESSAGES" / "covering.po").open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def key(identifier: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (identifier,) if isinstance(identifier, str) else tuple(identifier)


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_word_of_these_letters_is_missing_left_over_or_without_its_values(language: str) -> None:
    said = [message for message in catalogue(language) if message.id]
    plain = {key(message.id) for message in said if not message.context}
    assert plain == set(messages_of_letters())
    assert {key(message.id) for message in said if message.context} <= plain
    for message in said:
        wanted = {name for form in key(message.id) for name in NAMES.findall(form)}
        for form in key(message.string):
            assert form
            named = set(NAMES.findall(form))
            assert named <= wanted and wanted - named <= {"num"}, (message.id, form)
            assert "%" not in NAMES.sub("", form)


@pytest.mark.parametrize(("language", "lines"), [
    ("en", ["Permanent Representative of the Republic of Angola to the United Nations",
            "President of the Security Council for the month of March 2016", "United Nations Headquarters"]),
    ("fr", ["Représentant permanent de l’Angola auprès de l’Organisation des Nations Unies",
            "Président du Conseil de sécurité pour le mois de mars 2016", "Siège de l’Organisation des Nations Unies"]),
    ("es", ["Representante Permanente de Angola ante las Naciones Unidas",
            "Presidente del Consejo de Seguridad correspondiente al mes de marzo de 2016",
            "Sede de las Naciones Unidas"]),
    ("ru", ["Постоянный представитель Анголы при Организации Объединенных Наций",
            "Председатель Совета Безопасности (март 2016 года)",
            "Центральные учреждения Организации Объединенных Наций"]),
    ("ar", ["الممثل الدائم لأنغولا لدى الأمم المتحدة", "رئيس مجلس الأمن لشهر آذار/مارس 2016", "مقر الأمم المتحدة"]),
    ("zh", ["安哥拉常驻联合国代表", "安全理事会2016年3月主席", "联合国总部"]),
    ("nb", ["Fast representant for Angola til De forente nasjoner", "President for Sikkerhetsrådet i mars 2016",
            "De forente nasjoners hovedkvarter"]),
])
def test_the_block_is_written_as_the_conventions_of_the_language_have_it(language: str, lines: list[str]) -> None:
    found = [re.sub("[\u2066-\u2069]", "", line) for line in to_president(language).addressee.splitlines()]
    assert found == [*lines, "New York, NY 10017"]
    named = to_president(language, person="H.E. Mr. Example Person").addressee
    assert named.startswith("H.E. Mr. Example Person\n")


def test_a_charge_daffaires_presides_as_such() -> None:
    assert to_president("en", office=Office.CHARGE).addressee.startswith(
        "Chargé d’affaires a.i. of the Permanent Mission of the Republic of Angola to the United Nations")


@pytest.mark.parametrize(("language", "office"), [
    ("en", "President of"), ("fr", "Présidente du"), ("es", "Presidenta del"), ("ar", "رئيسة مجلس"),
    ("ru", "Председатель"), ("zh", "主席"), ("nb", "President for")])
def test_her_office_is_written_as_the_language_writes_it(language: str, office: str) -> None:
    assert office in to_president(language, is_woman=True).addressee


def test_french_months_with_a_vowel_are_elided() -> None:
    letter = to_president("fr", 4)
    assert "pour le mois d’avril 2016" in letter.addressee
    assert "pour le mois d’avril 2016" in letter.paragraphs[0]


def test_a_form_that_somebody_types_stands_in_the_letter() -> None:
    assert "permanent de la République d’Angola auprès" in to_president(
        "fr", state_words="de la République d’Angola").addressee


@pytest.mark.parametrize("language", TRANSLATED)
def test_each_letter_is_one_sound_page_in_its_own_language(language: str, tmp_path: Path) -> None:
    letter = to_president(language, asks_circulation=True)
    pdf = sheets.cover_pdf(letter)
    (text,) = pages(pdf)
    assert letter.language == language and FILE in text
    assert "We have the honour" not in letter.to_json() and "accept" not in letter.closing
    assert "19" in letter.paragraphs[1] and "231" in letter.paragraphs[1]
    assert_sound(pdf, tmp_path / "cover.pdf")


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_draft_speaks_the_missions_language_in_both_files(language: str) -> None:
    made = draft(language, state="Norway")
    assert len(pages(sheets.draft_pdf(made))) == 1
    word = docx.Document(io.BytesIO(draft_docx(made)))
    lines = [paragraph.text for paragraph in word.paragraphs]
    bare = [re.sub("[\u2066-\u2069]", "", line) for line in (made.note, made.heading, *made.paragraphs)]
    assert lines[:4] == bare
    assert lines[-1] == made.original and lines[-1].startswith("[")
    assert "United Nations" not in "".join(bare)
    assert word.core_properties.language.startswith(language)


def test_a_word_file_in_arabic_runs_from_the_right_and_latin_words_do_not() -> None:
    word = docx.Document(io.BytesIO(draft_docx(draft("ar", sender="Harbour Light Trust"))))
    assert all(paragraph._p.pPr.find(qn("w:bidi")) is not None for paragraph in word.paragraphs)
    sentence = word.paragraphs[2]
    turned = {run.text: bool(run.font.rtl) for run in sentence.runs}
    assert turned["Harbour Light Trust"] is False
    assert sum(turned.values()) >= 2
    english = docx.Document(io.BytesIO(draft_docx(draft("en"))))
    assert all(paragraph._p.pPr.find(qn("w:bidi")) is None for paragraph in english.paragraphs)


def test_a_letter_in_one_of_the_editions_languages_names_it_as_that_language_does() -> None:
    wanted = Wanted(OTHER, date(2016, 3, 1), "fr", addressee="La Mission de la Norvège", **SIGNER)
    french = replace(edition(), language="fr", subject="Protégez les hôpitaux")
    made = cover_of(french, wanted, paper="A4", letterhead="", letter_date="24 février 2016", file_sha256=FILE)
    assert (made.subject, made.subject_language) == ("Protégez les hôpitaux", "fr")
    assert made.salutation == "Madame, Monsieur,"
    assert "Nous avons l’honneur de vous transmettre la lettre ouverte ci-jointe, datée du 24 février 2016." in (
        made.paragraphs[0])


def test_an_address_that_ends_in_commas_is_named_with_single_ones() -> None:
    commas = replace(edition(), addressees=("Vladimir Putin,\nPresident of the Russian Federation,\nMoscow,",))
    wanted = Wanted(PRESIDENT, date(2016, 3, 1), **SIGNER)
    made = cover_of(commas, wanted, paper="A4", letterhead="", letter_date="", file_sha256=FILE,
                    president=president_of(2016, 3))
    assert "addressed to Vladimir Putin, President of the Russian Federation, and we" in made.paragraphs[0]
    assert ",," not in made.to_json()


#: Words of a masthead or of a promise, in the languages of these letters; asking for circulation is none.
CLAIMED = re.compile(
    r"will be circulated|has been circulated|Distr\.|S/20\d\d/\d|sera distribuée|a été distribuée|será distribuid|"
    r"ha sido distribuid|будет распространен|было распространен|سيتم تعميم|سوف تعمم|将作为|已作为|vil bli sirkulert",
    re.IGNORECASE)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_letter_promises_circulation_or_wears_a_masthead(language: str) -> None:
    papers = (to_president(language, asks_circulation=True).to_json(), to_president(language).to_json(),
              draft(language, state="Norway").to_json(), str(catalogue(language)._messages) if language != "en" else "")
    assert [CLAIMED.findall(text) for text in papers] == [[]] * len(papers)
    word = docx.Document(io.BytesIO(draft_docx(draft(language))))
    assert not word.inline_shapes


def test_templates_of_documents_hold_no_emblem_masthead_or_symbol() -> None:
    for path in (*(HOME / "templates" / "covering").iterdir(), *(HOME / "templates" / "letter").iterdir()):
        text = path.read_text("utf-8")
        assert CLAIMED.search(text) is None, path.name
        assert not re.search(r"emblem|masthead|wreath|un[-_ ]logo", text, re.IGNORECASE), path.name
