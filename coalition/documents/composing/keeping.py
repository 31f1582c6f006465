"""Where drawn fragments are kept between compiles: a file beside the database that may be thrown away at any time.

It holds names as they are printed, so a list keeps only what its newest compile used: who leaves a list leaves this
file with the next compile, and `forget` empties it for a letter.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

FILE_NAME = "drawn-lists.sqlite"
_SOON = 5.0


class Lost(Exception):
    """What was kept a moment ago is not there any more."""


def take(file: Path, place: str) -> dict[str, bytes]:
    """All that is kept for a place, by key; nothing where the file is missing, busy or damaged."""
    try:
        with _opened(file) as connection:
            return dict(connection.execute("SELECT key, content FROM fragments WHERE place = ?", (place,)))
    except sqlite3.Error:
        return {}


def places(file: Path, beginning: str) -> list[str]:
    """The places, of those whose names begin like this, for which something is kept."""
    try:
        with _opened(file) as connection:
            return [place for (place,) in connection.execute(
                "SELECT DISTINCT place FROM fragments WHERE substr(place, 1, ?) = ?", (len(beginning), beginning))]
    except sqlite3.Error:
        return []


@contextmanager
def reading(file: Path, place: str) -> Iterator[Callable[[str], bytes]]:
    """A function that reads, by key, one thing kept for a place. Raises `Lost` where it is not there."""
    try:
        with _opened(file) as connection:

            def read(key: str) -> bytes:
                found = connection.execute("SELECT content FROM fragments WHERE place = ? AND key = ?", (place, key))
                for (content,) in found:
                    return bytes(content)
                raise Lost(key)

            yield read
    except sqlite3.Error as trouble:
        raise Lost(place) from trouble


def keep(file: Path, place: str, fresh: Mapping[str, bytes], *, gone: Iterable[str]) -> None:
    """Keep what was drawn anew, and of what was taken nothing that is gone. Nothing is lost when that fails."""
    keep_together(file, {place: fresh}, {place: gone})


def keep_together(file: Path, fresh: Mapping[str, Mapping[str, bytes]], gone: Mapping[str, Iterable[str]]) -> None:
    """As `keep`, for several places at once."""
    try:
        with _opened(file) as connection:
            for place, keys in gone.items():
                connection.executemany("DELETE FROM fragments WHERE place = ? AND key = ?",
                                       ((place, key) for key in keys))
            for place, contents in fresh.items():
                connection.executemany("INSERT OR REPLACE INTO fragments VALUES (?, ?, ?)",
                                       ((place, key, content) for key, content in contents.items()))
    except sqlite3.Error:
        return


def forget(file: Path, beginning: str) -> None:
    """Forget all that is kept for places whose names begin like this; where that cannot be done, all there is."""
    if not file.exists():
        return
    try:
        with _opened(file) as connection:
            connection.execute("DELETE FROM fragments WHERE substr(place, 1, ?) = ?", (len(beginning), beginning))
    except sqlite3.Error:
        file.unlink(missing_ok=True)


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    file.parent.mkdir(mode=0o700, exist_ok=True)
    with closing(sqlite3.connect(file, timeout=_SOON)) as connection:
        # What was forgotten is overwritten. What a crash takes is drawn again.
        connection.executescript("PRAGMA secure_delete = ON; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;")
        connection.execute("CREATE TABLE IF NOT EXISTS fragments "
                           "(place TEXT, key TEXT, content BLOB, PRIMARY KEY (place, key)) WITHOUT ROWID")
        with connection:
            yield connection
