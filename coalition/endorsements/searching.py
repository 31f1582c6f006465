"""What makes a name found in the queue, however it is written: folded letters, Latin letters, consonants. Pure."""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby

from anyascii import anyascii

#: A search of more words is cut: each costs a look at every row.
MOST_WORDS = 8
#: Fewer consonants than this stand in every second name: then the whole word must be the same.
_FEW = 3
#: Shorter words (articles mostly) are left out of a search that has longer ones.
_SHORT = 3
#: Between the parts of a key: consonants of words in Latin letters, then those of words in other scripts.
_LATIN, _OTHER = "~", "^"
_SAME = str.maketrans({"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ـ": None, "'": None, "’": None, "ʼ": None})
#: What is neither letter nor figure, in ASCII.
_MARKS = re.compile("[^0-9a-z]+")
_DIGRAPHS = (*((f"{letter}h", letter) for letter in "cgkstz"), ("dh", "z"), ("q", "k"))


def search_key(*names: str) -> str:
    """What a search looks through: the names in Latin letters first (so that keys sort as a reader expects), then
    as they are written, then the consonants by which a name is found in another script."""
    words = _words(" ".join(names))
    latin = [marks for word in words if word.isascii() and (marks := _consonants(word))]
    other = [marks for word in words if not word.isascii() and (marks := _consonants(word))]
    return " ".join((*(_in_latin(word) for word in words), "|", *(word for word in words if not word.isascii()),
                     _LATIN, *latin, _OTHER, *other, ""))


def ways_to_find(query: str) -> list[tuple[tuple[str, ...], ...]]:
    """For each word of the query the ways it may stand in a key; a way is texts that follow each other in it.
    Empty for a query without a letter or digit."""
    words = _words(query)[:MOST_WORDS]
    longer = [word for word in words if len(word) >= _SHORT or not word.isascii()]
    return [_ways(word) for word in longer or words]


def _ways(word: str) -> tuple[tuple[str, ...], ...]:
    ways: list[tuple[str, ...]] = [(word,)]
    latin, marks = _in_latin(word), _consonants(word)
    if latin and latin != word:
        ways.append((latin,))
    if marks:
        # The same script needs no guessing: only what was written in another one is found by consonants.
        ways.append((_OTHER if word.isascii() else _LATIN, marks if len(marks) >= _FEW else f" {marks} "))
    return tuple(ways)


def _words(text: str) -> list[str]:
    if text.isascii():
        return _MARKS.sub(" ", text.lower().translate(_SAME)).split()
    bare = "".join(character for character in unicodedata.normalize("NFKD", text)
                   if not unicodedata.combining(character))
    folded = bare.casefold().translate(_SAME)
    return "".join(character if character.isalnum() else " " for character in folded).split()


def _in_latin(word: str) -> str:
    if word.isascii():
        return word  # as `_words` gives it
    return "".join(character for character in anyascii(word).casefold() if character.isalnum())


def _consonants(word: str) -> str:
    text = _in_latin(word)
    for written, kept in _DIGRAPHS:
        text = text.replace(written, kept)
    single = "".join(letter for letter, _same in groupby(text))
    marks = "".join(letter for letter in single if letter not in "aeiouywh")
    return marks if len(marks) > 1 else ""
