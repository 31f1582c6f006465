"""How a name looks and how it sounds: folded spellings, what a careless eye sees, consonants across scripts.
Pure. What the words of a name mean is in `vocabulary.py`."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import icu  # type: ignore[import-untyped]
from anyascii import anyascii

_remembered = lru_cache(maxsize=20_000)
_CHECKER = icu.SpoofChecker()
_ARABIC = str.maketrans({
    **dict.fromkeys("أإآٱ", "ا"), **dict.fromkeys("ىیۍې", "ي"), **dict.fromkeys("ةۀەھہ", "ه"), "ک": "ك", "گ": "ك",
    "ؤ": "و", "ئ": "ي", "ـ": "", "ء": "", "\u2019": "", "چ": "ج", "پ": "ب", "ڤ": "ف", "ژ": "ز",
})
#: One letter for each sound that the scripts share. Vowels, w and y are left out: they are written or not.
_ARABIC_SOUNDS = {
    **dict.fromkeys("تط", "t"), **dict.fromkeys("دض", "d"), **dict.fromkeys("سص", "s"), **dict.fromkeys("زظذ", "z"),
    **dict.fromkeys("حخه", "h"), **dict.fromkeys("قك", "k"), "ب": "b", "ث": "t", "ج": "g", "ر": "r", "ش": "S",
    "غ": "g", "ف": "f", "ل": "l", "م": "m", "ن": "n",
}
_LATIN_PAIRS = (("shch", "S"), ("sch", "S"), ("tch", "S"), ("ch", "S"), ("sh", "S"), ("kh", "h"), ("gh", "g"),
                ("zh", "g"), ("dj", "g"), ("th", "t"), ("dh", "z"), ("ph", "f"), ("ck", "k"), ("x", "ks"),
                ("q", "k"), ("v", "f"), ("p", "b"), ("c", "k"), ("j", "g"))
#: Britain and America, and letters that were one before typewriters.
_SPELLINGS = ((re.compile(r"our(?=s?$|[^aeiouns])"), "or"), (re.compile(r"tre(?=s?$)"), "ter"),
              (re.compile(r"is(?=ations?$|e$|ed$|ers?$)"), "iz"), (re.compile(r"ence(?=s?$)"), "ense"),
              (re.compile(r"ae|oe"), "e"), (re.compile(r"mme(?=s?$)"), "m"))
#: Endings that make a Slavic adjective of a name.
_ADJECTIVE = re.compile(r"(?<=\w{4})sk(?:ii|iy|y|aya|oe|oye|ie|iye|oi|oy|ogo|ih|ikh|imi)$")
_CYRILLIC = {"х": "h", "Х": "h"}


def script_of(text: str) -> str:
    """The script of the first letter that has one: Latn, Arab, Cyrl, Hani …; "" for digits and signs."""
    for character in text:
        if character.isalpha():
            return str(icu.Script.getScript(character).getShortName())
    return ""


def bare(text: str) -> str:
    """Lower case, without accents, points and invisible characters, digits in ASCII; letters of their own script."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    kept = "".join(character for character in folded if unicodedata.category(character) not in ("Mn", "Me", "Cf"))
    digits = "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in kept)
    return unicodedata.normalize("NFC", digits)


@_remembered
def folded(word: str) -> str:
    """A word of a name as it is compared within its script: spelling habits, accents and endings aside."""
    plain = bare(word)
    script = script_of(plain)
    if script == "Arab":
        return plain.translate(_ARABIC)
    if script == "Cyrl":
        return plain.replace("ё", "е")
    latin = anyascii(plain).casefold()
    latin = "".join(character for character in latin if character.isalnum())
    for pattern, spelling in _SPELLINGS:
        latin = pattern.sub(spelling, latin)
    return latin


def singular(word: str) -> str:
    """A folded Latin word without the s of many; others as they are."""
    many = len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if many and script_of(word) == "Latn" else word


@_remembered
def looks(name: str) -> str:
    """The whole name as a careless eye sees it, blanks aside: l, I and 1, O and 0, rn and m, letters of other
    scripts that are drawn alike. Equal looks mean that nobody can tell the names apart."""
    plain = "".join(unicodedata.normalize("NFKC", c) for c in name if unicodedata.category(c) != "Cf")
    seen = _CHECKER.getSkeleton(0, plain).casefold().replace("vv", "w")
    seen = _CHECKER.getSkeleton(0, unicodedata.normalize("NFD", seen))
    return "".join(c for c in unicodedata.normalize("NFD", seen) if c.isalnum())


@_remembered
def sound(word: str) -> str:
    """The consonants of a folded word in any script, one letter for each; "" where nothing is left."""
    if script_of(word) == "Arab":
        found = "".join(_ARABIC_SOUNDS.get(character, "") for character in word.removesuffix("ه"))
        return _once(found)
    latin = anyascii("".join(_CYRILLIC.get(character, character) for character in word)).casefold()
    latin = _ADJECTIVE.sub("", latin) or latin
    latin = re.sub(r"(?<=[aeiou])h$", "", re.sub(r"c(?=[eiy])", "s", latin))
    for pair, letter in _LATIN_PAIRS:
        latin = latin.replace(pair, letter)
    return _once(re.sub(r"[^bdfghklmnrstzS]", "", latin))


def sounds_of(latin: str) -> frozenset[str]:
    """The ways a Latin spelling of an Arabic word may have been meant: with the article or a bound ending glued to
    it, or without."""
    found = {latin}
    found |= {word[2:] for word in found if word.startswith(("al", "el")) and len(word) > 4}
    found |= {word[:-1] for word in found if word.endswith(("at", "et")) and len(word) > 4}
    return frozenset(sound(word) for word in found)


def long_vowels_agree(arabic: str, latin: str) -> bool:
    """Whether the long vowels an Arabic word writes can be read in the Latin one."""
    plain = anyascii(latin).casefold()
    inner = arabic[1:-1]
    return ("و" not in inner or any(c in plain for c in "ouwv")) and (
        "ي" not in inner or any(c in plain for c in "iyej"))


def _once(letters: str) -> str:
    return re.sub(r"(.)\1+", r"\1", letters)
