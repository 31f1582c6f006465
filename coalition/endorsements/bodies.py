"""What the bodies of the register sign: the letters they stand on, and so who may know of them. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select, union
from sqlalchemy.orm import joinedload, selectinload

from coalition.access.actor import VISITOR, Actor, Kind, Role
from coalition.access.permissions import Permission
from coalition.access.policy import permits
from coalition.access.predicates import Subject
from coalition.db import db
from coalition.endorsements import workflow
from coalition.endorsements.models import Endorsement, EntryRevision
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter
from coalition.organisations import suggestions, wording
from coalition.organisations import workflow as register
from coalition.organisations.models import Organisation, OrganisationName, OrganisationSplit
from coalition.signatories.entry import Visibility


def naming(*organisation_ids: int) -> list[Endorsement]:
    """The endorsements, of any letter and in any state, that name these bodies now or in any revision."""
    by_entry = select(EntryRevision.endorsement_id).where(EntryRevision.organisation_id.in_(organisation_ids))
    return list(db.session.scalars(
        select(Endorsement).where(or_(Endorsement.organisation_id.in_(organisation_ids), Endorsement.id.in_(by_entry)))
        .options(joinedload(Endorsement.letter), selectinload(Endorsement.entries), joinedload(Endorsement.signer),
                 joinedload(Endorsement.organisation), joinedload(Endorsement.signed_version))
        .order_by(Endorsement.id)))


def subject_of(organisation: Organisation) -> Subject:
    """The organisation as the policy sees it. One that went its own way stands where the other stood."""
    origins = db.session.scalars(select(OrganisationSplit.from_id).where(
        OrganisationSplit.made_id == organisation.id)).all()
    found = naming(organisation.id, *origins)
    return Subject(
        organisation_id=organisation.id, organisation_letters=frozenset(row.letter_id for row in found),
        organisation_is_public=any(_is_listed_for_all(row) for row in found
                                   if row.organisation_id == organisation.id))


def flagged(organisation_ids: Iterable[int]) -> frozenset[int]:
    """Which of these bodies look like another one and nobody has settled it. A name that signers
    gave up for another one while they corrected their entries counts for nothing."""
    pairs = suggestions.open_pairs(organisation_ids)
    others = frozenset[int]().union(*pairs.values())
    if not others:
        return frozenset()
    rest = others - set(db.session.scalars(select(Endorsement.organisation_id).where(
        Endorsement.organisation_id.in_(others)).distinct()))
    # Asked for few bodies or none: no index leads from a body to entries, which every signature would have to write.
    given_up = set(db.session.scalars(select(EntryRevision.organisation_id).where(
        EntryRevision.organisation_id.in_(rest)).distinct())) if rest else set()
    return frozenset(number for number, alike in pairs.items() if alike - given_up)


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """A page of the register: rows, how many there are in all, the number of the page and of pages."""

    rows: list[Organisation]
    total: int
    number: int
    pages: int


def known_to(actor: Actor, *, search: str = "", page: int = 1, size: int = 50) -> RegisterPage:
    """The bodies of the register that the actor may know of, by name. `search` looks in all their names, in any
    script. The number of queries does not depend on the number of rows."""
    statement = select(Organisation.id, Organisation.name, Organisation.other_script, OrganisationName.name).outerjoin(
        OrganisationName).where(Organisation.state != register.MERGED).order_by(Organisation.name, Organisation.id)
    if actor.kind is not Kind.OPERATOR:
        statement = statement.where(Organisation.id.in_(_ids_known_to(actor)))
    wanted, raw = wording.skeleton(search), search.strip().casefold()
    numbers = list(dict.fromkeys(
        number for number, *names in db.session.execute(statement)
        if not raw or any(raw in name.casefold() or (wanted and wanted in wording.skeleton(name))
                          for name in names if name)))
    pages = max(1, -(-len(numbers) // size))
    page = min(max(page, 1), pages)
    shown = numbers[(page - 1) * size: page * size]
    rows = {row.id: row for row in db.session.scalars(select(Organisation).where(Organisation.id.in_(shown)).options(
        selectinload(Organisation.names)))}
    return RegisterPage([rows[number] for number in shown], len(numbers), page, pages)


def known_among(actor: Actor, organisation_ids: list[int]) -> frozenset[int]:
    """Which of these bodies the actor may know of."""
    wanted = select(Organisation.id).where(Organisation.id.in_(organisation_ids))
    if actor.kind is not Kind.OPERATOR:
        wanted = wanted.where(Organisation.id.in_(_ids_known_to(actor)))
    return frozenset(db.session.scalars(wanted))


def _ids_known_to(actor: Actor) -> Any:
    """Of the letters the actor coordinates, all bodies; of those everybody may see, the listed ones."""
    mine = [letter for letter, role in actor.roles if role == Role.COORDINATOR]
    open_to_all = [letter.id for letter in db.session.scalars(select(Letter)) if _is_open_to_all(letter)]
    of_mine = select(Endorsement.organisation_id).where(Endorsement.letter_id.in_(mine))
    named_in_mine = select(EntryRevision.organisation_id).join(Endorsement).where(Endorsement.letter_id.in_(mine))
    parts = [of_mine, named_in_mine]
    if mine or actor.is_administrator:
        parts.append(select(Endorsement.organisation_id).where(
            Endorsement.letter_id.in_(open_to_all), Endorsement.state == workflow.APPROVED,
            Endorsement.visibility == Visibility.PUBLIC.value))
    together = union(*parts).subquery()
    return select(together.c[0]).where(together.c[0].is_not(None))


def _is_listed_for_all(endorsement: Endorsement) -> bool:
    return (endorsement.state == workflow.APPROVED and endorsement.visibility == Visibility.PUBLIC.value
            and _is_open_to_all(endorsement.letter))


def _is_open_to_all(letter: Letter) -> bool:
    return permits(VISITOR, Permission.LETTER_SEE, letter_queries.subject_of(letter))
