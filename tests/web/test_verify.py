"""Is this PDF genuine? The page's answers for files and for hashes."""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from flask import Flask

from coalition import clock
from coalition.access.actor import signer
from coalition.db import unit_of_work
from coalition.documents import operations as documents
from coalition.documents import queries as document_queries
from coalition.documents import seal, sealing
from coalition.endorsements import operations as endorsements
from coalition.letters.models import Letter
from tests import cast
from tests.web.browser import Browser, Page


def _compile(letter: Letter, audience: str = "public") -> bytes:
    made = documents.compile_edition(cast.actor(cast.JONAS), letter, audience=audience)
    return document_queries.content_of(made.rendition)


@pytest.fixture
def letter_pdf(app: Flask) -> bytes:
    """The only edition of a letter with two signatories."""
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        cast.approved(letter, "Harbour Light Trust", country="KE")
        cast.approved(letter, "Green Delta", country="SY")
        return _compile(letter)


def send(browser: Browser, content: bytes, status: int = 200) -> Page:
    browser.get("/verify")
    return browser.submit({"file": (io.BytesIO(content), "letter.pdf")}, button="Check this file", status=status)


def test_a_genuine_file_is_told_with_its_letter_edition_and_counts(letter_pdf: bytes, browser: Browser) -> None:
    page = send(browser, letter_pdf)
    assert page.heading == "This file is genuine"
    for words in ("Letter Protect the hospitals", "Edition 1", "Made on 2 March 2026, 09:00 UTC",
                  "Made for the public", "Signatories 2", "Organisations in all 2",
                  hashlib.sha256(letter_pdf).hexdigest()):
        assert words in page.text
    assert "newer edition" not in page.text


def _flip(content: bytes) -> bytes:
    middle = len(content) // 2
    return content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1:]


@pytest.mark.parametrize(("spoil", "why"), [
    (_flip, "was changed after it was sealed"), (lambda content: content + b"%", "Something was added"),
    (lambda content: content[:-2000], "not complete"), (lambda _content: b"", "not a PDF"),
    (lambda _content: b"hello", "not a PDF"), (lambda _content: b"%PDF-1.7\n%%EOF\n", "carries no seal")])
def test_a_changed_file_is_told_with_the_reason(letter_pdf: bytes, browser: Browser, spoil: object,
                                                why: str) -> None:
    page = send(browser, spoil(letter_pdf))
    assert page.heading == "This file is not a genuine edition"
    assert why in page.text


def test_a_file_sealed_by_another_issuer_is_told_with_its_fingerprint(letter_pdf: bytes, browser: Browser,
                                                                      app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        ours = seal.load(app.config["INSTANCE"]).fingerprint
    (app.config["INSTANCE"] / seal.FILE_NAME).unlink()
    with clock.fixed(cast.MORNING):
        seal.new_key(app.config["INSTANCE"], name="Somebody else")
    page = send(browser, letter_pdf)
    assert page.heading == "The issuer of this file is not known here"
    assert ours in page.text


def test_an_older_edition_is_genuine_and_says_that_there_is_a_newer_one(letter_pdf: bytes, browser: Browser,
                                                                        app: Flask) -> None:
    with app.app_context():
        letter = cast.letters.queries.by_slug("protect-the-hospitals")
        cast.approved(letter, "Third Body", country="NO")
        _compile(letter)
    page = send(browser, letter_pdf)
    assert page.heading == "This file is genuine"
    assert "There is a newer edition: number 2 of 2 March 2026." in page.text


def test_an_edition_that_is_no_longer_handed_out_says_so(letter_pdf: bytes, browser: Browser, app: Flask) -> None:
    with app.app_context():
        made = cast.Endorsement.query.order_by(cast.Endorsement.id).first()
        with unit_of_work():
            endorsements.withdraw(signer(made.id), endorsements.get(made.id))
    assert "no longer handed out" in send(browser, letter_pdf).text


def test_a_hash_is_looked_up_however_it_is_written(letter_pdf: bytes, browser: Browser) -> None:
    whole = hashlib.sha256(letter_pdf).hexdigest()
    for typed in (whole, whole.upper(), f"  {whole[:32]} {whole[32:]} ", ":".join(
            whole[place:place + 2] for place in range(0, 64, 2))):
        browser.get("/verify")
        page = browser.submit({"sha256": typed}, button="Look up")
        assert page.heading == "This is the hash of a genuine file"
        assert "Edition 1" in page.text
        assert "Signatories 2" in page.text


def test_an_unknown_hash_says_what_that_may_mean(letter_pdf: bytes, browser: Browser) -> None:
    page = browser.get(f"/verify?sha256={'0' * 64}")
    assert page.heading == "No file with this hash is known here"


@pytest.mark.parametrize("typed", ["", "abc", "g" * 64, "0" * 65, "\x00", "' OR 1=1"])
def test_what_is_no_hash_is_told_at_the_field(app: Flask, browser: Browser, typed: str) -> None:
    browser.get("/verify")
    page = browser.submit({"sha256": typed}, button="Look up", status=422)
    assert page.error("sha256")
    assert page.forms[-1].value("sha256") == typed


def test_no_file_is_told_at_the_field(app: Flask, browser: Browser) -> None:
    browser.get("/verify")
    assert "Choose the PDF file" in browser.submit(button="Check this file", status=422).error("file")


class TestSize:
    @pytest.fixture
    def settings(self) -> dict[str, int]:
        return {"MAX_CONTENT_LENGTH": 50_000}

    def test_a_file_that_is_too_large_is_refused_kindly(self, app: Flask, browser: Browser) -> None:
        page = send(browser, b"%PDF-1.7" + b"x" * 60_000, status=413)
        assert page.heading == "That is too large"


def test_the_page_names_the_seal_and_the_ways_to_check_without_us(app: Flask, browser: Browser) -> None:
    text = browser.get("/verify").text
    with app.app_context():
        assert seal.own().fingerprint in text
    assert "sha256sum letter.pdf" in text
    assert "reader that shows signatures" in text


def test_the_certificate_can_be_fetched_and_has_the_fingerprint_that_is_shown(app: Flask, browser: Browser) -> None:
    assert ("The certificate (PEM)", "/verify/certificate.pem") in browser.get("/verify").links
    answer = browser.client.get("/verify/certificate.pem")
    assert b"PRIVATE" not in answer.data
    certificate = x509.load_pem_x509_certificate(answer.data)
    with app.app_context():
        assert certificate.fingerprint(hashes.SHA256()).hex() == seal.own().fingerprint


def test_there_is_no_certificate_where_there_is_no_seal(app: Flask, browser: Browser) -> None:
    (app.config["INSTANCE"] / seal.FILE_NAME).unlink()
    assert browser.client.get("/verify/certificate.pem").status_code == 404


class TestAnotherSealNow:
    """The key was exchanged for a given one: what was sealed before stays genuine."""

    @pytest.fixture
    def settings(self, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
        given = tmp_path_factory.mktemp("given")
        with clock.fixed(cast.MORNING):
            seal.new_key(given, name="New seal")
        return {"SEAL_FILE": str(given / seal.FILE_NAME)}

    def test_files_of_the_seal_before_are_genuine_still(self, app: Flask, browser: Browser,
                                                        letter_pdf: bytes) -> None:
        with app.app_context():
            before, now = seal.load(app.config["INSTANCE"]), seal.own()
            assert before.fingerprint != now.fingerprint
        assert send(browser, letter_pdf).heading == "This file is genuine"
        assert send(browser, _resealed(letter_pdf, before)).heading == "This file is genuine"

    def test_files_of_a_seal_that_was_never_ours_are_not(self, app: Flask, browser: Browser, letter_pdf: bytes,
                                                         tmp_path_factory: pytest.TempPathFactory) -> None:
        with clock.fixed(cast.MORNING):
            foreign = seal.new_key(tmp_path_factory.mktemp("foreign"), name="Somebody else")
        page = send(browser, _resealed(letter_pdf, foreign))
        assert page.heading == "The issuer of this file is not known here"
        app.config["SEAL_FORMER"] = [foreign.fingerprint.upper()]
        assert send(browser, _resealed(letter_pdf, foreign)).heading == "This file is genuine"


def _resealed(pdf: bytes, by: seal.Seal) -> bytes:
    """The pages of a sealed file under another seal."""
    drawn = pdf[: pdf.rindex(b"%%EOF", 0, pdf.rindex(b"/ByteRange")) + len(b"%%EOF\n")]
    return sealing.seal(drawn, seal=by, at=cast.MORNING, reason="Again")


def test_without_a_seal_the_page_says_so(app: Flask, browser: Browser) -> None:
    (app.config["INSTANCE"] / seal.FILE_NAME).unlink()
    assert "has no seal yet" in browser.get("/verify").text


class TestHiddenLetters:
    """Before its release only those a letter reaches learn of it, also by a hash."""

    @pytest.fixture
    def hidden_pdf(self, app: Flask) -> bytes:
        with app.app_context():
            cast.staff()
            letter = cast.open_letter("Under embargo", reach="link")
            cast.approved(letter, "Early Signer")
            return _compile(letter)

    def test_a_hash_tells_a_stranger_nothing(self, hidden_pdf: bytes, browser: Browser) -> None:
        page = browser.get(f"/verify?sha256={hashlib.sha256(hidden_pdf).hexdigest()}")
        assert page.heading == "No file with this hash is known here"
        assert "Under embargo" not in page.source

    def test_the_team_is_told(self, hidden_pdf: bytes, browser: Browser) -> None:
        browser.sign_in(cast.JONAS)
        page = browser.get(f"/verify?sha256={hashlib.sha256(hidden_pdf).hexdigest()}")
        assert page.heading == "This is the hash of a genuine file"

    def test_who_has_the_file_learns_that_it_is_genuine(self, hidden_pdf: bytes, browser: Browser) -> None:
        page = send(browser, hidden_pdf)
        assert page.heading == "This file is genuine"
        assert "letter as it stands today" not in page.text
