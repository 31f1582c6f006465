"""Where the templates and the migrations stand: inside the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _folder(name: str) -> Path:
    # The wheel carries the folders inside the package, the checkout has them next to it.
    for candidate in (_PACKAGE / name, _PACKAGE.parent / name):
        if candidate.is_dir():
            return candidate
    raise RuntimeError(f"The folder “{name}” is missing: this installation of coalition is not complete.")


def templates_folder() -> Path:
    """The folder of the page, mail and document templates."""
    return _folder("templates")


def migrations_folder() -> Path:
    """The folder of Alembic's `env.py` and `versions`."""
    return _folder("migrations")
