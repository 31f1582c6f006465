"""Who stands in for a coordinator who is away: named with dates, ending by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, select
from sqlalchemy.orm import joinedload

from coalition import clock
from coalition.access.actor import Actor, Role
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.accounts.models import Person
from coalition.audit import chain
from coalition.db import db
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.letters import messages, queries
from coalition.letters.models import Deputy, Letter, TeamMember
from coalition.mail import outbox

#: Who is away for longer leaves the team.
LONGEST = timedelta(days=92)


def name_deputy(actor: Actor, letter: Letter, *, person: Person, deputy: Person, starts_at: datetime,
                ends_at: datetime) -> Deputy:
    """Let somebody of the staff stand in for a coordinator of the letter from one moment to another.

    Raises `Invalid` for somebody who is not away from anything, cannot stand in, or for impossible dates.
    """
    demand(actor, Permission.TEAM_CHOOSE, queries.subject_of(letter))
    coordinators = {member.person_id for member in letter.team if member.role == Role.COORDINATOR}
    problems = {}
    if person.id not in coordinators:
        problems["person"] = _("Choose a coordinator of this letter.")
    if deputy.id in coordinators:
        problems["email"] = _("This person coordinates the letter already.")
    elif not deputy.active or deputy.id == person.id:
        problems["email"] = _("This person cannot stand in.")
    if ends_at <= max(starts_at, clock.now()):
        problems["last_day"] = _("The last day must not lie before the first, nor in the past.")
    elif ends_at - starts_at > LONGEST:
        problems["last_day"] = _("Somebody can stand in for three months at most.")
    if problems:
        raise Invalid(_("Some answers need another look."), problems)
    made = Deputy(letter_id=letter.id, person_id=person.id, deputy_id=deputy.id, starts_at=starts_at, ends_at=ends_at)
    db.session.add(made)
    db.session.flush()
    chain.record(actor, "team.deputy_named", "letter", letter.id, letter_id=letter.id, person=person.id,
                 deputy=deputy.id, starts=starts_at.isoformat(), ends=ends_at.isoformat())
    outbox.put(messages.deputy_named(letter, person, deputy, made))
    return made


def end_deputy(actor: Actor, letter: Letter, number: int) -> None:
    """End it before its time. A second time changes nothing."""
    demand(actor, Permission.TEAM_CHOOSE, queries.subject_of(letter))
    found = db.session.get(Deputy, number)
    if found is None or found.letter_id != letter.id or found.ended_at is not None:
        return
    found.ended_at = clock.now()
    chain.record(actor, "team.deputy_ended", "letter", letter.id, letter_id=letter.id, person=found.person_id,
                 deputy=found.deputy_id)


def deputies_of(letter: Letter) -> list[Deputy]:
    """Who stands in, or will, by date."""
    return list(db.session.scalars(
        select(Deputy).where(Deputy.letter_id == letter.id, Deputy.ended_at.is_(None), Deputy.ends_at > clock.now())
        .options(joinedload(Deputy.person), joinedload(Deputy.deputy)).order_by(Deputy.starts_at, Deputy.id)))


def letters_to_stand_in_on(person_id: int) -> frozenset[int]:
    """Ids of the letters on which somebody stands in for a coordinator now."""
    now = clock.now()
    return frozenset(db.session.scalars(
        select(Deputy.letter_id).join(TeamMember, _is_for(Role.COORDINATOR)).where(
            Deputy.deputy_id == person_id, Deputy.ended_at.is_(None), Deputy.starts_at <= now,
            Deputy.ends_at > now)))


def coordinators_now(letter: Letter) -> list[Person]:
    """Everybody who coordinates the letter now, those who stand in among them."""
    now = clock.now()
    own = db.session.scalars(select(Person).join(TeamMember, TeamMember.person_id == Person.id).where(
        TeamMember.letter_id == letter.id, TeamMember.role == Role.COORDINATOR.value, TeamMember.left_at.is_(None)))
    standing_in = db.session.scalars(
        select(Person).join(Deputy, Deputy.deputy_id == Person.id).join(TeamMember, _is_for(Role.COORDINATOR)).where(
            Deputy.letter_id == letter.id, Deputy.ended_at.is_(None), Deputy.starts_at <= now, Deputy.ends_at > now))
    everybody = {person.id: person for person in (*own, *standing_in) if person.active}
    return [everybody[number] for number in sorted(everybody)]


def _is_for(role: Role) -> object:
    """The place on the team that a deputy holds: it ends with the coordinator's own."""
    return and_(TeamMember.letter_id == Deputy.letter_id, TeamMember.person_id == Deputy.person_id,
                TeamMember.role == role.value, TeamMember.left_at.is_(None))
