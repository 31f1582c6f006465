"""The demonstration: what a newcomer runs first, from an empty folder to the PDF."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.documents.reading import text

ROOT = Path(__file__).resolve().parents[2]


def _coalition(instance: Path, *words: str) -> list[str]:
    run = subprocess.run(
        [sys.executable, "-m", "coalition", *words], cwd=ROOT, capture_output=True, text=True, check=False, timeout=900,
        env={**os.environ, "COALITION_INSTANCE": str(instance)})
    assert run.returncode == 0, run.stderr[-2000:]
    return run.stdout.strip().splitlines()


def test_the_demo_takes_the_letter_of_2016_all_the_way_and_does_no_harm_twice(tmp_path: Path) -> None:
    path = Path(_coalition(tmp_path, "demo")[-1])
    pdf = path.read_bytes()
    words = text(pdf, "Syrian civil society letter to President Putin")
    assert "19 signatories" in words and "231 organisations in all" in words
    assert _coalition(tmp_path, "edition", "verify", str(path))[0].startswith("The file is whole and unchanged")
    assert _coalition(tmp_path, "demo")[-1] == str(path)
    assert path.read_bytes() == pdf
    letters = _coalition(tmp_path, "letter", "list")
    assert len(letters) == 2 and "19" in letters[0] + letters[1]
