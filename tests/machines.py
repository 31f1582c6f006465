"""Machines of one installation: each with a folder, a web server and a worker of its own, that share a PostgreSQL and
keys. And visitors, whom a proxy sends to one machine after the other."""

from __future__ import annotations

import http.client
import http.cookiejar
import itertools
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HOME = Path(__file__).resolve().parents[1]
KEYS = ("*.key", "*.pem")
#: What a visitor sees of a machine that is killed while it answers.
BROKEN = (OSError, http.client.HTTPException)
_addresses = itertools.count(1)


class Machine:
    """One machine; `start` it, `kill` it and start it again."""

    def __init__(self, folder: Path, keys: Path, **settings: Any) -> None:
        folder.mkdir(mode=0o700)
        for pattern in KEYS:
            for path in keys.glob(pattern):
                shutil.copy(path, folder)
        lines = (f"{name} = {json.dumps(value)}\n" for name, value in settings.items())
        (folder / "config.toml").write_text("".join(lines), "utf-8")
        self.folder = folder
        self.port = _free_port()
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    @property
    def is_up(self) -> bool:
        return "web" in self._running

    def start(self) -> None:
        """Begin to serve and to work; `wait` until it does."""
        commands = {
            "web": ["-m", "gunicorn", "coalition.app:create_app()", "--bind", f"127.0.0.1:{self.port}",
                    "--threads", "4", "--log-level", "error", "--no-control-socket"],
            "worker": ["-m", "coalition", "worker"],
        }
        environment = {**os.environ, "COALITION_INSTANCE": str(self.folder), "PYTHONPATH": str(HOME)}
        for name, words in commands.items():
            with (self.folder / f"{name}.log").open("ab") as log:
                self._running[name] = subprocess.Popen([sys.executable, *words], cwd=HOME, env=environment, stdout=log,
                                                       stderr=log, start_new_session=True)

    def wait(self) -> None:
        until = time.monotonic() + 90
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=5).close()
            except OSError:
                assert time.monotonic() < until, self.said()
                time.sleep(0.05)
            else:
                return

    def kill(self) -> None:
        """As a power cut: nobody is told."""
        for process in self._running.values():
            os.killpg(process.pid, signal.SIGKILL)
        for process in self._running.values():
            process.wait()
        self._running = {}

    def said(self) -> str:
        """The logs of both processes."""
        return "\n".join(path.read_text("utf-8", "replace") for path in sorted(self.folder.glob("*.log")))


@dataclass
class Answer:
    """What came back, and from where."""

    status: int
    path: str
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def value(self, name: str) -> str:
        """What a hidden field of the page holds, "" where there is none."""
        found = re.search(f'name="{name}"[^>]*value="([^"]*)"', self.text)
        return found[1] if found else ""


@dataclass
class Visitor:
    """A browser with cookies, behind a proxy that takes the next machine for each request."""

    machines: list[Machine]
    address: str = field(default_factory=lambda: f"198.51.{next(_addresses) // 250}.{next(_addresses) % 250}")

    def __post_init__(self) -> None:
        jar = http.cookiejar.CookieJar()
        self._browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar), _Refusals())
        self._turns = itertools.count()

    def get(self, path: str, *, at: Machine | None = None) -> Answer:
        return self._ask(path, None, at)

    def post(self, path: str, answers: dict[str, str], *, at: Machine | None = None) -> Answer:
        return self._ask(path, urllib.parse.urlencode(answers).encode(), at)

    def _ask(self, path: str, data: bytes | None, at: Machine | None) -> Answer:
        up = [machine for machine in self.machines if machine.is_up]
        port = (at or up[next(self._turns) % len(up)]).port
        request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", data,
                                         {"X-Forwarded-For": self.address, "Sec-Fetch-Site": "same-origin"})
        with self._browser.open(request, timeout=15) as answer:
            return Answer(answer.status, urllib.parse.urlsplit(answer.url).path, answer.read())


class _Refusals(urllib.request.HTTPErrorProcessor):
    """A refusal is an answer like others; only redirections are followed."""

    def http_response(self, request: Any, response: Any) -> Any:
        return super().http_response(request, response) if 300 <= response.status < 400 else response


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
