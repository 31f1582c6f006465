"""Commands are run as the operator runs them, in the application of the test."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    """Run one command; refusals stay exceptions in `.exception`."""
    runner = app.test_cli_runner()

    def command(*words: str | Path) -> Result:
        return runner.invoke(args=[str(word) for word in words])

    return command


@pytest.fixture
def letter_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a letter file of these signatories."""

    def write(*signatories: dict[str, Any], name: str = "letter.json", **letter: Any) -> Path:
        path = tmp_path / name
        path.write_text(json.dumps({"title": "Stop the shelling", "signatories": list(signatories), **letter}))
        return path

    return write
