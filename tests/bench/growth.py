"""Where adding machines stops helping: what all writers of one database must do one after another.

Every act is linked into one log. On SQLite the whole transaction has the database to itself, on PostgreSQL the part
from the log's link to the end of the commit. Beside it a bare commit of one row, which is the disk.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import text

from coalition.access.actor import OPERATOR
from coalition.audit import chain
from coalition.db import db, unit_of_work
from tests.bench.load.servers import postgres
from tests.bench.measuring import ROUNDS, installation

_TIMES = 200
_INSERT = text("INSERT INTO bench_rows SELECT coalesce(max(id), 0) + 1, 'a few words' FROM bench_rows")


def measure() -> dict[str, Any]:
    """Milliseconds by the clock of one bare commit, and of linking an act and committing it, by database."""
    with tempfile.TemporaryDirectory() as name, postgres() as server:
        folder, shared = Path(name), server.database("growth")
        apps = {"sqlite": installation(folder / "sqlite"),
                "postgresql": installation(folder / "postgresql", SQLALCHEMY_DATABASE_URI=shared)}
        found: dict[str, dict[str, list[float]]] = {database: {"bare": [], "linked": []} for database in apps}
        for app in apps.values():
            _prepare(app)
        for _round in range(ROUNDS):
            for database, app in apps.items():
                with app.app_context():
                    found[database]["bare"].append(_mean_ms(_bare_commit))
                    found[database]["linked"].append(_mean_ms(_linked_commit))
    return {database: {f"{what}_ms": statistics.median(rounds) for what, rounds in one.items()}
            for database, one in found.items()}


def _prepare(app: Flask) -> None:
    with app.app_context(), unit_of_work():
        db.session.execute(text("CREATE TABLE bench_rows (id INTEGER PRIMARY KEY, words TEXT)"))


def _mean_ms(once: Callable[[int], float]) -> float:
    return 1000 * statistics.fmean(once(number) for number in range(_TIMES))


def _bare_commit(_number: int) -> float:
    with unit_of_work():
        db.session.execute(_INSERT)
        began = time.perf_counter()
    return time.perf_counter() - began


def _linked_commit(number: int) -> float:
    with unit_of_work():
        chain.record(OPERATOR, "letter.archived", "letter", number)
        began = time.perf_counter()
    return time.perf_counter() - began


def tell(figures: dict[str, Any]) -> Iterable[str]:
    """How many acts a second fit through, however many machines there are."""
    for database, one in figures.items():
        yield (f"{database}: a bare commit {one['bare_ms']:.2f} ms; linking an act to the log and committing it "
               f"{one['linked_ms'] / one['bare_ms']:.2f} x that: at most {1000 / one['linked_ms']:.0f} acts a second")
