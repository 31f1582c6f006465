"""Making a snapshot of a compiled list and a letter's values. What a snapshot is stands in `snapshot.py`.

Nothing here reads the database: everything is given.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from functools import cache

from coalition import markdown
from coalition.documents.printed import Printed, PrintedEntry, PrintedGroup, PrintedStatement
from coalition.documents.snapshot import (
    FORMAT,
    PUBLIC,
    Override,
    Snapshot,
    Translated,
    TranslatedEntry,
    TranslatedGroup,
)
from coalition.remembered import remembered
from coalition.signatories.compile import ListedEntry, SignatoryList
from coalition.signatories.entry import Entry, Statement
from coalition.signatories.grouping import Grouping
from coalition.signatories.line import printed_parts


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
    supersedes: int | None = None,
    capacity_note: str = "",
    country_name: Callable[[str], str] | None = None,
    statement_words: Callable[[Statement], str] | None = None,
    words: str = "",
) -> Snapshot:
    """Freeze a compiled list and a letter's values.

    `body` is the Markdown with its placeholders filled. `frozen_at` is an aware datetime. `capacity_note`,
    `country_name` and `statement_words` speak the document's language; the printed lines are made here, once.
    `words` is the catalogue of that language as text.
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
        supersedes=supersedes,
        words=words,
        logo=logo,
    )


def translated(
    whole: Snapshot,
    signatories: SignatoryList,
    *,
    language: str,
    subject: str,
    body: str,
    source_sha256: str,
    place: str,
    date_text: str,
    closing: str,
    addressees: Iterable[str],
    copies: Iterable[str],
    capacity_note: str,
    country_name: Callable[[str], str],
    statement_words: Callable[[Statement], str],
    words: str,
) -> Translated:
    """Freeze another language of an edition. `signatories` are the entries of `whole`, ordered as that language
    does; the other values are those of `snapshot_of`. Nothing is stored twice that reads the same."""
    known = {entry.key: entry for entry in whole.entries}
    groups = printed_groups(
        signatories, capacity_note=capacity_note, country_name=country_name, statement_words=statement_words
    )
    text = markdown.canonical(body)
    return Translated(
        language=language, subject=subject, place=place, date_text=date_text, addressees=tuple(addressees),
        copies=tuple(copies), body=text, closing=closing, source_sha256=source_sha256,
        text_sha256=markdown.digest(text), words=words,
        groups=tuple(
            TranslatedGroup(
                group.key,
                group.heading,
                tuple(
                    TranslatedEntry(
                        number=known[entry.key].number,
                        country_name=entry.country_name,
                        parts=() if entry.parts == known[entry.key].parts else entry.parts,
                    )
                    for entry in group.entries
                ),
            )
            for group in groups
        ),
    )  # fmt: skip


def printed_groups(
    signatories: SignatoryList,
    *,
    capacity_note: str = "",
    country_name: Callable[[str], str] | None = None,
    statement_words: Callable[[Statement], str] | None = None,
) -> tuple[PrintedGroup, ...]:
    """The groups of a list with their printed lines, in the language that the three words-makers speak."""
    name_of = cache(country_name or (lambda code: code))
    by_country = signatories.grouping is Grouping.COUNTRY

    def printed(listed: ListedEntry) -> PrintedEntry:
        entry = listed.entry
        country = entry.country_text or _country(entry, name_of)
        return PrintedEntry(listed.number, _printed(entry, country, capacity_note, statement_words))

    return tuple(
        PrintedGroup(
            key=group.key,
            heading=_country(group.entries[0].entry, name_of) if by_country else "",
            entries=tuple(map(printed, group.entries)),
        )
        for group in signatories.groups
    )


def _country(entry: Entry, name_of: Callable[[str], str]) -> str:
    return name_of(entry.country) if entry.country else entry.country_text


@remembered
def _printed(
    entry: Entry, country_name: str, capacity_note: str, statement_words: Callable[[Statement], str] | None
) -> Printed:
    parts = printed_parts(entry, capacity_note=capacity_note, statement_words=statement_words)
    return Printed(
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
        country_name=country_name,
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
