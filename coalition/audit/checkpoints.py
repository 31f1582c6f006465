"""Checkpoints: how far the log went and the hash it had, on sealed lines of a file beside the database. Whoever has the
database alone cannot bring the log into agreement with them; a copy of the file kept elsewhere is better still."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from coalition import clock
from coalition.audit import chain, keys
from coalition.audit.chain import Head
from coalition.config import setting
from coalition.errors import Unavailable
from coalition.i18n import gettext as _

FILE_NAME = "audit-checkpoints.txt"
#: While the log grows, a line is written so often at least.
EVERY = timedelta(hours=1)
_PURPOSE = "checkpoint"
_LINE = re.compile(r"(\S+) (\d{1,18}) ([0-9a-f]{64}) ([0-9a-f]{12}) ([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One line. `is_ours` says that a key of this installation sealed it."""

    at: datetime
    reached: Head
    is_ours: bool


def write() -> Checkpoint:
    """Write down how far the log goes now, so that it is on the disk afterwards. Call it after the commit."""
    key, reached, at = keys.newest(), chain.head(), clock.now()
    covered = f"{at.isoformat(timespec='seconds')} {reached.sequence} {reached.hash} {key.name}"
    line = f"{covered} {key.seal(_PURPOSE, covered)}\n"
    try:
        _append(own_file(), line)
    except OSError as trouble:
        raise Unavailable(_("The checkpoint of the audit log cannot be written: %(why)s", why=str(trouble))) \
            from trouble
    return Checkpoint(at, reached, is_ours=True)


def write_if_due() -> bool:
    """The same, if the log has grown and the last line is old enough, or nothing was written yet."""
    last = next(reversed(read(own_file())), None)
    if last is not None and (last.reached == chain.head() or clock.now() - last.at < EVERY):
        return False
    write()
    return True


def own_file() -> Path:
    """The file of this installation."""
    return Path(setting("INSTANCE")) / FILE_NAME


def read(path: Path) -> list[Checkpoint]:
    """The lines of such a file, oldest first; none when there is no file. A line that a crash cut short is passed over.
    Raises `Unavailable` when it cannot be read."""
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except FileNotFoundError:
        return []
    except OSError as trouble:
        raise Unavailable(_("The checkpoints of the audit log cannot be read: %(why)s", why=str(trouble))) from trouble
    own = {key.name: key for key in keys.all_keys()}
    return [_checkpoint(found, own) for line in lines if (found := _LINE.fullmatch(line.strip()))]


def _checkpoint(found: re.Match[str], own: dict[str, keys.Key]) -> Checkpoint:
    at, sequence, digest, name, seal = found.groups()
    key = own.get(name)
    ours = key is not None and key.bears_out(_PURPOSE, f"{at} {sequence} {digest} {name}", seal)
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        moment, ours = clock.now(), False
    return Checkpoint(moment, Head(int(sequence), digest), is_ours=ours)


def _append(path: Path, line: str) -> None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        torn = bool(size) and os.pread(descriptor, 1, size - 1) != b"\n"
        os.write(descriptor, (("\n" if torn else "") + line).encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
