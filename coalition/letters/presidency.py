"""Who presides over the Security Council in a month. Pure.

Months that a source verifies are data; the others follow from rule 18 of the Council's rules of procedure and
are marked as computed. The person is never known here: a name is typed by whoever writes the letter.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel.dates import format_date

#: The Council sits in New York: its months begin and end there.
ZONE = ZoneInfo("America/New_York")

#: A year for which fewer members are known is a year about which nothing is known.
_SEATS = 15

#: (year, month)
Month = tuple[int, int]


class Certainty(StrEnum):
    """How a President is known."""

    VERIFIED = "verified"  # by a source
    COMPUTED = "computed"  # by rule 18: to be checked
    SET = "set"  # by a setting of this installation, or by whoever writes the letter
    NOT_KNOWN = "not_known"  # outside the table: to be typed


class Office(StrEnum):
    """As what somebody presides."""

    REPRESENTATIVE = "representative"
    CHARGE = "charge"


@dataclass(frozen=True, slots=True)
class President:
    """The State that presides in a month: `state` as the United Nations list it, `in_a_sentence` with its
    article; both empty when not known."""

    year: int
    month: int
    state: str
    in_a_sentence: str
    certainty: Certainty

    @property
    def is_known(self) -> bool:
        return self.certainty is not Certainty.NOT_KNOWN

    @property
    def month_name(self) -> str:
        """“March 2016”."""
        return format_date(date(self.year, self.month, 1), "MMMM y", locale="en_GB")


def president_of(year: int, month: int, overrides: Mapping[Month, str] | None = None) -> President:
    """The President in a month. `overrides` name the State of months in which it was another than the rule
    gives; computed months after one follow from it. Raises ValueError for what is no month."""
    if not 1 <= month <= 12:
        raise ValueError(f"{month} is not a month")
    set_here = overrides or {}
    if (year, month) in set_here:
        return of_state(year, month, set_here[year, month])
    state = _confirmed().get((year, month))
    if state is not None:
        return _president(year, month, state, Certainty.VERIFIED)
    state = _by_the_rule((year, month), set_here)
    return _president(year, month, state, Certainty.COMPUTED if state else Certainty.NOT_KNOWN)


def of_state(year: int, month: int, state: str) -> President:
    """A President whom somebody named, in the table's spelling where it knows the State."""
    return _president(year, month, known_state(state) or " ".join(state.split()), Certainty.SET)


def day_in_new_york(moment: datetime) -> date:
    """The day it is in New York at this moment (aware)."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(ZONE).date()


def members_in(year: int) -> tuple[str, ...]:
    """The Council's members in a year, in the order in which they preside; empty when not known."""
    members = sorted((member for member, first, last in _terms() if first <= year <= last), key=_folded)
    return tuple(members) if len(members) == _SEATS else ()


def next_in_turn(state: str, year: int) -> str:
    """Rule 18: the State that presides after `state` when the next month lies in `year`; "" when not known.

    The members of that year take turns in the English alphabetical order of their names, and after the last
    comes the first. A State that has left the Council keeps its place in the alphabet for this.
    """
    members = members_in(year)
    if not members:
        return ""
    return next((member for member in members if _folded(member) > _folded(state)), members[0])


def name_in_a_sentence(state: str) -> str:
    """“the Bolivarian Republic of Venezuela” for “Venezuela (Bolivarian Republic of)”; what the table does not
    know stays as it is."""
    return _names().get(state, state)


def known_state(written: str) -> str:
    """The list name of a State that is written in either of its forms, with or without article, capitals and
    accents; "" when the table does not know it."""
    return _by_any_name().get(_plain(written), "")


def _president(year: int, month: int, state: str, certainty: Certainty) -> President:
    return President(year, month, state, name_in_a_sentence(state), certainty)


def _by_the_rule(wanted: Month, overrides: Mapping[Month, str]) -> str:
    """Go on from the last month before `wanted` whose President is confirmed or set; "" when nothing leads on."""
    fixed = {**_confirmed(), **{month: known_state(state) or state for month, state in overrides.items()}}
    last = max((month for month in fixed if month < wanted), default=None)
    if last is None:
        return ""
    state = fixed[last]
    while last < wanted and state:
        last = (last[0], last[1] + 1) if last[1] < 12 else (last[0] + 1, 1)
        state = next_in_turn(state, last[0])
    return state


def _rows(name: str) -> Iterator[list[str]]:
    text = files("coalition.letters").joinpath("data", name).read_text("utf-8")
    rows = csv.reader(text.splitlines())
    next(rows)
    return rows


@cache
def _confirmed() -> dict[Month, str]:
    return {(int(month[:4]), int(month[5:])): member for month, member in _rows("confirmed-presidents.csv")}


@cache
def _terms() -> tuple[tuple[str, int, int], ...]:
    """(member, first year, last year); the permanent members have no years in the file."""
    return tuple((member, int(first or 1946), int(last or 9999))
                 for member, first, last in _rows("council-members.csv"))


@cache
def _names() -> dict[str, str]:
    return dict(_rows("country-names.csv"))


@cache
def _by_any_name() -> dict[str, str]:
    return {_plain(form): state for state, sentence in _names().items() for form in (state, sentence)}


def _folded(name: str) -> str:
    """For the order: without capitals and accents."""
    bare = unicodedata.normalize("NFKD", name.replace("’", "'"))
    return "".join(character for character in bare if not unicodedata.combining(character)).casefold()


def _plain(name: str) -> str:
    """For recognising: also without article and with single blanks."""
    return re.sub(r"^the ", "", " ".join(_folded(name).split()))
