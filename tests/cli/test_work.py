"""`coalition run` and `coalition worker`, as processes."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from coalition.documents import seal
from coalition.upkeep.files import DEMO_NOTE
from tests.mail.server import free_port

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "coalition"]


@pytest.fixture
def instance(tmp_path: Path, sqlite_template: Path, seal_file: Path) -> Path:
    """The folder of an installation that is ready to run."""
    shutil.copy(sqlite_template, tmp_path / "coalition.sqlite")
    shutil.copy(seal_file, tmp_path / seal.FILE_NAME)
    return tmp_path


def environment(instance: Path) -> dict[str, str]:
    return {**os.environ, "COALITION_INSTANCE": str(instance), "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def running(instance: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """`coalition run` on a free port."""
    port = free_port()
    (instance / DEMO_NOTE).write_text("Sign in as nadia@coalition.example.\n")
    process = subprocess.Popen([*COMMAND, "run", "--port", str(port), "--threads", "2"], cwd=ROOT, text=True,
                               env=environment(instance), stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    yield process, port
    if process.poll() is None:
        process.terminate()
        process.communicate(timeout=60)


def wait_for(what: str, holds: Callable[[], object], process: subprocess.Popen[str]) -> None:
    until = time.monotonic() + 90
    while not holds():
        assert process.poll() is None, process.communicate()[0]
        assert time.monotonic() < until, f"waited in vain: {what}"
        time.sleep(0.2)


def answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=10) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def children_of(pid: int) -> dict[int, str]:
    """The command lines of a process's children, by id."""
    found = {}
    for folder in Path("/proc").iterdir():
        try:
            if folder.name.isdigit() and int((folder / "stat").read_text().rpartition(")")[2].split()[1]) == pid:
                found[int(folder.name)] = (folder / "cmdline").read_text().replace("\0", " ")
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def worker_of(pid: int) -> int | None:
    return next((child for child, command in children_of(pid).items() if "coalition worker" in command), None)


def test_pages_are_served_with_a_worker_beside_them_until_stopped(
        running: tuple[subprocess.Popen[str], int], instance: Path) -> None:
    process, port = running
    wait_for("the pages", lambda: answers(port), process)
    wait_for("the worker", lambda: (instance / "jobs.sqlite").exists(), process)
    first = worker_of(process.pid)
    assert first is not None
    os.kill(first, signal.SIGKILL)
    wait_for("another worker", lambda: worker_of(process.pid) not in (None, first), process)
    assert answers(port)
    children = list(children_of(process.pid))
    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[0]
    assert process.returncode == 0
    assert f"Open http://127.0.0.1:{port} in a browser" in said
    assert "Sign in as nadia@coalition.example." in said
    assert "is started again" in said
    assert "Traceback" not in said
    assert not any(Path(f"/proc/{child}").exists() for child in children)
    assert not answers(port)


@pytest.mark.parametrize("command", ["run", "worker"])
def test_without_a_database_it_says_what_to_do(tmp_path: Path, command: str) -> None:
    done = subprocess.run([*COMMAND, command], cwd=ROOT, env=environment(tmp_path), text=True, capture_output=True,
                          timeout=90)
    assert done.returncode == 1
    assert "coalition init" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_that_is_taken_ends_both(instance: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = subprocess.run([*COMMAND, "run", "--port", str(taken.getsockname()[1])], cwd=ROOT, text=True,
                              env=environment(instance), capture_output=True, timeout=120)
    assert done.returncode != 0
    assert "in use" in done.stderr
