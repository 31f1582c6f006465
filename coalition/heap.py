"""Memory that was freed and that the C library keeps for later, given back to the system.

After a long list it is tens of megabytes, in which other processes of the same document can work meanwhile.
"""

from __future__ import annotations

import ctypes

_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)


def give_back() -> None:
    """Give back what can be, in some milliseconds; nothing where the C library has no way to."""
    if _trim is not None:
        _trim(0)
