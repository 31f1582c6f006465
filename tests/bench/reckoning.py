"""What more machines would carry, reckoned from what was measured on one: arithmetic on the figures of other parts.

Machines are such as this one. Of several, one holds PostgreSQL and does nothing else. A signature is two acts in the
log (signed, confirmed) and two mails. Between machines each statement takes a way of half a millisecond.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

MACHINES = (1, 10, 100)
_NEEDED = ("growth", "release_day", "reading", "signing")
_ACTS, _MAILS = 2, 2
#: The log's turn is asked for, then everything is written in one go, then committed.
_WAY_MS = 3 * 0.5
_SIZE = "11258"


def reckon(parts: dict[str, Any], cores: int) -> list[dict[str, Any]]:
    """A row for each number of machines; none unless all parts were measured that it takes."""
    if not set(_NEEDED) <= set(parts) or _SIZE not in parts["reading"]["seconds"]:
        return []
    day, seconds = parts["release_day"], parts["reading"]["seconds"][_SIZE]
    one_page = parts["signing"]["hello"]["cpu"] + seconds["kept"] - seconds["hello"]
    shared = day["postgresql"]
    walls = {"the log's turn in PostgreSQL": 1000 / (_ACTS * (parts["growth"]["postgresql"]["linked_ms"] + _WAY_MS)),
             "PostgreSQL's processors": cores / shared["database_cpu"]}
    rows = []
    for machines in MACHINES:
        if machines == 1:
            signing, stopped = day["sqlite"]["a_second"], "the machine's processors (measured, SQLite)"
        else:
            carried = (machines - 1) * cores / (shared["web_cpu"] + _MAILS * shared["worker_cpu"])
            stopped, signing = min({"the web machines' processors": carried, **walls}.items(), key=lambda wall: wall[1])
        rows.append({"machines": machines, "signatures_a_second": signing, "stopped_by": stopped,
                     "mails_a_second": _MAILS * signing, "pages_a_second": max(1, machines - 1) * cores / one_page})
    return rows


def tell(rows: list[dict[str, Any]]) -> Iterator[str]:
    """A line for each number of machines."""
    for row in rows:
        yield (f"{row['machines']:>4} machines: {row['signatures_a_second']:.0f} signatures/s with "
               f"{row['mails_a_second']:.0f} mails/s, stopped by {row['stopped_by']}; or "
               f"{row['pages_a_second']:.0f} kept letter pages/s")
