"""What is asked about endorsements, by those who may see all of them. The public list is in `listing.py`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, bindparam, func, literal, not_, or_, select, text, union_all
from sqlalchemy.orm import joinedload, selectinload

from coalition.access.predicates import Subject
from coalition.db import db
from coalition.endorsements import workflow
from coalition.endorsements.models import Endorsement, EntryRevision, Signer
from coalition.letters import queries as letter_queries
from coalition.letters.holding import holding
from coalition.letters.models import Letter
from coalition.organisations.models import Organisation
from coalition.prepared import Prepared
from coalition.signatories.entry import SigningAs, Visibility

#: Everything a page about an endorsement shows.
WHOLE = (selectinload(Endorsement.entries), joinedload(Endorsement.signer), joinedload(Endorsement.organisation),
          joinedload(Endorsement.letter), joinedload(Endorsement.signed_version))

_WISHES = Prepared(select(func.coalesce(Signer.language, ""), Endorsement.language).outerjoin(
    Signer, Signer.endorsement_id == Endorsement.id).where(Endorsement.id == bindparam("number")))


def by_id(number: int) -> Endorsement | None:
    """The endorsement with everything a page about it shows."""
    return db.session.scalar(select(Endorsement).where(Endorsement.id == number).options(*WHOLE))


def wishes_of(number: int) -> tuple[str, ...]:
    """`Endorsement.wishes` of this one alone; none if there is no such endorsement."""
    rows = _WISHES.run(number=number)
    return tuple(rows[0]) if rows else ()


def by_public_id(letter: Letter, public_id: str) -> Endorsement | None:
    """The endorsement of this letter with this random id."""
    return db.session.scalar(select(Endorsement).where(
        Endorsement.letter_id == letter.id, Endorsement.public_id == public_id).options(*WHOLE))


def live_of_signer(letter_id: int, *, email: str, organisation_id: int | None, signatory: str) -> Endorsement | None:
    """What the same address has going on this letter for the same signatory."""
    same = (Endorsement.organisation_id == organisation_id if organisation_id is not None
            else Endorsement.signing_as == SigningAs.PERSON.value)
    rows = db.session.scalars(
        select(Endorsement).join(Signer).where(
            Endorsement.letter_id == letter_id, same, func.lower(Signer.email) == email.lower(),
            Endorsement.state.in_(workflow.LIVE)).options(*WHOLE).order_by(Endorsement.id))
    return next((row for row in rows if row.signing_as == SigningAs.ORGANISATION.value
                 or row.entry.signatory == signatory), None)


def rivals_of(endorsement: Endorsement) -> list[Endorsement]:
    """Other live endorsements of the same letter that claim the same organisation as signatory."""
    if endorsement.organisation_id is None or endorsement.signing_as != SigningAs.ORGANISATION.value:
        return []
    return list(db.session.scalars(
        select(Endorsement).where(
            Endorsement.letter_id == endorsement.letter_id, Endorsement.id != endorsement.id,
            Endorsement.organisation_id == endorsement.organisation_id,
            Endorsement.signing_as == SigningAs.ORGANISATION.value, Endorsement.state.in_(workflow.LIVE))
        .options(*WHOLE).order_by(Endorsement.id)))


def earlier_of_organisation(endorsement: Endorsement) -> list[Endorsement]:
    """The organisation's endorsements of other letters, newest first, for a coordinator's eyes."""
    if endorsement.organisation_id is None:
        return []
    return list(db.session.scalars(
        select(Endorsement).where(Endorsement.organisation_id == endorsement.organisation_id,
                                  Endorsement.letter_id != endorsement.letter_id)
        .options(joinedload(Endorsement.letter)).order_by(Endorsement.id.desc()).limit(20)))


def public_of_organisation(endorsement: Endorsement) -> list[Endorsement]:
    """What everybody can read of the organisation's signatures, of letters that reach everybody, newest first."""
    if endorsement.organisation_id is None or endorsement.signing_as != SigningAs.ORGANISATION.value:
        return []
    rows = db.session.scalars(
        select(Endorsement).where(
            Endorsement.organisation_id == endorsement.organisation_id, Endorsement.id != endorsement.id,
            Endorsement.state == workflow.APPROVED, Endorsement.visibility == Visibility.PUBLIC.value,
            Endorsement.latest_revision == Endorsement.approved_revision)
        .options(*WHOLE).order_by(Endorsement.id.desc()).limit(50))
    return [row for row in rows if letter_queries.reaches_everyone(row.letter)]


def of_letter(letter: Letter, numbers: Iterable[int]) -> list[Endorsement]:
    """Those of the letter's endorsements that have these ids, with their entries."""
    return list(db.session.scalars(
        select(Endorsement).where(Endorsement.letter_id == letter.id, Endorsement.id.in_(list(numbers)))
        .options(*WHOLE).order_by(Endorsement.id)))


def of_organisations(organisation_ids: Iterable[int]) -> list[Endorsement]:
    """The endorsements, of any letter, that name these organisations."""
    return list(db.session.scalars(
        select(Endorsement).where(Endorsement.organisation_id.in_(list(organisation_ids)))
        .options(joinedload(Endorsement.letter)).order_by(Endorsement.id)))


def of_address(email: str) -> list[Endorsement]:
    """Everything an address has signed, newest first."""
    return list(db.session.scalars(
        select(Endorsement).join(Signer).where(func.lower(Signer.email) == email.lower())
        .options(*WHOLE).order_by(Endorsement.id.desc()).limit(50)))


@dataclass(frozen=True, slots=True)
class StateCounts:
    """How many endorsements of a letter stand in each state, and how many amendments wait."""

    by_state: dict[str, int]
    amendments: int

    @property
    def waiting(self) -> int:
        """What a coordinator has to decide."""
        return self.by_state.get(workflow.SUBMITTED, 0) + self.amendments

    def __getitem__(self, state: str) -> int:
        return self.by_state.get(state, 0)


def counts_of_letters(letter_ids: Iterable[int]) -> dict[int, StateCounts]:
    """The counts for several letters in one query."""
    wanted = Endorsement.letter_id.in_(list(letter_ids))
    # Two counts that each find an index, rather than one that reads all rows.
    rows = db.session.execute(union_all(
        select(Endorsement.letter_id, Endorsement.state, func.count()).where(wanted)
        .group_by(Endorsement.letter_id, Endorsement.state),
        select(Endorsement.letter_id, literal(""), func.count()).where(wanted, is_amended())
        .group_by(Endorsement.letter_id)))
    found: dict[int, dict[str, int]] = {}
    for letter_id, state, number in rows:
        found.setdefault(letter_id, {})[state] = number
    return {letter_id: StateCounts(states, states.pop("", 0)) for letter_id, states in found.items()}


def counts_of(letter: Letter) -> StateCounts:
    """The counts for one letter."""
    return counts_of_letters([letter.id]).get(letter.id, StateCounts({}, 0))


def needs_a_decision() -> ColumnElement[bool]:
    """The condition under which an endorsement stands in the queue."""
    return or_(Endorsement.state == workflow.SUBMITTED, is_amended())


def is_amended() -> ColumnElement[bool]:
    """The condition under which an approved endorsement has an amendment that waits."""
    # As the index has it, word for word, so that it is found.
    return and_(text("endorsements.state = 'approved'"), Endorsement.latest_revision != Endorsement.approved_revision)


def last_position(letter: Letter) -> int:
    """The highest arranged place on the letter, 0 when there is none."""
    return db.session.scalar(select(func.max(Endorsement.position))
                             .where(Endorsement.letter_id == letter.id)) or 0


def subject_of(endorsement: Endorsement) -> Subject:
    """The endorsement as the policy sees it. A person's affiliation binds nobody, so it is no conflict."""
    binds = endorsement.signing_as == SigningAs.ORGANISATION.value
    return letter_queries.subject_of(
        endorsement.letter, endorsement_id=endorsement.id, last_edited_by=endorsement.last_edited_by,
        organisation_id=endorsement.organisation_id if binds else None,
        second_email=endorsement.signer.second_email if endorsement.signer else "")


def subject_of_entry(endorsement: Endorsement) -> Subject:
    """The same as the newest entry would have it: an amendment may name another organisation."""
    binds = endorsement.signing_as == SigningAs.ORGANISATION.value
    return replace(subject_of(endorsement),
                   organisation_id=endorsement.entry.organisation_id if binds else None)


def organisation_of_entry(endorsement: Endorsement) -> Organisation | None:
    """The body the newest entry names: an amendment may name another one than the approved entry."""
    number = endorsement.entry.organisation_id
    return db.session.get(Organisation, number) if number is not None else None


def references_of(letter: Letter) -> dict[int, tuple[str, str]]:
    """The random id and the reference of each of the letter's endorsements, by id; no names."""
    rows = db.session.execute(select(Endorsement.id, Endorsement.public_id, Endorsement.reference)
                              .where(Endorsement.letter_id == letter.id))
    return {number: (public_id, reference) for number, public_id, reference in rows}


def revision(endorsement: Endorsement, number: int) -> EntryRevision | None:
    return next((entry for entry in endorsement.entries if entry.revision == number), None)


def live_on_earlier_versions(letter: Letter, newest_version_id: int) -> list[Endorsement]:
    """Live endorsements of the letter that were given for another version than the newest."""
    return list(db.session.scalars(
        select(Endorsement).where(Endorsement.letter_id == letter.id, Endorsement.state.in_(workflow.LIVE),
                                  Endorsement.signed_version_id != newest_version_id)
        .options(*WHOLE).order_by(Endorsement.id)))


def live_of(letter: Letter) -> list[Endorsement]:
    """The live endorsements of the letter."""
    return list(db.session.scalars(
        select(Endorsement).where(Endorsement.letter_id == letter.id, Endorsement.state.in_(workflow.LIVE))
        .options(*WHOLE).order_by(Endorsement.id)))


def lapsed_of(letter: Letter) -> int:
    """How many approved endorsements do not count now: given for an earlier text, and not confirmed since it
    changed in substance."""
    if holding(letter).holds_all(letter):
        return 0
    return db.session.scalar(select(func.count()).where(
        Endorsement.letter_id == letter.id, Endorsement.state == workflow.APPROVED, has_lapsed(letter))) or 0


def has_lapsed(letter: Letter) -> ColumnElement[bool]:
    """The condition under which an endorsement of the letter was given for a text that does not hold any more."""
    return not_(holding(letter).condition(Endorsement.signed_version_id, Endorsement.language))


def contested_organisations(letter: Letter, among: Iterable[int]) -> frozenset[int]:
    """Those of these organisations that more than one live endorsement of the letter signs for."""
    return frozenset(db.session.scalars(
        select(Endorsement.organisation_id).where(
            Endorsement.letter_id == letter.id, Endorsement.organisation_id.in_(list(among)),
            Endorsement.signing_as == SigningAs.ORGANISATION.value, Endorsement.state.in_(workflow.LIVE))
        .group_by(Endorsement.organisation_id).having(func.count() > 1)))
