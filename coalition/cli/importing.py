"""Bringing a letter file in: one unit of work, through the same operations as everybody's."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from babel.dates import format_date

from coalition import clock
from coalition.access.actor import OPERATOR
from coalition.cli.letter_file import FileEntry, LetterFile
from coalition.config import setting
from coalition.endorsements import entering
from coalition.endorsements import queries as endorsement_queries
from coalition.endorsements.entering import Evidence
from coalition.endorsements.models import Endorsement
from coalition.letters import operations as letters
from coalition.letters.models import Letter
from coalition.review import operations as review
from coalition.signatories.entry import Visibility
from coalition.signatories.grouping import Grouping
from coalition.signatories.ordering import Rule

OPEN_FOR = timedelta(days=30)


@dataclass
class Outcome:
    """What an import did: how many entries came in and were approved, and what a person should know."""

    slug: str = ""
    entered: int = 0
    approved: int = 0
    remarks: list[str] = field(default_factory=list)


def bring_in(file: LetterFile, content: bytes, *, name: str, opened: bool, approve: bool,
             progress: Callable[[str], None]) -> Outcome:
    """Make the letter and its entries, as the operator, inside the caller's unit of work. The file's hash is
    the evidence of every entry."""
    sha256 = hashlib.sha256(content).hexdigest()
    outcome = Outcome(remarks=list(file.remarks))
    letter = letters.create(OPERATOR, subject=file.title, language=file.language,
                            letterhead=setting("COALITION_NAME"), source_sha256=sha256)
    outcome.slug = letter.slug
    _write(letter, file, opened, outcome)
    evidence = f"Imported from the file {name}, SHA-256 {sha256}"
    made = []
    for entry in file.entries:
        made.append((entry, _enter(letter, entry, evidence, sha256)))
        outcome.entered += 1
        if outcome.entered % 100 == 0:
            progress(f"{outcome.entered} of {len(file.entries)} entries are in")
    if approve:
        for entry, endorsement in made:
            _approve(entry, endorsement, evidence, outcome)
    else:
        _name_rivals(made, outcome)
    return outcome


def _write(letter: Letter, file: LetterFile, opened: bool, outcome: Outcome) -> None:
    addressees = list(file.addressees)
    if not addressees and opened:
        addressees = ["To whom it may concern"]
        outcome.remarks.append("no addressee is given: “To whom it may concern” was put in")
    letters.edit(OPERATOR, letter, addressees=addressees, copies=list(file.copies),
                 date_text=printed_date(file.date, file.language),
                 dated_on=date.fromisoformat(file.date) if len(file.date) == 10 else None)
    letters.choose_order(OPERATOR, letter, rule=Rule.ARRANGED, grouping=Grouping.NONE, ignore_articles=False)
    body = file.body
    if not body and opened:
        body = "\n\n".join(text for text in (file.title, file.claimed_text) if text)
        outcome.remarks.append("no text is given: it was made from the title and the claim")
    if body:
        letters.write_draft(OPERATOR, letter, body)
        if addressees:
            letters.publish(OPERATOR, letter)
    if opened:
        deadline = clock.now().replace(second=0, microsecond=0) + OPEN_FOR
        letters.open_letter(OPERATOR, letter, deadline_at=deadline, zone="UTC")
        outcome.remarks.append(f"open for signing until {deadline:%Y-%m-%d %H:%M} UTC; the operator is its team")


def _enter(letter: Letter, entry: FileEntry, evidence: str, sha256: str) -> Endorsement:
    visibility = Visibility.WITHHELD if entry.withheld else Visibility.PUBLIC
    return entering.enter(OPERATOR, letter, fields=entry.fields, visibility=visibility.value,
                          evidence=Evidence("file", evidence), evidence_sha256=sha256)


def _approve(entry: FileEntry, endorsement: Endorsement, evidence: str, outcome: Outcome) -> None:
    """Approve, unless another endorsement of the same organisation stands on the list: that one waits."""
    if any(rival.state == "approved" for rival in endorsement_queries.rivals_of(endorsement)):
        outcome.remarks.append(f"entry {entry.number} ({endorsement.entry.organisation}) waits: the same "
                               "organisation is on the list already")
        return
    review.approve(OPERATOR, endorsement, seen=endorsement.latest_revision, verified=True, reason=evidence)
    outcome.approved += 1


def _name_rivals(made: list[tuple[FileEntry, Endorsement]], outcome: Outcome) -> None:
    first: dict[int, int] = {}
    for entry, endorsement in made:
        if endorsement.organisation_id is None or endorsement.signing_as != "organisation":
            continue
        earlier = first.setdefault(endorsement.organisation_id, entry.number)
        if earlier != entry.number:
            outcome.remarks.append(f"entry {entry.number} names the same organisation as entry {earlier} "
                                   f"({endorsement.entry.organisation}): at most one can be approved")


def printed_date(given: str, language: str) -> str:
    """The date as a letter prints it: whole, or month and year, or the year alone."""
    locale = "en_GB" if language == "en" else language
    if len(given) == 10:
        return format_date(date.fromisoformat(given), "long", locale=locale)
    if len(given) == 7:
        return format_date(datetime.strptime(given, "%Y-%m").date(), "LLLL y", locale=locale)  # noqa: DTZ007
    return given
