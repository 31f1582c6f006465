"""Keys that bodies which may be alike have in common, so that a new one is compared with a few, not with all. Pure.

Two bodies that `likeness.compare` would flag share at least one key; a test holds every labelled pair to that.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Collection, Iterable, Iterator
from itertools import combinations, product

from coalition.organisations.likeness import SAME_MEANING, Body
from coalition.organisations.romanisation import in_letters, rough_sounds
from coalition.organisations.spelling import looks, sounds_of
from coalition.organisations.vocabulary import Kind, Word
from coalition.organisations.wording import acronyms, initials, tokens_of, variants, without_address, words_of
from coalition.signatories.names import identity_key

#: Raise it when keys or likeness are made otherwise: everybody is then compared anew.
RULES = 2
#: A key that more bodies share than this says nothing about any two of them.
MOST_SHARED = 60
#: With so many a body is compared at most.
MOST_COMPARED = 25
#: Words beyond these add keys, not matches.
_WORDS = 8
_OWN = 3
_EDGE = 8
_LONGEST_FOR_SLIPS = 24
#: Words that one may stand for another in a translation are one here.
_MEANINGS = {code: min(group) for group in reversed(SAME_MEANING) for code in group}


def keys_of(body: Body) -> frozenset[int]:
    """The keys of a body, as signed 64-bit hashes."""
    found = {f"domain {domain}" for domain in body.domains | body.mail_domains}
    for name in (body.name, *body.also):
        found.update(_keys_of_name(name))
    return frozenset(map(_hash, found))


def likeliest(shared: Iterable[Collection[int]]) -> list[int]:
    """Of those that share keys, the few to compare with: what many share says little, what few share says much.

    `shared` holds for each key those that have it."""
    weights: dict[int, float] = {}
    for places in shared:
        for place in places if len(places) <= MOST_SHARED else ():
            weights[place] = weights.get(place, 0.0) + 1.0 / len(places)
    return sorted(heapq.nlargest(MOST_COMPARED, weights, key=lambda place: (weights[place], -place)))


def _keys_of_name(name: str) -> Iterator[str]:
    yield f"name {identity_key(name)}"
    if looks(name):
        yield f"looks {looks(name)}"
    yield from (f"short {short}" for short in acronyms(name) | initials(name))
    for variant in (*variants(name), *in_letters(name), without_address(name)):
        words = words_of(variant)[:_WORDS]
        yield from (f"one {key}" for word in words for key in _alone(word, len(words)))
        yield from (f"two {first} {second}" for one, other in combinations(words, 2)
                    for first, second in map(sorted, product(_together(one), _together(other))))
        yield from (f"own {' '.join(sorted(sounds))}" for sounds in _own(words))
        yield from _glued("".join(tokens_of(variant)))


def _alone(word: Word, of: int) -> Iterator[str]:
    """What a name can be found by if it shares nothing else. A word that names share finds too many, unless it is
    all there is."""
    if word.kind is Kind.OWN or of == 1:
        yield word.code
    if word.kind is not Kind.NUMBER:
        yield from (f"~{sound}" for sound in {word.sound, *sounds_of(word.text)} if len(sound) > 1)


def _together(word: Word) -> frozenset[str]:
    """What a word gives to a pair: its meaning, and how it may be read in other letters."""
    if word.kind is Kind.NUMBER:
        return frozenset({word.code})
    meaning = _MEANINGS.get(word.code, word.code)
    if word.script == "Latn" and word.kind is not Kind.OWN:
        return frozenset({meaning})
    read = frozenset(f"~{sound}" for sound in rough_sounds(word.text))
    return (read if word.kind is Kind.OWN else read | {meaning}) or frozenset({word.code})


def _own(words: tuple[Word, ...]) -> Iterator[tuple[str, ...]]:
    """All a name is called by itself, as it may be read: what two spellings of one name share however many bodies
    have one of its words."""
    own = [sorted(rough_sounds(word.text)) for word in words if word.kind is Kind.OWN][:_OWN]
    yield from product(*own) if own and all(own) else ()


def _glued(text: str) -> Iterator[str]:
    """The name in one piece, its two ends, and, for short ones, with each letter left out."""
    yield f"whole {text}"
    yield f"start {text[:_EDGE]}"
    yield f"end {text[-_EDGE:]}"
    if len(text) <= _LONGEST_FOR_SLIPS:
        yield f"slip {text}"
        yield from (f"slip {text[:at]}{text[at + 1:]}" for at in range(len(text)))


def _hash(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big", signed=True)
