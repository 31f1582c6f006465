"""Making a backup while others go on writing: all rows as they stood at one moment, the files, and apart the keys."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.access.predicates import Subject
from coalition.audit import chain
from coalition.config import setting
from coalition.db import db, is_sqlite, unit_of_work
from coalition.errors import Invalid, Unavailable
from coalition.upkeep import archive, dump, encryption, files, sightings
from coalition.upkeep.models import BACKUP


@dataclass(frozen=True, slots=True)
class Written:
    """A backup that lies on the disk."""

    path: Path
    sha256: str
    size: int


def back_up(actor: Actor, output: Path | None, keys: Path | None, key_file: Path | None) -> list[Written]:
    """Write the backup to `output` and the keys to `keys` (either may be None), encrypted for the keys in `key_file`
    or else those that `init` made.

    Opens its own unit of work, to note at the end that it was done. Raises `Invalid` when there is no key to encrypt
    for, `Unavailable` when a file cannot be written: then there is none.
    """
    demand(actor, Permission.INSTALLATION_KEEP, Subject())
    if output is not None and keys is not None and output.resolve() == keys.resolve():
        raise Invalid("Keys and data never lie in one file: give --keys another name, and another place.")
    instance = Path(setting("INSTANCE"))
    recipients = encryption.recipients_in(_key_file(instance, key_file))
    but = tuple(path.resolve() for path in (output, keys) if path is not None)
    made = []
    if output is not None:
        made.append(_write(output, archive.packed(_data(instance, but)), recipients))
    if keys is not None:
        made.append(_write(keys, archive.packed(_keys(instance)), recipients))
    with unit_of_work():
        for written, is_keys in zip(made, (False,) * (output is not None) + (True,), strict=False):
            chain.record(actor, "installation.backed_up", "installation", 1, sha256=written.sha256,
                         size=written.size, keys=is_keys)
        if output is not None:
            sightings.note(BACKUP)
    return made


def _key_file(instance: Path, given: Path | None) -> Path:
    found = given or instance / encryption.RECIPIENTS_FILE
    if not found.exists():
        raise Invalid("There is no key to encrypt for. “coalition init” makes one; or name a file of your own with "
                      "--key-file.")
    return found


def _data(instance: Path, but: tuple[Path, ...]) -> Iterator[bytes]:
    """The archive of rows and files, in pieces. All rows are of one moment; files follow."""
    hashes: dict[str, str] = {}
    tables: dict[str, Any] = {}
    options = {} if is_sqlite() else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    db.session.rollback()
    with db.engine.connect() as connection:
        yield from _json(archive.MANIFEST, _manifest("data", revision=dump.revision_of(connection)))
    # Before the rows: a checkpoint must not tell of acts that are not among them.
    for path in files.data_files(instance, but=but):
        yield from archive.member_of_file(f"files/{path.relative_to(instance).as_posix()}", path, hashes)
    with db.engine.connect().execution_options(**options) as connection:
        for table in dump.tables_in(connection):
            digest = dump.Digest()
            lines = _counted(connection, table, digest)
            for number, piece in enumerate(archive.in_pieces(lines), 1):
                yield from archive.member(f"database/{table.name}/{number:06}.jsonl", piece)
            tables[table.name] = digest.facts()
    yield from _json(archive.CONTENTS, {"tables": tables, "files": hashes})


def _counted(connection: Connection, table: Any, digest: dump.Digest) -> Iterator[bytes]:
    for line in dump.lines_of(connection, table):
        digest.add(line)
        yield line


def _keys(instance: Path) -> Iterator[bytes]:
    hashes: dict[str, str] = {}
    yield from _json(archive.MANIFEST, _manifest("keys"))
    for path in files.key_files(instance):
        yield from archive.member_of_file(f"keys/{path.relative_to(instance).as_posix()}", path, hashes)
    given = str(setting("SEAL_FILE"))
    if given and not (instance / given).resolve().is_relative_to(instance):
        yield from archive.member_of_file("keys/given-seal.pem", instance / given, hashes)
    yield from _json(archive.CONTENTS, {"tables": {}, "files": hashes})


def _manifest(kind: str, **more: str) -> dict[str, Any]:
    return {"format": archive.FORMAT, "kind": kind, "made_at": clock.now().isoformat(timespec="seconds"),
            "name": setting("COALITION_NAME"), "public_url": setting("PUBLIC_URL"), **more}


def _json(name: str, value: dict[str, Any]) -> Iterator[bytes]:
    return archive.member(name, json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False).encode())


def _write(path: Path, pieces: Iterator[bytes], recipients: list[Any]) -> Written:
    """The encrypted file, whole and on the disk when this returns, for nobody else to read; or none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as reason:
        raise Unavailable(f"{path.name} cannot be written there: {reason.strerror}.") from reason
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            encryption.encrypt(pieces, file, recipients)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as reason:
        temporary.unlink(missing_ok=True)
        raise Unavailable(f"{path.name} could not be written: {reason.strerror}. There is no new backup.") from reason
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Written(path, digest, path.stat().st_size)
