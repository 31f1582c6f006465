"""The signatory list as CSV, JSON, plain text and for the press: attachments of an edition, and downloads.

All hold the same entries in the same order, and nothing that the document does not print. The names of
columns and keys are an interface: add at the end, never rename.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from coalition.documents.catalogues import words_in, words_of
from coalition.documents.freezing import printed_groups
from coalition.documents.parts import group_heading
from coalition.documents.printed import Printed, PrintedEntry, PrintedGroup
from coalition.documents.snapshot import Snapshot
from coalition.documents.words import Words
from coalition.places.queries import names_in
from coalition.remembered import remembered
from coalition.signatories.compile import SignatoryList

#: The columns of the CSV file, in order. `printed_line` is the line of the document, word for word.
COLUMNS = (
    "number", "printed_line", "group", "signing_as", "organisation", "other_script", "honorific",
    "signatory", "title", "description", "country_code", "country", "network", "stated_count",
    "stated_exactness", "stated_unit", "stated_text", "stated_as_of", "stated_source",
)  # fmt: skip

#: The columns of the file of members: the number of the entry that lists them, its name, and one member a line.
MEMBER_COLUMNS = ("number", "organisation", "member")

JSON_FORMAT = "coalition.signatories/1"

#: By which spreadsheets know UTF-8.
_MARK = "\ufeff"

#: A spreadsheet takes a cell that begins with one of these for a formula, the full-width forms included.
FORMULA_STARTS = frozenset("=+-@\t\r\n＝＋－＠")


def as_csv(source: Snapshot | SignatoryList) -> str:
    """The list as RFC 4180 text with a byte order mark, safe to open in a spreadsheet.

    Cells that a spreadsheet would take for a formula begin with an apostrophe.
    """
    return "".join(csv_lines(source))


def csv_lines(source: Snapshot | SignatoryList) -> Iterator[str]:
    """The same line by line, its head first."""
    yield _table(COLUMNS, ())
    for group in groups_of(source):
        heading = group.heading or group.key
        for entry in group.entries:
            yield f"{entry.number},{_line(entry.printed, heading)}"


def as_members_csv(source: Snapshot | SignatoryList) -> str:
    """The member lists of the networks on the list, as `as_csv`."""
    return _table(MEMBER_COLUMNS, members_of(source))


def members_of(source: Snapshot | SignatoryList) -> Iterator[tuple[object, ...]]:
    """The values of each listed member by `MEMBER_COLUMNS`, in the order of the list."""
    for group in groups_of(source):
        for entry in group.entries:
            for member in entry.statement.members if entry.statement else ():
                yield entry.number, entry.organisation or entry.signatory, member


def rows_of(source: Snapshot | SignatoryList) -> Iterator[tuple[object, ...]]:
    """The values of each entry by `COLUMNS`, in the order of the list: numbers as numbers, all else as text."""
    for group in groups_of(source):
        for entry in group.entries:
            yield entry.number, *_cells(entry.printed, group.heading or group.key)


def as_json(source: Snapshot | SignatoryList, *, letter: Mapping[str, Any] | None = None, part: str = "") -> str:
    """The list with its counts and what it is the list of, which a snapshot knows itself and of a list
    `letter` tells; `part` is named where the file goes with one part of an edition. See README for the keys."""
    return b"".join(json_pieces(source, letter=letter, part=part)).decode()


def json_pieces(source: Snapshot | SignatoryList, *, letter: Mapping[str, Any] | None = None, part: str = ""
                ) -> Iterator[bytes]:
    """The same as UTF-8, entry by entry."""
    end = b"]\n}\n"
    told = _told({**_facts(source, letter, part), "signatories": []})
    yield told.removesuffix(end)
    elsewhere = _in_other_languages(source) if isinstance(source, Snapshot) else {}
    between = b""
    for group in groups_of(source):
        heading = group.heading or group.key
        for entry in group.entries:
            also = _indented({"translations": elsewhere[entry.key]}) if elsewhere else b""
            yield b'%b\n    {\n      "number": %d,%b%b\n    }' % (
                between, entry.number, _record(entry.printed, heading), b"," + also if also else b"")
            between = b","
    yield b"\n  " + end if between else end


def as_facts(source: Snapshot, *, part: str) -> str:
    """What a part of an edition is a part of, with the counts and without the list."""
    return _told(_facts(source, None, part)).decode()


def _told(data: dict[str, Any]) -> bytes:
    return orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _facts(source: Snapshot | SignatoryList, letter: Mapping[str, Any] | None, part: str) -> dict[str, Any]:
    data: dict[str, Any] = {"format": JSON_FORMAT}
    if part:
        data["part"] = part
    if letter is not None:
        data["letter"] = dict(letter)
    if isinstance(source, Snapshot):
        data["letter"] = {
            "slug": source.letter,
            "subject": source.subject,
            "language": source.language,
            "version": source.version,
            "source_sha256": source.source_sha256,
            "text_sha256": source.text_sha256,
        }
        if others := _other_readings(source):
            data["letter"] |= {"governing_language": source.governing, "translations": [
                {"language": other.language, "subject": other.subject, "source_sha256": other.source_sha256,
                 "text_sha256": other.text_sha256} for other in others]}
        data["edition"] = _edition(source)
    data["rule"] = str(source.rule)
    data["grouping"] = str(source.grouping)
    data["counts"] = source.counts.as_dict()
    return data


def _other_readings(source: Snapshot) -> list[Snapshot]:
    return [source.in_language(language) for language in source.languages if language != source.language]


def _in_other_languages(source: Snapshot) -> dict[str, dict[str, dict[str, Any]]]:
    """By key of entry and language: where it stands there, and what is worded otherwise."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for other in _other_readings(source):
        for group in other.groups:
            for entry in group.entries:
                found.setdefault(entry.key, {})[other.language] = {
                    "number": entry.number, "line": entry.line, "group": group.heading or group.key,
                    "country": entry.country_name}
    return found


def as_text(source: Snapshot | SignatoryList) -> str:
    """The numbered list as plain text, one entry a line, groups under their headings, which speak the language of
    the snapshot; of a list, English."""
    words = _words(source)
    lines: list[str] = []
    if isinstance(source, Snapshot):
        lines += [source.subject, ""]
    for group in groups_of(source):
        heading = group_heading(group, words)
        if heading:
            lines += ([""] if lines and lines[-1] else []) + [heading, ""]
        lines += [
            f"{entry.number}. {entry.line}" + (f" ({entry.country_name})" if entry.country_name else "")
            for entry in group.entries
        ]
    return "\n".join(lines) + "\n"


def as_press_list(source: Snapshot | SignatoryList, *, contact: str = "") -> str:
    """The list for the press: who signs and from where, one a line, without numbers and self-descriptions.
    It speaks the language of the snapshot; of a list, English."""
    counts, words = source.counts, _words(source)
    _, ngettext = words.gettext, words.ngettext
    lines: list[str] = []
    if isinstance(source, Snapshot):
        dateline = _(", ").join(filter(None, (source.place, source.date_text)))
        lines += [source.subject, *filter(None, (dateline,)), ""]
    lines.append(ngettext("%(num)s signatory", "%(num)s signatories", counts.signatories))
    if counts.represented_stated:
        lines.append(_("%(total)s organisations in all: %(signing)s that sign and %(stated)s as stated by networks, "
                       "overlaps not excluded", total=words.number(counts.organisations_total),
                       signing=words.number(counts.organisations_signing),
                       stated=words.number(counts.represented_stated)))
    lines.append("")
    for group in groups_of(source):
        heading = group_heading(group, words)
        lines += ([heading, ""] if heading else []) + [press_line(entry) for entry in group.entries] + [""]
    if counts.withheld:
        lines += [ngettext("and %(num)s signatory who is not named", "and %(num)s signatories who are not named",
                           counts.withheld), ""]
    if contact:
        lines.append(_("Contact: %(address)s", address=contact))
    return "\n".join(lines).rstrip("\n") + "\n"


def press_line(entry: PrintedEntry) -> str:
    """The printed line without what the signatory says of itself, with the country."""
    kept: list[str] = []
    for part in entry.parts:
        if part.role in ("description", "statement"):
            kept = kept[:-1]  # the mark that led to it
        else:
            kept.append(part.text)
    return "".join(kept) + (f" ({entry.country_name})" if entry.country_name else "")


def groups_of(source: Snapshot | SignatoryList) -> tuple[PrintedGroup, ...]:
    """The groups with their printed lines; a list that is not frozen is worded in English, as data for everybody."""
    if isinstance(source, Snapshot):
        return source.groups
    return printed_groups(source, capacity_note=words_in("en").capacity_note,
                          country_name=names_in("en"))


def _words(source: Snapshot | SignatoryList) -> Words:
    return words_of(source) if isinstance(source, Snapshot) else words_in("en")


def _table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    return f"{_MARK}{_as_lines((columns, *rows))}"


def _as_lines(rows: Iterable[Iterable[object]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows(
        [f"'{value}" if isinstance(value, str) and value[:1] in FORMULA_STARTS else value for value in row]
        for row in rows)
    return stream.getvalue()


def _edition(snapshot: Snapshot) -> dict[str, Any] | None:
    if snapshot.edition is None:
        return None
    return {
        "number": snapshot.edition,
        "id": snapshot.edition_id,
        "audience": snapshot.audience,
        "frozen_at": snapshot.frozen_at,
        "sha256": snapshot.sha256,
    }


@remembered
def _line(printed: Printed, heading: str) -> str:
    """The line of a table that tells of an entry, without its number."""
    return _as_lines([_cells(printed, heading)])


def _cells(entry: Printed, heading: str) -> tuple[object, ...]:
    """The values by `COLUMNS`, without the number."""
    statement = entry.statement
    stated: tuple[object, ...] = ("", "", "", "", "", "")
    if statement:
        stated = (
            "" if statement.count is None else statement.count,
            statement.exactness, statement.unit, statement.text, statement.as_of, statement.source,
        )  # fmt: skip
    return (
        entry.line, heading, entry.signing_as, entry.organisation,
        entry.other_script, entry.honorific, entry.signatory, entry.title, entry.description,
        entry.country, entry.country_name, "yes" if entry.is_network else "", *stated,
    )  # fmt: skip


@remembered
def _record(entry: Printed, heading: str) -> bytes:
    """What JSON tells of an entry after its number."""
    statement = entry.statement
    return _indented({
        "key": entry.key,
        "line": entry.line,
        "group": heading,
        "signing_as": entry.signing_as,
        "organisation": entry.organisation,
        "other_script": entry.other_script,
        "honorific": entry.honorific,
        "signatory": entry.signatory,
        "title": entry.title,
        "description": entry.description,
        "country_code": entry.country,
        "country": entry.country_name,
        "network": entry.is_network,
        "statement": statement
        and {
            "count": statement.count,
            "exactness": statement.exactness,
            "unit": statement.unit,
            "text": statement.text,
            "as_of": statement.as_of,
            "source": statement.source,
            "members": list(statement.members),
        },
    })  # fmt: skip


def _indented(values: dict[str, Any]) -> bytes:
    """Values in the middle of a record, as `_told` writes them."""
    return orjson.dumps(values, option=orjson.OPT_INDENT_2)[1:-2].replace(b"\n", b"\n    ")
