"""Erasing personal data: what comes by itself, what can be erased now, what was. Administrators see how much, not what:
who signs a letter is for its team."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug import Response

from coalition.access.permissions import Permission
from coalition.config import setting
from coalition.db import db, unit_of_work
from coalition.endorsements.models import Endorsement
from coalition.erasure import operations as erasure
from coalition.erasure import queries
from coalition.erasure.models import Erasure
from coalition.erasure.scope import WHAT
from coalition.errors import NotFound
from coalition.i18n import gettext as _
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter
from coalition.web.admin.forms import ReferenceForm
from coalition.web.admin.frame import admin_page
from coalition.web.guards import needs
from coalition.web.session import current_actor

blueprint = Blueprint("erasing", __name__, url_prefix="/erasing")


@blueprint.get("")
@needs(Permission.DATA_ERASE)
def page() -> str | tuple[str, int]:
    """All of it; or, with a reference in the address, the way to that signature."""
    form = ReferenceForm(request.args)
    if "reference" not in request.args:
        return _page(ReferenceForm(formdata=None))
    found = queries.by_reference(form.reference.data or "") if form.validate() else None
    if found is None:
        form.reference.errors = [*form.reference.errors, _("There is no signature with this reference.")][:1]
        return _page(form), 422
    return _confirm(found.letter, found)


@blueprint.get("/letters/<int:number>")
@needs(Permission.DATA_ERASE)
def letter(number: int) -> str:
    """How much would go, and the button."""
    return _confirm(_letter(number))


@blueprint.post("/letters/<int:number>/erase")
@needs(Permission.DATA_ERASE)
def erase_letter(number: int) -> Response:
    with unit_of_work():
        erasure.erase_letter(current_actor(), _letter(number))
    return _done()


@blueprint.post("/signatures/<reference>/erase")
@needs(Permission.DATA_ERASE)
def erase_signature(reference: str) -> Response:
    found = queries.by_reference(reference)
    if found is None:
        raise NotFound(_("There is no signature with this reference."))
    with unit_of_work():
        erasure.erase_endorsement(current_actor(), found)
    return _done()


def _done() -> Response:
    flash(_("It is erased. Within a day it is wiped from the files of the database, too."), "success")
    return redirect(url_for("admin.erasing.page"), 303)


def _letter(number: int) -> Letter:
    found = db.session.get(Letter, number)
    if found is None:
        raise NotFound(_("There is no such letter."))
    return found


def _page(form: ReferenceForm) -> str:
    ended = [{"id": one.id, "name": _name(one), "state": one.state, "due_at": queries.due_at(one),
              "erased_at": one.erased_at} for one in queries.ended_letters()]
    done = [{"about": _about(one), "at": one.erased_at, "by": one.erased_by, "wiped_at": one.wiped_at,
             "total": sum(one.counts.values())} for one in queries.erasures()]
    return admin_page("erasing", form=form, ended=ended, done=done, months=int(setting("ERASE_AFTER_MONTHS")))


def _confirm(letter: Letter, endorsement: Endorsement | None = None) -> str:
    counts = queries.would_go(letter.id, endorsement.id if endorsement else None)
    can = (endorsement.state in queries.LEAVABLE and not queries.was_erased(endorsement) if endorsement is not None
           else letter.state in queries.ENDED and letter.erased_at is None)
    rows: list[dict[str, Any]] = [{"key": WHAT[what], "value": number} for what, number in counts.items() if number]
    return admin_page("erase", name=_name(letter), letter=letter, endorsement=endorsement, rows=rows, can=can)


def _name(letter: Letter) -> str:
    """The letter's subject where everybody may know it."""
    if letter_queries.reaches_everyone(letter):
        return letter.subject
    return _("Letter %(number)s, which is not public", number=letter.id)


def _about(one: Erasure) -> str:
    return one.endorsement.reference if one.endorsement is not None else _name(one.letter)
