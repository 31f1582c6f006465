"""Whom a list may name again: the bodies met so far, found by sameness of name and country or by likeness. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from coalition.invitations.rows import Invited
from coalition.organisations.blocking import keys_of, likeliest
from coalition.organisations.likeness import Body, compare
from coalition.signatories.names import identity_key


@dataclass(frozen=True, slots=True)
class Other:
    """The one a row is like, or the same as: its name and country, and where it stands: `number` is its row in the
    list, 0 for one that is invited or has signed already."""

    name: str
    country: str
    where: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Sought:
    """Somebody who is looked for, with what that takes, made once."""

    identity: tuple[str, str]
    body: Body
    keys: frozenset[int]

    @staticmethod
    def of(name: str, country: str, other_script: str) -> Sought:
        body = Body(name, country, (other_script,) if other_script else ())
        return Sought((identity_key(name), country), body, keys_of(body))

    @staticmethod
    def by_row(invited: Invited) -> Sought:
        return Sought.of(invited.organisation, invited.identity[1], invited.other_script)


@dataclass(slots=True)
class Known:
    """The bodies met so far: by name for sameness, by the keys of the register for likeness."""

    by_name: dict[str, list[tuple[str, Other]]] = field(default_factory=dict)
    by_key: dict[int, list[int]] = field(default_factory=dict)
    bodies: list[tuple[Body, Other]] = field(default_factory=list)

    @staticmethod
    def gathered(rows: Iterable[tuple[str, str, str, str]], where: str) -> Known:
        """Those of a query: name, name in another script, country, country in words."""
        known = Known()
        for name, other_script, country, country_text in rows:
            known.add(Sought.of(name, country or identity_key(country_text), other_script),
                      Other(name, country or country_text, where))
        return known

    def add(self, sought: Sought, other: Other) -> None:
        """From now on it is known as `other`."""
        for spelt in (sought.body.name, *sought.body.also):
            self.by_name.setdefault(identity_key(spelt), []).append((sought.identity[1], other))
        for key in sought.keys:
            self.by_key.setdefault(key, []).append(len(self.bodies))
        self.bodies.append((sought.body, other))

    def same(self, sought: Sought) -> Other | None:
        """The same body: an equal name, in a country that does not contradict."""
        name, country = sought.identity
        for known_country, other in self.by_name.get(name, ()):
            if known_country == country or not known_country or not country:
                return other
        return None

    def alike(self, sought: Sought) -> tuple[Other, ...]:
        """Up to three that look alike, the likest first. With a few only it is compared, however many are known."""
        found: dict[Other, float] = {}
        for place in likeliest(self.by_key.get(key, ()) for key in sought.keys):
            body, other = self.bodies[place]
            likeness = compare(sought.body, body)
            if likeness.is_flagged:
                found[other] = max(likeness.score, found.get(other, 0.0))
        return tuple(sorted(found, key=lambda other: -found[other])[:3])
