"""The signatory list: entries ordered, grouped, numbered and counted, ready to be shown or frozen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from coalition.signatories.counting import Counts, Hidden, count
from coalition.signatories.entry import Entry
from coalition.signatories.grouping import Grouping, group
from coalition.signatories.ordering import CountryName, Rule, order

_NONE_HIDDEN = Hidden()


@dataclass(frozen=True, slots=True)
class ListedEntry:
    """An entry and its number on the list, from 1."""

    number: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class ListedGroup:
    """Numbered entries under one heading; `key` is that of `grouping.Group`."""

    key: str
    entries: tuple[ListedEntry, ...]


@dataclass(frozen=True, slots=True)
class SignatoryList:
    """What is shown to one audience at one moment.

    `entries` are those of all groups in printing order: their numbers run from 1 without a gap.
    """

    groups: tuple[ListedGroup, ...]
    entries: tuple[ListedEntry, ...]
    counts: Counts
    rule: Rule
    grouping: Grouping


def compile_list(
    entries: Iterable[Entry],
    *,
    rule: Rule,
    grouping: Grouping = Grouping.NONE,
    language: str = "en",
    ignore_articles: bool = False,
    hidden: Hidden = _NONE_HIDDEN,
    country_name: CountryName | None = None,
) -> SignatoryList:
    """Compile the entries named to one audience; the order they come in plays no part.

    `hidden` are counted beside them and printed nowhere. `country_name` gives a code's name in `language`.
    """
    ordered = order(
        entries, rule, language=language, ignore_articles=ignore_articles, country_name=country_name
    )
    groups: list[ListedGroup] = []
    number = 0
    for part in group(ordered, grouping, language=language, country_name=country_name):
        listed = tuple(ListedEntry(place, entry) for place, entry in enumerate(part.entries, number + 1))
        number += len(listed)
        groups.append(ListedGroup(part.key, listed))
    return SignatoryList(
        groups=tuple(groups),
        entries=tuple(entry for part in groups for entry in part.entries),
        counts=count(ordered, hidden),
        rule=rule,
        grouping=grouping,
    )
