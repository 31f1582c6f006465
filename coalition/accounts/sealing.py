"""Values of second factors under a key that is not in the database: keys of apps sealed, recovery codes hashed."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken

from coalition.config import setting
from coalition.errors import Unavailable


def seal(value: str) -> str:
    """The value, unreadable without the installation's key."""
    return Fernet(_key("seal")).encrypt(value.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed. Raises `Unavailable` when the key is another one by now."""
    try:
        return Fernet(_key("seal")).decrypt(sealed.encode()).decode()
    except InvalidToken as reason:
        raise Unavailable("The file second-factor.key of this installation is not the one that second factors were "
                          "set up with: put it back, or reset them with “coalition person reset-factor”.") from reason


def keyed_hash(value: str) -> str:
    """A hash that nobody can try values against without the installation's key."""
    return hmac.new(_key("hash"), value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _key(purpose: str) -> bytes:
    kept = str(setting("SECOND_FACTOR_KEY")).encode()
    return base64.urlsafe_b64encode(hmac.new(kept, purpose.encode(), hashlib.sha256).digest())
