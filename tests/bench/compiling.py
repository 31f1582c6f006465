"""Compiling a letter beside other typesetters that set the same rows: processor time of all processes, time by the
clock, memory of all processes and size.

The product is measured in a running worker: with nothing kept of earlier compiles, after one more approval at the end
of an alphabetical, numbered list, and after one in its middle; then what the worker draws ahead after another one and
what is left to do (`ready`), and the same frozen, sealed and stored. Its peers are
programs that start, set the table and end. `BENCH_SIZES=20,200` for a quick look.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

from coalition import fonts
from coalition.access.actor import OPERATOR
from coalition.db import unit_of_work
from coalition.documents import operations
from coalition.letters import operations as letters
from coalition.letters.models import Letter
from coalition.signatories.grouping import Grouping
from coalition.signatories.ordering import Rule
from tests.bench import rows, watching
from tests.bench.filling import fill
from tests.bench.measuring import ROUNDS, approve, at_most, exponent, goal_lines, installation, open_letter, sizes
from tests.conftest import SETTINGS

_ONE_SHOT, _TYPST, _REPORTLAB, _CHROMIUM = "weasyprint_table", "typst_table", "reportlab_table", "chromium_table"
#: The goals are those of a list at least so long.
_MANY = 2000
#: All rows fill all columns, which is the most work for everybody.
_NAMED = 1.0
_FACES = {"serif": 0, "arabic": 2, "chinese": 4}
_MEASURES = ("cpu", "wall", "memory", "size")


def measure() -> dict[str, Any]:
    """By size of the list, for the product and each peer: medians of cpu, wall, memory and size."""
    figures: dict[str, Any] = {"sizes": {}}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = installation(folder / "instance")
        with app.app_context():
            letter = open_letter()
            with unit_of_work():
                letters.choose_order(OPERATOR, letter, rule=Rule.ALPHABETICAL, grouping=Grouping.NONE,
                                     ignore_articles=False)
            with _worker(folder, letter.slug) as worker:
                worker.ask("preview")  # loads the typesetter
                filled = 0
                for size in sizes(20, 200, 2000, 11258):
                    fill(letter, rows.entries(filled, size, named=_NAMED))
                    filled = size
                    _tell_progress(f"{size} entries")
                    figures["sizes"][str(size)] = _measured(folder, letter, worker, size)
    figures["exponents"] = _exponents(figures["sizes"])
    figures["goals"] = list(_goals(figures))
    return figures


def _measured(folder: Path, letter: Letter, worker: _Worker, size: int) -> dict[str, dict[str, float]]:
    source = folder / "rows.json"
    source.write_text(json.dumps(_document(size), ensure_ascii=False), "utf-8")
    names = [entry.organisation for entry in operations.as_it_stands(letter).entries]
    found: dict[str, list[dict[str, float]]] = {}
    for number in range(ROUNDS):
        worker.ask("forget")
        found.setdefault("cold", []).append(worker.measured("preview"))
        for name, organisation in _one_more(names, size, number):
            approve(letter, {"organisation": organisation, "country": "NO", "signatory": "Åse Hansen",
                             "title": "Director"})
            found.setdefault(name, []).append(worker.measured("preview"))
        approve(letter, {"organisation": f"{names[len(names) // 2]} {size} ahead {number}", "country": "NO"})
        found.setdefault("ahead", []).append(worker.measured("prepare"))
        found.setdefault("ready", []).append(worker.measured("preview"))
        found.setdefault("edition", []).append(worker.measured("edition"))
        for peer in (_ONE_SHOT, _TYPST, _REPORTLAB, _CHROMIUM):
            found.setdefault(peer, []).append(_by_peer(peer, source))
        _tell_progress(f"  round {number + 1}: " + ", ".join(
            f"{name} {rounds[-1]['cpu']:.2f} s {rounds[-1]['memory'] / 1e6:.0f} MB" for name, rounds in found.items()))
    return {name: {what: statistics.median(one[what] for one in rounds) for what in _MEASURES}
            for name, rounds in found.items()}


def _one_more(names: list[str], size: int, number: int) -> Iterator[tuple[str, str]]:
    """A name that comes last and one in the middle, each round at another place."""
    yield "last", f"龢光互助会 {size}-{number}"
    yield "middle", f"{names[len(names) * (3 + number % 3) // 8]} {size}-{number}"


def _by_peer(peer: str, source: Path) -> dict[str, float]:
    target = source.with_name(f"{peer}.pdf")
    found = watching.run([sys.executable, "-m", f"tests.bench.peers.{peer}", str(source), str(target)])
    return {**found, "size": target.stat().st_size}


def _document(size: int) -> dict[str, Any]:
    """What the peers set: the rows, the title and where the font files lie."""
    lines = [[number, one["organisation"], one.get("represents_text", ""), one.get("signatory", ""),
              one.get("title", ""), rows.COUNTRIES[one["country"]]]
             for number, one in enumerate(rows.entries(0, size, named=_NAMED), 1)]
    faces = {name: fonts.FACES[place] for name, place in _FACES.items()}
    return {"title": "Signatories of the open letter", "rows": lines,
            "fonts": {name: str(files(face.package).joinpath(*face.path.split("/"))) for name, face in faces.items()}}


class _Worker:
    """The product in a process of its own."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, word: str) -> int:
        """Have something done; the size of what was made."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def measured(self, word: str) -> dict[str, float]:
        """The same, and what it took."""
        sizes_made: list[int] = []
        found = watching.watched(self._process.pid, lambda: sizes_made.append(self.ask(word)))
        return {**found, "size": sizes_made[0]}


@contextmanager
def _worker(folder: Path, slug: str) -> Iterator[_Worker]:
    settings = folder / "settings.json"
    settings.write_text(json.dumps(SETTINGS))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.peers.product", str(folder / "instance"), slug, str(settings)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        yield _Worker(process)
    finally:
        process.communicate()


def _exponents(by_size: dict[str, Any]) -> dict[str, dict[str, float]]:
    """How the figures grow between the two largest sizes."""
    if len(by_size) < 2:
        return {}
    (small, before), (large, after) = list(by_size.items())[-2:]
    return {name: {what: exponent((int(small), before[name][what]), (int(large), after[name][what]))
                   for what in _MEASURES if before[name][what] and after[name][what]} for name in after}


def _goals(figures: dict[str, Any]) -> Iterator[dict[str, Any]]:
    by_size = figures["sizes"]
    if "200" in by_size:
        mine, theirs = by_size["200"]["cold"], by_size["200"][_CHROMIUM]
        yield at_most("200, running worker: processor time ÷ Chromium's", mine["cpu"] / theirs["cpu"], 1)
    size, most = list(by_size.items())[-1]
    if int(size) < _MANY:
        return
    one_shot, typst, cold, last, middle = (most[name] for name in (_ONE_SHOT, _TYPST, "cold", "last", "middle"))
    yield at_most(f"{size}, cold: processor time ÷ one-shot table's", cold["cpu"] / one_shot["cpu"], 0.45)
    yield at_most(f"{size}, cold: wall ÷ own processor time", cold["wall"] / cold["cpu"], 0.6)
    yield at_most(f"{size}, cold: memory ÷ one-shot table's", cold["memory"] / one_shot["memory"], 0.25)
    yield at_most(f"{size}: bytes ÷ one-shot table's", cold["size"] / one_shot["size"], 1.5)
    yield at_most(f"{size}, one more at the end: processor time ÷ typst's", last["cpu"] / typst["cpu"], 0.2)
    yield at_most(f"{size}, one more at the end: processor time ÷ one-shot's", last["cpu"] / one_shot["cpu"], 1 / 80)
    yield at_most(f"{size}, one more in the middle: processor time ÷ typst's", middle["cpu"] / typst["cpu"], 0.3)
    if figures["exponents"]:
        yield at_most(f"growth to {size} of processor time, cold: exponent", figures["exponents"]["cold"]["cpu"], 1.05)


def tell(figures: dict[str, Any]) -> Iterable[str]:
    """Each size with all its figures as ratios to the one-shot table, then how they grow, then the goals."""
    for size, found in figures["sizes"].items():
        yield f"{size} entries (cpu s, then cpu, wall, memory, bytes ÷ {_ONE_SHOT})"
        for name, one in found.items():
            ratios = "  ".join(f"{one[what] / found[_ONE_SHOT][what]:7.3f}" for what in _MEASURES)
            yield f"  {name:<16} {one['cpu']:8.2f}  {ratios}"
    for name, grown in figures["exponents"].items():
        yield f"  exponents of {name:<16} " + ", ".join(f"{what} {grown[what]:.2f}" for what in grown)
    yield from goal_lines(figures["goals"])


def _tell_progress(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
