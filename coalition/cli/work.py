"""Keeping the installation at work: the worker, and the web server with a worker beside it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

import click
from flask import current_app
from flask.cli import with_appcontext

from coalition import config, logs, migrating
from coalition.config import setting
from coalition.errors import Unavailable
from coalition.jobs.schedule import THREADS, consumer
from coalition.upkeep import starting
from coalition.upkeep.files import DEMO_NOTE

#: How long children may take to finish what they are at.
GRACE_SECONDS = 25.0
#: A worker that ends by itself is started again, but not in a whirl.
PAUSE_SECONDS = 2.0


@click.command("worker")
@click.option("--threads", default=THREADS, show_default=True, help="How many things may go on at once.")
@with_appcontext
def worker(threads: int) -> None:
    """Send mails, make documents, close letters at their deadline. As many workers as you like."""
    _require_database()
    logs.set_up(current_app.config)
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    consumer(app, threads=threads).run()


@click.command("run")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=5000, show_default=True)
@click.option("--threads", default=8, show_default=True, help="How many requests are answered at once.")
@with_appcontext
def run(host: str, port: int, threads: int) -> None:
    """Serve the pages, with a worker beside them. Ctrl-C stops both."""
    _require_database()
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    click.echo(f"Open {address} in a browser. Ctrl-C stops it.")
    note = Path(setting("INSTANCE")) / DEMO_NOTE
    if note.exists():
        click.echo(note.read_text("utf-8").rstrip())
    sys.exit(_look_after(_commands(host, port, threads), _environment(address)))


def _require_database() -> None:
    if not migrating.is_current():
        raise Unavailable("The database is not there yet, or is of another release: run “coalition init” first.")
    starting.require_fit()


def _commands(host: str, port: int, threads: int) -> dict[str, list[str]]:
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    return {
        "web": [sys.executable, "-m", "gunicorn", "coalition.app:create_app()", "--bind", bind,
                "--workers", "1", "--threads", str(threads), "--timeout", "120", "--no-control-socket",
                "--log-level", "warning"],
        "worker": [sys.executable, "-m", "coalition", "worker"],
    }


def _environment(address: str) -> dict[str, str]:
    """That of the children: the same installation, and links in mails that lead here unless told otherwise."""
    environment = {**os.environ, "COALITION_INSTANCE": str(setting("INSTANCE"))}
    if setting("PUBLIC_URL") == config.DEFAULTS["PUBLIC_URL"]:
        environment["FLASK_PUBLIC_URL"] = address
    return environment


class _Stopped(Exception):
    """A signal asked us to stop."""


def _look_after(commands: Mapping[str, list[str]], environment: dict[str, str]) -> int:
    """Keep the web server and the worker going until a signal comes, or the server ends; the exit code."""
    children: dict[str, subprocess.Popen[bytes]] = {}
    before = {number: signal.signal(number, _stop) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        while True:
            for name, command in commands.items():
                child = children.get(name)
                if child is not None and child.poll() is None:
                    continue
                if child is not None and name == "web":
                    return child.returncode
                if child is not None:
                    click.echo(f"The {name} ended ({child.returncode}) and is started again.", err=True)
                    time.sleep(PAUSE_SECONDS)
                # A session of its own: Ctrl-C in the terminal reaches us alone, and we stop both in order.
                children[name] = subprocess.Popen(command, env=environment, start_new_session=True)  # noqa: S603  ours, no words of others
            time.sleep(0.2)
    except _Stopped:
        return 0
    finally:
        for number in before:
            signal.signal(number, signal.SIG_IGN)
        _end(list(children.values()))
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(_number: int, _frame: FrameType | None) -> None:
    raise _Stopped


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + GRACE_SECONDS
    for child in children:
        try:
            child.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


COMMANDS = (run, worker)
