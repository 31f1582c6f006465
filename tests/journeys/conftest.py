"""The browser: Debian's Chromium without a window; the application it goes to, and the mails that come of it."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.serving import make_server

from coalition.cli.demo.postbox import Postbox


def pytest_configure(config: pytest.Config) -> None:
    # pytest-playwright 0.10 defines a fixture in a way that pytest 9.1 and later warn of.
    config.addinivalue_line("filterwarnings", "ignore:Session-scoped fixtures defined as instance methods")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Chromium as the machine has it; root has to do without its sandbox."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    found = {"executable_path": chromium} if chromium else {}
    return browser_type_launch_args | found | {"args": ["--no-sandbox"] if os.geteuid() == 0 else []}


@pytest.fixture
def postbox() -> Iterator[Postbox]:
    """A real mail server that keeps what comes."""
    with Postbox() as box:
        yield box


@pytest.fixture
def site(app: Flask, postbox: Postbox) -> Iterator[str]:
    """The application, served on a port of its own, with its mails going to the postbox."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    address = f"http://127.0.0.1:{server.server_port}"
    app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=postbox.port, PUBLIC_URL=address)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield address
    server.shutdown()
    thread.join()
    server.server_close()
