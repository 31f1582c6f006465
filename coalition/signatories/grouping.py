"""The list in groups. Headings are the caller's, in its language: a group only says which it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from coalition.signatories.entry import Entry, SigningAs
from coalition.signatories.names import identity_key
from coalition.signatories.ordering import CountryName, country_sort_key, stands_for_others


class Grouping(StrEnum):
    """What a list is parted by."""

    NONE = "none"
    TIER = "tier"
    COUNTRY = "country"
    KIND = "kind"


_TIERS = ("initiators", "signatories")
_KINDS = ("networks", "organisations", "persons")


@dataclass(frozen=True, slots=True)
class Group:
    """Entries under one heading.

    `key` says which: initiators, signatories; networks, organisations, persons; a country's code or, where
    none fits, its name as written, "" for entries without a country; "" for a list without groups.
    """

    key: str
    entries: tuple[Entry, ...]


def group(
    ordered: Iterable[Entry],
    grouping: Grouping,
    *,
    language: str = "en",
    country_name: CountryName | None = None,
) -> tuple[Group, ...]:
    """Part ordered entries into groups, none of them empty; inside a group the order is kept.

    Countries stand in the order of their names in `language`, entries without one last. A country written in
    two ways that differ only in case or blanks is one group, under the way that sorts first.
    """
    entries = tuple(ordered)
    if grouping is Grouping.TIER:
        return _named_groups(entries, _TIERS, lambda entry: _TIERS[entry.tier > 0])
    if grouping is Grouping.KIND:
        return _named_groups(entries, _KINDS, _kind)
    if grouping is Grouping.COUNTRY:
        return _country_groups(entries, language, country_name)
    return (Group("", entries),) if entries else ()


def _named_groups(
    entries: tuple[Entry, ...], keys: Iterable[str], key_of: Callable[[Entry], str]
) -> tuple[Group, ...]:
    members: dict[str, list[Entry]] = {key: [] for key in keys}
    for entry in entries:
        members[key_of(entry)].append(entry)
    return tuple(Group(key, tuple(found)) for key, found in members.items() if found)


def _kind(entry: Entry) -> str:
    if entry.signing_as is SigningAs.PERSON:
        return "persons"
    return "networks" if stands_for_others(entry) else "organisations"


def _country_groups(
    entries: tuple[Entry, ...], language: str, country_name: CountryName | None
) -> tuple[Group, ...]:
    sort_key = country_sort_key(language, country_name)
    members: dict[tuple[bool, str], list[Entry]] = {}
    for entry in entries:
        # A country that is only written is kept apart from a code of the same letters.
        code = entry.country.upper()
        members.setdefault((bool(code), code or identity_key(entry.country_text)), []).append(entry)
    groups = []
    for found in members.values():
        first = min(found, key=sort_key)
        key = first.country.upper() or first.country_text.strip()
        groups.append((sort_key(first), Group(key, tuple(found))))
    return tuple(group for _, group in sorted(groups, key=lambda pair: pair[0]))
