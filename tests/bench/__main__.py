"""Runs the parts of the bench, each in a process of its own, and prints what they tell. `BENCH_JSON=FILE` writes all
figures as one document."""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests import bench
from tests.bench import measuring, reckoning

_NO_PARTS = ("__main__", "filling", "measuring", "reckoning", "rows", "watching")


def main() -> int:
    """Run the parts that are named, or all; not 0 if one of them failed."""
    known = [found.name for found in pkgutil.iter_modules(bench.__path__)
             if not found.ispkg and found.name not in _NO_PARTS]
    chosen = sys.argv[1:] or known
    if not set(chosen) <= set(known):
        print(f"The parts are: {', '.join(known)}.", file=sys.stderr)
        return 2
    if len(chosen) == 1:
        parts = {chosen[0]: _run(chosen[0])}
    else:
        parts = {name: found for name in chosen if (found := _in_own_process(name)) is not None}
    reckoned = reckoning.reckon(parts, measuring.machine()["cores"])
    for line in reckoning.tell(reckoned):
        print(line)
    document = {"measured_at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": measuring.machine(),
                "parts": parts, "reckoned": reckoned}
    if os.environ.get("BENCH_JSON"):
        Path(os.environ["BENCH_JSON"]).write_text(json.dumps(document, indent=1) + "\n")
    return 0 if len(parts) == len(chosen) else 1


def _run(name: str) -> dict[str, Any]:
    part = importlib.import_module(f"tests.bench.{name}")
    began = time.monotonic()
    # The keys are texts afterwards, as for whoever reads the figures from a file.
    figures: dict[str, Any] = json.loads(json.dumps(part.measure()))
    print(f"\n== {name}, {time.monotonic() - began:.0f} s", flush=True)
    for line in part.tell(figures):
        print(line, flush=True)
    return figures


def _in_own_process(name: str) -> dict[str, Any] | None:
    """Its figures, or nothing if it failed: one part leaves no warm caches, open files or servers to the next."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "figures.json"
        ended = subprocess.run([sys.executable, "-m", "tests.bench", name],
                               env={**os.environ, "BENCH_JSON": str(file)}, check=False)
        if ended.returncode:
            print(f"== {name} FAILED with {ended.returncode}", file=sys.stderr, flush=True)
            return None
        figures: dict[str, Any] = json.loads(file.read_text())["parts"][name]
        return figures


if __name__ == "__main__":
    sys.exit(main())
