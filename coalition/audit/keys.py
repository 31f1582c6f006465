"""The keys that the audit log is sealed with: in `audit.key` of the instance, one a line, the newest first, and for
nothing else. Former keys stay there, so that what they sealed can still be checked."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from coalition.config import AUDIT_KEY_FILE, setting
from coalition.errors import Unavailable
from coalition.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Key:
    """`name` tells keys apart and gives nothing away."""

    name: str
    secret: bytes = field(repr=False)

    def seal(self, purpose: str, text: str) -> str:
        """HMAC-SHA256 of a text in hexadecimal; what is sealed for one purpose holds for no other."""
        return hmac.new(self.secret, f"{purpose}\n{text}".encode(), hashlib.sha256).hexdigest()

    def bears_out(self, purpose: str, text: str, seal: str) -> bool:
        """Whether the seal is of this key on this text."""
        return hmac.compare_digest(self.seal(purpose, text), seal)


def all_keys() -> list[Key]:
    """The newest key first. Read anew each time: another process may have changed it. Raises `Unavailable`."""
    given = str(setting("AUDIT_KEY")) or _read()
    found = [_key(line) for line in given.split()]
    if not found:
        raise Unavailable(_("The key of the audit log is missing: put audit.key back from its backup."))
    return found


def newest() -> Key:
    """The key that new entries are sealed with."""
    return all_keys()[0]


def change() -> tuple[Key, Key]:
    """Put a new key before the others: the old and the new one. Raises `Unavailable` where the key is a setting."""
    if setting("AUDIT_KEY"):
        raise Unavailable(_("The key of the audit log is given as a setting: change it there, the new one first."))
    before, fresh = all_keys(), secrets.token_urlsafe(48)
    path = _path()
    beside = path.with_suffix(f".{secrets.token_hex(8)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("\n".join([fresh, *(key.secret.decode() for key in before)]) + "\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
    return before[0], _key(fresh)


def _key(secret: str) -> Key:
    return Key(hashlib.sha256(f"name of a key\n{secret}".encode()).hexdigest()[:12], secret.encode())


def _path() -> Path:
    return Path(setting("INSTANCE")) / AUDIT_KEY_FILE


def _read() -> str:
    try:
        return _path().read_text("ascii")
    except (OSError, UnicodeDecodeError) as trouble:
        raise Unavailable(_("The key of the audit log cannot be read: see to audit.key in the instance folder.")) \
            from trouble
