"""The seal: made once, private, the same each time, and valid for other people's programs."""

from __future__ import annotations

import io
import stat
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from coalition.documents.drawing import draw_sealed
from coalition.documents.seal import FILE_NAME, Seal, load, new_key, seal
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
