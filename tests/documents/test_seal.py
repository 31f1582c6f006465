"""The seal: made once, private, the same each time, and valid for other people's programs."""

from __future__ import annotations

import io
import os
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import x509
from cryptography import x509 as pyca
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from coalition import clock
from coalition.documents.drawing import draw_sealed
from coalition.documents.seal import FILE_NAME, Seal, given_in, load, new_key
from coalition.documents.sealing import seal
from coalition.documents.verification import verify
from coalition.errors import NotFound, Unavailable, WrongState
from tests.documents.cast import FROZEN_AT, snapshot
from tests.documents.conftest import Sealed


def test_a_seal_is_kept_readable_by_its_owner_only_and_comes_back_the_same(tmp_path: Path) -> None:
    made = new_key(tmp_path, name="A Coalition")
    assert stat.S_IMODE((tmp_path / FILE_NAME).stat().st_mode) == 0o600
    assert load(tmp_path).fingerprint == made.fingerprint
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
    assert "PRIVATE" not in made.certificate_pem
    assert "RSAPrivateKey" not in repr(made)


def test_a_seal_is_never_replaced(tmp_path: Path) -> None:
    made = new_key(tmp_path)
    with pytest.raises(WrongState):
        new_key(tmp_path)
    assert load(tmp_path).fingerprint == made.fingerprint
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


def test_a_missing_a_damaged_and_a_mismatched_seal_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="no seal yet"):
        load(tmp_path)
    one, other = tmp_path / "one", tmp_path / "other"
    one.mkdir()
    other.mkdir()
    new_key(one)
    new_key(other)
    key = (one / FILE_NAME).read_text().partition("-----BEGIN CERTIFICATE")[0]
    certificate = (other / FILE_NAME).read_text().partition("-----BEGIN CERTIFICATE")[2]
    (tmp_path / FILE_NAME).write_text(f"{key}-----BEGIN CERTIFICATE{certificate}")
    with pytest.raises(Unavailable, match="do not belong together"):
        load(tmp_path)
    (tmp_path / FILE_NAME).write_text(key[:200])
    with pytest.raises(Unavailable, match="damaged"):
        load(tmp_path)


def test_sealing_adds_to_the_file_and_changes_none_of_it(letter_2016: Sealed) -> None:
    assert letter_2016.pdf.startswith(letter_2016.drawn)
    assert len(letter_2016.pdf) - len(letter_2016.drawn) < 16_000


def test_sealing_again_gives_the_same_bytes(letter_2016: Sealed, issuer: Seal) -> None:
    again = seal(letter_2016.drawn, seal=issuer, at=FROZEN_AT, reason="Edition 1")
    assert again == letter_2016.pdf
    later = seal(letter_2016.drawn, seal=issuer, at=FROZEN_AT + timedelta(seconds=1), reason="Edition 1")
    assert later != letter_2016.pdf


def test_other_programs_find_the_seal_valid_covering_all_and_forbidding_changes(
    letter_2016: Sealed, issuer: Seal
) -> None:
    (signature,) = PdfFileReader(io.BytesIO(letter_2016.pdf)).embedded_signatures
    root = x509.Certificate.load(issuer.certificate)
    status = validate_pdf_signature(signature, ValidationContext(trust_roots=[root], moment=FROZEN_AT))
    assert status.intact
    assert status.valid
    assert str(status.coverage).endswith("ENTIRE_FILE")
    assert signature.docmdp_level is MDPPerm.NO_CHANGES
    assert signature.sig_object["/Reason"] == "Edition 1"
    assert "20160224120000" in str(signature.sig_object["/M"])


def test_a_preview_is_never_sealed_nor_an_edition_of_another_seal(issuer: Seal) -> None:
    with pytest.raises(WrongState, match="preview"):
        draw_sealed(replace(snapshot(), edition=None), issuer=issuer)
    with pytest.raises(WrongState, match="another seal"):
        draw_sealed(snapshot(), issuer=issuer)


def _pem(folder: Path, name: str = "given.pem", *, bits: int = 2048, certificate: bool = True,
         days: int = 30, lock: bool = False, elliptic: bool = False) -> Path:
    """A key and certificate as another program makes them."""
    key = ec.generate_private_key(ec.SECP256R1()) if elliptic else rsa.generate_private_key(65537, bits)
    subject = pyca.Name([pyca.NameAttribute(NameOID.COMMON_NAME, "Given")])
    now = clock.now()
    made = (
        pyca.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=60)).not_valid_after(now + timedelta(days=days))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    hiding = serialization.BestAvailableEncryption(b"x") if lock else serialization.NoEncryption()
    path = folder / name
    path.write_bytes(
        (made.public_bytes(serialization.Encoding.PEM) if certificate else b"")
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, hiding))
    path.chmod(0o600)
    return path


def test_a_given_key_seals_and_its_file_may_hold_the_whole_chain(letter_2016: Sealed, tmp_path: Path) -> None:
    chain = _pem(tmp_path)
    other = _pem(tmp_path, "other.pem").read_text()
    chain.write_text(other[: other.index("-----BEGIN PRIVATE")] + chain.read_text())
    given = given_in(chain)
    sealed = seal(letter_2016.drawn, seal=given, at=FROZEN_AT, reason="Edition 1")
    assert verify(sealed, fingerprint=given.fingerprint).is_genuine


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"bits": 1024}, "at least 2048 bits"), ({"elliptic": True}, "RSA key"), ({"lock": True}, "passphrase"),
        ({"certificate": False}, "does not hold a private key and its certificate"),
    ],
)  # fmt: skip
def test_a_given_key_that_cannot_seal_says_why(tmp_path: Path, how: dict[str, Any], words: str) -> None:
    with pytest.raises(Unavailable, match=words):
        given_in(_pem(tmp_path, **how))


def test_a_given_file_that_is_missing_damaged_of_another_key_or_a_folder_says_what_to_do(tmp_path: Path) -> None:
    for nowhere in (tmp_path / "no.pem", tmp_path):
        with pytest.raises(Unavailable, match="SEAL_FILE in the settings names"):
            given_in(nowhere)
    one, other = _pem(tmp_path, "one.pem").read_text(), _pem(tmp_path, "other.pem").read_text()
    mixed = tmp_path / "one.pem"
    mixed.write_text(one[: one.index("-----BEGIN PRIVATE")] + other[other.index("-----BEGIN PRIVATE") :])
    with pytest.raises(Unavailable, match="do not belong together"):
        given_in(mixed)
    for rubbish in (b"", b"\x00\xff" * 50, one.encode()[:300]):
        mixed.write_bytes(rubbish)
        with pytest.raises(Unavailable, match="damaged"):
            given_in(mixed)


@pytest.mark.parametrize(("mode", "is_refused"), [
    (0o600, False), (0o400, False), (0o640, False), (0o644, True), (0o660, True), (0o601, True)])  # fmt: skip
def test_a_key_that_others_may_read_or_change_is_refused(tmp_path: Path, mode: int, is_refused: bool) -> None:
    path = _pem(tmp_path)
    path.chmod(mode)
    if is_refused:
        with pytest.raises(Unavailable, match="chmod 600"):
            given_in(path)
    else:
        assert given_in(path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_key_that_may_not_be_read_says_so_by_permission(tmp_path: Path) -> None:
    path = _pem(tmp_path)
    path.chmod(0)
    with pytest.raises(Unavailable, match="cannot be read"):
        given_in(path)


def test_a_key_whose_reading_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _pem(tmp_path)

    def fails(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", fails)
    with pytest.raises(Unavailable, match=r"cannot be read: Permission denied\. Let the user who runs"):
        given_in(path)


def test_an_expired_certificate_seals_nothing_new_and_what_it_sealed_stays_genuine(
    letter_2016: Sealed, tmp_path: Path
) -> None:
    ending = given_in(_pem(tmp_path, days=-1))
    with pytest.raises(WrongState, match="expired on"):
        seal(letter_2016.drawn, seal=ending, at=clock.now(), reason="Edition 1")
    old = seal(letter_2016.drawn, seal=ending, at=FROZEN_AT, reason="Edition 1")
    verdict = verify(old, fingerprint=ending.fingerprint)
    assert verdict.is_genuine
    assert verdict.expired_at == ending.expires_at
    with clock.fixed(FROZEN_AT):
        assert verify(old, fingerprint=ending.fingerprint).expired_at is None


def test_what_was_sealed_after_the_end_of_the_certificate_is_not_genuine(
    letter_2016: Sealed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made by a program that does not mind: the edition says that it is from after the end."""
    with clock.fixed(FROZEN_AT - timedelta(days=90)):
        ending = given_in(_pem(tmp_path, days=30))
    monkeypatch.setattr(Seal, "check_valid", lambda *_: None)
    late = seal(letter_2016.drawn, seal=ending, at=FROZEN_AT, reason="Edition 1")
    assert verify(late, fingerprint=ending.fingerprint).code == "seal_expired"
