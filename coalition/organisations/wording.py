"""What a name is made of: its words, its variants, the acronyms it gives itself. Pure. How alike two names are is in
`likeness.py`, what a word means in `vocabulary.py`."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from anyascii import anyascii

from coalition.organisations.spelling import folded
from coalition.organisations.vocabulary import Kind, Word, understood

_SKELETON = str.maketrans({"i": "l", "1": "l", "|": "l", "0": "o"})
_SMALL = """
    the a an of for and in on to at by its it no nr st saint formerly with avec mit
    de des du del la le les el los las y et al e l d un una une pour para por do da dos das o em di della dei delle
    il lo gli per con von der die das für fur und zur zum im am og til av af fra en ett i u z w na
    za dla do od po pri ob
    as ash ar az ad an at ach ech ed en er es et ez eth adh bil wa wal lil lel fi li min ajl bin ibn ben imeni
    и в за на по о от для с со из под при об у до имени им до про та й з із і
    من في و علي على اجل الي عن بين مع ابن بن ل
"""
_SMALL_WORDS = frozenset(_SMALL.split())
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_BRACKETS = re.compile(r"[(\[（][^)\]）]*[)\]）]?")
_PARTS = re.compile(r"\s[-–—/|]\s*|\s*[-–—]\s|/|,(?=\s*[A-Z0-9]{3,}\s*$)")
SHORTEST_ACRONYM, _LONGEST_ACRONYM = 3, 9


#: Names are compared with many others in a row; what was found out about one is kept for a while.
_remembered = lru_cache(maxsize=20_000)


def skeleton(name: str) -> str:
    """The name as search takes it: Latin letters only, look-alikes folded, small words left out."""
    bare = "".join(character for character in unicodedata.normalize("NFKD", name)
                   if not unicodedata.combining(character))
    plain = anyascii(bare.replace("&", " and ")).casefold()
    words = "".join(character if character.isalnum() else " " for character in plain).split()
    kept = [word for word in words if word not in _SMALL_WORDS] or words
    return " ".join(kept).replace("rn", "m").replace("vv", "w").translate(_SKELETON)


@_remembered
def tokens_of(name: str) -> tuple[str, ...]:
    """The words of a name as folded, without the small ones."""
    return tuple(token for token in _tokens(name) if token not in _SMALL_WORDS)


@_remembered
def words_of(name: str) -> tuple[Word, ...]:
    """The words of a name that count, understood."""
    return tuple(understood(tokens_of(name) or _tokens(name)))


@_remembered
def variants(name: str) -> tuple[str, ...]:
    """The name, and what it is called without or within brackets, dashes and strokes; a place or a number that
    stands there is part of the name and stays."""
    found = [name]
    inside = [part.strip("()[]（） ") for part in _BRACKETS.findall(name)]
    outside = " ".join(_BRACKETS.sub(" ", name).split())
    if inside and outside and not any(_tells_apart(part, outside) for part in inside):
        found += [outside, *(part for part in inside if len(part.split()) > 1 or not _is_short(part))]
    for text in (name, outside):
        parts = [part.strip() for part in _PARTS.split(text) if part and part.strip()]
        if len(parts) > 1 and not any(_tells_apart(part) for part in parts):
            found += [part for part in parts if len(words_of(part)) > 1 or len(part) > _LONGEST_ACRONYM - 4]
    return tuple(dict.fromkeys(part for part in found if part))


@_remembered
def acronyms(name: str) -> frozenset[str]:
    """The acronyms a name gives itself: all of it, in brackets, or behind a comma, a dash or a stroke."""
    plain = re.sub(r"(?<=\b\w)\.(?=\w\b|\s|$)", "", name)
    if len(_WORD.findall(plain)) == 1:
        found = [plain.strip(" .")]
    else:
        parts = _PARTS.split(_BRACKETS.sub(" ", plain))
        found = [part.strip("()[]（）") for part in _BRACKETS.findall(plain)] + (parts if len(parts) > 1 else [])
    return frozenset(folded(part) for text in found if _is_short(part := text.strip()))


@_remembered
def initials(name: str) -> frozenset[str]:
    """What the first letters of its words make, with and without small words."""
    outside = _BRACKETS.sub(" ", name)
    every = _tokens(outside)
    counted = [token for token in every if token not in _SMALL_WORDS]
    return frozenset("".join(token[0] for token in tokens) for tokens in (every, counted)
                     if SHORTEST_ACRONYM <= len(tokens) <= _LONGEST_ACRONYM)


def is_one_word(name: str) -> bool:
    """Whether the name is a single word, or an acronym with full stops."""
    return len(_WORD.findall(re.sub(r"\.(?=\w|$)", "", name))) == 1


def without_brackets(name: str) -> str:
    """The name without what stands in brackets."""
    return _BRACKETS.sub(" ", name)


@_remembered
def without_address(name: str) -> str:
    """The name without the place it ends in behind a comma; "" where it ends in none."""
    before, _comma, last = name.rpartition(",")
    words = words_of(last) if before else ()
    return before if words and all(word.kind is Kind.PLACE for word in words) else ""


def _is_short(token: str) -> bool:
    upper = sum(map(str.isupper, token))
    return SHORTEST_ACRONYM <= len(token) <= _LONGEST_ACRONYM and upper * 2 >= len(token)


@_remembered
def _tokens(name: str) -> tuple[str, ...]:
    plain = re.sub(r"(?<=\b\w)\.\s(?=\w\.(?:\s|$))", ".", name.replace("&", " "))
    plain = re.sub(r"(?<=\b\w)\.(?=\w\b|\s|$)", "", plain)
    plain = re.sub(r"\b([dlnsjmc]|qu)['’](?=\w\w)", r"\1 ", plain, flags=re.IGNORECASE)
    plain = re.sub(r"(?<=\w)['\"’‘ʼ`](?=\w)", "", plain)
    plain = re.sub(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[A-Za-z])", " ", plain)
    found = (folded(token) for token in _WORD.findall(unicodedata.normalize("NFC", _joined(plain))))
    return tuple(token for token in found if token)


def _joined(text: str) -> str:
    """Without marks and invisible characters, which would cut words in two."""
    return "".join(character for character in unicodedata.normalize("NFKD", text)
                   if unicodedata.category(character) not in ("Mn", "Me", "Cf"))


def _tells_apart(part: str, rest: str = "") -> bool:
    """Whether part of a name says which of several is meant, by a place or a number that the rest does not say."""
    words, said = words_of(part), {word.code for word in words_of(rest)} if rest else set()
    return len(words) < 3 and any(word.kind in (Kind.PLACE, Kind.NUMBER) and word.code not in said for word in words)
