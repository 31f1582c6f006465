"""The folders beside the package in a checkout, and inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

import pytest

from coalition import paths


def test_a_checkout_finds_its_folders_beside_the_package() -> None:
    assert (paths.templates_folder() / "letter" / "document.html").is_file()
    assert paths.migrations_folder().name == "migrations"


def test_a_wheel_finds_them_inside_and_prefers_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "coalition"
    (package / "templates").mkdir(parents=True)
    (tmp_path / "templates").mkdir()
    monkeypatch.setattr(paths, "_PACKAGE", package)
    assert paths.templates_folder() == package / "templates"
    with pytest.raises(RuntimeError, match="migrations"):
        paths.migrations_folder()
