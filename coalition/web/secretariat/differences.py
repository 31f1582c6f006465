"""What changed between two editions, by name: for the team alone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, request

from coalition.access.permissions import Permission
from coalition.corrections import queries as corrections
from coalition.corrections.difference import Difference, Pair
from coalition.documents import queries as documents
from coalition.documents.models import Edition
from coalition.documents.printed import PrintedStatement
from coalition.errors import NotFound
from coalition.i18n import LANGUAGES
from coalition.i18n import gettext as _
from coalition.letters.models import Letter
from coalition.web.guards import needs_for_letter
from coalition.web.secretariat.frame import letter_page

blueprint = Blueprint("differences", __name__)


@blueprint.get("/letters/<slug>/editions/<int:number>/difference")
@needs_for_letter(Permission.EDITION_SEE)
def page(letter: Letter, number: int) -> str:
    """This edition beside an earlier one for the same readers: the one asked for, or the one it supersedes."""
    new = edition(letter, number)
    earlier = [one for one in documents.editions_of(letter) if one.audience == new.audience and one.number < number]
    asked = request.args.get("from", type=int)
    old_number = asked if asked in {one.number for one in earlier} else max((one.number for one in earlier), default=0)
    if not old_number:
        raise NotFound(_("There is no earlier edition for the same readers to compare it with."))
    old = edition(letter, old_number)
    found = corrections.difference_between(old, new)
    return letter_page(
        "difference", letter, old=old, new=new, found=found, earlier=earlier, counted=_counted(found),
        restated=[(pair, _changed_values(pair)) for pair in found.restated],
        texts=[LANGUAGES.get(code, code) for code in found.texts], correction=corrections.of_pair(old, new))


def edition(letter: Letter, number: int) -> Edition:
    """An edition of the letter with what it froze. Raises `NotFound`."""
    found = documents.by_number(letter, number)
    if found is None:
        raise NotFound(_("There is no edition %(number)s of this letter.", number=number))
    return found


def _counted(found: Difference) -> list[tuple[str, str, str]]:
    labels = {"signatories": _("Signatories"), "withheld": _("Counted, not named"),
              "organisations_signing": _("Organisations that sign themselves"),
              "represented_stated": _("Organisations as stated by networks"),
              "organisations_total": _("Organisations in all"), "countries": _("Countries")}
    return [(label, str(getattr(found.before, name)), str(getattr(found.after, name)))
            for name, label in labels.items()]


def _changed_values(pair: Pair) -> list[tuple[str, str, str]]:
    """What differs behind a line that reads the same."""
    before, after = _facts(pair.before), _facts(pair.after)
    return [(label, before[label], after[label]) for label in before if before[label] != after[label]]


def _facts(entry: Any) -> dict[str, str]:
    said: PrintedStatement | None = entry.statement
    return {
        _("Country"): entry.country_name, _("Title"): entry.title, _("Description"): entry.description,
        _("Network"): _("Yes") if entry.is_network else _("No"),
        _("Initiator"): _("Yes") if entry.tier == 0 else _("No"),
        _("Number stated"): f"{said.count} {said.unit}" if said and said.count is not None else "",
        _("Statement in words"): said.text if said else "", _("As of"): said.as_of if said else "",
        _("Source"): said.source if said else "",
        _("Members listed"): str(len(said.members)) if said and said.members else "",
    }
