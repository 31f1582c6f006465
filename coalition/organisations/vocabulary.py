"""What the words of names mean, as far as names share them: "women", "femmes", «женщин» and «نساء» are one word.
Pure. The words stand in `data/vocabulary.csv`; a word that is not there is a name of its own."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

from babel import Locale

from coalition.organisations.romanisation import plainly, reads_as, rough_sounds, without_glued_article
from coalition.organisations.spelling import folded, script_of, singular, sound

#: Whose names of countries are known beside the vocabulary's own.
_LANGUAGES = ("en", "fr", "es", "ar", "ru", "de", "nb")
_ARTICLES = ("وال", "بال", "كال", "فال", "ال", "لل")
_PREFIXES = ("و", "ل", "ب")
#: Endings of many, of women, and of adjectives.
_ARABIC_ENDINGS = ("يين", "يون", "يات", "ين", "ون", "ات", "يه", "ي")
#: What a Slavic noun or adjective ends in, by its case: it is looked up without that too, a hyphen in its place.
_CASE_ENDING = re.compile(
    r"(?<=\w{3})(?:ами|ями|ого|его|ому|ему|ыми|ими|ам|ям|ах|ях|ов|ев|еи|ом|ем|ои|ыи|ии|ая|яя|ое|ее|ые|ие|их|ых|ую|юю"
    r"|[иыаяуюеоь])$")
#: The most words that make one together, like New Zealand.
_LONGEST_PHRASE = 3
_SHORTEST_REST = 2
#: Looked up by its beginning, a word must begin with at least this much.
_SHORTEST_STEM = 3
#: A shorter Latin word is too soon read as an Arabic one.
_LONG_ENOUGH = 6


class Kind(StrEnum):
    OWN = "own"  # what a body is called
    WORD = "word"  # what it is about, in words that names share
    FORM = "form"  # network, union, foundation
    PLACE = "place"
    NUMBER = "number"
    LEGAL = "legal"  # e.V., Ltd, NGO: says nothing


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a name: as folded, the meaning it shares with words of other languages (or itself), how its
    consonants sound, and how clerks who agree would write it, with and without an article that is glued to it."""

    text: str
    code: str
    kind: Kind
    script: str
    spelt: frozenset[str] = field(init=False, compare=False)
    begins: str = field(init=False, compare=False)

    def __post_init__(self) -> None:
        spelt = {plainly(self.text), plainly(without_glued_article(self.text))} if self.script == "Latn" else set()
        # Cairo says g where others say j.
        object.__setattr__(self, "spelt", frozenset(spelt | {word.replace("g", "j") for word in spelt}))
        object.__setattr__(self, "begins", plainly(self.text)[:1].replace("e", "i"))

    @property
    def sound(self) -> str:
        return sound(self.text)


def understood(tokens: tuple[str, ...]) -> list[Word]:
    """The words of a name in order, phrases of several tokens taken together."""
    words, at = [], 0
    while at < len(tokens):
        for length in range(min(_LONGEST_PHRASE, len(tokens) - at), 0, -1):
            found = _together(tokens[at:at + length]) if length > 1 else _single(tokens[at], first=at == 0)
            if found:
                words.extend(found)
                at += length
                break
    return [word for word in words if word.kind is not Kind.LEGAL]


def _together(tokens: tuple[str, ...]) -> list[Word]:
    found = _meaning("-".join(tokens)) or _meaning("-".join(map(_without_article, tokens)))
    if len(found) == len(tokens):
        # Each keeps its letters, to be compared with a spelling in another script.
        return [replace(word, text=token) for word, token in zip(found, tokens, strict=True)]
    return found


def _single(token: str, *, first: bool) -> list[Word]:
    if token.isdecimal():
        return [Word(token, token.lstrip("0") or "0", Kind.NUMBER, "")]
    if token in _NUMBERS:
        return [Word(token, _NUMBERS[token], Kind.NUMBER, "")]
    found = _meaning(f"^{token}") if first else []
    found = found or _meaning(token)
    if found:
        return found
    text = _without_article(token) if script_of(token) == "Arab" else token
    form = _arabic_form(token) if script_of(token) == "Latn" and len(token) >= _LONG_ENOUGH else ""
    if form:
        return [Word(token, form, Kind.FORM, "Latn")]
    return [Word(text, singular(text), Kind.OWN, script_of(text))]


def _without_article(token: str) -> str:
    """An Arabic word without the article it begins with; a word of another script as it is."""
    for article in _ARTICLES:
        if token.startswith(article) and len(token) - len(article) >= _SHORTEST_REST:
            return token.removeprefix(article)
    return token


def _meaning(token: str) -> list[Word]:
    """What a token is known to mean, "" otherwise; behind an Arabic article or particle too."""
    forms = [token, singular(token)]
    if script_of(token) == "Arab":
        forms.append(_without_article(token))
        forms += [token.removeprefix(prefix) for prefix in _PREFIXES if token.startswith(prefix)]
        forms += [form.removesuffix(ending) for form in forms for ending in _ARABIC_ENDINGS
                  if form.endswith(ending) and len(form) - len(ending) > _SHORTEST_REST]
    if script_of(token) == "Cyrl":
        forms.append(_CASE_ENDING.sub("", token) + "-")
    for form in forms:
        found = _known(form)
        if found:
            kind, codes = found
            return [Word(form, code, kind, script_of(form)) for code in codes.split()]
    return []


@lru_cache(maxsize=20_000)
def _arabic_form(latin: str) -> str:
    """What kind of body an Arabic word in Latin letters names, however it is spelt: muassasat, moassassa."""
    for rough in sorted(rough_sounds(latin)):
        for arabic, code in _arabic_forms().get(rough, ()):
            if reads_as(arabic, latin):
                return code
    return ""


@cache
def _arabic_forms() -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for word, (kind, code) in _vocabulary()[0].items():
        if kind is Kind.FORM and script_of(word) == "Arab" and "-" not in word and " " not in code:
            for rough in rough_sounds(word):
                found.setdefault(rough, []).append((word, code))
    return found


@lru_cache(maxsize=20_000)
def _known(form: str) -> tuple[Kind, str] | None:
    exact, stems = _vocabulary()
    if form in exact:
        return exact[form]
    # The first of several words alone is no beginning of all of them.
    for length in range(len(form), max(_SHORTEST_STEM, form.rfind("-") + 1) - 1, -1):
        if form[:length] in stems:
            return stems[form[:length]]
    return None


@cache
def _vocabulary() -> tuple[dict[str, tuple[Kind, str]], dict[str, tuple[Kind, str]]]:
    """Words known whole, and words known by their beginning; `^` marks those that mean it only as the first."""
    exact: dict[str, tuple[Kind, str]] = {}
    stems: dict[str, tuple[Kind, str]] = {}
    text = (files("coalition.organisations") / "data" / "vocabulary.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines(), delimiter=";"):
        for word in row["words"].split():
            meaning = (Kind(row["kind"]), row["code"])
            into, plain = (stems, word[:-1]) if word.endswith("*") else (exact, word)
            mark = "^" if plain.startswith("^") else ""
            key = mark + "-".join(folded(part) for part in plain.lstrip("^").split("-"))
            into.setdefault(key, meaning)
            if script_of(key) == "Cyrl" and into is exact and "-" not in key:
                exact.setdefault(_CASE_ENDING.sub("", key) + "-", meaning)
    for language in _LANGUAGES:
        for code, name in Locale.parse(language).territories.items():
            if len(code) == 2 and code.isalpha():
                key = "-".join(folded(part) for part in name.replace("-", " ").split())
                exact.setdefault(key, (Kind.PLACE, code))
    return exact, stems


_NUMBERS = {word: str(number) for number, words in enumerate(
    ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"))
    for word in words.split()}
