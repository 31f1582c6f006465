"""Writing down that somebody of the team took a file along that is not public."""

from __future__ import annotations

from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.audit import chain
from coalition.documents.models import Edition
from coalition.documents.snapshot import PUBLIC
from coalition.letters import queries as letter_queries


def is_noted(edition: Edition) -> bool:
    """Whether taking its files along is written down: those of public editions are for everybody."""
    return edition.audience != PUBLIC


def note(actor: Actor, edition: Edition, form: str) -> None:
    """Keep in the log that the actor took a file of the edition along, in which form."""
    demand(actor, Permission.EDITION_SEE, letter_queries.subject_of(edition.letter))
    chain.record(actor, "edition.exported", "edition", edition.id, letter_id=edition.letter_id, edition=edition.number,
                 form=form)
