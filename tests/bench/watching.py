"""What a process and all it started take: processor time and memory, seen from outside through /proc.

Run as a program it watches until its input ends, in a process of its own, so that looking is not counted.
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

_TICKS = os.sysconf("SC_CLK_TCK")
#: Seconds between two looks. Memory is summed as often, but not again before so many times as long as that takes.
_PAUSE, _RESTS = 0.05, 10


def processor_seconds(root: int) -> float:
    """Of the process and all that live below it, with those of their children that have ended."""
    return sum(sum(_times(process)) for process in _tree(root))


class Watch:
    """The largest sum of memory (shared pages counted once) of a process and all below it, while this is open."""

    def __init__(self, root: int) -> None:
        self._looker = subprocess.Popen([sys.executable, "-m", "tests.bench.watching", str(root)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._looker.stdout is not None
        self._looker.stdout.readline()

    def seen(self) -> dict[str, Any]:
        """`peak_bytes`, and `processor_seconds` as last seen of each process, also of those nobody waited for."""
        found: dict[str, Any] = json.loads(self._looker.communicate()[0])
        return found


def run(command: list[str]) -> dict[str, float]:
    """Run a program to its end: seconds of all processors, seconds by the clock, bytes of memory. Raises
    `CalledProcessError` if it fails."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    watch = Watch(process.pid)
    _process, status, used = os.wait4(process.pid, 0)
    wall = time.monotonic() - began
    seen = watch.seen()
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return {"cpu": max(used.ru_utime + used.ru_stime, seen["processor_seconds"]), "wall": wall,
            "memory": seen["peak_bytes"]}


def watched(root: int, work: Callable[[], object]) -> dict[str, float]:
    """The same figures of what a running process and those below it do, while `work` lasts."""
    watch = Watch(root)
    before, began = processor_seconds(root), time.monotonic()
    work()
    wall, cpu = time.monotonic() - began, processor_seconds(root) - before
    return {"cpu": cpu, "wall": wall, "memory": watch.seen()["peak_bytes"]}


def _tree(root: int) -> list[int]:
    parents = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            fields = _fields(int(folder.name))
            if fields:
                parents[int(folder.name)] = int(fields[1])
    found = [root] if root in parents else []
    for process in found:
        found.extend(child for child, parent in parents.items() if parent == process)
    return found


def _fields(process: int) -> list[str]:
    """What the system says of a process, from its state on; nothing if it has gone."""
    try:
        return Path(f"/proc/{process}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return []


def _times(process: int) -> Iterator[float]:
    """Its own user and system time, and those of its children that were waited for."""
    return (int(field) / _TICKS for field in _fields(process)[11:15])


def _memory(process: int) -> int:
    try:
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return 0


def _look(root: int) -> None:
    peak, taken = sum(map(_memory, _tree(root))), dict[int, float]()
    next_weighing = 0.0
    print("looking", flush=True)
    while not select.select([sys.stdin], [], [], _PAUSE)[0]:
        tree = _tree(root)
        for process in tree:
            taken[process] = max(taken.get(process, 0.0), sum(list(_times(process))[:2]))
        began = time.monotonic()
        if began >= next_weighing:
            peak = max(peak, sum(map(_memory, tree)))
            next_weighing = time.monotonic() + _RESTS * (time.monotonic() - began)
    print(json.dumps({"peak_bytes": peak, "processor_seconds": sum(taken.values())}))


if __name__ == "__main__":
    _look(int(sys.argv[1]))
