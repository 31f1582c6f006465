"""Where templates and migrations lie: beside the package in a checkout, inside it in an installed wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def templates_folder() -> Path:
    """The folder of all templates."""
    return _found("templates")


def migrations_folder() -> Path:
    """The folder of the database's migrations."""
    return _found("migrations")


def _found(name: str) -> Path:
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name
