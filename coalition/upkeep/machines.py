"""Checks of what several machines need to be one installation: the same keys, and a place where all count and wake."""

from __future__ import annotations

from collections.abc import Iterator

from coalition.config import setting
from coalition.db import is_sqlite
from coalition.upkeep import shared_keys
from coalition.upkeep.finding import Finding, fail, ok, warn

#: Such places are known to one machine, or to one process, alone.
_COUNTED_HERE = ("instance:", "memory:")


def keys() -> Iterator[Finding]:
    """Whether this machine has the installation's keys."""
    if not shared_keys.any_noted():
        yield warn("machines", "it is not noted yet which keys the installation works with: run “coalition init” once.")
        return
    differing = shared_keys.differing()
    if differing:
        yield fail("machines", shared_keys.in_words(differing))


def meeting() -> Iterator[Finding]:
    """Where machines meet beside the database's own tables."""
    if is_sqlite():
        yield ok("machines", "one: with SQLite, pages and worker stay on this one. PostgreSQL is for several")
        return
    apart = [name for name, place in (("ratelimit_storage_uri", str(setting("RATELIMIT_STORAGE_URI"))),
                                      ("huey_url", str(setting("HUEY_URL")))) if place.startswith(_COUNTED_HERE)]
    if apart:
        yield warn("machines", f"{' and '.join(apart)}: known to this machine alone. With several, take it out of the "
                               "settings, and the database is used.")
    else:
        yield ok("machines", "others with the same keys and database may join")
