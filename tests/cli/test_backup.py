"""The drill: a backup, another machine, the same bytes; and everything that is not a backup is refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from coalition import clock
from coalition.app import create_app
from coalition.errors import Unavailable
from coalition.upkeep import encryption, files, restoring, starting
from tests import cast
from tests.conftest import SETTINGS

Run = Callable[..., Result]


@pytest.fixture
def settings() -> dict[str, Any]:
    """The audit log is sealed with a key of its own, which must come back with the others."""
    return {"AUDIT_KEY": ""}


def runner(folder: Path, **settings: Any) -> Run:
    """Commands of the installation in a folder, on SQLite there."""
    app = create_app(folder, {**SETTINGS, "AUDIT_KEY": "", **settings})

    def command(*words: str | Path) -> Result:
        return app.test_cli_runner().invoke(args=[str(word) for word in words])

    return command


def test_a_lost_machine_is_made_again_from_its_backup(app: Flask, run: Run, letter_file: Any, tmp_path: Path) -> None:
    entries = [{"organisation": "Harbour Light Trust"}, {"organisation": "Дом права"}]
    slug = run("letter", "import", letter_file(*entries), "--open", "--approve").stdout.split()[-1]
    edition = Path(run("letter", "compile", slug).stdout.split()[-1])
    (tmp_path / "config.toml").write_text('mail_password = "secret"\n')
    assert run("backup").exit_code == 1
    nothing = run("backup", "-o", tmp_path / "b.age")
    assert nothing.exit_code == 1 and "coalition init" in nothing.stderr
    encryption.make_key(tmp_path)
    assert not encryption.make_key(tmp_path)
    safe = tmp_path / "away"
    safe.mkdir()
    key = shutil.move(tmp_path / encryption.KEY_FILE, safe / "key")
    data, keys = safe / "data.age", safe / "keys.age"
    assert "one file" in run("backup", "-o", data, "--keys", data).stderr
    assert run("backup", "--keys", keys).exit_code == 0
    done = run("backup", "-o", data)
    assert (done.exit_code, done.stdout) == (0, f"{data}\n") and "keys are not in it" in done.stderr
    assert all(path.stat().st_mode & 0o077 == 0 for path in (data, keys))

    folder = tmp_path.parent / f"{tmp_path.name}-restored"
    # Another machine, and another domain.
    there = runner(folder, PUBLIC_URL="https://new.test", PUBLIC_URL_FORMER=["https://letters.test"])
    for words, reason in refusals(safe, data, keys, key):
        refused = there("restore", *words)
        assert refused.exit_code == 1 and reason in refused.stderr, (words, refused.stderr, refused.exception)
        assert not [path.name for path in folder.iterdir() if not path.match("*.key") and ".sqlite" not in path.name]
    restored = there("restore", data, "--keys", keys, "--key-file", key)
    assert restored.exit_code == 0, restored.stderr
    assert "audit log whole" in restored.stdout and "All mail is held" in restored.stderr
    assert (folder / "config.toml.from-backup").exists() and not (folder / "config.toml").exists()
    assert not (folder / files.UNFINISHED).exists() and not list(folder.glob(".restore*"))
    assert (folder / "audit.key").read_text() == (tmp_path / "audit.key").read_text()
    with clock.fixed(cast.later(days=400)):
        assert there("edition", "rebuild", slug, "1", "-o", folder / "again.pdf").exit_code == 0
    assert (folder / "again.pdf").read_bytes() == edition.read_bytes()
    assert there("edition", "verify", edition).exit_code == 0
    again = there("restore", data, "--keys", keys, "--key-file", key)
    assert again.exit_code == 1 and "empty installation only" in again.stderr
    assert there("mail", "release").exit_code == 0


def refusals(safe: Path, data: Path, keys: Path, key: Path) -> list[tuple[list[str | Path], str]]:
    """What is no backup, or not for this key, and what is said."""
    whole = data.read_bytes()
    encryption.make_key(safe)
    made = {"cut": whole[:-20], "changed": whole[:-90] + bytes([whole[-90] ^ 1]) + whole[-89:], "text": b"hello " * 99,
            "empty": b"", "head": whole[:40]}
    for name, content in made.items():
        (safe / name).write_bytes(content)
    right: list[str | Path] = ["--keys", keys, "--key-file", key]
    return [
        ([data, "--keys", keys, "--key-file", safe / encryption.KEY_FILE], "another key"),
        ([data, "--keys", keys, "--key-file", safe / encryption.RECIPIENTS_FILE], "no private key"),
        ([data, "--keys", keys, "--key-file", data], "cannot be read"),
        ([data, "--key-file", key], "Give the keys too"),
        ([keys, *right], "exchanged"),
        ([data, "--keys", data, "--key-file", key], "exchanged"),
        ([safe / "cut", *right], "damaged or cut off"),
        ([safe / "changed", *right], "damaged or cut off"),
        ([safe / "text", *right], "no backup of coalition"),
        ([safe / "empty", *right], "no backup of coalition"),
        ([safe / "head", *right], "no backup of coalition"),
    ]


def test_a_restore_that_fails_leaves_nothing_and_one_that_was_killed_is_begun_anew(
        app: Flask, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with app.app_context():
        cast.staff()
    encryption.make_key(tmp_path)
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "a.pdf").write_bytes(b"%PDF-")
    words = ("restore", tmp_path / "d.age", "--keys", tmp_path / "k.age", "--key-file", tmp_path / "backup.key")
    assert run("backup", "-o", words[1], "--keys", words[3]).exit_code == 0
    folder = tmp_path.parent / f"{tmp_path.name}-restored"
    there = runner(folder)
    for trouble in (OSError(28, "No space left on device"), KeyboardInterrupt()):
        with monkeypatch.context() as broken:
            broken.setattr(restoring.holding, "hold", raising(trouble))
            failed = there(*words)
        assert failed.exit_code == 1 and not (folder / "documents" / "a.pdf").exists(), failed.stderr
        assert not (folder / files.UNFINISHED).exists() and not (folder / "seal.pem").exists()
    with monkeypatch.context() as killed:
        killed.setattr(restoring.holding, "hold", raising(KeyboardInterrupt()))
        killed.setattr(restoring, "_empty", lambda *_: None)
        there(*words)
    assert (folder / files.UNFINISHED).exists()
    with create_app(folder, SETTINGS).app_context(), pytest.raises(Unavailable, match="coalition restore"):
        starting.require_fit()
    assert there(*words).exit_code == 0, there(*words).stderr
    assert (folder / "documents" / "a.pdf").exists() and not (folder / files.UNFINISHED).exists()


def raising(trouble: BaseException) -> Callable[..., Any]:
    def fail(**_values: Any) -> None:
        raise trouble

    return fail
