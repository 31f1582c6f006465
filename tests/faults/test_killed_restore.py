"""`kill -9` of a restore at any moment: nothing is served until the same command has made it whole."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask

from coalition.access.actor import OPERATOR
from coalition.audit import chain
from coalition.db import db
from coalition.upkeep import dump, encryption
from coalition.upkeep.backup import back_up
from tests import cast
from tests.conftest import SETTINGS

HOME = Path(__file__).resolve().parents[2]


def coalition(folder: Path, *words: str | Path) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "COALITION_INSTANCE": str(folder), "PYTHONPATH": str(HOME),
                   "FLASK_AUDIT_KEY": str(SETTINGS["AUDIT_KEY"])}
    return subprocess.Popen([sys.executable, "-m", "coalition", *map(str, words)], cwd=HOME, env=environment,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)


@pytest.mark.soak
def test_twenty_restores_are_killed_and_begun_again(room: Flask, tmp_path: Path) -> None:
    cast.staff()
    letter = cast.open_letter()
    for number in range(5):
        cast.approved(letter, f"Body {number}")
    (tmp_path / "documents").mkdir()
    for number in range(50):
        (tmp_path / "documents" / f"{number}.pdf").write_bytes(os.urandom(100_000))
    encryption.make_key(tmp_path)
    data, keys, key = tmp_path / "d.age", tmp_path / "k.age", tmp_path / "backup.key"
    back_up(OPERATOR, data, keys, None)
    with db.engine.connect() as connection:
        entries = dump.digests(connection)["endorsement_entries"]
    words = ("restore", data, "--keys", keys, "--key-file", key)
    first = coalition(tmp_path.parent / "whole", *words)
    begun = time.monotonic()
    said = first.communicate(timeout=120)[1]
    assert first.returncode == 0, said.decode()
    took = time.monotonic() - begun
    chance, left_behind = random.Random(16), 0
    for number in range(20):
        folder = tmp_path.parent / f"round-{number}"
        process = coalition(folder, *words)
        time.sleep(took * chance.uniform(0.3, 1.0))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        if (folder / "restore-unfinished").exists():
            left_behind += 1
            worker = coalition(folder, "worker")
            assert worker.wait(60) == 1
            worker.communicate()
        again = coalition(folder, *words)
        said = again.communicate(timeout=120)[1].decode()
        # A restore that was done when the signal came is not done a second time.
        assert again.returncode == 0 or "empty installation only" in said, said
        verified = coalition(folder, "audit", "verify")
        assert verified.communicate(timeout=60)[0].startswith(b"whole") and verified.returncode == 0
        assert len(list((folder / "documents").iterdir())) == 50 and not list(folder.glob("*restore-*"))
        shutil.rmtree(folder)
    with db.engine.connect() as connection:
        assert dump.digests(connection)["endorsement_entries"] == entries and isinstance(chain.verify(), int)
    print(f"20 rounds, {left_behind} killed midway, 0 lost")
