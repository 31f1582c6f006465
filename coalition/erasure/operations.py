"""Announcing and erasing. What goes stands in `scope.py`, what is due in `queries.py`."""

from __future__ import annotations

import json
from pathlib import Path

from sqlalchemy import delete, select, update

from coalition import clock
from coalition.access.actor import SYSTEM, Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.access.predicates import Subject
from coalition.audit import chain
from coalition.config import setting
from coalition.db import db
from coalition.documents import drawing
from coalition.endorsements.models import Endorsement
from coalition.erasure import messages, queries
from coalition.erasure.models import Erasure
from coalition.erasure.queries import ENDED, LEAVABLE
from coalition.erasure.scope import WHAT, Step, steps
from coalition.errors import WrongState
from coalition.i18n import gettext as _
from coalition.letters.models import Letter
from coalition.mail import outbox, transport
from coalition.mail.models import OutboxMail


def announce(letter_id: int) -> bool:
    """Tell the team of an ended letter that its personal data will be erased; False when that is not due, or was
    done."""
    letter = db.session.get(Letter, letter_id)
    due = queries.due_at(letter) if letter is not None else None
    if letter is None or due is None or letter_id not in queries.to_announce():
        return False
    now = clock.now()
    due = max(due, now + queries.NOTICE)
    db.session.add(Erasure(letter_id=letter.id, due_at=due, announced_at=now))
    for member in letter.team:
        if member.person.active:
            outbox.put(messages.will_be_erased(member.person, letter, due))
    chain.record(SYSTEM, "letter.erasure_announced", "letter", letter.id, letter_id=letter.id,
                 due=due.date().isoformat())
    return True


def forget_announcements() -> int:
    """Drop what was announced for letters that were opened again since; says how many."""
    alive = select(Letter.id).where(Letter.state.not_in(ENDED))
    return db.session.execute(delete(Erasure).where(Erasure.erased_at.is_(None), Erasure.letter_id.in_(alive))
                              .execution_options(synchronize_session=False)).rowcount


def erase_letter(actor: Actor, letter: Letter) -> Erasure:
    """Erase what is personal about an archived or cancelled letter. Its text, editions, printed names, counts and the
    audit chain stay; it can never be opened again. Raises `WrongState` for a letter that has not ended, or was
    erased."""
    demand(actor, Permission.DATA_ERASE, Subject())
    if letter.state not in ENDED:
        raise WrongState(_("Only what belongs to an archived or cancelled letter can be erased. Archive it first."))
    if letter.erased_at is not None:
        raise WrongState(_("The personal data of this letter was erased already."))
    now = clock.now()
    kept = db.session.scalar(select(Erasure).where(Erasure.letter_id == letter.id, Erasure.erased_at.is_(None)))
    kept = kept or Erasure(letter_id=letter.id)
    letter.erased_at = now
    counts = _carry_out(steps(letter.id))
    drawing.forget_drawn(letter.slug)
    _finish(kept, actor, counts)
    chain.record(actor, "letter.data_erased", "letter", letter.id, letter_id=letter.id, **counts)
    return kept


def erase_endorsement(actor: Actor, endorsement: Endorsement) -> Erasure:
    """Erase what is known of a signature that was withdrawn, declined or never confirmed, as its signer asked. What
    editions printed before stays in them. Raises `WrongState` for one that may still count."""
    demand(actor, Permission.DATA_ERASE, Subject())
    if endorsement.state not in LEAVABLE:
        raise WrongState(_("This signature may still count. Whoever wants to be forgotten withdraws it first."))
    if queries.was_erased(endorsement):
        raise WrongState(_("What was known of this signature was erased already."))
    kept = Erasure(letter_id=endorsement.letter_id, endorsement_id=endorsement.id)
    counts = _carry_out(steps(endorsement.letter_id, endorsement.id))
    drawing.forget_drawn(endorsement.letter.slug)
    _finish(kept, actor, counts)
    chain.record(actor, "endorsement.data_erased", "endorsement", endorsement.id, letter_id=endorsement.letter_id,
                 **counts)
    return kept


def _finish(kept: Erasure, actor: Actor, counts: dict[str, int]) -> None:
    kept.erased_at, kept.erased_by, kept.counts_json = clock.now(), actor.reference, json.dumps(counts)
    db.session.add(kept)
    db.session.flush()


def _carry_out(todo: list[Step]) -> dict[str, int]:
    """Do all of it; what went, by kind. Acts of this transaction that wait for the log are not concerned."""
    counts = dict.fromkeys(WHAT, 0)
    db.session.flush()
    for step in todo:
        if step.what:
            counts[step.what] += queries.number_of(step)
        if step.table is OutboxMail:
            _forget_files(step)
        change = update(step.table).values(**step.values) if step.values else delete(step.table)
        db.session.execute(change.where(step.rows).execution_options(synchronize_session=False))
    db.session.expire_all()
    return counts


def _forget_files(step: Step) -> None:
    """Mails that were written to files, where no server is set."""
    numbers = db.session.scalars(select(OutboxMail.message_id).where(step.rows)).all()
    transport.forget_files(Path(setting("INSTANCE")) / "mail", numbers)
