"""Compiling a letter beside a plain one-shot table of the same rows by the same engine."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from coalition.access.actor import OPERATOR
from coalition.documents import drawing, operations
from coalition.letters.models import Letter
from tests.bench import rows
from tests.bench.measuring import ROUNDS, approve, exponent, installation, open_letter, sizes, spent

_TABLE = """import sys, json, weasyprint
rows = json.load(sys.stdin)
cells = "".join(f"<tr><td>{n}<td>{a}<td>{b}</tr>" for n, (a, b) in enumerate(rows, 1))
weasyprint.HTML(string=f"<title>Annex</title><html lang=en><table><tr><th>No<th>Name<th>Country</tr>{cells}</table>"
                ).write_pdf(pdf_variant="pdf/a-3a")
"""


def measure() -> dict[str, Any]:
    """Processor seconds by size of the list."""
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        app = installation(Path(folder) / "instance")
        with app.app_context():
            letter, filled = open_letter(), 0
            for size in sizes(20, 200, 2000):
                approve(letter, *rows.entries(filled, size))
                filled = size + ROUNDS
                figures[str(size)] = _measured(letter, size)
    return figures


def _measured(letter: Letter, size: int) -> dict[str, float]:
    table = json.dumps([[one["organisation"], rows.COUNTRIES[one["country"]]] for one in rows.entries(0, size)])
    operations.preview(OPERATOR, letter)  # loads the typesetter
    return {
        "document": _all_cpu(lambda: operations.preview(OPERATOR, letter),
                             before=lambda _round: drawing.forget_drawn(letter.slug)),
        "one_more": _all_cpu(lambda: operations.preview(OPERATOR, letter),
                             before=lambda number: approve(letter, rows.entry(size + number))),
        "plain_table": _all_cpu(lambda: subprocess.run([sys.executable, "-c", _TABLE], input=table.encode(),
                                                       check=True)),
    }


def _all_cpu(work: Callable[[], Any], *, before: Callable[[int], None] = lambda _round: None) -> float:
    """Processor seconds of the work in this process, in those it starts and in the press: the median of the rounds."""
    found = []
    for number in range(ROUNDS):
        before(number)
        began = spent()
        work()
        found.append(spent() - began)
    return statistics.median(found)


def tell(figures: dict[str, Any]) -> Iterable[str]:
    """Ratios by size, and how the document grows."""
    for size, row in figures.items():
        yield (f"{size:>6} entries: {row['document'] / row['plain_table']:.2f} x; after one more approval "
               f"{row['one_more'] / row['plain_table']:.2f} x")
    if len(figures) > 1:
        small, large = list(figures)[-2:]
        grown = exponent((int(small), figures[small]["document"]), (int(large), figures[large]["document"]))
        yield f"growth from {small} to {large} entries: exponent {grown:.2f}"
