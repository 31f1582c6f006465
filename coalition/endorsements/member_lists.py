"""The member lists of a letter's networks: read from what people send, checked against what is stated, and laid
beside each other and the signatories. For coordinators; counting is `signatories.counting`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from coalition import spreadsheets
from coalition.db import db
from coalition.endorsements import workflow
from coalition.endorsements.entries import fields_of
from coalition.endorsements.models import Endorsement
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.letters.models import Letter
from coalition.organisations.blocking import keys_of
from coalition.organisations.likeness import Body, compare
from coalition.signatories.entry import SigningAs, Statement
from coalition.signatories.member_list import MemberList, bears_out, member_list
from coalition.signatories.names import identity_key

#: The longest list that can be sent, in names.
LONGEST = 5_000
#: Beyond this many names on a letter's lists only equal names are found, not those that look alike.
_COMPARED = 3_000
_HEADINGS = frozenset({
    "organisation", "organization", "organisations", "organizations", "name", "names", "member", "members",
    "member organisation", "member organization", "organisation name", "organization name", "name of organisation",
    "name of organization", "nom", "membre", "nom de l'organisation", "nombre", "organizacion", "organización",
    "miembro", "название", "организация", "имя", "اسم", "الاسم", "المنظمة", "اسم المنظمة", "名称", "组织", "机构",
    "navn", "organisasjon", "medlem",
})


def names_from_file(data: bytes) -> str:
    """The names in a CSV or XLSX file, one a line: of the column that is headed as one of names, else of the first
    that holds words. Raises `Invalid` for a file that cannot be read, or holds no names."""
    rows = [row.cells for row in spreadsheets.read(data).rows]
    if not rows:
        raise Invalid(_("This file holds no names."))
    headed = next((at for at, cell in enumerate(rows[0]) if _is_heading(cell)), None)
    column = headed if headed is not None else _wordy(rows)
    names = [" ".join(row[column].split()) for row in (rows[1:] if headed is not None else rows)]
    found = [name for name in names if name]
    if not found:
        raise Invalid(_("This file holds no names."))
    if len(found) > LONGEST:
        raise Invalid(_("This list is too long: at most %(number)s names can be read.", number=LONGEST))
    return "\n".join(found)


@dataclass(frozen=True, slots=True)
class Shared:
    """A name on a list that is found elsewhere too: as written here, as written there, and with whom. `equal` is
    false where the two only look alike."""

    name: str
    found: str
    whose: str
    equal: bool


@dataclass(frozen=True, slots=True)
class NetworkList:
    """One network with its list, the statement it makes, and what it shares with other lists and signatories."""

    endorsement: Endorsement
    statement: Statement
    members: MemberList
    with_networks: tuple[Shared, ...]
    with_signatories: tuple[Shared, ...]

    @property
    def is_borne_out(self) -> bool:
        return bears_out(self.statement)


def lists_of(letter: Letter) -> list[NetworkList]:
    """The member lists of the letter's live signatures with what they share; two queries, however many there are."""
    rows = db.session.scalars(select(Endorsement).where(
        Endorsement.letter_id == letter.id, Endorsement.state.in_(workflow.LIVE),
        Endorsement.signing_as == SigningAs.ORGANISATION.value)
        .options(selectinload(Endorsement.entries), joinedload(Endorsement.organisation))
        .order_by(Endorsement.id)).all()
    statements = [(row, statement) for row in rows
                  if (statement := fields_of(row.entry, row).statement) is not None and statement.members]
    lists = [(row, statement, member_list(statement.members)) for row, statement in statements]
    wide = sum(len(members) for _row, _statement, members in lists) <= _COMPARED
    signing = _Names(((row.id, row.entry.organisation, name) for row in rows
                      for name in (row.entry.organisation, row.entry.other_script) if name), wide)
    listed = _Names(((row.id, row.entry.organisation, name) for row, _statement, members in lists
                     for name in members.names), wide)
    return [NetworkList(row, statement, members, listed.shared(row.id, members), signing.shared(row.id, members))
            for row, statement, members in lists]


class _Names:
    """Names with whose they are, to be found again by equality and, where there are not too many, by likeness."""

    def __init__(self, names: Iterable[tuple[int, str, str]], wide: bool) -> None:
        self._equal: dict[str, list[tuple[int, str, str]]] = {}
        self._alike: dict[int, list[tuple[int, str, str]]] = {}
        self._wide = wide
        for number, whose, name in names:
            self._equal.setdefault(identity_key(name), []).append((number, whose, name))
            for key in keys_of(Body(name)) if wide else ():
                self._alike.setdefault(key, []).append((number, whose, name))

    def shared(self, own: int, members: MemberList) -> tuple[Shared, ...]:
        """The names of a list that others have too; `own` is the endorsement whose list it is."""
        return tuple(shared for name in members.names for shared in self._of(own, name))

    def _of(self, own: int, name: str) -> Iterable[Shared]:
        equal = [(whose, found) for number, whose, found in self._equal.get(identity_key(name), []) if number != own]
        seen = set(equal)
        yield from (Shared(name, found, whose, True) for whose, found in dict.fromkeys(equal))
        if not self._wide:
            return
        for number, whose, found in dict.fromkeys(
                entry for key in sorted(keys_of(Body(name))) for entry in self._alike.get(key, [])):
            if number != own and (whose, found) not in seen and compare(Body(name), Body(found)).is_flagged:
                seen.add((whose, found))
                yield Shared(name, found, whose, False)


def _is_heading(cell: str) -> bool:
    return " ".join(cell.replace("*", " ").replace(":", " ").split()).casefold() in _HEADINGS


def _wordy(rows: list[tuple[str, ...]]) -> int:
    """The first column of which most cells hold letters."""
    for at in range(len(rows[0])):
        filled = [row[at] for row in rows if row[at].strip()]
        if filled and sum(any(map(str.isalpha, cell)) for cell in filled) * 2 > len(rows):
            return at
    return 0
