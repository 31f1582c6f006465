"""The codes of authenticator apps (RFC 6238): keys, the address an app reads, and which half minute a code is of.

Pure: who has which key, and which codes were used, is in `second_factor.py`.
"""

from __future__ import annotations

import base64
import hmac
import secrets
import unicodedata
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from coalition.i18n import with_latin_digits

#: How long one code stands, in seconds; clocks may differ by one such step.
STEP = 30
DRIFT = 1
_DIGITS = 6


def new_secret() -> str:
    """A new key (160 bits), in the letters that authenticator apps take."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def address(secret: str, account: str, issuer: str) -> str:
    """What an authenticator app reads from the picture: the key, and the names it shows it under."""
    # Some apps show a plus sign where the library writes one for a blank.
    return _app(secret).get_provisioning_uri(account, issuer).replace("+", "%20")


def spaced(secret: str) -> str:
    """The key in groups of four, for those who type it."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def code_at(secret: str, at: datetime) -> str:
    """The code an app with this key shows at a moment."""
    return _app(secret).generate(int(at.timestamp())).decode()


def normal(code: str) -> str:
    """A typed code as plain digits: blanks, dashes and digits of other scripts do no harm."""
    plain = with_latin_digits(unicodedata.normalize("NFKC", code))
    return "".join(character for character in plain if not character.isspace() and character not in "-\u200e\u200f")


def step_of(secret: str, code: str, at: datetime) -> int | None:
    """The number of the half minute whose code this is, of those that are near `at`; None if it is none of theirs."""
    given, found = normal(code), None
    now = int(at.timestamp()) // STEP
    for step in range(now - DRIFT, now + DRIFT + 1):
        right = _app(secret).generate(step * STEP).decode()
        # All are compared, so that the time taken does not tell which one it was.
        if hmac.compare_digest(given.encode("utf-8", "surrogatepass"), right.encode()):
            found = step
    return found


def _app(secret: str) -> TOTP:
    # Authenticator apps know no other digest; here it is only the core of an HMAC.
    return TOTP(base64.b32decode(secret), _DIGITS, SHA1(), STEP)  # noqa: S303  # nosec B303
