"""Genuine or not: one byte anywhere, a piece more, a piece less, another's seal, and any rubbish."""

from __future__ import annotations

import io
import random
import time
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from coalition.documents import verification
from coalition.documents.seal import Seal, new_key, seal
from coalition.documents.verification import verify
from tests.documents.cast import FROZEN_AT
from tests.documents.conftest import Sealed


def test_the_edition_handed_out_is_genuine_and_says_which_it_is(letter_2016: Sealed, issuer: Seal) -> None:
    verdict = verify(letter_2016.pdf, fingerprint=issuer.fingerprint)
    assert verdict.is_genuine
    assert verdict.code == "whole"
    assert verdict.facts is not None
    assert verdict.facts.letter == letter_2016.snapshot.letter
    assert verdict.facts.edition == 1
    assert verdict.facts.sha256 == letter_2016.snapshot.sha256
    assert verdict.facts.counts == letter_2016.snapshot.counts.as_dict()


def test_a_fingerprint_may_be_written_as_pdf_readers_show_it(letter_2016: Sealed, issuer: Seal) -> None:
    shown = ":".join(issuer.fingerprint.upper()[i : i + 2] for i in range(0, 64, 2))
    assert verify(letter_2016.pdf, fingerprint=shown).is_genuine


def _places(pdf: bytes) -> list[int]:
    """Every 997th byte, both ends, the whole seal and its surroundings."""
    start = pdf.rindex(b"/Contents <")
    end = pdf.index(b">", start)
    return sorted(
        {
            *range(0, len(pdf), 997),
            *range(40),
            *range(len(pdf) - 40, len(pdf)),
            *range(start - 60, end + 120, 5),
        }
    )


@pytest.mark.parametrize("change", [0x01, 0x20, 0x80])
def test_one_byte_changed_anywhere_is_not_genuine(letter_2016: Sealed, issuer: Seal, change: int) -> None:
    for place in _places(letter_2016.pdf):
        altered = bytearray(letter_2016.pdf)
        altered[place] ^= change
        verdict = verify(bytes(altered), fingerprint=issuer.fingerprint)
        assert verdict.status == "altered", place
        assert verdict.facts is None
        assert verdict.reason


def test_no_digit_of_the_seal_can_be_written_otherwise(letter_2016: Sealed, issuer: Seal) -> None:
    pdf = letter_2016.pdf
    start = pdf.rindex(b"/Contents <") + 11
    end = pdf.index(b">", start)
    lower = pdf[:start] + pdf[start:end].lower() + pdf[end:]
    padded = pdf[: end - 1] + b"1" + pdf[end:]
    spaced = pdf[: end - 2] + b"  " + pdf[end:]
    for altered in (lower, padded, spaced):
        assert altered != pdf
        assert verify(altered, fingerprint=issuer.fingerprint).code == "seal_damaged"


def test_what_was_done_to_a_file_is_told_apart(letter_2016: Sealed, issuer: Seal) -> None:
    pdf = letter_2016.pdf
    content = bytearray(pdf)
    content[len(letter_2016.drawn) // 2] ^= 1
    cases = {
        "changed": bytes(content),
        "appended": pdf + b"\n",
        "truncated": pdf[:-1],
        "no_seal": letter_2016.drawn,
        "not_a_pdf": b"Dear Sir or Madam",
        "seal_damaged": pdf.replace(b"/ByteRange [0 ", b"/ByteRange [1 "),
    }
    for code, altered in cases.items():
        assert verify(altered, fingerprint=issuer.fingerprint).code == code
    for length in (0, 4, 5_000, len(letter_2016.drawn) - 9, len(pdf) - 900):
        assert verify(pdf[:length], fingerprint=issuer.fingerprint).code in ("truncated", "not_a_pdf")


def test_a_revision_added_later_is_named_as_such(letter_2016: Sealed, issuer: Seal) -> None:
    revision = b"\n9999 0 obj\n<< /Type /Catalog >>\nendobj\nxref\n0 0\ntrailer\n<<>>\nstartxref\n0\n%%EOF\n"
    verdict = verify(letter_2016.pdf + revision, fingerprint=issuer.fingerprint)
    assert (verdict.status, verdict.code) == ("altered", "appended")


def test_a_file_saved_anew_without_a_page_is_not_genuine(letter_2016: Sealed, issuer: Seal) -> None:
    with pikepdf.open(io.BytesIO(letter_2016.pdf)) as document:
        del document.pages[-1]
        saved = io.BytesIO()
        document.save(saved)
    verdict = verify(saved.getvalue(), fingerprint=issuer.fingerprint)
    assert verdict.status == "altered"
    assert verdict.code in ("rewritten", "truncated", "seal_damaged")


def test_a_foreign_seal_is_whole_but_unknown(letter_2016: Sealed, issuer: Seal, tmp_path: Path) -> None:
    foreign = new_key(tmp_path)
    forged = seal(letter_2016.drawn, seal=foreign, at=FROZEN_AT, reason="Edition 1")
    verdict = verify(forged, fingerprint=issuer.fingerprint)
    assert (verdict.status, verdict.code) == ("unknown_issuer", "foreign_seal")
    assert verdict.issuer == foreign.fingerprint
    assert verify(forged, fingerprint=foreign.fingerprint).is_genuine


def test_a_second_seal_over_a_genuine_file_does_not_pass_for_ours(
    letter_2016: Sealed, issuer: Seal, tmp_path: Path
) -> None:
    pdf = letter_2016.pdf
    # Another's seal grafted on by hand, with the genuine bytes and the genuine seal still in the file.
    foreign = seal(letter_2016.drawn, seal=new_key(tmp_path), at=FROZEN_AT, reason="Edition 1")
    for altered in (pdf + foreign, foreign + pdf, pdf + foreign[len(letter_2016.drawn) :]):
        assert not verify(altered, fingerprint=issuer.fingerprint).is_genuine


def test_an_empty_fingerprint_matches_nobody(letter_2016: Sealed) -> None:
    assert verify(letter_2016.pdf, fingerprint="").status == "unknown_issuer"


def test_a_sealed_file_that_is_no_edition_has_no_facts(letter_2016: Sealed, issuer: Seal) -> None:
    with pikepdf.open(io.BytesIO(letter_2016.drawn)) as document:
        del document.attachments["signatories.json"]
        saved = io.BytesIO()
        document.save(saved)
    other = seal(saved.getvalue(), seal=issuer, at=FROZEN_AT, reason="Something else")
    verdict = verify(other, fingerprint=issuer.fingerprint)
    assert verdict.is_genuine
    assert verdict.facts is None


def test_a_file_larger_than_any_edition_is_not_read(issuer: Seal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "LIMIT", 1_000)
    assert verify(b"%PDF-1.7" + bytes(1_000), fingerprint=issuer.fingerprint).code == "too_large"


def test_rubbish_in_the_place_of_the_seal_raises_nothing(letter_2016: Sealed, issuer: Seal) -> None:
    chance = random.Random(7)
    pdf = letter_2016.pdf
    start = pdf.rindex(b"/Contents <") + 11
    end = pdf.index(b">", start)
    for _ in range(300):
        rubbish = bytearray(bytes.fromhex(pdf[start:end].decode()))
        for _ in range(chance.randrange(1, 12)):
            rubbish[chance.randrange(0, 1_900)] = chance.randrange(256)
        altered = pdf[:start] + rubbish.hex().upper().encode() + pdf[end:]
        assert altered == pdf or not verify(altered, fingerprint=issuer.fingerprint).is_genuine


@given(st.binary(max_size=400), st.sampled_from([b"", b"%PDF-1.7\n", b"%PDF-1.7\n/ByteRange [0 9 99 9]"]))
def test_any_bytes_get_an_answer(tail: bytes, head: bytes) -> None:
    assert verify(head + tail, fingerprint="0" * 64).status == "altered"


@pytest.mark.parametrize(
    "numbers",
    ["0 0 0 0", "0 5 4 9", "0 1 9999999999 1", "0 12 60 0", "0 -1 5 5", "0 12 50", "0 99999999999 1 1"],
)
def test_ranges_that_cannot_be_get_an_answer(numbers: str) -> None:
    pdf = f"%PDF-1.7\n<< /Contents <AB> /ByteRange [{numbers}] >>\n%%EOF\n".encode()
    assert verify(pdf, fingerprint="0" * 64).status == "altered"


def test_a_deeply_nested_seal_raises_nothing(issuer: Seal) -> None:
    nested = b""
    for _ in range(3_000):
        size = len(nested)
        nested = b"\x30\x83" + size.to_bytes(3, "big") + nested
    digits = nested.hex().upper().encode()
    head = b"%PDF-1.7\n"
    body = b"<" + digits + b">"
    end = len(head) + len(body)
    pdf = head + body + b"/ByteRange [0 %d %d %d]" % (len(head), end, 50)
    pdf = pdf.ljust(end + 50, b" ")
    started = time.process_time()
    assert verify(pdf, fingerprint=issuer.fingerprint).status == "altered"
    assert time.process_time() - started < 5


def test_facts_are_read_from_genuine_files_only(letter_2016: Sealed, issuer: Seal) -> None:
    frozen = replace(letter_2016.snapshot, edition=7)
    assert frozen.sha256 != letter_2016.snapshot.sha256
    altered = letter_2016.pdf + b" "
    assert verify(altered, fingerprint=issuer.fingerprint).facts is None
    assert verify(letter_2016.pdf, fingerprint="0" * 64).facts is None
