"""What the disk allows: rows stored one by one, each waited for, without any application. Nobody can be faster."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from threading import Thread

import psycopg

_ROW = "x" * 500


def sqlite_commits(folder: Path, seconds: float) -> float:
    """Commits a second of one writer to a SQLite file with `synchronous=FULL`."""
    connection = sqlite3.connect(folder / "raw.sqlite", isolation_level=None)
    for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL",
                      "CREATE TABLE IF NOT EXISTS raw (row TEXT)"):
        connection.execute(statement)
    number, began = 0, time.perf_counter()
    while time.perf_counter() - began < seconds:
        connection.execute("INSERT INTO raw VALUES (?)", (_ROW,))
        number += 1
    connection.close()
    return number / (time.perf_counter() - began)


def postgres_commits(address: str, seconds: float, connections: int) -> float:
    """Commits a second of so many writers to PostgreSQL, which lets several wait for the disk together."""
    counts = []

    def write() -> None:
        number = 0
        with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
            while time.perf_counter() - began < seconds:
                connection.execute("INSERT INTO raw VALUES (%s)", (_ROW,))
                number += 1
        counts.append(number)

    with psycopg.connect(address.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS raw (row text)")
    began = time.perf_counter()
    writers = [Thread(target=write) for _number in range(connections)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    return sum(counts) / (time.perf_counter() - began)
