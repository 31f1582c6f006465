"""Every number of a list, computed from its entries. Which entries are named to whom is decided elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import NamedTuple

from coalition.signatories.entry import Entry, SigningAs, Statement, Unit
from coalition.signatories.names import identity_key

# From this many withheld entries on, saying how many bodies are among them tells of none what it is.
_ENOUGH_TO_HIDE_IN = 3


@dataclass(frozen=True, slots=True)
class Hidden:
    """Entries counted but not named to this audience, as bare numbers.

    `organisations` are the distinct organisations among them that are not also named.
    """

    entries: int = 0
    organisations: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.organisations <= self.entries:
            raise ValueError("hidden organisations are some of the hidden entries, and neither is negative")


class Countable(NamedTuple):
    """What counting asks of an entry, under the same names: for lists of which nothing else is read. It may stand for
    as many entries as `times` says that are alike in this, each of another body, of which it bears one's key."""

    signing_as: SigningAs
    organisation_key: str
    organisation: str
    other_script: str
    signatory: str
    country: str
    country_text: str
    statement: Statement | None
    times: int = 1


Counted = Entry | Countable


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of one list for one audience.

    `organisations`, `with_named_person` and `persons` part the *named* entries; with `withheld` they make
    `signatories`. `networks` are the named bodies whose statements make `represented_stated`;
    `represented_listed` is None where no member list was given. `overlaps` is what was subtracted:
    `organisations_total` = `organisations_signing` + `represented_stated` - `overlaps`, or the number of
    names that can be proved where a network lists more members than it states.
    """

    signatories: int
    organisations: int
    with_named_person: int
    persons: int
    withheld: int
    organisations_signing: int
    networks: int
    represented_stated: int
    represented_listed: int | None
    overlaps: int
    organisations_total: int
    countries: int
    without_country: int

    def as_dict(self) -> dict[str, int | None]:
        """The numbers by name, in a fixed order, as an edition freezes them."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class _Represented:
    """What the networks state and list, over bodies that each count once."""

    networks: int
    stated: int
    lists: tuple[frozenset[str], ...]

    @property
    def listed(self) -> frozenset[str]:
        return frozenset[str]().union(*self.lists)


def count(entries: Iterable[Counted], hidden: Hidden = Hidden()) -> Counts:
    """Count the entries named to one audience, and the hidden ones beside them.

    Hidden entries are signatories. The organisations among them count as signing only where three or more
    entries are hidden: with one or two the difference would tell what kind of signatory is withheld.
    Statements of hidden entries must not be given, and no member list proves anything about them.
    A network's own statement counts once, however often its name stands on the list (the largest, if they
    differ); a member list without a number states its own length.
    """
    named = tuple(entries)
    as_organisation = [entry for entry in named if entry.signing_as is SigningAs.ORGANISATION]
    signatories, by_organisations = _number(named), _number(as_organisation)
    with_person = _number(entry for entry in as_organisation if entry.signatory)
    bodies = _bodies(as_organisation)
    signing = sum(map(_number_of_bodies, bodies.values()))
    if hidden.entries >= _ENOUGH_TO_HIDE_IN:
        signing += hidden.organisations
    represented = _represented(bodies)
    own_names = _names(as_organisation) if represented.lists else frozenset[str]()
    listed_elsewhere = represented.listed - own_names
    overlaps, total = _without_overlaps(signing, represented, len(listed_elsewhere))
    countries = [(_country(entry), entry.times) for entry in named]
    return Counts(
        signatories=signatories + hidden.entries,
        organisations=by_organisations - with_person,
        with_named_person=with_person,
        persons=signatories - by_organisations,
        withheld=hidden.entries,
        organisations_signing=signing,
        networks=represented.networks,
        represented_stated=represented.stated,
        represented_listed=len(listed_elsewhere) if represented.lists else None,
        overlaps=overlaps,
        organisations_total=total,
        countries=len({country for country, _times in countries if country}),
        without_country=sum(times for country, times in countries if country is None),
    )


def _number(entries: Iterable[Counted]) -> int:
    return sum(entry.times for entry in entries)


def _number_of_bodies(alike: list[Counted]) -> int:
    """Of entries under one key: one body, or those that one of them stands for."""
    return max(entry.times for entry in alike)


def _bodies(entries: Iterable[Counted]) -> Mapping[str, list[Counted]]:
    """The entries by body: by the register's key, else by name, where a key of that name is known by it."""
    together = list(entries)
    # On most lists every body is in the register, and names, which cost more than all the rest, tell nothing.
    by_name = any(not entry.organisation_key for entry in together)
    if by_name:
        together.sort(key=lambda entry: (entry.organisation_key == "", entry.organisation_key))
    key_by_name: dict[str, str] = {}
    bodies: dict[str, list[Counted]] = {}
    for entry in together:
        name = identity_key(entry.organisation) if by_name else ""
        # Register keys and names are told apart, lest a body be called like another's key.
        known = f"key {entry.organisation_key}" if entry.organisation_key else ""
        key = known or key_by_name.get(name, f"name {name}")
        if by_name:
            key_by_name.setdefault(name, key)
        bodies.setdefault(key, []).append(entry)
    return bodies


def _represented(bodies: Mapping[str, list[Counted]]) -> _Represented:
    networks = stated = 0
    lists: list[frozenset[str]] = []
    for entries in bodies.values():
        statements = [
            entry.statement
            for entry in entries
            if entry.statement is not None and entry.statement.unit is Unit.ORGANISATIONS
        ]
        if not statements:
            continue
        members = frozenset(
            key for statement in statements for name in statement.members if (key := identity_key(name))
        )
        numbers = [statement.count for statement in statements if statement.count is not None]
        if not numbers and not members:
            continue
        networks += _number_of_bodies(entries)
        stated += (max(numbers) if numbers else len(members)) * _number_of_bodies(entries)
        if members:
            lists.append(members)
    return _Represented(networks, stated, tuple(lists))


def _without_overlaps(signing: int, represented: _Represented, listed_elsewhere: int) -> tuple[int, int]:
    """How many double countings are taken off, and the total that remains.

    A name on k lists is counted k times, and once more if it signs itself: all but one go. A network that
    lists more names than it states was not counted that often, so what can be proved is the floor.
    """
    everything = signing + represented.stated
    proved_twice = sum(len(members) for members in represented.lists) - listed_elsewhere
    provable = signing + listed_elsewhere
    total = max(everything - proved_twice, provable)
    return max(everything - total, 0), total


def _names(entries: Iterable[Counted]) -> frozenset[str]:
    """All names under which the signing organisations may stand on a member list."""
    given = (name for entry in entries for name in (entry.organisation, entry.other_script))
    return frozenset(key for name in given if (key := identity_key(name)))


def _country(entry: Counted) -> tuple[str, str] | None:
    if entry.country:
        return "code", entry.country.upper()
    text = identity_key(entry.country_text)
    return ("text", text) if text else None
