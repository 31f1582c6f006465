"""What covering letters and drafts for missions say and look like: words, one page, standards, the same bytes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import docx
import page as validator
import pikepdf
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from flask import Flask
from flask_babel import Babel

from coalition.documents import sheets
from coalition.documents.covering import OTHER, PRESIDENT, Cover, Wanted, cover_of
from coalition.documents.snapshot import Snapshot
from coalition.documents.transmittal import Draft, DraftWanted, draft_of
from coalition.documents.transmittal_docx import draft_docx
from coalition.errors import Invalid
from coalition.letters.presidency import president_of
from tests.documents.cast import snapshot
from tests.documents.reading import pages

FILE = "5ea1" * 16
FIRST_OF_MARCH = date(2016, 3, 1)
SIGNER = {"signer_name": "Dr. Example Signer", "signer_title": "Spokesperson",
          "signer_organisation": "Harbour Light Trust", "contact": "letters@example.org\n+90 555 0100"}


@pytest.fixture(autouse=True)
def words() -> Iterator[None]:
    """Refusals are translated, so they need a language."""
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield


@pytest.fixture(scope="module")
def edition() -> Snapshot:
    return replace(snapshot(), edition=3)


def to_president(edition: Snapshot, *, paper: str = "A4", **typed: Any) -> Cover:
    wanted = Wanted(PRESIDENT, FIRST_OF_MARCH, **{**SIGNER, **typed})
    return cover_of(edition, wanted, paper=paper, letterhead="Coalition of the tests", file_sha256=FILE,
                    letter_date="24 February 2016", president=president_of(2016, 3))


def to_other(edition: Snapshot, addressee: str, **typed: Any) -> Cover:
    wanted = Wanted(OTHER, FIRST_OF_MARCH, addressee=addressee, **{**SIGNER, **typed})
    return cover_of(edition, wanted, paper="A4", letterhead="", letter_date="24 February 2016", file_sha256=FILE)


def draft(edition: Snapshot, paper: str = "A4", **typed: Any) -> Draft:
    return draft_of(edition, DraftWanted(**{"sender": "a coalition of Syrian organisations", **typed}), paper=paper,
                    letter_date="24 February 2016", file_sha256=FILE, made_on="2016-03-01")


def assert_sound(pdf: bytes, path: Path) -> None:
    """PDF/A-3a and PDF/UA-1 at once, and tidy inside."""
    path.write_bytes(pdf)
    for profile in (validator.ValidationProfile.PDF_A_3A, validator.ValidationProfile.PDF_UA_1):
        report = validator.validate_pdf(str(path), profile=profile, limits=validator.SafetyLimits.unlimited())
        assert report.is_compliant, [failure.message for failure in report.failures]
    with pikepdf.open(path) as document:
        assert document.check_pdf_syntax() == []


def test_the_letter_to_the_president_transmits_the_open_letter_on_one_page(edition: Snapshot, tmp_path: Path) -> None:
    pdf = sheets.cover_pdf(to_president(edition, person="H.E. Mr. Example Person"))
    (text,) = pages(pdf)
    for words_of_it in (
        "Coalition of the tests", "1 March 2016", "H.E. Mr. Example Person",
        "Permanent Representative of the Republic of Angola to the United Nations",
        "President of the Security Council for the month of March 2016", "New York, NY 10017", "Excellency,",
        edition.subject, "the enclosed open letter of 24 February 2016",
        "It is addressed to Vladimir Putin, President of the Russian Federation",
        "endorsed by 19 signatories", "231 organisations in all; overlaps between networks are not excluded",
        "Please accept, Excellency, the assurances of our highest consideration.",
        "Dr. Example Signer", "Spokesperson", "Harbour Light Trust", "letters@example.org", "+90 555 0100",
        "edition 3 of the open letter", FILE,
    ):
        assert words_of_it in text
    assert_sound(pdf, tmp_path / "cover.pdf")


def test_a_letter_that_names_no_person_is_whole(edition: Snapshot) -> None:
    cover = to_president(edition)
    assert cover.addressee.startswith("Permanent Representative of the Republic of Angola")
    assert "None" not in pages(sheets.cover_pdf(cover))[0]


def test_nothing_claims_that_it_will_be_circulated(edition: Snapshot) -> None:
    assert "circulat" not in to_president(edition).to_json()
    asked = " ".join(to_president(edition, asks_circulation=True).paragraphs)
    assert "welcome a request by a Member State that it be circulated" in asked
    assert "will be" not in asked


def test_the_same_answers_give_the_same_bytes_and_others_do_not(edition: Snapshot) -> None:
    first = sheets.cover_pdf(to_president(edition))
    assert sheets.cover_pdf(to_president(edition)) == first
    assert sheets.cover_pdf(to_president(edition, signer_name="Somebody Else")) != first


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_papers_are_their_size_and_a_paragraph_as_long_as_allowed_fits(edition: Snapshot, paper: str) -> None:
    pdf = sheets.cover_pdf(to_president(edition, paper=paper, asks_circulation=True,
                                        paragraph=("A sentence of our own. " * 44)[:1000]))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        (sheet,) = document.pages
        _x, _y, width, height = (round(float(number)) for number in sheet.mediabox)
    assert (width, height) == {"A4": (595, 842), "Letter": (612, 792)}[paper]
    text = pages(pdf)[0]
    assert FILE in text and text.count("A sentence of our own.") == 43


def test_what_does_not_fit_on_one_page_is_refused(edition: Snapshot) -> None:
    with pytest.raises(Invalid, match="one page"):
        sheets.cover_pdf(to_president(edition, paragraph="A sentence of our own.\n" * 60))


def test_a_letter_to_the_council_is_not_brought_to_its_attention_twice(edition: Snapshot) -> None:
    to_council = replace(edition, addressees=("The President of the Security Council",))
    assert "addressed to" not in " ".join(to_president(to_council).paragraphs)
    to_both = replace(edition, addressees=("The President of the Security Council", "The Secretary-General"))
    assert "It is also addressed to The Secretary-General." in " ".join(to_president(to_both).paragraphs)


def test_who_is_an_addressee_is_not_told_so_and_others_are(edition: Snapshot) -> None:
    theirs = to_other(edition, "Vladimir Putin\nPresident of the Russian Federation")
    others = to_other(edition, "The Permanent Mission of Norway\nNew York")
    assert "It is addressed to" not in " ".join(theirs.paragraphs)
    assert "It is addressed to Vladimir Putin, President of the Russian Federation." in " ".join(others.paragraphs)
    assert theirs.salutation == "Dear Sir or Madam,"
    assert to_other(edition, "X", salutation="Dear friends,").salutation == "Dear friends,"


def test_a_letter_with_a_recipients_edition_tells_no_sum_that_its_other_readers_must_not_know(
        edition: Snapshot) -> None:
    told = " ".join(to_president(replace(edition, audience="recipients")).paragraphs)
    assert "19 signatories" in told and "231" not in told


def test_names_in_other_scripts_stand_in_the_letter(edition: Snapshot, tmp_path: Path) -> None:
    arabic = replace(edition, subject="حماية المستشفيات في سوريا", language="ar")
    pdf = sheets.cover_pdf(to_president(arabic, signer_name="سميرة حداد", signer_organisation="شبكة المرأة السورية"))
    assert len(pages(pdf)) == 1
    assert_sound(pdf, tmp_path / "arabic.pdf")


def test_the_draft_holds_the_formulas_and_says_that_it_is_a_draft(edition: Snapshot, tmp_path: Path) -> None:
    pdf = sheets.draft_pdf(draft(edition, state="Norway"))
    (text,) = pages(pdf)
    for words_of_it in (
        "Draft for a Permanent Mission", "not a document of the United Nations",
        "Letter dated [date] from the Permanent Representative of the Kingdom of Norway to the United Nations "
        "addressed to the President of the Security Council",
        "I have the honour to transmit herewith a letter dated 24 February 2016 from a coalition of Syrian "
        "organisations addressed to Vladimir Putin, President of the Russian Federation (see annex).",
        "I should be grateful if you would have the present letter and its annex circulated as a document of the "
        "Security Council.",
        "(Signed) [Name]", "Permanent Representative",
        "Annex to the letter dated [date] from the Permanent Representative of the Kingdom of Norway", FILE,
    ):
        assert words_of_it in text
    assert "[Original" not in text and "Excellency" not in text and "S/" not in text
    assert_sound(pdf, tmp_path / "draft.pdf")


def test_a_letter_in_another_language_says_so_at_the_annex(edition: Snapshot) -> None:
    made = draft(replace(edition, language="ar"))
    assert made.original == "[Original: Arabic]"
    assert "[State]" in made.heading
    assert "[Original: Arabic]" in pages(sheets.draft_pdf(made))[0]
    assert draft(replace(edition, language="zh")).original == "[Original: Chinese]"


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_word_file_holds_what_the_pdf_holds_in_its_order(edition: Snapshot, paper: str) -> None:
    made = draft(replace(edition, language="fr"), paper, representative="Example Person",
                 title="Chargé d’affaires a.i.")
    content = draft_docx(made)
    word = docx.Document(io.BytesIO(content))
    lines = [paragraph.text for paragraph in word.paragraphs]
    assert lines == [made.note, made.heading, *made.paragraphs, "(Signed) Example Person", "Chargé d’affaires a.i.",
                     made.annex_note, made.annex_heading, "[Original: French]"]
    ends = [paragraph.text for paragraph in word.paragraphs if paragraph.alignment == WD_ALIGN_PARAGRAPH.RIGHT]
    assert ends == ["(Signed) Example Person", "Chargé d’affaires a.i.", "[Original: French]"]
    assert round(word.sections[0].page_width.mm) == {"A4": 210, "Letter": 216}[paper]
    assert not word.inline_shapes and "python-docx" not in str(vars(word.core_properties))
    assert word.core_properties.author == ""
    (text,) = pages(sheets.draft_pdf(made))
    assert all(" ".join(line.split()) in text for line in lines)


def test_the_word_file_is_the_same_each_time(edition: Snapshot) -> None:
    assert draft_docx(draft(edition)) == draft_docx(draft(edition))


def test_no_letter_carries_an_emblem_or_any_picture(edition: Snapshot) -> None:
    for pdf in (sheets.cover_pdf(to_president(edition)), sheets.draft_pdf(draft(edition))):
        with pikepdf.open(io.BytesIO(pdf)) as document:
            assert not document.pages[0].get_images()
