"""The browser: Debian's Chromium without a window."""

from __future__ import annotations

import os
import shutil
from typing import Any

import pytest


def pytest_configure(config: pytest.Config) -> None:
    # pytest-playwright 0.10 defines a fixture in a way that pytest 9.1 and later warn of.
    config.addinivalue_line("filterwarnings", "ignore:Session-scoped fixtures defined as instance methods")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Chromium as the machine has it; root has to do without its sandbox."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    found = {"executable_path": chromium} if chromium else {}
    return browser_type_launch_args | found | {"args": ["--no-sandbox"] if os.geteuid() == 0 else []}
