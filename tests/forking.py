"""A child process that may be killed in the middle of something, with connections of its own to the same database."""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable

from coalition.db import db


def in_a_child(work: Callable[[], object]) -> str | None:
    """Do the work in a child: "done" when it ended, "failed: …" when it raised, None when the child was killed before.
    Nothing is said before the work has returned: what is said is acknowledged."""
    db.session.remove()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _work(work, writing)
    os.close(writing)
    with os.fdopen(reading, "rb") as said:
        words = said.read().decode()
    os.waitpid(child, 0)
    return words or None


def _work(work: Callable[[], object], writing: int) -> None:
    try:
        for engine in db.engines.values():
            engine.dispose(close=False)
        work()
        os.write(writing, b"done")
    except BaseException:
        os.write(writing, f"failed: {traceback.format_exc()}".encode())
    finally:
        # Nothing of the parent's is cleared away by its child.
        os._exit(0)
