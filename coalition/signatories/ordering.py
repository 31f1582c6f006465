"""The order of a list by a stated rule.

Names are compared as the list's language does it; the machine's own locale plays no part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from functools import lru_cache
from typing import Any

import icu  # type: ignore[import-untyped]

from coalition.remembered import remembered
from coalition.signatories.entry import Entry, SigningAs, Unit

CountryName = Callable[[str], str]


class Rule(StrEnum):
    """By what the entries of a list are ordered; the document states it."""

    ARRANGED = "arranged"
    NETWORKS_FIRST = "networks_first"
    ALPHABETICAL = "alphabetical"
    COUNTRY = "country"
    SIGNED = "signed"


# Opening words that a rule may leave out of account, by the language of the list. The Arabic article in
# Latin letters stands in names of every language.
_LATIN_ARABIC = r"(?:al|el|ash|as|ar|an)[-‐‑](?=\w)"
_ARTICLES = {
    "en": rf"(?:the|an?)\s+|{_LATIN_ARABIC}",
    "fr": rf"l['’]\s*|(?:les?|la|une?)\s+|{_LATIN_ARABIC}",
    "es": rf"(?:el|los?|las?|una?)\s+|{_LATIN_ARABIC}",
    "nb": rf"(?:den|det|de|en|ei|et)\s+|{_LATIN_ARABIC}",
    "ar": rf"ال(?=\w\w)|{_LATIN_ARABIC}",
}
_OPENING_MARKS = re.compile(r"""^[\s"'«»“”„‘’‚‹›「『(\[–—-]+""")


class Collation:
    """Compares names as the readers of one language expect, by the Unicode collation of that language."""

    def __init__(self, language: str, *, ignore_articles: bool = False) -> None:
        self.language = language.split("-")[0].lower()
        self._collator: Any = icu.Collator.createInstance(icu.Locale(language.replace("-", "_")))
        articles = _ARTICLES.get(self.language) if ignore_articles else None
        self._articles = re.compile(f"^(?:{articles})", re.IGNORECASE) if articles else None

    def key(self, name: str) -> tuple[bytes, str]:
        """What to sort `name` by. Marks that open a name never count, articles by the rule.

        Two names have the same key only if they are the same text.
        """
        return _key(self, name)

    def weigh(self, name: str) -> bytes:
        """As much of a key as comes from the letters that count."""
        bare = _OPENING_MARKS.sub("", name)
        if self._articles is not None:
            bare = self._articles.sub("", bare, count=1)
        return bytes(self._collator.getSortKey(bare or name))


@remembered
def _key(collation: Collation, name: str) -> tuple[bytes, str]:
    return collation.weigh(name), name


@lru_cache(32)
def _collation(language: str, ignore_articles: bool) -> Collation:
    """One for all lists, which then know the keys of each other's names."""
    return Collation(language, ignore_articles=ignore_articles)


def order(
    entries: Iterable[Entry],
    rule: Rule,
    *,
    language: str = "en",
    ignore_articles: bool = False,
    country_name: CountryName | None = None,
) -> tuple[Entry, ...]:
    """The entries in the order of `rule`, tiers first, ties by name and key: the order given plays no part.

    Persons stand under their own name as printed. `country_name` turns a code into the name to sort by;
    without it the names of the Unicode locale data are taken. Entries without a country, or without a date
    of signing, come last in their tier. Networks go by the number of organisations they state.
    """
    collation = _collation(language, ignore_articles)
    countries = country_sort_key(language, country_name)

    def by_rule(entry: Entry) -> tuple[Any, ...]:
        if rule is Rule.ARRANGED:
            return (entry.position,)
        if rule is Rule.NETWORKS_FIRST:
            return (not stands_for_others(entry), -_organisations_stated(entry))
        if rule is Rule.COUNTRY:
            return countries(entry)
        if rule is Rule.SIGNED:
            # Aware and never compared with the absent ones, which the first element sets apart.
            return (False, entry.signed_at.timestamp()) if entry.signed_at else (True, 0.0)
        return ()

    return tuple(
        sorted(entries, key=lambda entry: (entry.tier, by_rule(entry), collation.key(entry.name), entry.key))
    )


def country_sort_key(language: str, country_name: CountryName | None) -> Callable[[Entry], tuple[Any, ...]]:
    """A function that gives an entry's country a sortable value; entries without one come last."""
    collation = _collation(language, False)
    name_of = country_name or _names_of_locale_data(language)

    def key(entry: Entry) -> tuple[Any, ...]:
        shown = name_of(entry.country.upper()) if entry.country else entry.country_text.strip()
        return (not shown, collation.key(shown), entry.country.upper())

    return key


def stands_for_others(entry: Entry) -> bool:
    """Whether the entry is a network: registered as one, or stating how many organisations it stands for."""
    if entry.signing_as is SigningAs.PERSON:
        return False
    return entry.is_network or _organisations_stated(entry) > 0


def _organisations_stated(entry: Entry) -> int:
    statement = entry.statement
    if statement is None or statement.unit is not Unit.ORGANISATIONS:
        return 0
    return statement.count if statement.count is not None else len(statement.members)


def _names_of_locale_data(language: str) -> CountryName:
    locale = icu.Locale(language.replace("-", "_"))
    return lambda code: str(icu.Locale("", code).getDisplayCountry(locale))
