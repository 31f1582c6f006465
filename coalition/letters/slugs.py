"""Addresses of letters: from the title, ASCII-folded, at most 60 characters. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable

from anyascii import anyascii

LONGEST = 60


def slug_for(title: str, is_taken: Callable[[str], bool]) -> str:
    """A free slug for a title: a number is appended while it is taken."""
    folded = re.sub(r"[^a-z0-9]+", "-", anyascii(title).lower().replace("'", "")).strip("-")
    base = folded[:LONGEST].rpartition("-")[0] if len(folded) > LONGEST and "-" in folded[:LONGEST] else folded
    base = base[:LONGEST].strip("-") or "letter"
    slug, number = base, 1
    while is_taken(slug):
        number += 1
        ending = f"-{number}"
        slug = base[: LONGEST - len(ending)].rstrip("-") + ending
    return slug
