"""Letting go of names on this machine that left by an act on another one: what is kept of drawn lists lies beside each
worker, and whoever takes a signatory off reaches their own machine's alone."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from coalition.audit import chain
from coalition.audit.models import AuditEntry
from coalition.db import db
from coalition.documents import drawing
from coalition.letters.models import Letter

#: Acts after which nothing that was drawn of a letter's list may stay.
_LEFT = ("endorsement.taken_off", "endorsement.data_erased", "letter.data_erased")
_MARK = "let-go-up-to"


def follow() -> int:
    """Throw away what this machine has drawn of the lists that somebody left since it last looked; says of how many
    letters."""
    kept = drawing.drawn_lists()
    if not kept.exists():
        return 0
    mark, reached = kept.with_name(_MARK), chain.head().sequence
    left = select(Letter.slug).distinct().join(AuditEntry, AuditEntry.letter_id == Letter.id).where(
        AuditEntry.sequence > _seen(mark), AuditEntry.action.in_(_LEFT))
    slugs = db.session.scalars(left).all()
    for slug in slugs:
        drawing.forget_drawn(slug)
    mark.write_text(f"{reached}\n", "ascii")
    return len(slugs)


def _seen(mark: Path) -> int:
    try:
        return int(mark.read_text("ascii"))
    except (OSError, ValueError):
        return 0
