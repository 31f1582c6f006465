"""Keys that bodies which may be alike have in common, so that a new one is compared with a few, not with all. Pure.

Two bodies that `likeness.compare` would flag share at least one key; a test holds every labelled pair to that.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from itertools import combinations

from coalition.organisations.likeness import Body, acronyms, initials, tokens_of, variants, words_of
from coalition.organisations.spelling import looks, sounds_of
from coalition.organisations.vocabulary import Kind, Word
from coalition.signatories.names import identity_key

#: Raise it when keys or likeness are made otherwise: everybody is then compared anew.
RULES = 1
#: A key that more bodies share than this says nothing about any two of them.
MOST_SHARED = 60
#: Words beyond these add keys, not matches.
_WORDS = 8
_EDGE = 8
_LONGEST_FOR_SLIPS = 24


def keys_of(body: Body) -> frozenset[int]:
    """The keys of a body, as signed 64-bit hashes."""
    found = {f"domain {domain}" for domain in body.domains | body.mail_domains}
    for name in (body.name, *body.also):
        found.update(_keys_of_name(name))
    return frozenset(map(_hash, found))


def _keys_of_name(name: str) -> Iterator[str]:
    yield f"name {identity_key(name)}"
    if looks(name):
        yield f"looks {looks(name)}"
    yield from (f"short {short}" for short in acronyms(name) | initials(name))
    for variant in variants(name):
        words = words_of(variant)[:_WORDS]
        yield from (f"one {key}" for word in words for key in _single(word))
        yield from (f"two {' '.join(sorted(pair))}" for pair in combinations({_pairing(word) for word in words}, 2))
        yield from _glued("".join(tokens_of(variant)))


def _single(word: Word) -> Iterator[str]:
    """A word by its meaning and by its sound: one of them holds in another script."""
    yield word.code
    if word.kind is not Kind.NUMBER:
        yield from (f"~{sound}" for sound in {word.sound, *sounds_of(word.text)} if len(sound) > 1)


def _pairing(word: Word) -> str:
    return f"~{word.sound}" if word.kind is Kind.OWN and len(word.sound) > 1 else word.code


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
