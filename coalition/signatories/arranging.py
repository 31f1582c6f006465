"""Moving entries of a list that is arranged by hand. Pure: keys in, keys out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def moved(keys: Sequence[str], places: Mapping[str, int]) -> tuple[str, ...]:
    """The keys with some of them moved to the places wanted, counted from 1.

    Those not named keep their order and fill what is left. A place before the first or behind the last means
    that end; of two that want the same place the one that stood first comes first. Unknown keys are ignored.
    """
    wanted = sorted((key for key in keys if key in places), key=lambda key: places[key])
    arranged = [key for key in keys if key not in places]
    for key in wanted:
        place = max(places[key], 1) - 1
        # Two for one place: the second goes behind the first, not before it.
        while place < len(arranged) and places.get(arranged[place]) == places[key]:
            place += 1
        arranged.insert(place, key)
    return tuple(arranged)


def stepped(keys: Sequence[str], key: str, step: int) -> tuple[str, ...]:
    """The keys with one of them moved up (-1) or down (1) by so many places; at an end it stays."""
    if key not in keys:
        return tuple(keys)
    return moved(keys, {key: min(max(list(keys).index(key) + 1 + step, 1), len(keys))})
