"""The parts an edition can be drawn in: the whole, or one of them alone. Which there are depends on the snapshot."""

from __future__ import annotations

from enum import StrEnum

from coalition.documents.printed import PrintedGroup
from coalition.documents.snapshot import Snapshot
from coalition.documents.words import Words
from coalition.errors import Invalid
from coalition.i18n import gettext as _


class Part(StrEnum):
    """What a PDF of an edition holds. The value names it in addresses, commands and as the kind of its file."""

    WHOLE = "pdf"
    LETTER = "letter"
    ANNEX_1 = "annex-1"
    ANNEX_2 = "annex-2"
    NOTE = "note"


#: The parts that can be had alone, in the order of the whole.
SINGLE = (Part.LETTER, Part.ANNEX_1, Part.ANNEX_2, Part.NOTE)


def parts_of(snapshot: Snapshot) -> tuple[Part, ...]:
    """The parts this edition has: without a statement there is no second annex."""
    return tuple(part for part in SINGLE if part is not Part.ANNEX_2 or snapshot.stated)


def part_named(name: str) -> Part:
    """The part with this name. Raises `Invalid`."""
    try:
        return Part(name)
    except ValueError as error:
        raise Invalid(_("An edition has no part “%(name)s”.", name=name)) from error


def check_part(snapshot: Snapshot, part: Part) -> None:
    """Raise `Invalid` when this edition has no such part."""
    if part is not Part.WHOLE and part not in parts_of(snapshot):
        raise Invalid(_("Nobody on this list states whom they represent, so there is no Annex II."))


def title_of(part: Part, snapshot: Snapshot, words: Words) -> str:
    """What a part is called in the document: one annex alone has no number."""
    gettext = words.gettext
    return {
        Part.WHOLE: gettext("Letter and annexes"),
        Part.LETTER: gettext("Letter"),
        Part.ANNEX_1: gettext("Annex I") if snapshot.stated else gettext("Annex"),
        Part.ANNEX_2: gettext("Annex II"),
        Part.NOTE: gettext("Note on the list"),
    }[part]


def group_heading(group: PrintedGroup, words: Words) -> str:
    """The heading of a group of the list; "" where there is none."""
    gettext = words.gettext
    known = {
        "initiators": gettext("Initiators"),
        "signatories": gettext("Signatories"),
        "networks": gettext("Networks"),
        "organisations": gettext("Organisations"),
        "persons": gettext("Persons"),
    }
    return group.heading or known.get(group.key, "")
