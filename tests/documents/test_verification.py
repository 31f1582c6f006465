"""Genuine or not: one byte anywhere, a piece more, a piece less, another's seal, and any rubbish."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils.generic import pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from coalition.documents import verification
from coalition.documents.drawing import draw_sealed
from coalition.documents.parts import SINGLE
from coalition.documents.seal import Seal, new_key
from coalition.documents.sealing import seal
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


def _saved(pdf: bytes, change: Callable[[pikepdf.Pdf], None], **how: object) -> bytes:
    """What a program makes of the file that opens it, changes it and saves it anew."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        change(document)
        saved = io.BytesIO()
        document.save(saved, **how)
    return saved.getvalue()


def _without_last_page(document: pikepdf.Pdf) -> None:
    del document.pages[-1]


def _with_page_twice(document: pikepdf.Pdf) -> None:
    document.pages.append(document.pages[0])


def _with_another_list(document: pikepdf.Pdf) -> None:
    document.attachments["signatories.json"] = pikepdf.AttachedFileSpec(
        document, b'{"signatories": []}', filename="signatories.json"
    )


def _with_another_list_behind_the_same_name(document: pikepdf.Pdf) -> None:
    document.attachments["signatories.csv"].obj.EF.F.write(b"number,printed_line")


def _without_a_list(document: pikepdf.Pdf) -> None:
    del document.attachments["signatories.csv"]


def _with_one_more_file(document: pikepdf.Pdf) -> None:
    document.attachments["more.csv"] = pikepdf.AttachedFileSpec(document, b"x", filename="more.csv")


def _as_it_was(document: pikepdf.Pdf) -> None:
    """Only saved anew."""


_PACKED = {"object_stream_mode": pikepdf.ObjectStreamMode.generate, "recompress_flate": True}


@pytest.mark.parametrize("how", [{}, {"linearize": True}, _PACKED], ids=["plain", "linear", "packed"])
@pytest.mark.parametrize(
    ("change", "code"),
    [
        (_without_last_page, "page_removed"),
        (_with_page_twice, "page_added"),
        (_with_another_list, "attachment_swapped"),
        (_with_another_list_behind_the_same_name, "attachment_swapped"),
        (_without_a_list, "attachment_swapped"),
        (_with_one_more_file, "attachment_swapped"),
        (_as_it_was, "rewritten"),
    ],
)
def test_what_a_program_did_that_saved_the_file_anew_is_told_by_the_seals_own_word(
    letter_2016: Sealed, issuer: Seal, change: Callable[[pikepdf.Pdf], None], code: str, how: dict[str, object]
) -> None:
    verdict = verify(_saved(letter_2016.pdf, change, **how), fingerprint=issuer.fingerprint)
    assert (verdict.status, verdict.code) == ("altered", code)
    assert verdict.facts is None


def test_the_five_kinds_of_tampering_have_five_codes_and_five_explanations(
    letter_2016: Sealed, issuer: Seal, tmp_path: Path
) -> None:
    pdf = letter_2016.pdf
    byte = bytearray(pdf)
    byte[len(letter_2016.drawn) // 3] ^= 1
    cases = {
        "changed": bytes(byte),
        "page_removed": _saved(pdf, _without_last_page),
        "attachment_swapped": _saved(pdf, _with_another_list),
        "appended": _revised(pdf),
        "foreign_seal": seal(letter_2016.drawn, seal=new_key(tmp_path), at=FROZEN_AT, reason="Edition 1"),
    }
    verdicts = {code: verify(altered, fingerprint=issuer.fingerprint) for code, altered in cases.items()}
    assert {code: verdict.code for code, verdict in verdicts.items()} == {code: code for code in cases}
    assert len({verdict.reason for verdict in verdicts.values()}) == 5
    assert not any(verdict.is_genuine for verdict in verdicts.values())


def _revised(pdf: bytes) -> bytes:
    """The file with a revision added by a library that knows how to: it exchanges the title."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    writer.root["/Lang"] = pdf_string("fr")
    writer.update_root()
    made = io.BytesIO()
    writer.write(made)
    assert made.getvalue().startswith(pdf)
    return made.getvalue()


def test_a_page_removed_from_a_file_with_anothers_seal_is_nobodys_word(
    letter_2016: Sealed, issuer: Seal, tmp_path: Path
) -> None:
    foreign = seal(letter_2016.drawn, seal=new_key(tmp_path), at=FROZEN_AT, reason="Edition 1")
    assert verify(_saved(foreign, _without_last_page), fingerprint=issuer.fingerprint).code == "rewritten"


def test_an_inventory_that_was_tampered_with_is_not_believed(letter_2016: Sealed, issuer: Seal) -> None:
    """The number of pages in the seal is signed: who writes another one breaks the signature over it."""

    def forge(document: pikepdf.Pdf) -> None:
        _without_last_page(document)
        field = document.Root.AcroForm.Fields[0].V
        pages = len(document.pages)
        field.Contents = pikepdf.String(
            bytes(field.Contents).replace(b'"pages":%d' % (pages + 1), b'"pages":%d' % pages)
        )

    assert verify(_saved(letter_2016.pdf, forge), fingerprint=issuer.fingerprint).code == "rewritten"


def test_a_part_of_an_edition_is_genuine_and_says_which_part_it_is(letter_2016: Sealed, issuer: Seal) -> None:
    for part in SINGLE:
        verdict = verify(draw_sealed(letter_2016.snapshot, issuer=issuer, part=part), fingerprint=issuer.fingerprint)
        assert verdict.is_genuine
        assert verdict.facts is not None
        assert (verdict.facts.part, verdict.facts.sha256) == (part.value, letter_2016.snapshot.sha256)


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
