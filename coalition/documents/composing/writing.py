"""A finished document as bytes: the library's objects, and with them whole blocks of objects that are made already.

The library's own writer takes each of forty thousand objects by itself, several times. Typesetter's process only.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import IO, NamedTuple

import pydyf

#: How hard streams are packed. The library packs with 9, which takes three to five times as long for a list of
#: eleven thousand, and saves a seventh.
PACKING = 4
# Entries of the table of objects: one is free, stands in the file, is held in a stream. Then four bytes say where, and
# three at which place there.
_FREE, _STANDS, _HELD = bytes(6) + b"\xff\xff", b"\1", b"\2"


class Block(NamedTuple):
    """Objects made already, by number: `streams`; `loose` ones, which are packed with those of the document; and
    streams of objects by their number, each with the number of the first it holds and how many these are."""

    streams: Mapping[int, bytes]
    loose: Mapping[int, bytes]
    held: Mapping[int, tuple[int, int]]


def packed(content: bytes, extra: bytes = b"") -> bytes:
    """A stream with this content; `extra` are entries of its dictionary."""
    return _stream(zlib.compress(content, PACKING), b"%s/Filter/FlateDecode" % extra)


def packed_objects(first: int, objects: Sequence[str]) -> bytes:
    """A stream that holds these objects, the first with this number."""
    return _holding({first + place: content.encode("ascii") for place, content in enumerate(objects)})


def write(pdf: pydyf.PDF, blocks: Sequence[Block], output: IO[bytes], version: str, identifier: bytes) -> None:
    """Write the document; all of it but streams goes packed into one, as the library has it. `identifier` is ASCII."""
    pdf.add_object(pdf.info)
    file = _File(output)
    file.add(b"%%PDF-%s\n%%\xf0\x9f\x96\xa4\n" % version.encode())
    loose: dict[int, bytes] = {}
    for item in pdf.objects:
        if item.free == "f":
            continue
        if isinstance(item, pydyf.Stream):
            file.add_object(item.number, _of_library(item))
        else:
            loose[item.number] = item.data
    for block in blocks:
        for number, content in block.streams.items():
            file.add_object(number, content)
        loose.update(block.loose)
    holder = len(pdf.objects)
    file.add_object(holder, _holding(loose))
    for place, number in enumerate(loose):
        file.table.append((number, 1, _HELD + holder.to_bytes(4, "big") + place.to_bytes(3, "big")))
    for block in blocks:
        for stream, (first, many) in block.held.items():
            beginning = _HELD + stream.to_bytes(4, "big")
            file.table.append((first, many, b"".join([beginning + place.to_bytes(3, "big") for place in range(many)])))
    file.end(holder + 1, b"/Root %s/Info %s" % (pdf.catalog.reference, pdf.info.reference), identifier)


class _File:
    """The file as it grows, and its table of objects: for each number the first, how many, and their entries."""

    def __init__(self, output: IO[bytes]) -> None:
        self._output = output
        self._at = 0
        self._hash = hashlib.md5(usedforsecurity=False)
        self.table: list[tuple[int, int, bytes]] = [(0, 1, _FREE)]

    def add(self, content: bytes) -> None:
        self._output.write(content)
        self._at += len(content)
        self._hash.update(content)

    def add_object(self, number: int, content: bytes) -> None:
        self.table.append((number, 1, _STANDS + self._at.to_bytes(4, "big") + bytes(3)))
        self.add(b"%d 0 obj\n%s\nendobj\n" % (number, content))

    def end(self, number: int, told: bytes, identifier: bytes) -> None:
        """The table as an object with this number, and where it is."""
        at = self._at
        self.table.append((number, 1, _STANDS + at.to_bytes(4, "big") + bytes(3)))
        self.table.sort()
        index: list[list[int]] = []
        for first, many, _entries in self.table:
            if index and sum(index[-1]) == first:
                index[-1][1] += many
            else:
                index.append([first, many])
        digest = self._hash.hexdigest().encode()
        entries = b"/Type/XRef/Index[%s]/W[1 4 3]/Size %d%s/ID[(%s)(%s)]" % (
            b" ".join(b"%d %d" % (first, many) for first, many in index), sum(index[-1]), told, identifier, digest)
        self.add_object(number, packed(b"".join(entry for _first, _many, entry in self.table), entries))
        self.add(b"startxref\n%d\n%%%%EOF\n" % at)


def _holding(objects: Mapping[int, bytes]) -> bytes:
    """A stream of objects."""
    places = accumulate((len(content) + 1 for content in objects.values()), initial=0)
    head = " ".join(f"{number} {place}" for number, place in zip(objects, places, strict=False)).encode()
    return packed(b"\n".join((head, *objects.values())), b"/Type/ObjStm/N %d/First %d" % (len(objects), len(head) + 1))


def _of_library(stream: pydyf.Stream) -> bytes:
    content = b"\n".join(map(pydyf._to_bytes, stream.stream))
    extra = pydyf.Dictionary(stream.extra).data.removeprefix(b"<<").removesuffix(b">>")
    return packed(content, extra) if stream.compress else _stream(content, extra)


def _stream(content: bytes, extra: bytes) -> bytes:
    # A stream whose last byte is a carriage return would seem one byte shorter than its stated length.
    end = b"\r\nendstream" if content.endswith(b"\r") else b"\nendstream"
    return b"<<%s/Length %d>>\nstream\n%s%s" % (extra, len(content), content, end)
