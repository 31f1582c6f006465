"""Libraries, and modules of ours, that most processes never use: loaded by the first act that does. Who makes
documents needs no spreadsheets, a command no judge of passwords; together they are a third of what a process weighs.

Whoever uses one names it as an import beside, for those who read the types (`if TYPE_CHECKING`).
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class _Late:
    """Stands for a module until it is asked for something; Python's own lock sees to it that it is loaded once."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self.__name__), attribute)


def late(name: str) -> Any:
    """The module of this name, to be loaded when something of it is asked for."""
    return _Late(name)
