"""Checks of the machine and of what lies in the instance folder: settings, keys, fonts, disk, certificate."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from coalition import clock, fonts
from coalition.config import setting
from coalition.documents import seal
from coalition.errors import CoalitionError
from coalition.upkeep import encryption, files, starting
from coalition.upkeep.finding import Finding, fail, ok, warn

#: Below the first nothing should be compiled any more, below the second somebody should look.
DISK_FAIL, DISK_WARN = 200 * 1024**2, 2 * 1024**3
#: A certificate is renewed in peace when there is so much time left.
CERTIFICATE_WARN = timedelta(days=60)


def settings() -> Iterator[Finding]:
    """What nobody forbids and yet is seldom meant."""
    if not setting("PRODUCTION"):
        yield warn("settings", "this is no production: set “production = true” before anybody is invited.")
    elif not setting("TRUSTED_PROXIES"):
        yield warn("settings", "trusted_proxies is 0: behind a proxy all readers then look like one, and share its "
                               "limits. Set it to the number of your own proxies.")
    else:
        yield ok("settings", f"production at {setting('PUBLIC_URL')}")
    if not setting("COALITION_CONTACT"):
        yield warn("settings", "coalition_contact is empty: nobody who needs help knows whom to write to.")


def keys() -> Iterator[Finding]:
    """Who else may read keys and database, and whether backups can be opened elsewhere."""
    instance = Path(setting("INSTANCE"))
    open_ones = list(starting.open_keys(instance))
    yield from (fail("keys", words) for words in open_ones)
    if not open_ones:
        yield ok("keys", f"{len(files.key_files(instance))} files, for their owner only")
    for path in instance.glob("*.sqlite*"):
        if path.stat().st_mode & 0o077:
            yield warn("keys", f"others on this machine may read {path.name}, with all names and addresses in it: run "
                               f"“chmod 600 {path.name}” in the instance folder.")
    for folder in files.unpacked(instance):
        yield warn("keys", f"{folder.name} was left behind by a restore that was killed, and holds everything "
                           "unencrypted: remove it.")
    if (instance / encryption.KEY_FILE).exists():
        yield warn("keys", f"{encryption.KEY_FILE} opens all backups and lies on this machine: move it to another one. "
                           "Backups are made without it.")


def font_files() -> Iterator[Finding]:
    """Whether the documents' fonts are there."""
    try:
        size = sum(len(face.read()) for face in fonts.FACES)
    except CoalitionError as trouble:
        yield fail("fonts", f"{trouble.message} Install coalition's dependencies again.")
    else:
        yield ok("fonts", f"{len(fonts.FACES)} files, {size / 1024**2:.0f} MB")


def certificate() -> Iterator[Finding]:
    """Whether documents can be sealed, and for how long."""
    try:
        own = seal.own()
    except CoalitionError as trouble:
        yield fail("seal", trouble.message)
        return
    left = own.expires_at - clock.now()
    words = f"the certificate ends on {own.expires_at:%Y-%m-%d}"
    if left <= timedelta(0):
        yield fail("seal", f"{words}, so nothing can be sealed: name a new one as seal_file and the old fingerprint in "
                           "seal_former.")
    elif left < CERTIFICATE_WARN:
        yield warn("seal", f"{words}: name a new one as seal_file and the old fingerprint in seal_former before then.")
    else:
        yield ok("seal", words)


def disk() -> Iterator[Finding]:
    """How much room there is, and whether anything can be written."""
    instance = Path(setting("INSTANCE"))
    free = free_bytes()
    words = f"{free / 1024**3:.1f} GB free"
    try:
        with tempfile.TemporaryFile(dir=instance) as probe:
            probe.write(b"\0" * 65536)
            probe.flush()
            os.fsync(probe.fileno())
    except OSError as trouble:
        full = trouble.errno in (errno.ENOSPC, errno.EDQUOT)
        yield fail("disk", "it is full: make room." if full else
                   f"the instance folder cannot be written ({trouble.strerror}): see to its owner and its mount.")
        return
    if free < DISK_FAIL:
        yield fail("disk", f"{words}: make room before documents are compiled.")
    elif free < DISK_WARN:
        yield warn("disk", f"{words}: make room soon.")
    else:
        yield ok("disk", words)


def free_bytes() -> int:
    """What is left on the disk of the instance folder."""
    return shutil.disk_usage(str(setting("INSTANCE"))).free
