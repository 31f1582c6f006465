"""Redis, for who has one: workers are woken and limits counted by it. A real server, where the machine has one."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from limits.storage import storage_from_string

from coalition.jobs import queue
from tests.conftest import SETTINGS
from tests.mail.server import free_port

pytestmark = pytest.mark.skipif(
    shutil.which("redis-server") is None or importlib.util.find_spec("redis") is None,
    reason="this machine has no redis-server, or Python's redis is not installed (coalition[redis])")


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[str]:
    port = free_port()
    server = subprocess.Popen(["redis-server", "--port", str(port), "--save", "", "--appendonly", "no", "--dir",
                               str(tmp_path), "--bind", "127.0.0.1"], stdout=subprocess.DEVNULL)
    address = f"redis://127.0.0.1:{port}/0"
    until = time.monotonic() + 20
    while not storage_from_string(address).check():
        assert time.monotonic() < until, "redis-server did not start"
        time.sleep(0.05)
    yield address
    server.kill()
    server.wait()


def test_machines_wake_each_other_and_count_together_by_it(redis: str) -> None:
    one, other = (queue.make({**SETTINGS, "HUEY_URL": redis}) for _machine in range(2))
    rung: list[str] = []
    task = one.task(name="ring")(lambda: None)
    other.task(name="ring")(lambda: rung.append("rung"))
    task()
    assert [waiting.name for waiting in other.pending()] == ["ring"]
    other.execute(other.dequeue())
    assert rung == ["rung"] and one.pending() == []
    here, there = storage_from_string(redis), storage_from_string(redis)
    assert [store.incr("a name", 60) for store in (here, there, here)] == [1, 2, 3]
