"""Whether outsiders are given an edition's file, and if not, why: for the pages of those who hand editions out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from enum import StrEnum

from coalition.access.actor import VISITOR
from coalition.access.permissions import Permission
from coalition.access.policy import permits
from coalition.documents.models import Edition, Rendition
from coalition.documents.queries import content_of, snapshot_of
from coalition.documents.snapshot import PUBLIC
from coalition.endorsements import listing
from coalition.errors import Unavailable
from coalition.i18n import gettext as _
from coalition.letters import queries as letters
from coalition.letters.models import Letter


class Serving(StrEnum):
    """What becomes of an edition's file outside."""

    SERVED = "served"  # anybody may have it
    RECIPIENTS = "recipients"  # made for the recipients alone
    NOT_RELEASED = "not_released"  # the letter does not reach everybody yet
    NAME_WITHDRAWN = "name_withdrawn"  # a name in it is no longer public


def serving_of(letter: Letter, editions: Iterable[Edition]) -> dict[int, Serving]:
    """By number of edition; agrees with `queries.may_be_served` for those who may see the letter."""
    now_public = {entry.key for entry in listing.entries_for(letter, PUBLIC)}
    released = permits(VISITOR, Permission.LETTER_SEE, letters.subject_of(letter))
    return {edition.number: _one(edition, now_public, released) for edition in editions}


def _one(edition: Edition, now_public: set[str], released: bool) -> Serving:
    if edition.audience != PUBLIC:
        return Serving.RECIPIENTS
    if any(entry.key not in now_public for entry in snapshot_of(edition).entries):
        return Serving.NAME_WITHDRAWN
    return Serving.SERVED if released else Serving.NOT_RELEASED


def checked_content(made: Rendition) -> bytes:
    """The bytes of a file, looked over before they leave: they are the ones whose hash was recorded.

    Raises `Unavailable` when they are not: a file that was changed in the database is handed to nobody.
    """
    content = content_of(made)
    if hashlib.sha256(content).hexdigest() != made.sha256:
        raise Unavailable(_(
            "The stored file is not the one that was made: its hash differs from the recorded one. It is not handed "
            "out. Tell whoever runs this site; “coalition edition rebuild” makes the file again from the frozen "
            "edition."))
    return content
