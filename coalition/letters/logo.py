"""The logo over a letter's letterhead: keeping one, taking it away, its bytes. What makes a file into a picture of ours
is in `coalition.pictures`."""

from __future__ import annotations

import hashlib

from sqlalchemy import select

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.audit import chain
from coalition.db import db
from coalition.letters import queries
from coalition.letters.models import Letter, Logo
from coalition.letters.workflow import WORKFLOW
from coalition.pictures import redrawn


def set_logo(actor: Actor, letter: Letter, content: bytes | None) -> None:
    """Print this picture over the letterhead from the next edition on; None takes it away.

    Raises `Invalid` for a file that is no picture we can use.
    """
    demand(actor, Permission.LETTER_EDIT, queries.subject_of(letter))
    WORKFLOW.check("edit", letter.state)
    sha256 = _kept(content) if content is not None else None
    if letter.logo_sha256 == sha256:
        return
    letter.logo_sha256 = sha256
    letter.edits += 1
    chain.record(actor, "letter.edited", "letter", letter.id, letter_id=letter.id, changed=["logo"])


def logo_content(sha256: str) -> bytes | None:
    """The bytes of the logo with this hash, a PNG of ours; None when it is not there."""
    return db.session.scalar(select(Logo.content).where(Logo.sha256 == sha256))


def _kept(content: bytes) -> str:
    """The hash under which the picture is kept."""
    picture = redrawn(content, field="logo")
    sha256 = hashlib.sha256(picture.content).hexdigest()
    if db.session.get(Logo, sha256) is None:
        db.session.add(Logo(sha256=sha256, width=picture.width, height=picture.height, content=picture.content,
                            added_at=clock.now()))
    return sha256
