"""What is inside a backup: a gzipped tar file, made and read as a stream.

`manifest.json` comes first and says what it is; rows stand in `database/TABLE/NUMBER.jsonl`, files under `files/`, keys
under `keys/`; `contents.json` comes last and says what must have been there.
"""

from __future__ import annotations

import hashlib
import json
import tarfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from coalition.errors import Invalid

FORMAT = 1
MANIFEST, CONTENTS = "manifest.json", "contents.json"
_PIECE = 1024 * 1024
_BLOCK = 512


@dataclass
class Archive:
    """A backup that was unpacked into `folder` and holds what it says it holds."""

    folder: Path
    manifest: dict[str, Any]
    tables: dict[str, dict[str, Any]]
    files: dict[str, str]
    _rows: dict[str, list[Path]] = field(default_factory=dict)

    def lines(self, table: str) -> Iterator[bytes]:
        """The rows of one table."""
        for path in self._rows.get(table, []):
            with path.open("rb") as file:
                yield from file

    def members(self, top: str) -> list[tuple[str, Path]]:
        """The files under `files` or `keys`: their place in the instance folder, and where they lie now."""
        return [(name.partition("/")[2], self.folder / name) for name in self.files if name.startswith(f"{top}/")]


def member(name: str, content: bytes) -> Iterator[bytes]:
    """One file of the archive."""
    head = tarfile.TarInfo(name)
    head.size, head.mode = len(content), 0o600
    yield head.tobuf(tarfile.PAX_FORMAT)
    yield content
    if len(content) % _BLOCK:
        yield b"\0" * (_BLOCK - len(content) % _BLOCK)


def member_of_file(name: str, path: Path, hashes: dict[str, str]) -> Iterator[bytes]:
    """A file as it is now; one that vanished meanwhile is left out. Its hash is noted in `hashes`."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return
    hashes[name] = hashlib.sha256(content).hexdigest()
    yield from member(name, content)


def in_pieces(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Lines gathered into pieces of about a megabyte: so that no table has to fit into memory."""
    held: list[bytes] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size >= _PIECE:
            yield b"".join(held)
            held, size = [], 0
    if held:
        yield b"".join(held)


def packed(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The archive's bytes, compressed and ended."""
    gzip = zlib.compressobj(6, zlib.DEFLATED, 31)
    for piece in pieces:
        made = gzip.compress(piece)
        if made:
            yield made
    yield gzip.compress(b"\0" * _BLOCK * 2) + gzip.flush()


def unpack(path: Path, folder: Path, *, kind: str) -> Archive:
    """Lay a decrypted archive out in `folder` and look it over. Raises `Invalid` unless it is whole and of this kind
    ("data" or "keys")."""
    tables: dict[str, list[Path]] = {}
    found: dict[str, str] = {}
    try:
        with tarfile.open(path, "r:gz") as archive:
            for head in archive:
                place = _place(folder, head)
                opened = archive.extractfile(head)
                if opened is None:
                    raise Invalid(_not_ours())
                place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                found[head.name] = _copy(opened, place)
                if head.name.startswith("database/"):
                    tables.setdefault(head.name.split("/")[1], []).append(place)
        manifest, contents = _read(folder / MANIFEST), _read(folder / CONTENTS)
    except (tarfile.TarError, OSError, EOFError, zlib.error, ValueError, KeyError) as reason:
        raise Invalid(_not_ours()) from reason
    if manifest.get("format") != FORMAT:
        raise Invalid("This backup was made by another release of coalition: restore it with that one, then update.")
    if manifest.get("kind") != kind:
        raise Invalid(f"This file holds {manifest.get('kind')}, not {kind}: the backup and the keys were exchanged.")
    kept = {name: digest for name, digest in found.items() if name.startswith(("files/", "keys/"))}
    if kept != contents["files"] or set(tables) - set(contents["tables"]):
        raise Invalid(_not_ours())
    return Archive(folder, manifest, contents["tables"], kept, tables)


def _place(folder: Path, head: tarfile.TarInfo) -> Path:
    parts = PurePosixPath(head.name).parts
    if not head.isfile() or not parts or ".." in parts or head.name.startswith("/"):
        raise Invalid(_not_ours())
    return folder.joinpath(*parts)


def _copy(opened: Any, place: Path) -> str:
    digest = hashlib.sha256()
    with place.open("xb") as file:
        while piece := opened.read(_PIECE):
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


def _read(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_bytes())
    return read


def _not_ours() -> str:
    return "What was decrypted is no whole backup of coalition: use another copy of it."
