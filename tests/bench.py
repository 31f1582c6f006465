"""Measurements side by side in one run, told as ratios: `make bench` (`BENCH_JSON=FILE` writes the figures).

Compiling is held against a plain one-shot WeasyPrint table of the same rows, pages against a bare Flask hello; growth
is the exponent between two sizes. Medians of three rounds; processor time, so a busy machine matters less.
"""

from __future__ import annotations

import json
import math
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import event

from coalition import clock, migrating
from coalition.access.actor import OPERATOR
from coalition.app import create_app
from coalition.db import db, unit_of_work
from coalition.documents import drawing, operations, press, seal
from coalition.endorsements import entering
from coalition.endorsements.entering import Evidence
from coalition.endorsements.fields import checked
from coalition.letters.models import Letter
from coalition.review import operations as review
from tests import cast
from tests.conftest import SETTINGS

SIZES = (20, 200, 2000)
ROUNDS = 3
_NAMES = (
    "Harbour Light Trust",
    "Réseau des femmes du littoral",
    "Дом права и памяти",
    "مركز النور لحقوق الإنسان",
    "Asociación de Médicos Independientes",
    "Norsk forening for folkerett",
)
_TABLE = """import sys, json, weasyprint
rows = json.load(sys.stdin)
cells = "".join(f"<tr><td>{n}<td>{a}<td>{b}</tr>" for n, (a, b) in enumerate(rows, 1))
weasyprint.HTML(string=f"<title>Annex</title><html lang=en><table><tr><th>No<th>Name<th>Country</tr>{cells}</table>"
                ).write_pdf(pdf_variant="pdf/a-3a")
"""


def main() -> None:
    """Run everything and print the ratios."""
    figures: dict[str, Any] = {"compile": {}, "pages": {}, "queries": {}}
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            app = _installation(Path(folder) / str(size))
            with app.app_context():
                letter = _letter_with(size)
                _measure_compile(figures["compile"], letter, size)
                _measure_pages(figures, app, letter, size)
    _tell(figures)
    if os.environ.get("BENCH_JSON"):
        Path(os.environ["BENCH_JSON"]).write_text(json.dumps(figures, indent=1))


def _installation(folder: Path) -> Flask:
    folder.mkdir()
    seal.new_key(folder)
    app = create_app(folder, {**SETTINGS, "RATELIMIT_ENABLED": False})
    with app.app_context():
        migrating.upgrade()
    return app


def _letter_with(size: int) -> Letter:
    cast.staff()
    letter = cast.open_letter(deadline=cast.later(days=5))
    for number in range(size):
        _approve(letter, number)
    return letter


def _approve(letter: Letter, number: int) -> None:
    with unit_of_work():
        fields = checked({"organisation": f"{_NAMES[number % len(_NAMES)]} {number}", "country": "KE"})
        made = entering.enter(OPERATOR, letter, fields=fields, visibility="public", evidence=Evidence("file", "bench"))
        review.approve(OPERATOR, made, seen=1, verified=True)


def _measure_compile(figures: dict[str, Any], letter: Letter, size: int) -> None:
    rows = json.dumps([[f"{_NAMES[number % len(_NAMES)]} {number}", "Kenya"] for number in range(size)]).encode()
    operations.preview(OPERATOR, letter)  # loads the typesetter
    figures[size] = {
        "document": _all_cpu(lambda: operations.preview(OPERATOR, letter),
                             before=lambda _round: drawing.forget_drawn(letter.slug)),
        "one_more": _all_cpu(lambda: operations.preview(OPERATOR, letter),
                             before=lambda number: _approve(letter, size + number)),
        "plain_table": _all_cpu(lambda: subprocess.run([sys.executable, "-c", _TABLE], input=rows, check=True)),
    }


def _measure_pages(figures: dict[str, Any], app: Flask, letter: Letter, size: int) -> None:
    slug, hello = letter.slug, Flask("hello")
    hello.route("/")(lambda: "hello")
    bare, client = hello.test_client(), app.test_client()
    db.session.rollback()
    figures["pages"][size] = {
        "hello": _cpu(lambda: bare.get("/"), 200),
        "letter": _cpu(lambda: client.get(f"/letters/{slug}"), 50),
        "form": _cpu(lambda: client.get(f"/letters/{slug}/sign"), 20),
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


def _cpu(work: Callable[[], Any], times: int) -> float:
    """Processor seconds of one call: the median of the rounds."""
    work()
    found = []
    for _round in range(ROUNDS):
        began = time.process_time()
        for _time in range(times):
            work()
        found.append((time.process_time() - began) / times)
    return statistics.median(found)


def _all_cpu(work: Callable[[], Any], *, before: Callable[[int], None] = lambda _round: None) -> float:
    """Processor seconds of the work in this process, in those it starts and in the press: the median of the rounds."""
    found = []
    for number in range(ROUNDS):
        before(number)
        began = _spent()
        work()
        found.append(_spent() - began)
    return statistics.median(found)


def _spent() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime + press.processor_seconds()


def _exponent(small: tuple[int, float], large: tuple[int, float]) -> float:
    return math.log(large[1] / small[1]) / math.log(large[0] / small[0])


def _tell(figures: dict[str, Any]) -> None:
    width = shutil.get_terminal_size().columns
    print("document against a plain one-shot table of the same rows, processor time".center(min(width, 80)))
    for size, row in figures["compile"].items():
        print(f"{size:>6} entries: {row['document'] / row['plain_table']:.2f} x; after one more approval "
              f"{row['one_more'] / row['plain_table']:.2f} x")
    small, large = SIZES[1], SIZES[-1]
    grown = _exponent((small, figures["compile"][small]["document"]), (large, figures["compile"][large]["document"]))
    print(f"growth from {small} to {large} entries: exponent {grown:.2f}")
    for size, row in figures["pages"].items():
        print(
            f"{size:>6} entries: letter page {row['letter'] / row['hello']:.1f} x, form "
            f"{row['form'] / row['hello']:.1f} x a bare hello; {figures['queries'][size]} queries for a page made anew"
        )


if __name__ == "__main__":
    main()
