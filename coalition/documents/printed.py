"""An entry as it is printed, in itself and at its place on the list; frozen plain values."""

from __future__ import annotations

from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

import orjson

from coalition.remembered import remembered
from coalition.signatories.line import Part


@dataclass(frozen=True, slots=True)
class PrintedStatement:
    """What a network says it stands for, as its entry carries it. `as_of` is an ISO date or empty."""

    count: int | None
    exactness: str
    unit: str
    text: str
    as_of: str
    source: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Printed:
    """The printed line of an entry in parts, and the values it was made from, wherever it stands: what is made of it is
    remembered without its number, which moves with each entry that comes before it.

    `key` is a random public id. `country` is a code or empty, `country_name` the country as the signatory
    wrote it, or its name in the document's language.
    """

    key: str
    signing_as: str
    parts: tuple[Part, ...]
    organisation: str
    other_script: str
    honorific: str
    signatory: str
    title: str
    description: str
    country: str
    country_name: str
    is_network: bool
    tier: int
    visibility: str
    statement: PrintedStatement | None

    def __hash__(self) -> int:
        """Of the key alone, as that of `Entry`."""
        return hash(self.key)

    @property
    def line(self) -> str:
        """The printed line, as the signer saw it before signing."""
        return "".join([part.text for part in self.parts])


@dataclass(frozen=True, slots=True)
class PrintedEntry:
    """One numbered entry; it can be asked for all that `Printed` holds."""

    number: int
    printed: Printed

    key = property(attrgetter("printed.key"))
    signing_as = property(attrgetter("printed.signing_as"))
    parts = property(attrgetter("printed.parts"))
    organisation = property(attrgetter("printed.organisation"))
    other_script = property(attrgetter("printed.other_script"))
    honorific = property(attrgetter("printed.honorific"))
    signatory = property(attrgetter("printed.signatory"))
    title = property(attrgetter("printed.title"))
    description = property(attrgetter("printed.description"))
    country = property(attrgetter("printed.country"))
    country_name = property(attrgetter("printed.country_name"))
    is_network = property(attrgetter("printed.is_network"))
    tier = property(attrgetter("printed.tier"))
    visibility = property(attrgetter("printed.visibility"))
    statement = property(attrgetter("printed.statement"))
    line = property(attrgetter("printed.line"))


@dataclass(frozen=True, slots=True)
class PrintedGroup:
    """Entries under one heading. `key` names the group; `heading` is set for countries only."""

    key: str
    heading: str
    entries: tuple[PrintedEntry, ...]


def values_of(part: Any) -> Any:
    """A value of a snapshot by its fields, for JSON; quicker than `asdict`, which copies every value."""
    if isinstance(part, PrintedGroup):
        entries = [b"%b%d%b" % (before, entry.number, after) for entry in part.entries
                   for before, after in (_around_number(entry.printed),)]
        return {"entries": orjson.Fragment(b"[%b]" % b",".join(entries)), "heading": part.heading, "key": part.key}
    return {field.name: getattr(part, field.name) for field in fields(part)}


@remembered
def _around_number(printed: Printed) -> tuple[bytes, bytes]:
    """An entry in canonical JSON: what stands before its number, and what after it."""
    values = values_of(printed)
    before = {name: value for name, value in values.items() if name < "number"}
    after = {name: value for name, value in values.items() if name > "number"}
    return canonical(before)[:-1] + b',"number":', b"," + canonical(after)[1:]


def canonical(values: Any) -> bytes:
    """Values as JSON with sorted keys and no blanks, letters as they are: equal values, equal bytes."""
    return orjson.dumps(values, default=values_of, option=orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATACLASS)


def entry_of(values: dict[str, Any]) -> PrintedEntry:
    """The entry whose canonical JSON says this."""
    stated = values["statement"]
    given = {name: value for name, value in values.items() if name != "number"}
    return PrintedEntry(values["number"], Printed(**{
        **given,
        "parts": tuple(Part(**part) for part in values["parts"]),
        "statement": PrintedStatement(**{**stated, "members": tuple(stated["members"])}) if stated else None,
    }))
