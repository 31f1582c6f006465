"""A seal with a time stamp: asked for over HTTP, proved by the file alone, and no way to seal without when it fails."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import cms, x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from coalition.documents.seal import Seal
from coalition.documents.sealing import seal
from coalition.documents.verification import verify
from coalition.errors import Unavailable
from tests.documents.cast import FROZEN_AT
from tests.documents.conformance import problems
from tests.documents.conftest import Sealed
from tests.documents.stamping import NAME, authority, served


@pytest.fixture(scope="module")
def ours() -> DummyTimeStamper:
    return authority()


@pytest.fixture(scope="module")
def address(ours: DummyTimeStamper) -> Iterator[str]:
    with served([ours]) as address:
        yield address


@pytest.fixture(scope="module")
def stamped(letter_2016: Sealed, issuer: Seal, address: str) -> bytes:
    return _sealed(letter_2016, issuer, address)


def _sealed(letter: Sealed, issuer: Seal, address: str) -> bytes:
    return seal(letter.drawn, seal=replace(issuer, timestamp_url=address), at=FROZEN_AT, reason="Edition 1")


def test_the_file_says_when_and_by_whom_it_was_stamped(stamped: bytes, letter_2016: Sealed, issuer: Seal) -> None:
    verdict = verify(stamped, fingerprint=issuer.fingerprint)
    assert verdict.is_genuine
    assert verdict.stamp is not None
    assert NAME in verdict.stamp.authority
    assert abs(verdict.stamp.moment - datetime.now(UTC)) < timedelta(minutes=10)
    assert verify(letter_2016.pdf, fingerprint=issuer.fingerprint).stamp is None


def test_the_pages_before_the_seal_are_the_same_and_the_stamp_alone_is_new(
    stamped: bytes, letter_2016: Sealed, issuer: Seal, address: str
) -> None:
    again = _sealed(letter_2016, issuer, address)
    assert stamped.startswith(letter_2016.drawn) and again.startswith(letter_2016.drawn)
    assert again != stamped


def test_a_stamped_file_keeps_both_standards(stamped: bytes, tmp_path: Path) -> None:
    assert problems(stamped, tmp_path / "stamped.pdf") == []


def test_other_programs_find_seal_and_stamp_valid(stamped: bytes, issuer: Seal, ours: DummyTimeStamper) -> None:
    (signature,) = PdfFileReader(io.BytesIO(stamped)).embedded_signatures
    trusted = ValidationContext(trust_roots=[x509.Certificate.load(issuer.certificate)], moment=FROZEN_AT)
    clocks = ValidationContext(trust_roots=[ours.tsa_cert])
    status = validate_pdf_signature(signature, trusted, clocks)
    assert status.intact and status.valid
    assert status.timestamp_validity.intact and status.timestamp_validity.valid and status.timestamp_validity.trusted


def _signature(pdf: bytes) -> tuple[int, int]:
    start = pdf.rindex(b"/Contents <") + 11
    return start, pdf.index(b">", start)


def test_one_byte_changed_anywhere_in_seal_or_stamp_is_not_genuine(stamped: bytes, issuer: Seal) -> None:
    start, end = _signature(stamped)
    length = len(stamped[start:end].rstrip(b"0"))
    for place in [*range(start, start + length, 11), *range(start + length, end, 97), end]:
        altered = bytearray(stamped)
        altered[place] = ord("1") if altered[place] != ord("1") else ord("2")
        assert verify(bytes(altered), fingerprint=issuer.fingerprint).status == "altered", place


def _with_signature(pdf: bytes, content: cms.ContentInfo) -> bytes:
    start, end = _signature(pdf)
    return pdf[:start] + content.dump(force=True).hex().upper().encode().ljust(end - start, b"0") + pdf[end:]


def _signer(pdf: bytes) -> tuple[cms.ContentInfo, cms.SignerInfo]:
    start, end = _signature(pdf)
    content = cms.ContentInfo.load(bytes.fromhex(pdf[start:end].decode()))
    return content, content["content"]["signer_infos"][0]


def test_a_stamp_taken_off_is_missed(stamped: bytes, issuer: Seal) -> None:
    content, signer = _signer(stamped)
    bare = cms.SignerInfo({name: signer[name] for name in (
        "version", "sid", "digest_algorithm", "signed_attrs", "signature_algorithm", "signature")})  # fmt: skip
    content["content"]["signer_infos"] = [bare]
    assert verify(_with_signature(stamped, content), fingerprint=issuer.fingerprint).code == "seal_damaged"


def test_a_stamp_of_another_authority_does_not_pass(
    stamped: bytes, letter_2016: Sealed, issuer: Seal
) -> None:
    """Somebody has the very signature stamped again, by a clock of their own."""
    with served([authority()]) as theirs:
        other = _sealed(letter_2016, issuer, theirs)
    content, signer = _signer(stamped)
    _, foreign = _signer(other)
    signer["unsigned_attrs"] = foreign["unsigned_attrs"]
    altered = _with_signature(stamped, content)
    assert altered != stamped
    assert verify(altered, fingerprint=issuer.fingerprint).code == "seal_damaged"


def test_a_stamp_of_another_signature_does_not_pass(
    stamped: bytes, letter_2016: Sealed, issuer: Seal, address: str
) -> None:
    other = seal(letter_2016.drawn, seal=replace(issuer, timestamp_url=address), at=FROZEN_AT, reason="Edition 2")
    content, signer = _signer(stamped)
    signer["unsigned_attrs"] = _signer(other)[1]["unsigned_attrs"]
    assert verify(_with_signature(stamped, content), fingerprint=issuer.fingerprint).code == "seal_damaged"


@pytest.mark.parametrize("address", ["ftp://clock.example", "clock.example", "http://127.0.0.1:1/stamp"])
def test_no_server_means_no_seal_and_says_what_to_do(letter_2016: Sealed, issuer: Seal, address: str) -> None:
    with pytest.raises(Unavailable, match="TIMESTAMP_URL"):
        _sealed(letter_2016, issuer, address)


_NOT_FOR_STAMPS = ExtendedKeyUsageOID.CODE_SIGNING


@pytest.mark.parametrize(
    "answers",
    [lambda: [b""], lambda: [b"Not found"], lambda: [b"\x30\x03\x02\x01\x00"],
     lambda: [authority(_NOT_FOR_STAMPS)], lambda: [authority(), authority()],
     lambda: [authority(fixed=datetime(1999, 1, 1, tzinfo=UTC))]],
    ids=["nothing", "text", "no-response", "no-clock", "changing", "outside-its-time"],
)  # fmt: skip
def test_an_answer_that_proves_nothing_seals_nothing(
    letter_2016: Sealed, issuer: Seal, answers: Callable[[], list[DummyTimeStamper | bytes]]
) -> None:
    with served(answers()) as address, pytest.raises(Unavailable, match="Nothing was sealed"):
        _sealed(letter_2016, issuer, address)
