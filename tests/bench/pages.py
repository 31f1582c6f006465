"""Public pages of letters of several sizes against a bare Flask hello, and the queries of a page made anew."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event

from coalition import clock
from coalition.db import db
from coalition.letters.models import Letter
from tests import cast
from tests.bench import rows
from tests.bench.filling import fill
from tests.bench.measuring import cpu, installation, open_letter, sizes


def measure() -> dict[str, Any]:
    """Processor seconds of a page and queries, by size of the list."""
    figures: dict[str, Any] = {"seconds": {}, "queries": {}}
    with tempfile.TemporaryDirectory() as folder:
        app = installation(Path(folder) / "instance")
        with app.app_context():
            letter, filled = open_letter(), 0
            for size in sizes(20, 200, 2000):
                fill(letter, rows.entries(filled, size))
                filled = size
                _measure(figures, app, letter, size)
    return figures


def _measure(figures: dict[str, Any], app: Flask, letter: Letter, size: int) -> None:
    slug, hello = letter.slug, Flask("hello")
    hello.route("/")(lambda: "hello")
    bare, client = hello.test_client(), app.test_client()
    db.session.rollback()
    figures["seconds"][size] = {
        "hello": cpu(lambda: bare.get("/"), 200),
        "letter": cpu(lambda: client.get(f"/letters/{slug}"), 50),
        "form": cpu(lambda: client.get(f"/letters/{slug}/sign"), 20),
    }
    counted = 0

    def count(*_anything: Any) -> None:
        nonlocal counted
        counted += 1

    event.listen(db.engine, "before_cursor_execute", count)
    with clock.travelling(cast.later(minutes=2)):
        client.get(f"/letters/{slug}")
    event.remove(db.engine, "before_cursor_execute", count)
    figures["queries"][size] = counted


def tell(figures: dict[str, Any]) -> Iterable[str]:
    """A line for each size."""
    for size, row in figures["seconds"].items():
        yield (f"{size:>6} entries: letter page {row['letter'] / row['hello']:.1f} x, form "
               f"{row['form'] / row['hello']:.1f} x a bare hello; {figures['queries'][size]} queries for a page made "
               "anew")
