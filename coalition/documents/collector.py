"""Python's collector of garbage, put to sleep while a document is made.

A long list is a hundred thousand small values that all live until the document is done: looking through them for
garbage again and again takes a fifth of the time, and finds none.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def asleep() -> Iterator[None]:
    """No garbage is looked for inside. Threads share one collector: whoever put it to sleep wakes it."""
    was_awake = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_awake:
            gc.enable()
