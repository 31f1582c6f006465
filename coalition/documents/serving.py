"""Whether outsiders are given an edition's file, and if not, why: the one place where that is decided.

It is computed when it is asked for, so that a withdrawal or a narrowed visibility takes a file down at once. That a
file went or came back is written into the audit log by `watching.py`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from coalition.access.actor import VISITOR
from coalition.access.permissions import Permission
from coalition.access.policy import permits
from coalition.documents.models import Edition, Rendition
from coalition.documents.printed import PrintedEntry
from coalition.documents.queries import content_of, newest
from coalition.documents.snapshot import PUBLIC, Snapshot
from coalition.endorsements import listing
from coalition.errors import Unavailable
from coalition.i18n import gettext as _
from coalition.letters import queries as letters
from coalition.letters.models import Letter
from coalition.signatories.entry import Entry


class Serving(StrEnum):
    """What becomes of an edition's file outside."""

    SERVED = "served"  # anybody may have it
    RECIPIENTS = "recipients"  # made for the recipients alone
    NOT_RELEASED = "not_released"  # the letter does not reach everybody yet
    NAME_WITHDRAWN = "name_withdrawn"  # a name in it is no longer public


@dataclass(frozen=True, slots=True)
class Standing:
    """How an edition stands today: the newest one for its audience, if that is another, and whether its file
    is handed to outsiders."""

    newer: Edition | None
    is_served: bool


def serving_of(letter: Letter, editions: Iterable[Edition], public: Iterable[Entry] | None = None,
               ) -> dict[int, Serving]:
    """What becomes of each edition's file outside, by number of edition. `public` are the entries of the public list,
    where they were read already."""
    named = _names_of(public) if public is not None else names_now(letter)
    released = permits(VISITOR, Permission.LETTER_SEE, letters.subject_of(letter))
    return {edition.number: _one(edition, named, released) for edition in editions}


def may_be_served(edition: Edition, public: Iterable[Entry] | None = None) -> bool:
    """Whether outsiders whom the letter reaches may have the file: a public edition all of whose names are on the
    public list as it stands now."""
    return serving_of(edition.letter, [edition], public)[edition.number] in (Serving.SERVED, Serving.NOT_RELEASED)


def standing_of(edition: Edition) -> Standing:
    """How the edition stands today."""
    last = newest(edition.letter, edition.audience)
    newer = last if last is not None and last.number > edition.number else None
    return Standing(newer, may_be_served(edition))


def public_edition(letter: Letter, public: Iterable[Entry] | None = None) -> Edition | None:
    """The newest public edition, if it may be served."""
    edition = newest(letter, PUBLIC)
    return edition if edition is not None and may_be_served(edition, public) else None


def names_now(letter: Letter, audience: str = PUBLIC) -> dict[str, frozenset[str]]:
    """The names on the list as it stands, by key of entry."""
    return _names_of(listing.entries_for(letter, audience))


def may_still_be_named(entry: PrintedEntry, named: Mapping[str, frozenset[str]]) -> bool:
    """Whether each name in a printed entry is still on the list, in that very entry: a person may leave a line
    whose organisation stays."""
    return _stands(entry.key, _names(entry), named)


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


def _one(edition: Edition, named: Mapping[str, frozenset[str]], released: bool) -> Serving:
    if edition.audience != PUBLIC:
        return Serving.RECIPIENTS
    if not all(_stands(key, names, named) for key, names in _names_printed(edition.snapshot)):
        return Serving.NAME_WITHDRAWN
    return Serving.SERVED if released else Serving.NOT_RELEASED


def _stands(key: str, names: frozenset[str], named: Mapping[str, frozenset[str]]) -> bool:
    return key in named and names <= named[key]


@lru_cache(maxsize=4)
def _names_printed(snapshot: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """The keys and names of the entries of a frozen edition, which is read through for them once, not for each page."""
    return tuple((entry.key, _names(entry)) for entry in Snapshot.from_json(snapshot).entries)


def _names_of(entries: Iterable[Entry]) -> dict[str, frozenset[str]]:
    return {entry.key: _names(entry) for entry in entries}


def _names(entry: Entry | PrintedEntry) -> frozenset[str]:
    return frozenset((entry.organisation, entry.other_script, entry.signatory)) - {""}
