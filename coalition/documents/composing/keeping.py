"""Where drawn fragments are kept between compiles: a file beside the database that may be thrown away at any time.

It holds names as they are printed, so a list keeps only what its newest compile used: who leaves a list leaves this
file with the next compile, and `forget` empties it for a letter.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

FILE_NAME = "drawn-lists.sqlite"
_SOON = 5.0


class Lost(Exception):
    """What was kept a moment ago is not there any more, or nothing can be kept."""


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
def reading(file: Path, place: str) -> Iterator[Callable[[Sequence[str]], list[bytes]]]:
    """A function that reads what is kept for a place by these keys. Raises `Lost` where one is not there."""
    try:
        with _opened(file) as connection:

            def read(keys: Sequence[str]) -> list[bytes]:
                found = dict(connection.execute(
                    "SELECT key, content FROM fragments "
                    "WHERE place = ? AND key IN (SELECT value FROM json_each(?))", (place, json.dumps(keys))))
                try:
                    return [found[key] for key in keys]
                except KeyError as missing:
                    raise Lost(place) from missing

            yield read
    except sqlite3.Error as trouble:
        raise Lost(place) from trouble


def keep(file: Path, place: str, fresh: Mapping[str, bytes], *, gone: Iterable[str], made_from: str = "") -> None:
    """Keep what was drawn anew, and of what was taken nothing that is gone. Nothing is lost when that fails.

    `made_from` is the place that what is kept was made from: where that was forgotten meanwhile, nothing is kept.
    """
    with suppress(Lost):
        keep_together(file, {place: fresh}, {place: gone}, made_from=made_from)


def keep_together(file: Path, fresh: Mapping[str, Mapping[str, bytes]], gone: Mapping[str, Iterable[str]], *,
                  made_from: str = "") -> None:
    """As `keep`, for several places at once. Raises `Lost` when that fails; a file that is damaged is thrown away."""
    try:
        with _opened(file) as connection:
            if made_from and not _holds(connection, made_from):
                return
            for place, keys in gone.items():
                connection.executemany("DELETE FROM fragments WHERE place = ? AND key = ?",
                                       ((place, key) for key in keys))
            for place, contents in fresh.items():
                connection.executemany("INSERT OR REPLACE INTO fragments VALUES (?, ?, ?)",
                                       ((place, key, content) for key, content in contents.items()))
    except sqlite3.Error as trouble:
        if not isinstance(trouble, sqlite3.OperationalError):
            file.unlink(missing_ok=True)
        raise Lost(file.name) from trouble


def forget(file: Path, beginning: str) -> None:
    """Forget all that is kept for places whose names begin like this; where that cannot be done, all there is."""
    if not file.exists():
        return
    try:
        with _opened(file) as connection:
            connection.execute("DELETE FROM fragments WHERE substr(place, 1, ?) = ?", (len(beginning), beginning))
    except sqlite3.Error:
        file.unlink(missing_ok=True)


def _holds(connection: sqlite3.Connection, place: str) -> bool:
    # Whoever forgets waits from here on until this transaction has ended.
    connection.execute("BEGIN IMMEDIATE")
    return connection.execute("SELECT 1 FROM fragments WHERE place = ? LIMIT 1", (place,)).fetchone() is not None


@contextmanager
def _opened(file: Path) -> Iterator[sqlite3.Connection]:
    file.parent.mkdir(mode=0o700, exist_ok=True)
    with closing(sqlite3.connect(file, timeout=_SOON)) as connection:
        # What was forgotten is overwritten. What a crash takes is drawn again. Several fragments go into a page.
        connection.executescript("PRAGMA page_size = 16384;"
                                 "PRAGMA secure_delete = ON; PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;")
        connection.execute("CREATE TABLE IF NOT EXISTS fragments "
                           "(place TEXT, key TEXT, content BLOB, PRIMARY KEY (place, key)) WITHOUT ROWID")
        with connection:
            yield connection
