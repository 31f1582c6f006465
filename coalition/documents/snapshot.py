"""Everything a document needs, frozen as plain values, with one canonical JSON form and its hash.

What is in a snapshot is printed or attached: a public snapshot holds no value of an entry that is not public.
Nothing here reads the database; `snapshot_of` is given values.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

from coalition import markdown
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.signatories.compile import ListedEntry, SignatoryList
from coalition.signatories.counting import Counts
from coalition.signatories.entry import Entry, Statement
from coalition.signatories.grouping import Grouping
from coalition.signatories.line import Part, printed_parts

#: Raised whenever a field is added, or what is drawn from the same values changes. Older formats are read for
#: ever - who is listed, which hash, which counts - but drawn only by the release that froze them.
FORMAT = 2
READABLE = (1, 2)

# Fields that came later, by name, with the format they came with: hashes of older snapshots are made without.
_ADDED = {"logo": 2}

PUBLIC = "public"
RECIPIENTS = "recipients"


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
class PrintedEntry:
    """One numbered entry: the printed line in parts, and the values it was made from.

    `key` is a random public id. `country` is a code or empty, `country_name` the country as the signatory
    wrote it, or its name in the document's language.
    """

    number: int
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

    @property
    def line(self) -> str:
        """The printed line, as the signer saw it before signing."""
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True, slots=True)
class PrintedGroup:
    """Entries under one heading. `key` names the group; `heading` is set for countries only."""

    key: str
    heading: str
    entries: tuple[PrintedEntry, ...]


@dataclass(frozen=True, slots=True)
class Override:
    """A claim of the text that the counts do not bear out, and why it stands all the same."""

    words: str
    reason: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One edition, or one preview (`edition` None), at one moment.

    `source_sha256` is of the signed source text, `text_sha256` of the text as printed, placeholders filled.
    `logo` is the SHA-256 of the picture over the letterhead, or empty. `frozen_at` is UTC in ISO 8601 to the second. `confirmed_by` pairs a way of confirming with its number of
    signatures. `issuer` is the fingerprint of the seal. Times, names and counts are final: a renderer adds
    nothing but layout and the fixed words of the document.
    """

    format: int
    letter: str
    subject: str
    language: str
    place: str
    date_text: str
    letterhead: str
    addressees: tuple[str, ...]
    copies: tuple[str, ...]
    body: str
    closing: str
    version: int
    source_sha256: str
    text_sha256: str
    edition: int | None
    edition_id: str
    audience: str
    frozen_at: str
    rule: str
    ignore_articles: bool
    grouping: str
    groups: tuple[PrintedGroup, ...]
    counts: Counts
    confirmed_by: tuple[tuple[str, int], ...]
    overrides: tuple[Override, ...]
    earlier_versions: int
    audit_head: str
    issuer: str
    verify_url: str
    logo: str = ""

    @property
    def entries(self) -> tuple[PrintedEntry, ...]:
        """All entries in printed order."""
        return tuple(entry for group in self.groups for entry in group.entries)

    @property
    def stated(self) -> tuple[PrintedEntry, ...]:
        """The entries that say whom they stand for, in printed order."""
        return tuple(entry for entry in self.entries if entry.statement)

    @property
    def frozen_time(self) -> datetime:
        """The moment of freezing, aware, in UTC."""
        return datetime.fromisoformat(self.frozen_at)

    @property
    def verify_address(self) -> str:
        """The page that tells how this edition stands; empty for a preview, and where no address is known."""
        return f"{self.verify_url}/{self.edition_id}" if self.edition is not None and self.verify_url else ""

    def to_json(self) -> str:
        """The canonical form: sorted keys, no blanks, letters as they are. Equal snapshots, equal text."""
        return json.dumps(
            {
                field.name: getattr(self, field.name)
                for field in fields(self)
                if _ADDED.get(field.name, 1) <= self.format
            },
            ensure_ascii=False,
            sort_keys=True,
            separators=(",", ":"),
            default=_values,
        )

    @property
    def sha256(self) -> str:
        """The hash of the canonical form in UTF-8, in hexadecimal."""
        return hashlib.sha256(self.to_json().encode("utf-8")).hexdigest()

    @property
    def short_hash(self) -> str:
        """The first twelve digits of the hash: what stands in the footer of every page."""
        return self.sha256[:12]

    @classmethod
    def from_json(cls, text: str) -> Snapshot:
        """The snapshot that `to_json` wrote. Raises Invalid if the text is damaged or of another format."""
        try:
            data = json.loads(text)
            if data["format"] not in READABLE:
                raise Invalid(
                    _("This edition is stored in format %(format)s, which this program cannot read.",
                      format=data["format"])
                )  # fmt: skip
            return _snapshot(data)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Invalid(_("The stored values of this edition are damaged.")) from error


def _values(part: Any) -> dict[str, Any]:
    """A part of a snapshot as its fields; quicker than `asdict`, which copies every value."""
    return {field.name: getattr(part, field.name) for field in fields(part)}


def snapshot_of(
    signatories: SignatoryList,
    *,
    letter: str,
    subject: str,
    language: str,
    body: str,
    version: int,
    source_sha256: str,
    frozen_at: datetime,
    edition: int | None = None,
    edition_id: str = "",
    audience: str = PUBLIC,
    place: str = "",
    date_text: str = "",
    letterhead: str = "",
    addressees: Iterable[str] = (),
    copies: Iterable[str] = (),
    closing: str = "",
    ignore_articles: bool = False,
    confirmed_by: Mapping[str, int] | None = None,
    overrides: Iterable[Override] = (),
    earlier_versions: int = 0,
    audit_head: str = "",
    issuer: str = "",
    verify_url: str = "",
    logo: str = "",
    capacity_note: str = "",
    country_name: Callable[[str], str] | None = None,
    statement_words: Callable[[Statement], str] | None = None,
) -> Snapshot:
    """Freeze a compiled list and a letter's values.

    `body` is the Markdown with its placeholders filled. `frozen_at` is an aware datetime. `capacity_note`,
    `country_name` and `statement_words` speak the document's language; the printed lines are made here, once.
    """
    text = markdown.canonical(body)
    return Snapshot(
        format=FORMAT,
        letter=letter,
        subject=subject,
        language=language,
        place=place,
        date_text=date_text,
        letterhead=letterhead,
        addressees=tuple(addressees),
        copies=tuple(copies),
        body=text,
        closing=closing,
        version=version,
        source_sha256=source_sha256,
        text_sha256=markdown.digest(text),
        edition=edition,
        edition_id=edition_id,
        audience=audience,
        frozen_at=frozen_at.astimezone(UTC).isoformat(timespec="seconds"),
        rule=str(signatories.rule),
        ignore_articles=ignore_articles,
        grouping=str(signatories.grouping),
        groups=printed_groups(
            signatories,
            capacity_note=capacity_note,
            country_name=country_name,
            statement_words=statement_words,
        ),
        counts=signatories.counts,
        confirmed_by=tuple(sorted((confirmed_by or {}).items())),
        overrides=tuple(overrides),
        earlier_versions=earlier_versions,
        audit_head=audit_head,
        issuer=issuer,
        verify_url=verify_url,
        logo=logo,
    )


def printed_groups(
    signatories: SignatoryList,
    *,
    capacity_note: str = "",
    country_name: Callable[[str], str] | None = None,
    statement_words: Callable[[Statement], str] | None = None,
) -> tuple[PrintedGroup, ...]:
    """The groups of a list with their printed lines, in the language that the three words-makers speak."""
    name_of = country_name or (lambda code: code)
    by_country = signatories.grouping is Grouping.COUNTRY
    return tuple(
        PrintedGroup(
            key=group.key,
            heading=_country(group.entries[0].entry, name_of) if by_country else "",
            entries=tuple(
                _printed(listed, capacity_note, name_of, statement_words) for listed in group.entries
            ),
        )
        for group in signatories.groups
    )


def _country(entry: Entry, name_of: Callable[[str], str]) -> str:
    return name_of(entry.country) if entry.country else entry.country_text


def _printed(
    listed: ListedEntry,
    capacity_note: str,
    name_of: Callable[[str], str],
    statement_words: Callable[[Statement], str] | None,
) -> PrintedEntry:
    entry = listed.entry
    parts = printed_parts(entry, capacity_note=capacity_note, statement_words=statement_words)
    return PrintedEntry(
        number=listed.number,
        key=entry.key,
        signing_as=str(entry.signing_as),
        parts=tuple(parts),
        organisation=entry.organisation,
        other_script=entry.other_script,
        honorific=entry.honorific,
        signatory=entry.signatory,
        title=entry.title,
        description=entry.description,
        country=entry.country,
        country_name=entry.country_text or _country(entry, name_of),
        is_network=entry.is_network,
        tier=entry.tier,
        visibility=str(entry.visibility),
        statement=_stated(entry.statement),
    )


def _stated(statement: Statement | None) -> PrintedStatement | None:
    if statement is None:
        return None
    return PrintedStatement(
        count=statement.count,
        exactness=str(statement.exactness),
        unit=str(statement.unit),
        text=statement.text,
        as_of=statement.as_of.isoformat() if statement.as_of else "",
        source=statement.source,
        members=tuple(statement.members),
    )


def _snapshot(data: dict[str, Any]) -> Snapshot:
    return Snapshot(
        **{
            **data,
            "addressees": tuple(data["addressees"]),
            "copies": tuple(data["copies"]),
            "groups": tuple(
                PrintedGroup(group["key"], group["heading"], _entries(group["entries"]))
                for group in data["groups"]
            ),
            "counts": Counts(**data["counts"]),
            "confirmed_by": tuple((way, number) for way, number in data["confirmed_by"]),
            "overrides": tuple(Override(**override) for override in data["overrides"]),
        }
    )


def _entries(data: Sequence[dict[str, Any]]) -> tuple[PrintedEntry, ...]:
    return tuple(
        PrintedEntry(
            **{
                **entry,
                "parts": tuple(Part(**part) for part in entry["parts"]),
                "statement": _statement(entry["statement"]),
            }
        )
        for entry in data
    )


def _statement(data: dict[str, Any] | None) -> PrintedStatement | None:
    return PrintedStatement(**{**data, "members": tuple(data["members"])}) if data else None
