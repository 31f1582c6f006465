"""Countries for grouping and counting: ISO 3166-1 codes, names by CLDR, and codes for names as written.

A normalised country stands beside the author's own wording and never replaces it. Pure.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache

from babel import Locale

from coalition.signatories.ordering import Collation

#: What a form's list offers to bodies that belong to no single country; kept as no country.
NO_SINGLE = "none"

#: Wordings found in real lists that CLDR does not use.
_ALSO = {
    "bolivia": "BO", "bosnia": "BA", "bosnia and herzegovina": "BA", "burma": "MM", "cape verde": "CV",
    "cote d'ivoire": "CI", "congo": "CG", "czech republic": "CZ", "democratic republic of congo": "CD",
    "democratic republic of the congo": "CD", "drc": "CD", "east timor": "TL", "england": "GB",
    "great britain": "GB", "holland": "NL", "hong kong": "HK", "iran": "IR", "ivory coast": "CI", "laos": "LA",
    "macedonia": "MK", "moldova": "MD", "myanmar": "MM", "north macedonia": "MK", "palestine": "PS",
    "republic of korea": "KR", "russia": "RU", "russian federation": "RU", "scotland": "GB",
    "south korea": "KR", "swaziland": "SZ", "syria": "SY", "syrian arab republic": "SY", "taiwan": "TW",
    "tanzania": "TZ", "the gambia": "GM", "the netherlands": "NL", "turkey": "TR", "turkiye": "TR", "uk": "GB",
    "united kingdom of great britain and northern ireland": "GB", "united states of america": "US", "us": "US",
    "usa": "US", "venezuela": "VE", "viet nam": "VN", "vietnam": "VN", "wales": "GB",
}
#: Not countries anybody signs from: regions, CLDR's own codes, islands that are part of another country's entry.
_LEFT_OUT = frozenset({"AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "ZZ"})


@cache
def codes() -> frozenset[str]:
    """The alpha-2 codes an entry may carry."""
    return frozenset(code for code in Locale("en").territories
                     if len(code) == 2 and code.isalpha() and code not in _LEFT_OUT)


def country_name(code: str, language: str) -> str:
    """The country's name in a language; the code itself where there is none."""
    return _names(language).get(code, code)


@lru_cache(maxsize=64)
def choices(language: str, own: tuple[tuple[str, str], ...] = ()) -> tuple[tuple[str, str], ...]:
    """(code, name) of all countries, in the order of the language. `own` are names given in place of the usual."""
    names = {**_names(language), **dict(own)}
    collation = Collation(language)
    return tuple(sorted(((code, names.get(code, code)) for code in codes()), key=lambda pair: collation.key(pair[1])))


def code_for(written: str) -> str:
    """The code of a country as somebody wrote it, in any of our languages; "" when it is not known."""
    if written.upper() in codes():
        return written.upper()
    return _codes_by_name().get(_folded(written), "")


@cache
def _names(language: str) -> dict[str, str]:
    return dict(Locale.parse(language).territories)


@cache
def _codes_by_name() -> dict[str, str]:
    found = dict(_ALSO)
    for language in ("en", "fr", "es", "nb", "ru", "ar", "zh"):
        for code, name in _names(language).items():
            if code in codes():
                found.setdefault(_folded(name), code)
    return found


def _folded(name: str) -> str:
    spelt = name.replace("’", "'").replace("&", " and ")
    bare = "".join(character for character in unicodedata.normalize("NFKD", spelt)
                   if not unicodedata.combining(character))
    return " ".join(bare.casefold().split())
