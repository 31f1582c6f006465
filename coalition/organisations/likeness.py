"""How alike two bodies are, and why. Likeness suggests a comparison to a person; it never merges anything. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from itertools import product

from anyascii import anyascii
from rapidfuzz.distance import OSA

from coalition.organisations.romanisation import in_letters, plainly, reads_as
from coalition.organisations.spelling import long_vowels_agree, looks, script_of, sounds_of
from coalition.organisations.vocabulary import Kind, Word
from coalition.organisations.wording import (
    SHORTEST_ACRONYM,
    acronyms,
    initials,
    is_one_word,
    tokens_of,
    variants,
    without_address,
    without_brackets,
    words_of,
)
from coalition.signatories.names import identity_key

#: From this score on two bodies are shown side by side; measured on the labelled pairs of the tests.
FLAGGED = 80.0
#: What stays below it although most words agree.
_APART = 70.0
#: From here on two names have something in common.
_IN_COMMON = 50.0
_WEIGHTS = {Kind.OWN: 1.3, Kind.WORD: 1.0, Kind.FORM: 0.5, Kind.PLACE: 1.0, Kind.NUMBER: 1.5, Kind.LEGAL: 0.0}
#: So many letters make a long word: a slip in it is one, not another word.
_LONG, _LONG_IN_ARABIC = 8, 5
#: Words about help that a translation puts in or leaves out.
_EASILY_ADDED = frozenset({"humanitarian", "relief", "charity", "aid", "development", "volunteer"})
#: A word too many weighs a little more than one that agrees: two of three are not enough.
_MORE = 1.1
#: Kinds of bodies that languages do not tell apart alike.
_KINDRED = tuple(frozenset(group.split()) for group in (
    "institute centre", "society association league organisation", "federation confederation union trade-union",
    "commission committee", "trust foundation institute", "initiative project programme campaign", "group team",
    "union association", "house centre", "chapter section",
    "assembly collective forum congress", "council board", "network coalition alliance platform"))
#: Words that translators take for each other.
_SYNONYMS = tuple(frozenset(group.split()) for group in (
    "aid relief assistance support rescue charity", "jurist lawyer legal law", "labour worker employment action",
    "people public community society-at-large", "defence protection", "press journalist reporter media",
    "research study", "law rights legal", "enhancement promotion empowerment support", "prisoner detention",
    "violation abuse", "monitoring observation", "victim survivor", "migrant expatriate diaspora", "citizen civil",
    "doctor medical health", "school education training", "woman gender", "care welfare", "awareness education",
    "change reform", "earth land", "farmer farm", "girl woman", "mother family", "arms weapon", "local community",
    "military soldier", "young youth", "elder retired", "freedom independent",
    "transparency accountability integrity", "justice rights", "world global international", "unity united",
    "union united"))
#: Words that say that all the world, or all of a country, is meant.
_WIDE = frozenset({"international", "global", "world", "regional", "national", "EU", "AF", "AS", "ARAB", "LATIN"})
SAME_MEANING = (*_SYNONYMS, *_KINDRED)
#: Words that make another body of a body's name: its staff, its choir, its friends; the north, the red, the new one.
_OTHERS = """
    staff graduate friend student parent choir orchestra theatre fan retired youth woman volunteer brother sister
    north south east west upper lower middle rural urban black white red blue green new old small first third
"""
_ANOTHER = frozenset(_OTHERS.split())


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


def compare(one: Body, other: Body) -> Likeness:
    """How alike two bodies are by all their names and domains."""
    one, other = sorted((one, other), key=lambda body: (body.name, body.country, body.also))
    found = [_by_names(a, b, one.country, other.country) for a, b in product(_names(one), _names(other))]
    best = max(found, key=lambda likeness: likeness.score)
    own = found[0]
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


@lru_cache(maxsize=20_000)
def _key(name: str) -> str:
    return identity_key(name)


def _names(body: Body) -> Iterator[str]:
    yield body.name
    yield from body.also


def _by_names(one: str, other: str, country: str, its_country: str) -> Likeness:
    if _key(one) == _key(other):
        return Likeness(100.0, Reason.SAME_NAME)
    if looks(one) and looks(one) == looks(other):
        return Likeness(99.0, Reason.LOOKS)
    apart = bool(country and its_country and country != its_country)
    if _share_an_acronym(one, other, apart):
        return Likeness(88.0, Reason.ACRONYM)
    places = frozenset() if apart else frozenset({country, its_country}) - {""}
    pairs = tuple(_pairs(one, other))
    score = max(_alike(words_of(a), words_of(b), places) for a, b in pairs)
    if score < FLAGGED and any(_same_without_blanks(a, b) for a, b in pairs):
        score = 95.0
    crosses = script_of(one) != script_of(other)
    if apart and not crosses and not _in_one_order(one, other):
        score = min(score, _APART)
    return Likeness(score, Reason.OTHER_SCRIPT if crosses else Reason.SPELLING)


def _pairs(one: str, other: str) -> Iterator[tuple[str, str]]:
    """What of two names is compared. Figures are read as letters where the other name has none; a place behind a
    comma is an address where the other one names no place."""
    yield from product(variants(one), variants(other))
    for name, its in ((one, other), (other, one)):
        read = in_letters(name)
        if read and not any(character.isdigit() for character in its):
            yield from product(read, variants(its))
        if without_address(name) and not any(word.kind is Kind.PLACE for word in words_of(its)):
            yield without_address(name), its


def _in_one_order(one: str, other: str) -> bool:
    """Whether the telling words of two names follow each other alike."""
    mine, theirs = ([word.sound for word in words_of(name) if word.kind in (Kind.OWN, Kind.WORD)]
                    for name in (one, other))
    return mine == theirs


def _alike(one: tuple[Word, ...], other: tuple[Word, ...], places: frozenset[str]) -> float:
    """The share of words that agree, by weight, brought down where the names say that two bodies are meant."""
    if not one or not other:
        return 0.0
    crosses = _scripts(one) != _scripts(other)
    left, right, matched = _paired(one, other, crosses)
    if not matched:
        return 0.0
    if any(word.code in _WIDE for word in left + right) and any(word.code in places for word in left + right):
        return min(_APART, 100.0 * matched)
    left, right = ([word for word in side if word.code not in places] for side in (left, right))
    if _is_initials_of(left, right) or _is_initials_of(right, left):
        matched += sum(map(_weight, left + right))
        left, right = [], []
    if not left or not right:
        # One name only says more of what kind of body it is.
        left, right = ([word for word in side if word.kind is not Kind.FORM] for side in (left, right))
    over = sum(_weight(word) * (_added_by_translators(word) if crosses else 1.0) for word in left + right)
    score = 100.0 * matched / (matched + _MORE * over)
    return min(score, _APART) if _speaks_against(left, right, crosses) else score


def _paired(one: tuple[Word, ...], other: tuple[Word, ...], crosses: bool) -> tuple[list[Word], list[Word], float]:
    """The words of either side without a partner, and the weight of those that have one."""
    left, right, matched = list(one), list(other), 0.0
    alone = len(one) == len(other) == 1
    for agrees in (_mean_the_same, _are_spelt_alike, _are_translated_alike) if crosses else (
            _mean_the_same, _are_spelt_alike):
        share = 1.0 if agrees is _mean_the_same else 0.96
        for word in tuple(left) if right else ():
            for candidate in right:
                if agrees(word, candidate, alone):
                    left.remove(word)
                    right.remove(candidate)
                    matched += (_WEIGHTS[word.kind] + _WEIGHTS[candidate.kind]) * share
                    break
    return left, right, matched


def _added_by_translators(word: Word) -> float:
    return 0.25 if word.code in _EASILY_ADDED else 0.5 if word.kind is Kind.FORM else 1.0


def _speaks_against(left: list[Word], right: list[Word], crosses: bool) -> bool:
    rest = left + right
    if any(word.kind in (Kind.NUMBER, Kind.PLACE) or word.code in _ANOTHER for word in rest):
        return True
    if crosses:
        # What is left may be a word nobody has translated yet; two kinds of bodies are not.
        return all(any(word.kind is Kind.FORM for word in side) for side in (left, right))
    return bool(left and right)


def _is_initials_of(short: list[Word], words: list[Word]) -> bool:
    """Whether one word that is left, like NSW, is made of the first letters of those left on the other side."""
    return len(short) == 1 and len(words) > 1 and short[0].text == "".join(word.text[0] for word in words)


def _mean_the_same(one: Word, other: Word, _alone: bool) -> bool:
    return one.code == other.code


def _are_translated_alike(one: Word, other: Word, _alone: bool) -> bool:
    """Whether translators take one for the other: only between scripts, since in one they tell bodies apart."""
    if one.script == other.script or one.kind is not other.kind:
        return False
    return any(one.code in group and other.code in group for group in SAME_MEANING)


def _are_spelt_alike(one: Word, other: Word, alone: bool) -> bool:
    """Whether a slip of the fingers or another alphabet makes one of the other."""
    if one.script == other.script and one.begins != other.begins and one.text[0] != other.text[0]:
        return _are_written_alike(one, other, alone)
    if Kind.NUMBER in (one.kind, other.kind):
        return False
    if Kind.OWN not in (one.kind, other.kind):
        # A slip can make another known word of a long one, by its beginning; so can a spelling in Latin letters.
        if one.script != other.script:
            return _reads(one, other)
        return min(len(one.text), len(other.text)) > _LONG and OSA.distance(one.text, other.text) == 1
    if one.script != other.script:
        return _sound_alike(one, other)
    if one.text[0] != other.text[0]:
        # Clerks differ about the first letter too: Djebel, Jebel; Ihsan, Ehsan.
        return one.script == "Latn" and (_are_written_alike(one, other, alone) or (
            one.begins == other.begins and _are_one_word_of_clerks(one, other, alone)))
    longer, shorter = sorted((len(one.text), len(other.text)), reverse=True)
    distance = OSA.distance(one.text, other.text)
    if distance <= (2 if shorter > 8 else 1 if longer > 6 else 0):
        return True
    if sorted(one.text) == sorted(other.text):
        # Arabic makes other words of the same letters.
        return distance == 1 and longer > (_LONG_IN_ARABIC if one.script == "Arab" else 3)
    if distance == 1 and longer > 4 and not alone and one.text[-1] == other.text[-1]:
        return True
    return one.script == "Latn" and _are_one_word_of_clerks(one, other, alone)


def _are_one_word_of_clerks(one: Word, other: Word, alone: bool) -> bool:
    """Whether two Latin words may be one of Arabic, which has as many spellings as there are clerks."""
    if _are_written_alike(one, other, alone):
        return True
    if alone or one.sound != other.sound:
        return False
    longer, shorter = sorted((one.text, other.text), key=len, reverse=True)
    if plainly(longer).replace("e", "i") == plainly(shorter).replace("e", "i"):
        return True
    if len(shorter) > 4 and _differ_by_a_vowel(plainly(longer), plainly(shorter)):
        return True
    distance = OSA.distance(longer, shorter)
    vowel_more = len(one.sound) > 1 and distance == 1 and len(longer) > len(shorter) > 2
    same_stem = _stem(longer) == _stem(shorter) and len(shorter) > 2
    return same_stem or vowel_more or (
        len(one.sound) > 2 and OSA.distance(plainly(longer), plainly(shorter)) <= len(longer) // 5)


def _differ_by_a_vowel(one: str, other: str) -> bool:
    different = [pair for pair in zip(one, other, strict=False) if pair[0] != pair[1]]
    return len(one) == len(other) and all(set(pair) <= set("aeiou") for pair in different) and len(different) < 2


def _are_written_alike(one: Word, other: Word, alone: bool) -> bool:
    if one.spelt.isdisjoint(other.spelt) or min(len(one.text), len(other.text)) < 4:
        return False
    return any(len(word) > 3 or not alone for word in one.spelt & other.spelt)


def _stem(word: str) -> str:
    return re.sub(r"(.)\1", r"\1", word).rstrip("aeh")


def _reads(one: Word, other: Word) -> bool:
    latin, foreign = (one, other) if one.script == "Latn" else (other, one)
    return latin.script == "Latn" and reads_as(foreign.text, latin.text)


def _sound_alike(one: Word, other: Word) -> bool:
    if _reads(one, other):
        return True
    if "Arab" in (one.script, other.script):
        arabic, latin = (one, other) if one.script == "Arab" else (other, one)
        return (len(arabic.sound) > 1 and arabic.sound in sounds_of(latin.text)
                and long_vowels_agree(arabic.text, latin.text))
    same = one.sound == other.sound and len(one.sound) > 1
    near = OSA.normalized_similarity(anyascii(one.text).casefold(), anyascii(other.text).casefold()) > 0.4
    return near and same


def _share_an_acronym(one: str, other: str, apart: bool) -> bool:
    """Whether one is called by the other's acronym or initials, or both give themselves the same one. `apart`:
    their countries differ."""
    mine, theirs = acronyms(one), acronyms(other)
    both = mine & theirs
    if not mine and not theirs:
        return False
    if is_one_word(one) != is_one_word(other):
        short, name = (mine, other) if is_one_word(one) else (theirs, one)
        return bool(short & (initials(name) | acronyms(name)))
    if apart or _name_unlike_places(one, other):
        return False
    # Three letters are soon alike by chance: then the names must share a word as well.
    words, others = ({word.code for word in words_of(without_brackets(name)) if word.kind is not Kind.FORM}
                     for name in (one, other))
    share_a_word = not words.isdisjoint(others)
    return any(len(acronym) > SHORTEST_ACRONYM or share_a_word for acronym in both)


def _name_unlike_places(one: str, other: str) -> bool:
    mine, theirs = ({word.code for word in words_of(name) if word.kind is Kind.PLACE} for name in (one, other))
    return bool(mine - theirs and theirs - mine)


def _same_without_blanks(one: str, other: str) -> bool:
    whole = "".join(tokens_of(one))
    return bool(whole) and whole == "".join(tokens_of(other))


def _scripts(words: Iterable[Word]) -> frozenset[str]:
    return frozenset(word.script for word in words if word.script)


def _weight(word: Word) -> float:
    return _WEIGHTS[word.kind]


