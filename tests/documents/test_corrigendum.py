"""The corrigendum as a file: one page in each language, the standards, the seal, and no trace of who left."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import page as validator
import pikepdf
import pytest
from flask import Flask
from flask_babel import Babel

from coalition.corrections.corrigendum import Corrigendum, Reason, corrigendum_of
from coalition.corrections.drawing import draw_corrigendum, draw_sealed
from coalition.documents.printed import PrintedEntry
from coalition.documents.seal import Seal
from coalition.documents.snapshot import Snapshot
from coalition.documents.verification import verify
from coalition.errors import Invalid
from coalition.signatories.line import Part
from tests.documents.many_languages import edition
from tests.documents.reading import pages

MADE_AT = datetime(2016, 3, 1, 12, tzinfo=UTC)
LANGUAGES = ("en", "ar", "zh", "fr", "ru", "es", "nb")
GONE = "CNRY-7f3a"
#: What the sheet is called, with the number it corrects.
TITLES = {"en": "Corrigendum to edition 1", "ar": "تصويب للإصدار", "zh": "第1版更正",
          "fr": "Rectificatif à l’édition 1",
          "ru": "Исправление к изданию 1", "es": "Corrección a la edición 1", "nb": "Rettelse til utgave 1"}


@pytest.fixture(autouse=True)
def words() -> Iterator[None]:
    """Refusals are translated, so they need a language."""
    app = Flask(__name__)
    Babel(app)
    with app.test_request_context():
        yield


@pytest.fixture(scope="module")
def after(issuer: Seal) -> Snapshot:
    return replace(edition(LANGUAGES), edition=2, edition_id="abcDEF123456", supersedes=1, issuer=issuer.fingerprint)


def other_line(entry: PrintedEntry) -> PrintedEntry:
    first, *rest = entry.parts
    return replace(entry, printed=replace(entry.printed, parts=(Part(first.role, f"{first.text} of {GONE}"), *rest)))


def sheet(after: Snapshot, *, corrected: int = 3, words: str = "Our mistake.") -> Corrigendum:
    """Between an edition in which so many lines read otherwise, one of them gone since, and `after`."""
    (group,) = after.groups
    entries = [other_line(entry) if place < corrected else entry for place, entry in enumerate(group.entries)]
    leaving = PrintedEntry(99, replace(entries[0].printed, key="gone", organisation=GONE,
                                       parts=(Part("organisation", GONE),)))
    before = replace(after, edition=1, groups=(replace(group, entries=(*entries, leaving)),),
                     frozen_at="2016-02-20T10:00:00+00:00")
    named = {entry.key: frozenset((entry.organisation, entry.other_script, entry.signatory))
             for entry in after.entries}
    return corrigendum_of(before, after, reasons=[Reason.WRONG_NAME, Reason.NARROWED, Reason.OTHER], words=words,
                          made_at=MADE_AT, named=named)


@pytest.fixture(scope="module")
def sealed(after: Snapshot, issuer: Seal) -> bytes:
    return draw_sealed(sheet(after), after, issuer=issuer, language="en", paper="A4")


def test_it_says_what_why_and_between_which_editions(sealed: bytes, after: Snapshot) -> None:
    (text,) = pages(sealed)
    told = " ".join(text.split())
    values = sheet(after)
    for said in (TITLES["en"], "1 March 2016", "A name or a line on the list was wrong.", "Our mistake.",
                 "Not everybody named in edition 1 is named any longer.", "Entries that read otherwise", "Signatories",
                 after.subject, values.old_sha256, values.new_sha256, after.verify_address):
        assert said in told, said
    printed = [entry for entry in after.entries if entry.key in values.keys]
    assert len(printed) == 3
    assert f"{printed[0].number}. {printed[0].line}" in told
    assert "Organisations in all" not in told, "somebody left: the sums would tell how large"


def test_it_holds_no_trace_of_who_left_or_of_what_a_line_said_before(sealed: bytes) -> None:
    with pikepdf.open(io.BytesIO(sealed)) as document:
        plain = io.BytesIO()
        document.save(plain, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.all,
                      object_stream_mode=pikepdf.ObjectStreamMode.disable)
        data = plain.getvalue() + b"".join(
            document.attachments[name].get_file().read_bytes() for name in document.attachments)
    for secret in (GONE, GONE.lower(), "narrowed", "withdraw"):
        for shape in (secret.encode(), secret.encode("utf-16-be"), secret.encode("utf-16-le")):
            assert shape not in data
    assert GONE not in "".join(pages(sealed))


def test_it_is_sealed_like_an_edition(sealed: bytes, issuer: Seal) -> None:
    verdict = verify(sealed, fingerprint=issuer.fingerprint)
    assert verdict.is_genuine
    assert verdict.facts is not None
    assert (verdict.facts.part, verdict.facts.edition) == ("corrigendum", 2)
    changed = sealed.replace(b"D:2016", b"D:2017", 1)
    assert changed != sealed and not verify(changed, fingerprint=issuer.fingerprint).is_genuine


@pytest.mark.parametrize(("language", "paper"), [
    (language, "Letter" if language in ("es", "zh") else "A4") for language in LANGUAGES])
def test_it_is_one_page_in_each_language_and_keeps_both_standards(
        after: Snapshot, issuer: Seal, tmp_path: Path, language: str, paper: str) -> None:
    pdf = draw_sealed(sheet(after), after, issuer=issuer, language=language, paper=paper)
    (text,) = pages(pdf)
    assert TITLES[language] in " ".join(text.split())
    path = tmp_path / "sheet.pdf"
    path.write_bytes(pdf)
    for profile in (validator.ValidationProfile.PDF_A_3A, validator.ValidationProfile.PDF_UA_1):
        report = validator.validate_pdf(str(path), profile=profile, limits=validator.SafetyLimits.unlimited())
        assert report.is_compliant, [failure.message for failure in report.failures]
    with pikepdf.open(path) as document:
        assert document.check_pdf_syntax() == []
        assert str(document.Root.Lang) == language
        width = float(document.pages[0].MediaBox[2])
        assert round(width) == (612 if paper == "Letter" else 595)


def test_the_same_values_give_the_same_bytes(after: Snapshot, sealed: bytes, issuer: Seal) -> None:
    again = Corrigendum.from_json(sheet(after).to_json())
    assert draw_sealed(again, Snapshot.from_json(after.to_json()), issuer=issuer, language="en", paper="A4") == sealed


def test_many_lines_and_long_words_stay_on_one_page(after: Snapshot) -> None:
    made = sheet(after, corrected=24, words="\n".join(["These are our own words, and there are many of them."] * 9))
    (text,) = pages(draw_corrigendum(made, after, language="en", paper="Letter"))
    assert "Further ones stand in edition 2." in " ".join(text.split())


@pytest.mark.parametrize(("language", "paper"), [("de", "A4"), ("en", "A5")])
def test_a_language_or_a_paper_there_is_not_is_refused(after: Snapshot, language: str, paper: str) -> None:
    with pytest.raises(Invalid):
        draw_corrigendum(sheet(after), after, language=language, paper=paper)
