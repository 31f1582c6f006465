"""How alike two names look. Likeness suggests a comparison to a person; it never merges anything."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from anyascii import anyascii
from rapidfuzz import fuzz, process

#: From this score on two names are shown side by side; measured on real lists (a typing error scores 90-99).
FLAGGED = 88.0

_SKELETON = str.maketrans({"i": "l", "1": "l", "|": "l", "0": "o"})
_SMALL_WORDS = frozenset({"the", "a", "an", "of", "for", "and", "in", "de", "des", "du", "la", "le", "les", "el",
                          "los", "las", "y", "et", "al", "e", "v", "st", "saint"})


def skeleton(name: str) -> str:
    """The name as a careless eye sees it: Latin letters only, look-alikes folded, small words left out."""
    bare = "".join(character for character in unicodedata.normalize("NFKD", name)
                   if not unicodedata.combining(character))
    plain = anyascii(bare.replace("&", " and ")).casefold()
    words = "".join(character if character.isalnum() else " " for character in plain).split()
    kept = [word for word in words if word not in _SMALL_WORDS] or words
    return " ".join(kept).replace("rn", "m").replace("vv", "w").translate(_SKELETON)


def alike(name: str, others: Iterable[tuple[int, str]], *, limit: int = 5) -> list[tuple[int, float]]:
    """The ids of those among `others` (id, name) that look like `name`, the likest first, with a score
    from 88 to 100."""
    skeletons = {number: skeleton(other) for number, other in others}
    found = process.extract(skeleton(name), skeletons, scorer=fuzz.token_sort_ratio, score_cutoff=FLAGGED,
                            limit=limit)
    return [(number, score) for _, score, number in found]


def those_with_look_alikes(wanted: dict[int, str], everybody: Iterable[tuple[int, str]]) -> frozenset[int]:
    """Which of `wanted` (id to name) look like somebody else among `everybody`."""
    numbers, skeletons = [], []
    for number, name in everybody:
        numbers.append(number)
        skeletons.append(skeleton(name))
    found = set()
    for number, name in wanted.items():
        matches = process.extract_iter(skeleton(name), skeletons, scorer=fuzz.token_sort_ratio,
                                       score_cutoff=FLAGGED)
        if any(numbers[index] != number for _name, _score, index in matches):
            found.add(number)
    return frozenset(found)
