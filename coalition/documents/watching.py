"""Writing down when the public file of an edition went, or came back. Whether it is served is computed each time it is
asked for, in `serving.py`; this only keeps the record of it, a moment later."""

from __future__ import annotations

from sqlalchemy import func, select, update
from sqlalchemy.orm import joinedload, undefer

from coalition import clock
from coalition.access.actor import SYSTEM
from coalition.audit import chain
from coalition.audit import queries as log
from coalition.audit.models import AuditEntry
from coalition.db import db
from coalition.documents.models import Edition
from coalition.documents.serving import Serving, serving_of
from coalition.documents.snapshot import PUBLIC


def letters_to_look_at() -> list[int]:
    """The letters around which something was done since their public editions were last looked at."""
    newest = select(func.max(AuditEntry.sequence)).where(AuditEntry.letter_id == Edition.letter_id).scalar_subquery()
    return list(db.session.scalars(
        select(Edition.letter_id).where(Edition.audience == PUBLIC, Edition.watched < newest).distinct()
        .order_by(Edition.letter_id)))


def write_down(letter_id: int) -> int:
    """Record which public files of the letter went or came back since it was last looked at; says how many."""
    editions = db.session.scalars(
        select(Edition).where(Edition.letter_id == letter_id, Edition.audience == PUBLIC)
        .options(joinedload(Edition.letter), undefer(Edition.snapshot)).order_by(Edition.number)).all()
    if not editions:
        return 0
    serving = serving_of(editions[0].letter, editions)
    changed = sum(_one(edition, is_down=serving[edition.number] is Serving.NAME_WITHDRAWN) for edition in editions)
    chain.link()  # what was just written counts as looked at
    db.session.execute(update(Edition).where(Edition.id.in_([edition.id for edition in editions]))
                       .values(watched=log.head_of_letter(letter_id)))
    return changed


def _one(edition: Edition, *, is_down: bool) -> bool:
    if is_down == (edition.taken_down_at is not None):
        return False
    # Two workers may look at the same moment: the one whose change counts writes it down.
    before = Edition.taken_down_at.is_(None) if is_down else Edition.taken_down_at.is_not(None)
    done = db.session.execute(
        update(Edition).where(Edition.id == edition.id, before)
        .values(taken_down_at=clock.now() if is_down else None)
        .execution_options(synchronize_session=False)).rowcount
    if done and is_down:
        chain.record(SYSTEM, "edition.taken_down", "edition", edition.id, letter_id=edition.letter_id,
                     edition=edition.number)
    elif done:
        chain.record(SYSTEM, "edition.served_again", "edition", edition.id, letter_id=edition.letter_id,
                     edition=edition.number)
    return bool(done)
