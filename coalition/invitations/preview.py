"""A list before it is imported: each row judged against the list itself, the letter's invitations and its
signatories. Likeness is shown to a person and merges nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import select

from coalition.db import db
from coalition.endorsements import workflow as endorsement_workflow
from coalition.endorsements.models import Endorsement, Signer
from coalition.invitations.models import Invitation, InvitationList
from coalition.invitations.rows import CheckedRow, Invited, checked_rows, split
from coalition.letters.models import Letter
from coalition.organisations.blocking import MOST_SHARED, keys_of
from coalition.organisations.likeness import Body, compare
from coalition.organisations.models import Organisation
from coalition.review.flags import compare_domains
from coalition.signatories.entry import SigningAs
from coalition.signatories.names import identity_key
from coalition.spreadsheets import Row


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
class Other:
    """The one a row is like, or the same as: its name and country, and where it stands: `number` is its row in the
    list, 0 for one that is invited or has signed already."""

    name: str
    country: str
    where: str
    number: int = 0


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


@dataclass(slots=True)
class _Known:
    """The bodies met so far: by name for sameness, by the keys of the register for likeness."""

    by_key: dict[str, list[tuple[str, Other]]] = field(default_factory=dict)
    by_likeness: dict[int, list[int]] = field(default_factory=dict)
    bodies: list[tuple[Body, Other]] = field(default_factory=list)

    def add(self, name: str, country: str, other: Other, other_script: str = "") -> None:
        for spelt in filter(None, (name, other_script)):
            self.by_key.setdefault(identity_key(spelt), []).append((country, other))
        body = Body(name, country, (other_script,) if other_script else ())
        for key in keys_of(body):
            self.by_likeness.setdefault(key, []).append(len(self.bodies))
        self.bodies.append((body, other))

    def same(self, invited: Invited) -> Other | None:
        """The same body: an equal name, in a country that does not contradict."""
        key, country = invited.identity
        for known_country, other in self.by_key.get(key, ()):
            if known_country == country or not known_country or not country:
                return other
        return None

    def alike(self, invited: Invited) -> tuple[Other, ...]:
        """Up to three that look alike, the likest first."""
        also = (invited.other_script,) if invited.other_script else ()
        wanted = Body(invited.organisation, invited.identity[1], also)
        shared = [places for key in keys_of(wanted) if len(places := self.by_likeness.get(key, [])) <= MOST_SHARED]
        found: dict[Other, float] = {}
        for place in sorted({place for places in shared for place in places}):
            body, other = self.bodies[place]
            likeness = compare(wanted, body)
            if likeness.is_flagged:
                found[other] = max(likeness.score, found.get(other, 0.0))
        return tuple(sorted(found, key=lambda other: -found[other])[:3])


def table_of(kept: InvitationList) -> list[Row]:
    """The rows of a list that waits for its import."""
    return [Row(number, tuple(cells)) for number, cells in json.loads(kept.rows)]


def columns_of(kept: InvitationList) -> list[str]:
    """What each column of a list is."""
    return list(json.loads(kept.columns))


def judged_rows(letter: Letter, kept: InvitationList) -> list[Judged]:
    """Every row of the list below its headings, judged, in the list's order. Four queries, however many rows."""
    rows = checked_rows(table_of(kept)[kept.heading + 1:], columns_of(kept))
    invited, signed, addresses = _invited(letter), _signed(letter), _addresses(letter)
    listed = _Known()
    judged = []
    for row in rows:
        judged.append(_judge(row, listed, invited, signed, addresses))
        if row.invited is not None:
            listed.add(row.invited.organisation, row.invited.identity[1], _other(row.invited, "list", row.number),
                       row.invited.other_script)
    return judged


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


def _judge(row: CheckedRow, listed: _Known, invited: _Known, signed: _Known, addresses: frozenset[str]) -> Judged:
    if row.halves is not None:
        return Judged(row, Verdict.GLUED)
    if row.problems or row.invited is None:
        return Judged(row, Verdict.BAD)
    who = row.invited
    domains = compare_domains(who.email, who.website) if who.email else None
    differs = domains is not None and domains.differs
    for verdict, known in ((Verdict.REPEATED, listed), (Verdict.INVITED, invited), (Verdict.SIGNED, signed)):
        same = known.same(who)
        if same is not None:
            return Judged(row, verdict, (same,), differs)
    if who.email and who.email.casefold() in addresses:
        return Judged(row, Verdict.SIGNED, (), differs)
    alike = (*listed.alike(who), *invited.alike(who), *signed.alike(who))
    return Judged(row, Verdict.ALIKE if alike else Verdict.NEW, alike[:3], differs)


def _other(invited: Invited, where: str, number: int) -> Other:
    return Other(invited.organisation, invited.country or invited.country_text, where, number)


def _invited(letter: Letter) -> _Known:
    rows = db.session.execute(select(
        Invitation.organisation, Invitation.other_script, Invitation.country, Invitation.country_text)
        .where(Invitation.letter_id == letter.id).order_by(Invitation.id))
    return _gather(rows, "invited")


def _signed(letter: Letter) -> _Known:
    rows = db.session.execute(
        select(Organisation.name, Organisation.other_script, Organisation.country, Organisation.country_text)
        .join(Endorsement, Endorsement.organisation_id == Organisation.id)
        .where(Endorsement.letter_id == letter.id, Endorsement.signing_as == SigningAs.ORGANISATION.value,
               Endorsement.state.in_(endorsement_workflow.LIVE)).order_by(Organisation.id))
    return _gather(rows, "signed")


def _gather(rows: Iterable[tuple[str, str, str, str]], where: str) -> _Known:
    known = _Known()
    for name, other_script, country, country_text in rows:
        known.add(name, country or identity_key(country_text), Other(name, country or country_text, where),
                  other_script)
    return known


def _addresses(letter: Letter) -> frozenset[str]:
    """The addresses that have signed this letter for an organisation."""
    return frozenset(address.casefold() for address in db.session.scalars(
        select(Signer.email).join(Endorsement, Endorsement.id == Signer.endorsement_id)
        .where(Endorsement.letter_id == letter.id, Endorsement.signing_as == SigningAs.ORGANISATION.value,
               Endorsement.state.in_(endorsement_workflow.LIVE), Signer.email != "")))
