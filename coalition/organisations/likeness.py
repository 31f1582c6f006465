"""How alike two bodies are, and why. Likeness suggests a comparison to a person; it never merges anything. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import product

from anyascii import anyascii
from rapidfuzz.distance import OSA

from coalition.organisations.spelling import folded, long_vowels_agree, looks, script_of, sounds_of
from coalition.organisations.vocabulary import Kind, Word, understood
from coalition.signatories.names import identity_key

#: From this score on two bodies are shown side by side; measured on the labelled pairs of the tests.
FLAGGED = 80.0
#: What stays below it although most words agree.
_APART = 70.0
#: From here on two names have something in common.
_IN_COMMON = 50.0
_SKELETON = str.maketrans({"i": "l", "1": "l", "|": "l", "0": "o"})
_SMALL_WORDS = frozenset({
    "the", "a", "an", "of", "for", "and", "in", "on", "to", "at", "by", "de", "des", "du", "del", "la", "le", "les",
    "el", "los", "las", "y", "et", "al", "e", "st", "saint", "as", "ash", "ar", "az", "ad", "es", "bil", "wa",
    "bin", "ibn", "l", "d", "un", "una", "pour", "para", "por", "i", "и", "в", "за", "на", "по", "о", "от", "من",
    "في", "و", "علي", "formerly", "von", "der", "die", "das", "für", "fur", "und", "og", "u", "no", "nr", "o", "do",
    "da", "dos", "its", "it", "على", "اجل",
})
_WEIGHTS = {Kind.OWN: 1.3, Kind.WORD: 1.0, Kind.FORM: 0.5, Kind.PLACE: 1.0, Kind.NUMBER: 1.5, Kind.LEGAL: 0.0}
#: Kinds of bodies that languages do not tell apart alike.
_KINDRED = {"institute": "centre", "society": "association", "league": "association", "federation": "union",
            "confederation": "union", "commission": "committee", "trust": "foundation", "trade-union": "union"}
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_BRACKETS = re.compile(r"[(\[（][^)\]）]*[)\]）]?")
_PARTS = re.compile(r"\s[-–—/|]\s*|\s*[-–—]\s|/|,(?=\s*[A-Z0-9]{3,}\s*$)")
_SHORTEST_ACRONYM, _LONGEST_ACRONYM = 3, 9


#: Names are compared with many others in a row; what was found out about one is kept for a while.
_remembered = lru_cache(maxsize=20_000)


class Reason(StrEnum):
    """Why two bodies are shown to somebody."""

    SAME_NAME = "same_name"
    LOOKS = "looks"
    SPELLING = "spelling"
    OTHER_SCRIPT = "other_script"
    ACRONYM = "acronym"
    OTHER_NAME = "other_name"
    DOMAIN = "domain"


@dataclass(frozen=True, slots=True)
class Body:
    """What is known of a body when it is compared. `also` are its aliases and former names, `domains` the
    registered domain of its website, `mail_domains` those of the people who act for it; `country` is a code or ""."""

    name: str
    country: str = ""
    also: tuple[str, ...] = ()
    domains: frozenset[str] = frozenset()
    mail_domains: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Likeness:
    """A score from 0 to 100 and the strongest reason for it."""

    score: float
    reason: Reason

    @property
    def is_flagged(self) -> bool:
        return self.score >= FLAGGED


def skeleton(name: str) -> str:
    """The name as search takes it: Latin letters only, look-alikes folded, small words left out."""
    bare = "".join(character for character in unicodedata.normalize("NFKD", name)
                   if not unicodedata.combining(character))
    plain = anyascii(bare.replace("&", " and ")).casefold()
    words = "".join(character if character.isalnum() else " " for character in plain).split()
    kept = [word for word in words if word not in _SMALL_WORDS] or words
    return " ".join(kept).replace("rn", "m").replace("vv", "w").translate(_SKELETON)


def compare(one: Body, other: Body) -> Likeness:
    """How alike two bodies are by all their names and domains."""
    found = [_by_names(a, b, one.country, other.country) for a, b in product(_names(one), _names(other))]
    best = max(found, key=lambda likeness: likeness.score)
    own = _by_names(one.name, other.name, one.country, other.country)
    if best.is_flagged and not own.is_flagged and (one.also or other.also):
        best = Likeness(best.score, Reason.OTHER_NAME)
    if not best.is_flagged and _share_a_domain(one, other, best.score):
        return Likeness(90.0, Reason.DOMAIN)
    return best


def _share_a_domain(one: Body, other: Body, score: float) -> bool:
    """Whether a website is both's, or the one's website the other's mail domain. People of several bodies write
    from one office: the mail domain alone counts where the names have something in common too."""
    websites = one.domains & other.domains or one.domains & other.mail_domains or one.mail_domains & other.domains
    return bool(websites) or (score > _IN_COMMON and bool(one.mail_domains & other.mail_domains))


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
    if inside and outside and not any(_tells_apart(part) for part in inside):
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
                     if _SHORTEST_ACRONYM <= len(tokens) <= _LONGEST_ACRONYM)


def _names(body: Body) -> Iterator[str]:
    yield body.name
    yield from body.also


def _by_names(one: str, other: str, country: str, its_country: str) -> Likeness:
    if identity_key(one) == identity_key(other):
        return Likeness(100.0, Reason.SAME_NAME)
    if looks(one) and looks(one) == looks(other):
        return Likeness(99.0, Reason.LOOKS)
    apart = bool(country and its_country and country != its_country)
    if _share_an_acronym(one, other, apart):
        return Likeness(88.0, Reason.ACRONYM)
    places = frozenset() if apart else frozenset({country, its_country}) - {""}
    pairs = tuple(product(variants(one), variants(other)))
    score = max(_alike(words_of(a), words_of(b), places) for a, b in pairs)
    if score < FLAGGED and any(_same_without_blanks(a, b) for a, b in pairs):
        score = 95.0
    crosses = script_of(one) != script_of(other)
    return Likeness(score, Reason.OTHER_SCRIPT if crosses else Reason.SPELLING)


def _alike(one: tuple[Word, ...], other: tuple[Word, ...], places: frozenset[str]) -> float:
    """The share of words that agree, by weight, brought down where the names say that two bodies are meant."""
    if not one or not other:
        return 0.0
    left, right, matched = list(one), list(other), 0.0
    for agrees in (_mean_the_same, _are_spelt_alike):
        for word in tuple(left):
            partner = next((candidate for candidate in right if agrees(word, candidate, len(one) == len(other) == 1)),
                           None)
            if partner is not None:
                left.remove(word)
                right.remove(partner)
                matched += (_weight(word) + _weight(partner)) * (1.0 if agrees is _mean_the_same else 0.96)
    if not matched:
        return 0.0
    left, right = ([word for word in side if word.code not in places] for side in (left, right))
    if _is_initials_of(left, right) or _is_initials_of(right, left):
        matched += sum(map(_weight, left + right))
        left, right = [], []
    crosses = _scripts(one) != _scripts(other)
    if not left or not right:
        # One name only says more of what kind of body it is.
        left, right = ([word for word in side if word.kind is not Kind.FORM] for side in (left, right))
    score = 100.0 * matched / (matched + sum(map(_weight, left + right)))
    return min(score, _APART) if _speaks_against(left, right, crosses) else score


def _speaks_against(left: list[Word], right: list[Word], crosses: bool) -> bool:
    rest = left + right
    if any(word.kind in (Kind.NUMBER, Kind.PLACE) for word in rest):
        return True
    if crosses:
        # What is left may be a word nobody has translated yet; two kinds of bodies are not.
        mine, theirs = ({_KINDRED.get(word.code, word.code) for word in side if word.kind is Kind.FORM}
                        for side in (left, right))
        return bool(mine and theirs) and mine.isdisjoint(theirs)
    return bool(left and right)


def _is_initials_of(short: list[Word], words: list[Word]) -> bool:
    """Whether one word that is left, like NSW, is made of the first letters of those left on the other side."""
    return len(short) == 1 and len(words) > 1 and short[0].text == "".join(word.text[0] for word in words)


def _mean_the_same(one: Word, other: Word, _alone: bool) -> bool:
    return one.code == other.code


def _are_spelt_alike(one: Word, other: Word, alone: bool) -> bool:
    """Whether a slip of the fingers or another alphabet makes one of the other."""
    if Kind.NUMBER in (one.kind, other.kind) or Kind.OWN not in (one.kind, other.kind):
        return False
    if one.script != other.script:
        return _sound_alike(one, other)
    if one.text[0] != other.text[0]:
        return False
    longer, shorter = sorted((len(one.text), len(other.text)), reverse=True)
    distance = OSA.distance(one.text, other.text)
    if distance <= (2 if shorter > 8 else 1 if longer > 6 else 0):
        return True
    if sorted(one.text) == sorted(other.text):
        return distance == 1 and longer > 3
    if distance == 1 and longer > 4 and not alone and one.text[-1] == other.text[-1]:
        return True
    if one.script != "Latn" or alone:
        return False
    # Names from Arabic have as many spellings in Latin letters as there are clerks.
    same_stem = _stem(one.text) == _stem(other.text) and shorter > 2
    same_sound = one.sound == other.sound and len(one.sound) > 2 and distance <= (longer + 1) // 2
    return same_stem or same_sound


def _stem(word: str) -> str:
    return re.sub(r"(.)\1", r"\1", word).rstrip("aeh")


def _sound_alike(one: Word, other: Word) -> bool:
    if "Arab" in (one.script, other.script):
        arabic, latin = (one, other) if one.script == "Arab" else (other, one)
        return (len(arabic.sound) > 1 and arabic.sound in sounds_of(latin.text)
                and long_vowels_agree(arabic.text, latin.text)) or _nearly(one.sound, other.sound)
    same = one.sound == other.sound and len(one.sound) > 1
    near = OSA.normalized_similarity(anyascii(one.text).casefold(), anyascii(other.text).casefold()) > 0.4
    return near and (same or _nearly(one.sound, other.sound))


def _nearly(one: str, other: str) -> bool:
    """Whether long sounds differ by one letter that is not the first."""
    return min(len(one), len(other)) > 3 and one[0] == other[0] and OSA.distance(one, other) == 1


def _share_an_acronym(one: str, other: str, apart: bool) -> bool:
    """Whether one is called by the other's acronym or initials, or both give themselves the same one. `apart`:
    their countries differ."""
    mine, theirs = acronyms(one), acronyms(other)
    both = mine & theirs
    if not mine and not theirs:
        return False
    if _is_one_word(one) != _is_one_word(other):
        short, name = (mine, other) if _is_one_word(one) else (theirs, one)
        return bool(short & (initials(name) | acronyms(name)))
    if apart or _name_unlike_places(one, other):
        return False
    # Three letters are soon alike by chance: then the names must share a word as well.
    mine, theirs = ({word.code for word in words_of(_BRACKETS.sub(" ", name))} for name in (one, other))
    share_a_word = not mine.isdisjoint(theirs)
    return any(len(acronym) > _SHORTEST_ACRONYM or share_a_word for acronym in both)


def _name_unlike_places(one: str, other: str) -> bool:
    mine, theirs = ({word.code for word in words_of(name) if word.kind is Kind.PLACE} for name in (one, other))
    return bool(mine - theirs and theirs - mine)


def _is_one_word(name: str) -> bool:
    return len(_WORD.findall(re.sub(r"\.(?=\w|$)", "", name))) == 1


def _is_short(token: str) -> bool:
    upper = sum(map(str.isupper, token))
    return _SHORTEST_ACRONYM <= len(token) <= _LONGEST_ACRONYM and upper * 2 >= len(token)


def _same_without_blanks(one: str, other: str) -> bool:
    whole = "".join(tokens_of(one))
    return bool(whole) and whole == "".join(tokens_of(other))


@_remembered
def _tokens(name: str) -> tuple[str, ...]:
    plain = re.sub(r"(?<=\b\w)\.(?=\w\b|\s|$)", "", name.replace("&", " "))
    plain = re.sub(r"\b([dlnsjmc]|qu)['’](?=\w\w)", r"\1 ", plain, flags=re.IGNORECASE)
    plain = re.sub(r"(?<=\w)['’‘ʼ`](?=\w)", "", plain)
    plain = re.sub(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[A-Za-z])", " ", plain)
    found = (folded(token) for token in _WORD.findall(unicodedata.normalize("NFC", _joined(plain))))
    return tuple(token for token in found if token)


def _joined(text: str) -> str:
    """Without marks and invisible characters, which would cut words in two."""
    return "".join(character for character in unicodedata.normalize("NFKD", text)
                   if unicodedata.category(character) not in ("Mn", "Me", "Cf"))


def _tells_apart(part: str) -> bool:
    words = words_of(part)
    return len(words) < 3 and any(word.kind in (Kind.PLACE, Kind.NUMBER) for word in words)


def _scripts(words: Iterable[Word]) -> frozenset[str]:
    return frozenset(word.script for word in words if word.script)


def _weight(word: Word) -> float:
    return _WEIGHTS[word.kind]


