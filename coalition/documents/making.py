"""Further files of an edition that is frozen already: its parts, and other papers, made when somebody asks.

The first file of an edition is made with it, in `operations.py`.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.db import db, unit_of_work
from coalition.documents import drawing, queries, seal
from coalition.documents.html import PAPERS
from coalition.documents.models import CompileRequest, Edition, Rendition
from coalition.documents.parts import Part, check_part
from coalition.documents.snapshot import FORMAT
from coalition.errors import Invalid, Unavailable, WrongState
from coalition.i18n import gettext as _
from coalition.letters import queries as letter_queries

_MOST_WAITING = 2


def make_file(actor: Actor, edition: Edition, part: Part, paper: str, *, language: str = "",
              progress: Callable[[str], None] = lambda step: None) -> Rendition:
    """The sealed file of a part of an edition on this paper in `language` ("fr", or several one after another:
    "en,fr"; "" the letter's own), made and kept now if there is none yet.

    Opens its own unit of work, since drawing takes long. Raises `Invalid` for a part or language the edition has not,
    `WrongState` for an edition this release does not draw.
    """
    demand(actor, Permission.EDITION_COMPILE, letter_queries.subject_of(edition.letter))
    letter, number, snapshot = edition.letter, edition.number, queries.snapshot_of(edition)
    languages = drawing.chosen_languages(snapshot, language)
    spoken = ",".join(languages)
    made = queries.rendition(edition, kind=part.value, paper=paper, language=spoken)
    if made is not None:
        return made
    progress("drawing")
    content = drawing.draw_sealed(snapshot, issuer=seal.own(), part=part, paper=paper, languages=languages,
                                  **queries.pictures_of(snapshot))
    progress("keeping")
    try:
        with unit_of_work():
            again = queries.by_number(letter, number)
            if again is not None and queries.rendition(again, kind=part.value, paper=paper, language=spoken) is None:
                db.session.add(Rendition(
                    edition_id=again.id, kind=part.value, language=spoken, paper=paper,
                    sha256=hashlib.sha256(content).hexdigest(), size=len(content), content=content,
                    created_at=clock.now()))
    except IntegrityError:
        # Somebody else made the same file meanwhile: the same bytes.
        db.session.rollback()
    kept = queries.by_number(letter, number)
    found = queries.rendition(kept, kind=part.value, paper=paper, language=spoken) if kept is not None else None
    if found is None:
        raise Unavailable(_("The file could not be kept."))
    return found


def request_file(actor: Actor, edition: Edition, part: Part, paper: str, *, language: str = "") -> CompileRequest:
    """Ask a worker for such a file. Asking again for what waits already gives that request.

    Raises `Invalid` for a part, a paper or a language there is not, `WrongState` when the edition is not drawn any
    more or too much is asked for at once.
    """
    letter = edition.letter
    demand(actor, Permission.EDITION_COMPILE, letter_queries.subject_of(letter))
    snapshot = queries.snapshot_of(edition)
    check_part(snapshot, part)
    spoken = ",".join(drawing.chosen_languages(snapshot, language))
    if paper not in PAPERS:
        raise Invalid(_("There is no paper “%(paper)s”. Choose A4 or Letter.", paper=paper))
    if snapshot.format != FORMAT:
        raise WrongState(_("This edition was frozen by an earlier release, which set its pages otherwise. Further "
                           "files of it cannot be made; compile a new edition."))
    unfinished = queries.unfinished_requests(letter)
    for waiting in unfinished:
        if (waiting.kind, waiting.paper, waiting.language, waiting.edition_id, waiting.state) == (
                part.value, paper, spoken, edition.id, "waiting"):
            return waiting
    if len(unfinished) >= _MOST_WAITING:
        raise WrongState(_("One document is being made and another waits. Try again when they are done."))
    made = CompileRequest(
        public_id=secrets.token_urlsafe(9), letter_id=letter.id, kind=part.value, audience=edition.audience,
        paper=paper, language=spoken, requested_by=actor.person_id, requested_at=clock.now(), edition_id=edition.id)
    db.session.add(made)
    db.session.flush()
    return made


def call_off(actor: Actor, asked: CompileRequest) -> None:
    """Take back a request that no worker has begun. Raises `WrongState` for one that runs or has ended."""
    edition = asked.kind != "preview"
    demand(actor, Permission.EDITION_COMPILE if edition else Permission.EDITION_PREVIEW,
           letter_queries.subject_of(asked.letter))
    taken_back = db.session.execute(
        update(CompileRequest).where(CompileRequest.id == asked.id, CompileRequest.state == "waiting")
        .values(state="cancelled", finished_at=clock.now()).execution_options(synchronize_session=False)).rowcount
    if not taken_back:
        raise WrongState(_("This document is being made already, or was made: it cannot be called off any more."))
