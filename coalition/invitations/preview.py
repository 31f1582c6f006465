"""A list before it is imported: each row judged against the list itself, the letter's invitations and its
signatories. Likeness is shown to a person and merges nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from coalition.db import db
from coalition.endorsements import workflow as endorsement_workflow
from coalition.endorsements.models import Endorsement, Signer
from coalition.invitations.known import Known, Other, Sought
from coalition.invitations.models import Invitation, InvitationList
from coalition.invitations.rows import CheckedRow, checked_rows, split
from coalition.letters.models import Letter
from coalition.organisations.models import Organisation
from coalition.review.flags import compare_domains
from coalition.signatories.entry import SigningAs
from coalition.spreadsheets import Row

Names = list[tuple[str, str, str, str]]


class Verdict(StrEnum):
    """What speaks for or against a row."""

    NEW = "new"
    BAD = "bad"  # something must be mended in the file
    GLUED = "glued"  # two names seem to share the cell
    REPEATED = "repeated"  # the same body stands in the list above
    INVITED = "invited"  # this letter's list of invitations has it already
    SIGNED = "signed"  # it has signed this letter already
    ALIKE = "alike"  # it looks like another one


#: What can be done with a row, by what was found; the first is done when nothing is chosen. "" asks for a choice.
CHOICES: dict[Verdict, tuple[str, ...]] = {
    Verdict.NEW: ("take", "leave"), Verdict.BAD: ("leave",), Verdict.GLUED: ("", "split", "take", "leave"),
    Verdict.REPEATED: ("leave",), Verdict.INVITED: ("leave",), Verdict.SIGNED: ("leave", "take"),
    Verdict.ALIKE: ("take", "leave"),
}


@dataclass(frozen=True, slots=True)
class Judged:
    row: CheckedRow
    verdict: Verdict
    others: tuple[Other, ...] = ()
    domain_differs: bool = False

    @property
    def choices(self) -> tuple[str, ...]:
        return CHOICES[self.verdict]

    @property
    def needs_a_look(self) -> bool:
        return self.verdict is not Verdict.NEW


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was found out about a list, and the hash of all that it was judged on: while that stays the same, so does
    the judgement."""

    rows: list[Judged]
    basis: str


#: What was found out about a row, without its words: the same for every reader.
Finding = tuple[Verdict, tuple[Other, ...], bool]
Findings = dict[int, Finding]
#: The newest findings by what they rest on: a long list is looked at several times before it is imported.
_remembered: dict[str, Findings] = {}
_MOST_REMEMBERED = 3


def table_of(kept: InvitationList) -> list[Row]:
    """The rows of a list that waits for its import."""
    return [Row(number, tuple(cells)) for number, cells in json.loads(kept.rows)]


def columns_of(kept: InvitationList) -> list[str]:
    """What each column of a list is."""
    return list(json.loads(kept.columns))


def judged(letter: Letter, kept: InvitationList) -> Judgement:
    """Every row of the list below its headings, judged, in the list's order. Three queries, however many rows; the
    time grows with the number of rows, so no transaction should wait for it."""
    facts = _facts(letter, kept)
    basis, rows = facts.hash(), checked_rows(table_of(kept)[kept.heading + 1:], columns_of(kept))
    found = _remembered.get(basis)
    if found is None:
        found = _compared(rows, facts)
        _remembered[basis] = found
        for old in list(_remembered)[:-_MOST_REMEMBERED]:
            _remembered.pop(old, None)
    return Judgement([Judged(row, *found[row.number]) for row in rows], basis)


def still_holds(judgement: Judgement, letter: Letter, kept: InvitationList) -> bool:
    """Whether nothing has changed that the judgement rests on: the list, who is invited, who has signed."""
    return judgement.basis == _facts(letter, kept).hash()


def to_invite(judged: Sequence[Judged], chosen: Mapping[int, str]) -> tuple[list[CheckedRow], list[int]]:
    """The rows to take by what was chosen (row number to choice), and the numbers of those still to be decided or
    mended: two halves that were cut are checked like any row."""
    taken: list[CheckedRow] = []
    open_rows: list[int] = []
    for each in judged:
        choice = chosen.get(each.row.number, each.choices[0])
        if choice not in each.choices or choice == "":
            open_rows.append(each.row.number)
        elif choice == "take":
            taken.append(each.row)
        elif choice == "split":
            halves = split(each.row)
            if any(half.problems or half.invited is None for half in halves):
                open_rows.append(each.row.number)
            else:
                taken.extend(halves)
    return taken, open_rows


def _compared(rows: list[CheckedRow], facts: _Facts) -> Findings:
    invited, signed = Known.gathered(facts.invited, "invited"), Known.gathered(facts.signed, "signed")
    listed, found = Known(), {}
    for row in rows:
        sought = Sought.by_row(row.invited) if row.invited is not None else None
        found[row.number] = _judge(row, sought, listed, invited, signed, facts.addresses)
        if row.invited is not None and sought is not None:
            listed.add(sought, Other(row.invited.organisation, row.invited.country or row.invited.country_text, "list",
                                     row.number))
    return found


def _judge(row: CheckedRow, sought: Sought | None, listed: Known, invited: Known, signed: Known,
           addresses: frozenset[str]) -> Finding:
    if row.halves is not None:
        return Verdict.GLUED, (), False
    if row.problems or row.invited is None or sought is None:
        return Verdict.BAD, (), False
    who = row.invited
    domains = compare_domains(who.email, who.website) if who.email else None
    differs = domains is not None and domains.differs
    for verdict, known in ((Verdict.REPEATED, listed), (Verdict.INVITED, invited), (Verdict.SIGNED, signed)):
        same = known.same(sought)
        if same is not None:
            return verdict, (same,), differs
    if who.email and who.email.casefold() in addresses:
        return Verdict.SIGNED, (), differs
    alike = (*listed.alike(sought), *invited.alike(sought), *signed.alike(sought))
    return Verdict.ALIKE if alike else Verdict.NEW, alike[:3], differs


@dataclass(frozen=True, slots=True)
class _Facts:
    """All that a list is judged on."""

    table: tuple[str, str, int]
    invited: Names
    signed: Names
    addresses: frozenset[str]

    def hash(self) -> str:
        said = (self.table, self.invited, self.signed, sorted(self.addresses))
        return hashlib.sha256(json.dumps(said, ensure_ascii=True).encode()).hexdigest()


def _facts(letter: Letter, kept: InvitationList) -> _Facts:
    invited = select(Invitation.organisation, Invitation.other_script, Invitation.country, Invitation.country_text)
    signed = select(Organisation.name, Organisation.other_script, Organisation.country, Organisation.country_text)
    return _Facts(
        (kept.rows, kept.columns, kept.heading),
        _names(invited.where(Invitation.letter_id == letter.id).order_by(Invitation.id)),
        _names(signed.join(Endorsement, Endorsement.organisation_id == Organisation.id).where(_signs(letter))
               .order_by(Organisation.id)),
        frozenset(address.casefold() for address in db.session.scalars(
            select(Signer.email).join(Endorsement, Endorsement.id == Signer.endorsement_id)
            .where(_signs(letter), Signer.email != ""))))


def _names(query: Any) -> Names:
    return [(name, other, country, text) for name, other, country, text in db.session.execute(query)]


def _signs(letter: Letter) -> ColumnElement[bool]:
    """Live endorsements of the letter by organisations."""
    return and_(Endorsement.letter_id == letter.id, Endorsement.signing_as == SigningAs.ORGANISATION.value,
                Endorsement.state.in_(endorsement_workflow.LIVE))
