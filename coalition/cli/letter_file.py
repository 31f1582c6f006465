"""The import format of a letter with its signatories: read, checked whole, turned into values. Pure."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from coalition.countries import code_for
from coalition.endorsements.fields import EntryFields, checked
from coalition.errors import Invalid
from coalition.i18n import LANGUAGES
from coalition.signatories.entry import SigningAs, Unit
from coalition.signatories.glued import two_signatories

LETTER_KEYS = frozenset({"title", "language", "date", "addressee", "source", "notes", "claimed_total",
                         "claimed_text", "body", "signatories"})
ENTRY_KEYS = frozenset({"signing_as", "organisation", "honorific", "signatory", "title", "country", "description",
                        "represents_count", "represents_unit", "represents_text", "category", "printed_number",
                        "anonymous", "raw"})
#: Types a value may have, beside null.
_TYPES: dict[str, type | tuple[type, ...]] = {
    "claimed_total": int, "represents_count": int, "printed_number": (int, str), "anonymous": bool,
    "signatories": list,
}
LARGEST = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class FileEntry:
    """One signatory of the file; `number` is its place, from 1."""

    number: int
    fields: EntryFields
    withheld: bool
    raw: str


@dataclass(frozen=True, slots=True)
class LetterFile:
    """A whole, checked file. `remarks` are what a person should look at; nothing in them stops the import."""

    title: str
    language: str
    date: str
    addressees: tuple[str, ...]
    copies: tuple[str, ...]
    claimed_text: str
    body: str
    entries: tuple[FileEntry, ...]
    remarks: tuple[str, ...] = field(default=())


def read(content: bytes) -> LetterFile:
    """The file's values. Raises `Invalid` naming every entry that is wrong and why; nothing is half read."""
    problems: list[str] = []
    data = _parsed(content)
    _check_keys("the letter", data, LETTER_KEYS, problems)
    _check_types("the letter", data, LETTER_KEYS, problems)
    if problems:
        raise Invalid("This file cannot be imported.\n" + "\n".join(f"- {problem}" for problem in problems))
    if not str(data.get("title") or "").strip():
        problems.append("the letter has no title")
    language = data.get("language") or "en"
    if language not in LANGUAGES:
        problems.append(f"the language “{language}” is not one of {', '.join(LANGUAGES)}")
    if not data.get("signatories"):
        problems.append("there are no signatories")
    entries = [entry for number, given in enumerate(data.get("signatories") or [], start=1)
               if (entry := _entry(number, given, problems)) is not None]
    if problems:
        raise Invalid("This file cannot be imported; nothing was. Mend it, then import it again:\n"
                      + "\n".join(f"- {problem}" for problem in problems))
    addressees, copies = _recipients(data.get("addressee") or "")
    return LetterFile(
        title=" ".join(data["title"].split()), language=language, date=_date(data.get("date") or ""),
        addressees=addressees, copies=copies, claimed_text=data.get("claimed_text") or "",
        body=data.get("body") or "", entries=tuple(entries), remarks=tuple(_remarks(entries)))


def _parsed(content: bytes) -> dict[str, Any]:
    if len(content) > LARGEST:
        raise Invalid("This file is larger than 20 MB: is it the right one?")
    try:
        data = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_refusing_twice)
    except UnicodeDecodeError as error:
        raise Invalid(f"This file is not UTF-8 text (byte {error.start}). Save it as UTF-8.") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise Invalid(f"This file is not valid JSON: {error}.") from error
    if not isinstance(data, dict):
        raise Invalid("This file must hold one letter: an object with “title” and “signatories”.")
    return data


def _refusing_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A key that stands twice would hide one of its values."""
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _value in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise Invalid(f"This file cannot be imported: the key “{twice}” stands twice in one place.")
    return found


def _check_keys(what: str, data: dict[str, Any], known: frozenset[str], problems: list[str]) -> None:
    problems.extend(f"{what}: unknown key “{key}”" for key in data if key not in known)


def _check_types(what: str, data: dict[str, Any], known: frozenset[str], problems: list[str]) -> None:
    for key in known & data.keys():
        value, wanted = data[key], _TYPES.get(key, str)
        if value is None:
            continue
        if not isinstance(value, wanted) or (isinstance(value, bool) and wanted is not bool):
            problems.append(f"{what}: “{key}” is {value!r:.60}, which is not {_named(wanted)}")


def _named(wanted: type | tuple[type, ...]) -> str:
    if isinstance(wanted, tuple):
        return "a number or text"
    return {int: "a whole number", bool: "true or false", list: "a list", str: "text"}[wanted]


def _entry(number: int, given: Any, problems: list[str]) -> FileEntry | None:
    what = f"entry {number}"
    if not isinstance(given, dict):
        problems.append(f"{what} is not an object")
        return None
    before = len(problems)
    name = given.get("organisation") or given.get("signatory") or ""
    what = f"entry {number} ({str(name)[:60]})" if name else what
    _check_keys(what, given, ENTRY_KEYS, problems)
    _check_types(what, given, ENTRY_KEYS, problems)
    if len(problems) > before:
        return None
    _check_choices(what, given, problems)
    if len(problems) > before:
        return None
    try:
        fields = checked(_values(given))
    except Invalid as wrong:
        problems.extend(f"{what}: {key}: {message}" for key, message in wrong.fields.items())
        return None
    return FileEntry(number, fields, bool(given.get("anonymous")), given.get("raw") or "")


def _check_choices(what: str, given: dict[str, Any], problems: list[str]) -> None:
    if not given.get("organisation") and not given.get("signatory"):
        problems.append(f"{what} names neither an organisation nor a signatory")
    for key, choices in (("signing_as", SigningAs), ("represents_unit", Unit)):
        if given.get(key) and given[key] not in {choice.value for choice in choices}:
            problems.append(f"{what}: “{key}” is “{given[key]}”, which is not one of "
                            + ", ".join(choice.value for choice in choices))


def _values(given: dict[str, Any]) -> dict[str, Any]:
    country = given.get("country") or ""
    default = SigningAs.ORGANISATION if given.get("organisation") else SigningAs.PERSON
    represents = given.get("represents_count") is not None or bool(given.get("represents_text"))
    return {**given, "signing_as": given.get("signing_as") or default, "country": code_for(country),
            "country_text": country, "is_network": represents}


def _recipients(addressee: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The addressee as printed, and the copies named behind it."""
    first, *copies = addressee.split("; copy to ")
    return ((first.strip(),) if first.strip() else ()), tuple(copy.strip() for copy in copies)


def _date(given: str) -> str:
    """The date checked: a day, a month or a year, as it was given."""
    for shape in ("", "-01", "-01-01"):
        try:
            date.fromisoformat(given + shape)
        except ValueError:
            continue
        return given
    if given:
        raise Invalid(f"This file cannot be imported: the date “{given}” is not like 2016-02-24, 2016-02 or 2016.")
    return ""


def _remarks(entries: list[FileEntry]) -> list[str]:
    remarks = []
    by_raw: dict[str, list[FileEntry]] = {}
    for entry in entries:
        if entry.raw:
            by_raw.setdefault(entry.raw, []).append(entry)
        if entry.fields.country_text and not entry.fields.country:
            remarks.append(f"entry {entry.number}: the country “{entry.fields.country_text}” is not known; "
                           "kept as written")
    for raw, sharing in by_raw.items():
        names = {entry.fields.organisation or entry.fields.signatory for entry in sharing}
        if len(names) > 1:
            numbers = " and ".join(str(entry.number) for entry in sharing)
            remarks.append(f"entries {numbers} were printed as one line, two signatories glued together: “{raw}”")
    _flag(entries, lambda entry: entry.raw if len(by_raw.get(entry.raw, [])) == 1 else "", remarks)
    return remarks


def _flag(entries: list[FileEntry], text_of: Callable[[FileEntry], str], remarks: list[str]) -> None:
    for entry in entries:
        cut = two_signatories(entry.fields.organisation) or two_signatories(text_of(entry))
        if cut:
            remarks.append(f"entry {entry.number} may hold two signatories: “{cut[0]}” and “{cut[1]}”")
