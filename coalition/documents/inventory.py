"""What a PDF holds, in a few words that can be sealed with it: how many pages, and which attached files.

Files of strangers are counted too, when they are said to be ours and are not: nothing is unpacked without a
limit, no tree is walked, and whatever cannot be read is simply not there.
"""

from __future__ import annotations

import hashlib
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import pikepdf

_MOST_FILES = 20
_LARGEST_FILE = 64 * 1024**2

# What the library raises for files that are not what they say, of its own and of Python's kinds.
_UNREADABLE = (pikepdf.PdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError,
               RuntimeError, NotImplementedError)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Inventory:
    """The number of pages, and the attached files as pairs of name and SHA-256, sorted. `stamp` is the shape of the
    time stamp that the seal carries (`stamping.shape_of`), "" where it carries none."""

    pages: int
    files: tuple[tuple[str, str], ...]
    stamp: str = ""

    def to_json(self) -> bytes:
        """One form for equal inventories, as it is sealed."""
        stamped = {"stamp": self.stamp} if self.stamp else {}
        return json.dumps({"pages": self.pages, "files": dict(self.files), **stamped}, sort_keys=True,
                          separators=(",", ":")).encode()  # fmt: skip

    @classmethod
    def from_json(cls, text: bytes) -> Inventory:
        """What `to_json` wrote. Raises ValueError, KeyError, TypeError or AttributeError for anything else."""
        data = json.loads(text)
        return cls(int(data["pages"]), tuple(sorted((str(name), str(digest)) for name, digest in
                                                    data["files"].items())), str(data.get("stamp", "")))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opened:
    """A file as far as it can be read: what it holds, and the signatures found in it (their raw contents)."""

    inventory: Inventory
    signatures: tuple[bytes, ...]


def inventory_of(pdf: bytes) -> Inventory:
    """What a file of our own holds. Raises what pikepdf raises."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return _inventory(document)


def looked_into(pdf: bytes) -> Opened | None:
    """What can be read of anybody's file; None if it is no PDF that can be opened."""
    try:
        with pikepdf.open(io.BytesIO(pdf), suppress_warnings=True) as document:
            return Opened(_inventory(document), tuple(_signatures(document)))
    except _UNREADABLE:
        return None


def _inventory(document: pikepdf.Pdf) -> Inventory:
    # The number the file states, not its pages walked through: those of a stranger may have no end.
    return Inventory(int(document.Root.Pages.Count), tuple(sorted(set(_files(document)))))


def _files(document: pikepdf.Pdf) -> Iterator[tuple[str, str]]:
    """Both ways to a file are gone: a program may show the one or the other."""
    associated = list(document.Root.get("/AF", pikepdf.Array()))[:_MOST_FILES]
    tree = document.Root.get("/Names", pikepdf.Dictionary()).get("/EmbeddedFiles", pikepdf.Dictionary())
    named = [
        item
        for leaf in (tree, *list(tree.get("/Kids", pikepdf.Array()))[:_MOST_FILES])
        for item in list(leaf.get("/Names", pikepdf.Array()))[1 : 2 * _MOST_FILES : 2]
    ]
    for item in (*associated, *named):
        content = _unpacked(item.EF.F)
        yield str(item.get("/UF", item.get("/F"))), hashlib.sha256(content).hexdigest()


def _unpacked(stream: pikepdf.Stream) -> bytes:
    raw = stream.read_raw_bytes()
    kinds = stream.get("/Filter", None)
    if kinds is None:
        return raw
    if kinds != pikepdf.Name.FlateDecode and list(kinds) != [pikepdf.Name.FlateDecode]:
        raise ValueError("not packed as ours are")
    try:
        return zlib.decompressobj().decompress(raw, _LARGEST_FILE)
    except zlib.error as error:
        raise ValueError("damaged") from error


def _signatures(document: pikepdf.Pdf) -> Iterator[bytes]:
    for field in list(document.Root.get("/AcroForm", pikepdf.Dictionary()).get("/Fields", []))[:_MOST_FILES]:
        value = field.get("/V", None)
        if isinstance(value, pikepdf.Dictionary) and "/Contents" in value:
            yield bytes(value.Contents)
