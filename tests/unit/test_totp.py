"""Codes of authenticator apps: the vectors of RFC 6238, spellings of a code, drift of clocks."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest

from coalition.accounts import totp

SECRET = base64.b32encode(b"12345678901234567890").decode()
NOW = datetime(2026, 3, 2, 9, 0, 10, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30


@pytest.mark.parametrize(("seconds", "code"), [
    (59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037"),
    (20000000000, "353130")])
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert totp.code_at(SECRET, at) == code
    assert totp.step_of(SECRET, code, at) == seconds // 30


def test_a_code_is_taken_in_every_spelling_and_for_a_drift_of_one_step() -> None:
    """D13"""
    code = totp.code_at(SECRET, NOW)
    full_width = code.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
    arabic = code.translate({ord(str(digit)): chr(0x0660 + digit) for digit in range(10)})
    for spelt in (f" {code[:3]} {code[3:]}\t", f"{code[:3]}-{code[3:]}", full_width, arabic, f"\u200e{code}\u00a0"):
        assert totp.step_of(SECRET, spelt, NOW) == STEP, spelt
    for late, found in ((-31, True), (-30, True), (0, True), (30, True), (49, True), (50, False), (-41, False)):
        assert (totp.step_of(SECRET, code, NOW + timedelta(seconds=late)) == STEP) is found, late
    for wrong in ("", code[:5], code + "0", "abcdef", "１２３", "\ud800"):
        assert totp.step_of(SECRET, wrong, NOW) is None, wrong


def test_an_app_reads_key_account_and_issuer() -> None:
    address = totp.address(SECRET, "ada@coalition.example", "Test Coalition")
    assert address.startswith("otpauth://totp/Test%20Coalition:ada%40coalition.example?")
    assert f"secret={SECRET}" in address and "issuer=Test%20Coalition" in address
    assert len(totp.new_secret()) == 32 and totp.new_secret() != totp.new_secret()
