"""What a letter claims about its own signatories, and whether the counts bear it out.

Finds numbers typed beside words like "organisations", fills the placeholders that make typing them needless.
The words of each language are in `claim_words.py`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from typing import Literal

from coalition.signatories.claim_words import (
    CHINESE_AFTER,
    CHINESE_BEFORE,
    ENGLISH,
    MULTIPLIERS,
    NUMBER_WORDS,
    REFERENCES,
    VOCABULARIES,
    Vocabulary,
)
from coalition.signatories.counting import Counts

Comparison = Literal["exact", "more_than", "at_least", "nearly"]
Noun = Literal["organisations", "signatories"]

#: The names a text may use between double braces, alone or inside `more_than(…)`.
PLACEHOLDERS: frozenset[str] = frozenset(field.name for field in fields(Counts))

_PLACEHOLDER = re.compile(r"\{\{(.*?)(\}\}|$)", re.DOTALL)
_EXPRESSION = re.compile(r"\s*(?:(?P<name>\w+)|more_than\s*\(\s*(?P<rounded>\w+)\s*\))\s*")

_DIGITS = re.compile(
    r"(?<![A-Za-zÀ-ɏЀ-ӿ\d_./:$€£#№@\-])(?<!\d[,’'\u066b\u066c])"
    r"(?P<digits>\d{1,3}(?:[,.'’\u00a0\u202f\u066c ]\d{3})+(?!\d)|\d{1,12})"
    r"(?![\d%‰٪]|[.,/:’'\u066b\u066c-]\d|-?[A-Za-zÀ-ɏЀ-ӿ])(?P<plus>\+?)"
    r"(?:\s+(?P<multiplier>hundred|thousand|million)\b)?",
    re.IGNORECASE,
)
_SPELT = re.compile(
    rf"\b(?P<word>{'|'.join(NUMBER_WORDS)}|an?)\b(?:[ -](?P<multiplier>hundred|thousand|million)\b)?",
    re.IGNORECASE,
)
# Marks of emphasis, quotation marks and commas may stand between the words, an empty line may not.
_NEXT_WORD = re.compile(
    r"(?:[ \t\u00a0\u202f*_~“”«»\"/,،]|\n(?!\s*\n))+"
    r"(?P<word>[^\s,،.;:!?؟()\[\]{}*_~“”«»\"/]*)"
)
_GAP_START = re.compile(r"[ \t\u00a0\u202f\n*_~“”«»\"]")
_NOUN_BEFORE = re.compile(r"(\w[\w’'-]*)[\s*_]*[:=(][\s*_]*$")
_ENDS_THERE = re.compile(r"[\s*_]*(?:[).;,]|\n|$)")


class UnknownPlaceholder(ValueError):
    """A text asks for a number that does not exist; `name` is what stands between its braces."""

    def __init__(self, name: str) -> None:
        super().__init__(f"unknown placeholder: {name}")
        self.name = name


@dataclass(frozen=True, slots=True)
class Claim:
    """A number typed beside a word for signatories or organisations.

    `noun` says which of the two; `words` are the letter's own, `text[start:end]`.
    """

    number: int
    comparison: Comparison
    noun: Noun
    words: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Number:
    value: int
    start: int
    end: int
    at_least: bool
    like_a_year: bool


def more_than(number: int) -> int | None:
    """The largest number with one significant digit that is strictly smaller; None under 10.

    231 gives 200, 200 gives 100, 1042 gives 1000.
    """
    if number < 10:
        return None
    place = int("1" + "0" * (len(str(number)) - 1))
    rounded = number // place * place
    if rounded < number:
        return rounded
    return rounded - place if rounded > place else place - place // 10


def find_claims(text: str, language: str) -> tuple[Claim, ...]:
    """The claims of a text in `language`, in order; English words are understood in every language.

    Years, dates, numbers of resolutions and articles, and numbers that count something else are left alone.
    """
    code = language.split("-")[0].lower()
    own = VOCABULARIES.get(code, ENGLISH)
    found: list[Claim] = []
    for number in _numbers(text):
        claim = _chinese_claim(text, number) if code == "zh" else None
        claim = claim or _claim(text, number, own)
        if own is not ENGLISH and (claim is None or claim.comparison == "exact"):
            # French spells "organisations" as English does: the words before the number tell which it is.
            claim = _claim(text, number, ENGLISH) or claim
        if claim is not None and not (found and claim.start < found[-1].end):
            found.append(claim)
    return tuple(found)


def borne_out(claim: Claim, counts: Counts) -> bool:
    """Whether some count of the list supports the claim.

    A claim of signatories needs that many signatories. One of organisations may rest on those that sign,
    on those that networks state or list, or on all together. "Nearly" allows a tenth to either side.
    """
    if claim.noun == "signatories":
        supports = [counts.signatories]
    else:
        supports = [counts.organisations_signing, counts.represented_stated, counts.organisations_total]
        if counts.represented_listed is not None:
            supports.append(counts.represented_listed)
    return any(_supports(number, claim) for number in supports)


def check_claims(text: str, language: str, counts: Counts) -> tuple[Claim, ...]:
    """The claims of a text that the list does not bear out."""
    return tuple(claim for claim in find_claims(text, language) if not borne_out(claim, counts))


def fill(text: str, counts: Counts, format_number: Callable[[int], str] = str) -> str:
    """The text with each `{{ name }}` and `{{ more_than(name) }}` replaced by its number.

    `more_than` of a number under 10 gives that number itself; a number that was not counted (no member list)
    is 0. Raises UnknownPlaceholder, also for braces that are never closed: nothing is left half filled.
    """
    numbers = counts.as_dict()

    def number(found: re.Match[str]) -> str:
        expression = _EXPRESSION.fullmatch(found.group(1))
        name = (expression["name"] or expression["rounded"]) if expression else ""
        if expression is None or not found.group(2) or name not in PLACEHOLDERS:
            raise UnknownPlaceholder(found.group(1).strip()[:80])
        value = numbers[name] or 0
        if expression["rounded"]:
            value = more_than(value) or value
        return format_number(value)

    return _PLACEHOLDER.sub(number, text)


def _supports(number: int, claim: Claim) -> bool:
    match claim.comparison:
        case "more_than":
            return number > claim.number
        case "at_least":
            return number >= claim.number
        case "nearly":
            return 9 * claim.number <= 10 * number <= 11 * claim.number
        case _:
            return number == claim.number


def _numbers(text: str) -> Iterator[_Number]:
    """Numbers of two and more, in figures of any script or in English words, in the order they stand."""
    numbers = []
    for found in _DIGITS.finditer(text):
        digits = re.sub(r"\D", "", found["digits"])
        times = MULTIPLIERS[(found["multiplier"] or "").lower()]
        year = times == 1 and found["digits"] == digits and 1900 <= int(digits) <= 2100
        numbers.append(_Number(int(digits) * times, found.start(), found.end(), bool(found["plus"]), year))
    for found in _SPELT.finditer(text):
        times = MULTIPLIERS[(found["multiplier"] or "").lower()]
        value = NUMBER_WORDS.get(found["word"].lower(), 1 if times > 1 else 0) * times
        numbers.append(_Number(value, found.start(), found.end(), False, False))
    for number in sorted(numbers, key=lambda number: number.start):
        if number.value >= 2 and not REFERENCES.search(text[max(0, number.start - 40) : number.start]):
            yield number


def _claim(text: str, number: _Number, vocabulary: Vocabulary) -> Claim | None:
    compared = _comparison(text, number, vocabulary)
    if compared is None:
        return None
    comparison, start = compared
    if number.like_a_year and comparison == "exact":
        return None
    after = _noun_after(text, number.end, vocabulary)
    if after is not None:
        noun, end = after
        return Claim(number.value, comparison, noun, text[start:end], start, end)
    before = _NOUN_BEFORE.search(text[max(0, start - 60) : start])
    known = _kind(before.group(1), vocabulary) if before else None
    if before is None or known is None or not _ENDS_THERE.match(text, number.end):
        return None
    start -= len(before.group())
    return Claim(number.value, comparison, known, text[start : number.end], start, number.end)


def _comparison(text: str, number: _Number, vocabulary: Vocabulary) -> tuple[Comparison, int] | None:
    """How the number is compared, and where the words for it begin; None for "fewer than"."""
    before = text[max(0, number.start - 40) : number.start]
    # "no fewer than" ends like "fewer than", so the longer reading is tried first.
    kinds: tuple[tuple[Comparison, str], ...] = (
        ("at_least", vocabulary.at_least),
        ("more_than", vocabulary.more_than),
        ("nearly", vocabulary.nearly),
    )
    for comparison, words in kinds:
        found = re.search(rf"(?<!\w)(?:{words})(?:\s|[*_~])*$", before, re.IGNORECASE)
        if found:
            return comparison, number.start - (len(before) - found.start())
    if re.search(rf"(?<!\w)(?:{vocabulary.fewer_than})\s*$", before, re.IGNORECASE):
        return None
    return ("at_least" if number.at_least else "exact"), number.start


def _noun_after(text: str, position: int, vocabulary: Vocabulary) -> tuple[Noun, int] | None:
    if not _GAP_START.match(text, position):
        return None
    doubtful = False
    for _ in range(vocabulary.gap + 1):
        found = _NEXT_WORD.match(text, position)
        if found is None or not any(character.isalnum() for character in found["word"]):
            return None
        word = found["word"]
        if doubtful and re.search("[,،]", found.group()):
            return None
        kind = _kind(word, vocabulary)
        if kind is not None:
            return kind, found.end()
        stops = vocabulary.blocked.fullmatch(word) or any(character.isdigit() for character in word)
        if doubtful or stops:
            return None
        doubtful = vocabulary.doubtful.fullmatch(word) is not None
        position = found.end()
    return None


def _kind(word: str, vocabulary: Vocabulary) -> Noun | None:
    if vocabulary.organisations.fullmatch(word):
        return "organisations"
    return "signatories" if vocabulary.signatories.fullmatch(word) else None


def _chinese_claim(text: str, number: _Number) -> Claim | None:
    after = CHINESE_AFTER.match(text, number.end)
    if after is None:
        return None
    before = CHINESE_BEFORE.search(text[max(0, number.start - 6) : number.start])
    comparison: Comparison = "at_least" if number.at_least else "exact"
    start = number.start
    if before is not None:
        start -= len(before.group())
        comparison = (
            "more_than" if before["more_than"] else "at_least" if before["at_least"] else "nearly"
        )
    elif after["more"]:
        comparison = "more_than"
    noun: Noun = "signatories" if after["signatories"] else "organisations"
    return Claim(number.value, comparison, noun, text[start : after.end()], start, after.end())
