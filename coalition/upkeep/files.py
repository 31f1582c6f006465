"""Which files of the instance folder go into a backup, which are keys and go apart, and which are left out."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from coalition.upkeep.encryption import KEY_FILE

#: While this file is there a restore has begun and not ended: nothing starts on what it left.
UNFINISHED = "restore-unfinished"
#: Folders in which a restore unpacks begin so; one that was killed leaves its own behind.
UNPACKED = ".restore-"
#: Settings hold passwords.
SETTINGS = "config.toml"

#: Written by the demo, printed when it is served: who can sign in, and with what.
DEMO_NOTE = "demo-accounts.txt"

_KEYS = ("*.key", "*.pem", SETTINGS)
#: The database is kept by its rows; queue and limits matter only while the program runs; a private key for backups
#: inside the backup helps nobody.
_LEFT_OUT = ("*.sqlite*", KEY_FILE, UNFINISHED, "*.age", ".*", "*.pid", "*.sock", "README.md")


def data_files(instance: Path, *, but: tuple[Path, ...] = ()) -> Iterator[Path]:
    """The files that go with the data, in order; `but` are those just being written."""
    for path in _all(instance):
        if path not in but and not _is(path, instance, _LEFT_OUT) and not _is_key(path, instance):
            yield path


def key_files(instance: Path) -> list[Path]:
    """Keys and settings: what whoever holds it can seal, sign in and read with."""
    return [path for path in _all(instance) if _is_key(path, instance) and not _is(path, instance, _LEFT_OUT)]


def unpacked(instance: Path) -> list[Path]:
    """What killed restores have left behind, not encrypted."""
    return list(instance.glob(f"{UNPACKED}*"))


def close_to_others(instance: Path) -> None:
    """Let nobody but the owner read the databases in the folder: names, addresses, withheld entries."""
    for path in instance.glob("*.sqlite*"):
        path.chmod(0o600)


def _is_key(path: Path, instance: Path) -> bool:
    return _is(path, instance, _KEYS)


def _is(path: Path, instance: Path, patterns: tuple[str, ...]) -> bool:
    parts = path.relative_to(instance).parts
    return any(fnmatch(part, pattern) for part in parts for pattern in patterns)


def _all(instance: Path) -> Iterator[Path]:
    for path in sorted(instance.rglob("*")):
        if path.is_file() and not path.is_symlink():
            yield path
