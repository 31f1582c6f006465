"""One entry of a signatory list, as frozen values. How it is printed is in `line.py`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar


class SigningAs(StrEnum):
    """Who the signatory is: a body, or a person who names a body for identification only."""

    ORGANISATION = "organisation"
    PERSON = "person"


class Visibility(StrEnum):
    """Where the signer lets the entry be printed, widest first."""

    PUBLIC = "public"
    RECIPIENTS = "recipients"
    WITHHELD = "withheld"


class Unit(StrEnum):
    """What a statement counts. Only `organisations` is ever added up."""

    ORGANISATIONS = "organisations"
    MEMBERS = "members"
    WORKERS = "workers"
    SUPPORTERS = "supporters"
    OTHER = "other"


class Exactness(StrEnum):
    EXACT = "exact"
    MORE_THAN = "more_than"
    NEARLY = "nearly"


@dataclass(frozen=True, slots=True)
class Statement:
    """What a network says it stands for.

    `count` is None when only words were given. `text` is printed as given, after the name. `members` are the
    names of a member list, where one was given; they are what overlaps are proved with.
    """

    count: int | None = None
    exactness: Exactness = Exactness.EXACT
    unit: Unit = Unit.OTHER
    text: str = ""
    as_of: date | None = None
    source: str = ""
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """An approved entry as it stands on one letter's list.

    `key` is the endorsement's random public id; `organisation_key` the register's, equal for entries of one
    organisation and "" where none is named. `country` is an ISO 3166-1 alpha-2 code or ""; `country_text` is
    what was written when no code fits. `position` is the arranged place, `tier` 0 for initiators and 1 for
    all others. Names are as given: never folded, upper-cased or re-spelt.
    """

    key: str
    signing_as: SigningAs
    organisation: str = ""
    organisation_key: str = ""
    other_script: str = ""
    honorific: str = ""
    signatory: str = ""
    title: str = ""
    description: str = ""
    country: str = ""
    country_text: str = ""
    is_network: bool = False
    statement: Statement | None = None
    visibility: Visibility = Visibility.PUBLIC
    tier: int = 1
    position: int = 0
    signed_at: datetime | None = None
    #: It stands for itself (`counting.Countable`).
    times: ClassVar[int] = 1

    def __hash__(self) -> int:
        """Of the key alone: long lists are looked up entry by entry (`remembered.py`), and all fields take as long as
        making what is looked for."""
        return hash(self.key)

    @property
    def name(self) -> str:
        """The name the entry is known and sorted by: the organisation, or for a person their own."""
        if self.signing_as is SigningAs.PERSON:
            return self.signatory
        return self.organisation
