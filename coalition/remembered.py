"""What was made of one value, remembered in this process: a long list is made again after each approval, when all its
entries but one are as they were.

For pure functions of frozen values only: what they are given is compared whole, so that nothing remembered can be out
of date. It holds names as printed, and lets go of them all when one has to go.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from coalition import heap

#: Values that each function remembers: a list of some ten thousand entries, in two languages or for two audiences.
_KNOWN = 25_000

_Function = TypeVar("_Function", bound=Callable[..., Any])
_all: list[Any] = []


def remembered(make: _Function) -> _Function:
    """The function with a memory. It must be quick to tell whether it was given the same before."""
    known: Any = lru_cache(_KNOWN)(make)
    _all.append(known)
    return known  # type: ignore[no-any-return]


def let_go() -> None:
    """Forget everything: what comes next is made as if it were the first."""
    for known in _all:
        known.cache_clear()
    heap.give_back()
