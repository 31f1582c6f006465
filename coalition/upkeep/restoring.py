"""Putting a backup into an empty installation: whole or not at all, with all mail held back and nobody signed in."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, update
from sqlalchemy.exc import SQLAlchemyError

from coalition import migrating
from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.access.predicates import Subject
from coalition.accounts.models import Person
from coalition.audit import chain
from coalition.config import setting
from coalition.db import db, unit_of_work, writing_elsewhere
from coalition.documents import seal
from coalition.errors import Invalid, Unavailable, WrongState
from coalition.mail import holding
from coalition.upkeep import dump, encryption, files, shared_keys
from coalition.upkeep.archive import Archive, unpack

#: Where settings and a seal from outside the instance are laid: to be looked at, never taken into use by themselves.
_LAID_BESIDE = {files.SETTINGS: "config.toml.from-backup", "given-seal.pem": "given-seal.pem"}


@dataclass(frozen=True, slots=True)
class Restored:
    """What came back: of which moment, how many mails wait, how many rows and files."""

    taken_at: datetime
    mails: int
    rows: int
    files: int
    keys: int
    has_settings: bool


def restore(actor: Actor, source: Path, keys: Path | None, key_file: Path, *, keys_are_lost: bool = False,
            progress: Callable[[str], None] = lambda step: None) -> Restored:
    """Put the backup in `source`, and the keys in `keys`, into this installation, which must be empty. Without `keys`
    they must lie in its folder already, unless they are lost.

    Raises `WrongState` when it is not, `Invalid` when a file cannot be opened or is not whole: then nothing was
    changed. After anything else that goes wrong it is as empty as before; after a lost machine the same command
    again begins anew.
    """
    demand(actor, Permission.INSTALLATION_KEEP, Subject())
    instance = Path(setting("INSTANCE"))
    identities = encryption.identities_in(key_file)
    for left_behind in files.unpacked(instance):
        shutil.rmtree(left_behind)
    _require_empty(instance)
    if keys is None and not keys_are_lost:
        _require_keys(instance)
    with tempfile.TemporaryDirectory(dir=instance, prefix=files.UNPACKED) as folder:
        progress("opening")
        held = _open(source, Path(folder), identities, "data")
        held_keys = _open(keys, Path(folder), identities, "keys") if keys is not None else None
        _require_known(held)
        with _undone_on_failure(instance) as placed:
            progress("files")
            _place(held.members("files"), instance, placed)
            _place(held_keys.members("keys") if held_keys else [], instance, placed)
            progress("database")
            _fill(held)
            progress("finishing")
            waiting = _finish(actor, held, source, keys_are_lost=keys_are_lost)
            files.close_to_others(instance)
    return Restored(datetime.fromisoformat(held.manifest["made_at"]), waiting,
                    sum(table["rows"] for table in held.tables.values()), len(held.members("files")),
                    len(held_keys.members("keys")) if held_keys else 0,
                    (instance / _LAID_BESIDE[files.SETTINGS]).exists())


def _open(path: Path, folder: Path, identities: list[Any], kind: str) -> Archive:
    packed = folder / f"{kind}.tar.gz"
    try:
        with path.open("rb") as source, packed.open("xb") as target:
            encryption.decrypt(source, target, identities, name=path.name)
    except OSError as reason:
        raise Unavailable(f"{path.name} cannot be read: {reason.strerror}.") from reason
    inside = folder / kind
    inside.mkdir()
    made = unpack(packed, inside, kind=kind)
    packed.unlink()
    return made


def _require_empty(instance: Path) -> None:
    if (instance / files.UNFINISHED).exists():
        _empty(instance, (instance / files.UNFINISHED).read_text("utf-8").splitlines())
        return
    with db.engine.connect() as connection:
        used = bool(dump.revision_of(connection) or dump.tables_in(connection))
    others = list(files.data_files(instance))
    if used or others:
        what = "its database has tables" if used else f"its folder holds {others[0].name}"
        raise WrongState(
            f"A backup is restored into an empty installation only, and this one is not: {what}. Name a new folder "
            "(COALITION_INSTANCE=/new/folder) and, with PostgreSQL, a new empty database, and restore there.")


def _require_keys(instance: Path) -> None:
    if not setting("SEAL_FILE") and not (instance / seal.FILE_NAME).exists():
        raise Invalid("Give the keys too, with --keys, or lay them into the folder of the new installation first. If "
                      "they are lost, say --keys-are-lost: editions can then be read and checked, but no longer be "
                      "rendered again, and the audit log can be read, but no longer be proved.")


def _require_known(held: Archive) -> None:
    if held.manifest["revision"] not in migrating.known():
        raise Invalid("This backup was made by a newer release of coalition than this one: install that one, or a "
                      "later one, and restore again.")


@contextmanager
def _undone_on_failure(instance: Path) -> Iterator[list[str]]:
    """While inside, the installation says of itself that it is unfinished; on failure it is emptied again. The list
    takes the names of files as they are placed."""
    mark = instance / files.UNFINISHED
    placed = _Noted(mark)
    try:
        yield placed
    except BaseException as trouble:
        db.session.rollback()
        _empty(instance, placed)
        if isinstance(trouble, SQLAlchemyError):
            raise Unavailable(f"The database did not take what the backup holds ({type(trouble).__name__}). "
                              "Nothing was restored.") from trouble
        if isinstance(trouble, OSError):
            raise Unavailable(f"Writing failed: {trouble.strerror}. Nothing was restored.") from trouble
        raise
    mark.unlink()


class _Noted(list[str]):
    """A list that is on the disk as well, before what it names."""

    def __init__(self, mark: Path) -> None:
        super().__init__()
        self._mark = mark
        mark.touch(mode=0o600)

    def append(self, name: str) -> None:
        super().append(name)
        with self._mark.open("a", encoding="utf-8") as file:
            file.write(f"{name}\n")
            file.flush()
            os.fsync(file.fileno())


def _empty(instance: Path, placed: list[str]) -> None:
    """Take back what an unfinished restore has done."""
    with db.engine.connect() as connection:
        begun = bool(dump.revision_of(connection))
    if begun:
        migrating.downgrade("base")
    for name in placed:
        (instance / name).unlink(missing_ok=True)
    (instance / files.UNFINISHED).unlink(missing_ok=True)


def _place(members: list[tuple[str, Path]], instance: Path, placed: list[str]) -> None:
    for name, path in members:
        target = instance / _LAID_BESIDE.get(name, name)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        placed.append(target.relative_to(instance).as_posix())
        path.chmod(0o600)
        path.replace(target)


def _fill(held: Archive) -> None:
    """All rows, in one transaction, at the migration they come from; then up to today's."""
    migrating.upgrade(held.manifest["revision"])
    with writing_elsewhere(), db.engine.begin() as connection:
        tables = dump.tables_in(connection)
        missing = set(held.tables) - {table.name for table in tables}
        if missing:
            raise Invalid(f"The backup holds a table this release does not know: {sorted(missing)[0]}.")
        dump.clear(connection, tables)
        for table in tables:
            dump.load(connection, table, held.lines(table.name))
        for table in tables:
            dump.tie(connection, table, held.lines(table.name))
        dump.count_on(connection, tables)
        _compare(connection, held)
    migrating.upgrade()


def _compare(connection: Connection, held: Archive) -> None:
    """What stands in the database is, row by row, what the backup said it would be."""
    for name, found in dump.digests(connection).items():
        if found != held.tables.get(name, dump.Digest().facts()):
            raise Invalid(f"The table {name} does not hold what the backup says: nothing was restored.")


def _finish(actor: Actor, held: Archive, source: Path, *, keys_are_lost: bool) -> int:
    """Hold the mail, end all sessions, and note what was done."""
    taken_at = datetime.fromisoformat(held.manifest["made_at"])
    with source.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with unit_of_work():
        if keys_are_lost:
            shared_keys.forget()
        waiting = holding.hold(before=taken_at)
        for person_id in db.session.scalars(db.select(Person.id)).all():
            db.session.execute(update(Person).where(Person.id == person_id)
                               .values(fs_uniquifier=secrets.token_hex(32)))
        chain.record(actor, "installation.restored", "installation", 1, sha256=digest,
                     taken_at=held.manifest["made_at"], mails_held=waiting)
    return waiting

