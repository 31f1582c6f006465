"""A public edition made unattended in the place of one that names somebody who was taken off. A worker makes it, and
nothing in it says who left; while none runs, the old file is not handed out all the same."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import func, select

from coalition import clock
from coalition.access.actor import Actor
from coalition.audit import chain
from coalition.db import db
from coalition.documents import messages, queries, serving
from coalition.documents.models import CompileRequest, Edition
from coalition.documents.operations import REPLACEMENT
from coalition.documents.snapshot import PUBLIC
from coalition.letters.deputies import coordinators_now
from coalition.letters.models import Letter
from coalition.mail import outbox

#: What could not be made is tried again after so long, so often in so long a time.
AGAIN_AFTER, MOST, WITHIN = timedelta(minutes=15), 8, timedelta(hours=24)


def ask(actor: Actor, letter: Letter) -> int:
    """Ask for a new public edition, if there is one, in every language and on every paper the newest one has; says
    how many files. The right to take off is asked before, by whoever calls."""
    newest = queries.newest(letter, PUBLIC)
    if newest is None:
        return 0
    waiting = {(row.paper, row.language) for row in queries.unfinished_requests(letter)
               if row.kind == REPLACEMENT and row.state == "waiting"}
    wanted = {(made.paper, made.language) for made in newest.renditions if made.kind == "pdf"} - waiting
    for paper, language in sorted(wanted):
        db.session.add(CompileRequest(
            public_id=secrets.token_urlsafe(9), letter_id=letter.id, kind=REPLACEMENT, audience=PUBLIC, paper=paper,
            language=language, requested_by=None, requested_at=clock.now()))
    if wanted:
        db.session.flush()
        chain.record(actor, "edition.replacement_asked", "edition", newest.id, letter_id=letter.id,
                     edition=newest.number, files=len(wanted))
    return len(wanted)


def standing_of_replacement(letter: Letter) -> str:
    """How the last unattended edition of the letter fares: "" (none was asked for), "waiting", "done", "failed"."""
    last = _last(letter.id)
    return "" if last is None else {"running": "waiting"}.get(last.state, last.state)


def finished_lately() -> list[int]:
    """Ids of the letters whose unattended edition was made, or could not be made, in the last day."""
    return list(db.session.scalars(
        select(CompileRequest.letter_id).where(CompileRequest.kind == REPLACEMENT,
                                               CompileRequest.finished_at > clock.now() - WITHIN)
        .distinct().order_by(CompileRequest.letter_id)))


def tell(letter_id: int) -> None:
    """Tell the coordinators, once, that an edition was made unattended, or that it needs them. Naming nobody."""
    last, letter = _last(letter_id), db.session.get(Letter, letter_id)
    if last is None or letter is None or last.finished_at is None:
        return
    made = last.edition_id if last.state == "done" else None
    for person in coordinators_now(letter):
        outbox.put(messages.replaced(letter, person, made) if made
                   else messages.not_replaced(letter, person, last.finished_at.date().isoformat(), last.error))


def try_again(actor: Actor, letter_id: int) -> int:
    """Ask again for what could not be made some time ago, while the old edition still may not be handed out."""
    last, letter = _last(letter_id), db.session.get(Letter, letter_id)
    if last is None or letter is None or last.state != "failed" or last.finished_at is None \
            or clock.now() - last.finished_at < AGAIN_AFTER or _times(letter_id) >= MOST:
        return 0
    newest: Edition | None = queries.newest(letter, PUBLIC)
    return ask(actor, letter) if newest is not None and not serving.may_be_served(newest) else 0


def _last(letter_id: int) -> CompileRequest | None:
    return db.session.scalar(select(CompileRequest).where(
        CompileRequest.letter_id == letter_id, CompileRequest.kind == REPLACEMENT)
        .order_by(CompileRequest.id.desc()).limit(1))


def _times(letter_id: int) -> int:
    return db.session.scalar(select(func.count()).select_from(CompileRequest).where(
        CompileRequest.letter_id == letter_id, CompileRequest.kind == REPLACEMENT,
        CompileRequest.requested_at > clock.now() - WITHIN)) or 0
