"""Encrypting a stream for a key that need not be on this machine, and reading it back: the age format.

A file can be opened for as long as there is any program for age, without this one.
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pyrage
from pyrage.x25519 import Identity, Recipient

from coalition.errors import Invalid, Unavailable

#: The private key, as `init` makes it. It belongs on another machine.
KEY_FILE = "backup.key"
#: Its public half: enough to make backups, useless to open them.
RECIPIENTS_FILE = "backup-recipients.txt"


def make_key(folder: Path) -> bool:
    """Make the key for backups in `folder`, once: False if its public half is there already."""
    if (folder / RECIPIENTS_FILE).exists():
        return False
    identity = Identity.generate()
    public = identity.to_public()
    _write(folder / KEY_FILE, f"# Opens the backups of this installation. Keep it elsewhere.\n# public key: {public}\n"
                              f"{identity}\n", 0o600)
    _write(folder / RECIPIENTS_FILE, f"# Backups of this installation are encrypted for:\n{public}\n", 0o644)
    return True


def recipients_in(path: Path) -> list[Recipient]:
    """For whom to encrypt: the public keys in a file, or those that belong to the private keys in it.

    Raises `Invalid` if there is none.
    """
    found: list[Recipient] = []
    for line in _lines(path):
        try:
            found.append(Identity.from_str(line).to_public() if line.startswith("AGE-SECRET-KEY-")
                         else Recipient.from_str(line))
        except (pyrage.IdentityError, pyrage.RecipientError) as reason:
            raise Invalid(f"{path.name} holds a line that is no key of age (“age1…” or “AGE-SECRET-KEY-1…”).") \
                from reason
    if not found:
        raise Invalid(f"{path.name} holds no key.")
    return found


def identities_in(path: Path) -> list[Identity]:
    """The private keys in a file. Raises `Invalid` if there is none."""
    try:
        found = [Identity.from_str(line) for line in _lines(path) if line.startswith("AGE-SECRET-KEY-")]
    except pyrage.IdentityError as reason:
        raise Invalid(f"{path.name} holds a damaged private key.") from reason
    if not found:
        raise Invalid(f"{path.name} holds no private key (a line that begins with AGE-SECRET-KEY-1). The public half "
                      f"makes backups; to open one the file {KEY_FILE} is needed that “coalition init” made.")
    return found


def encrypt(pieces: Iterator[bytes], target: BinaryIO, recipients: list[Recipient]) -> None:
    """Write the pieces, encrypted, to `target`. What making a piece raises is raised here."""
    source = _Source(pieces)
    try:
        pyrage.encrypt_io(source, target, recipients)
    except (pyrage.EncryptError, OSError):
        if source.trouble is not None:
            raise source.trouble from None
        raise


def decrypt(source: BinaryIO, target: BinaryIO, identities: list[Identity], *, name: str) -> None:
    """Write to `target` what the encrypted stream holds; whole only if nothing is raised.

    Raises `Invalid` for a wrong key, a file that is no backup, is cut off or was changed.
    """
    try:
        pyrage.decrypt_io(source, target, identities)
    except pyrage.DecryptError as reason:
        if "matching" in str(reason):
            raise Invalid(f"{name} was encrypted for another key than the one given.") from reason
        raise Invalid(f"{name} is no backup of coalition, or its beginning is damaged.") from reason
    except OSError as reason:
        if reason.errno is not None:
            raise Unavailable(f"{name} could not be read or unpacked: {reason.strerror}.") from reason
        raise Invalid(f"{name} is damaged or cut off: use another copy of it.") from reason


class _Source(io.RawIOBase):
    """Pieces made as they are asked for, as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces, self._left = pieces, b""
        self.trouble: BaseException | None = None

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        try:
            while not self._left:
                self._left = next(self._pieces)
        except StopIteration:
            return b""
        except BaseException as trouble:
            # The library only passes the words on.
            self.trouble = trouble
            raise
        given, self._left = (self._left, b"") if size < 0 else (self._left[:size], self._left[size:])
        return given


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as reason:
        raise Invalid(f"The key file {path.name} cannot be read.") from reason
    return [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]


def _write(path: Path, text: str, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
