"""Who has an endorsement open: a lease of minutes that colleagues see. It keeps nobody from deciding."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.db import db
from coalition.endorsements import queries as endorsement_queries
from coalition.endorsements.models import Endorsement
from coalition.review.models import Look

LEASE = timedelta(minutes=5)
#: A page loaded again within this time writes nothing.
_STILL_GOOD = timedelta(minutes=4)


def needs_noting(actor: Actor, endorsement: Endorsement) -> bool:
    """Whether looking now should be noted: by a person, who has not been noted a moment ago."""
    if actor.person_id is None:
        return False
    noted = db.session.get(Look, actor.person_id)
    return noted is None or noted.endorsement_id != endorsement.id or noted.until < clock.now() + _STILL_GOOD


def note(actor: Actor, endorsement: Endorsement) -> None:
    """Note that the actor looks at this endorsement, and at no other any more."""
    demand(actor, Permission.ENDORSEMENT_SEE, endorsement_queries.subject_of(endorsement))
    db.session.merge(Look(person_id=actor.person_id, endorsement_id=endorsement.id, until=clock.now() + LEASE))


def lookers(actor: Actor, endorsement_ids: Iterable[int]) -> dict[int, list[str]]:
    """The names of the others who look at these endorsements now, by endorsement."""
    found: dict[int, list[str]] = {}
    rows = db.session.scalars(
        select(Look).where(Look.endorsement_id.in_(list(endorsement_ids)), Look.until > clock.now(),
                           Look.person_id != (actor.person_id or 0))
        .options(joinedload(Look.person)).order_by(Look.person_id))
    for look in rows:
        found.setdefault(look.endorsement_id, []).append(look.person.name)
    return found
