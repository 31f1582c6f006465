"""The page “Arrange by hand”: a number in each row, and buttons that move an entry up or down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_wtf import FlaskForm
from werkzeug import Response
from wtforms import Field, Form, StringField, ValidationError

from coalition.access.permissions import Permission
from coalition.db import unit_of_work
from coalition.endorsements import arranging
from coalition.errors import CoalitionError
from coalition.i18n import gettext as _
from coalition.i18n import ngettext
from coalition.letters.models import Letter
from coalition.signatories.entry import Entry
from coalition.signatories.line import printed_parts
from coalition.web.guards import needs_for_letter
from coalition.web.secretariat.frame import letter_page
from coalition.web.session import current_actor

blueprint = Blueprint("arranging", __name__)

#: More rows on one page are slow on a small phone. A place on another page can be typed all the same.
ROWS = 100
LARGEST_PLACE = 999_999


@blueprint.get("/letters/<slug>/arrange")
@needs_for_letter(Permission.LIST_ARRANGE)
def page(letter: Letter) -> str:
    entries = arranging.as_arranged(letter)
    return _page(letter, entries, _form(entries, formdata=None))


@blueprint.post("/letters/<slug>/arrange")
@needs_for_letter(Permission.LIST_ARRANGE)
def arrange(letter: Letter) -> Response | tuple[str, int]:
    entries = arranging.as_arranged(letter)
    form = _form(entries)
    if not form.validate():
        return _page(letter, entries, form), 422
    try:
        with unit_of_work():
            moved = arranging.arrange(current_actor(), letter, seen=request.form.get("seen", ""),
                                      places=_wanted(entries, form), step=_step())
    except CoalitionError as refusal:
        flash(refusal.message, "error")
    else:
        flash(ngettext("The list is arranged by hand now. %(num)s entry changed its place.",
                       "The list is arranged by hand now. %(num)s entries changed their place.", moved), "success")
    return redirect(url_for("secretariat.arranging.page", slug=letter.slug, page=_shown_page(entries)), 303)


def _page(letter: Letter, entries: Sequence[Entry], form: FlaskForm) -> str:
    first = (_shown_page(entries) - 1) * ROWS
    rows = [{"key": entry.key, "name": entry.name, "field": form[_field_name(entry)], "place": place,
             "parts": printed_parts(entry, capacity_note=_("in a personal capacity")),
             "public": entry.visibility == "public"}
            for place, entry in enumerate(entries[first:first + ROWS], first + 1)]
    return letter_page("arrange", letter, form=form, rows=rows, total=len(entries), page=_shown_page(entries),
                       pages=_pages(entries), seen=arranging.token_of(letter, entries))


def _form(entries: Sequence[Entry], **options: Any) -> FlaskForm:
    """A form with the place of every entry on this page."""
    first = (_shown_page(entries) - 1) * ROWS
    fields = {_field_name(entry): StringField(_("Place of %(name)s", name=entry.name), [_is_place],
                                              default=str(place))
              for place, entry in enumerate(entries[first:first + ROWS], first + 1)}
    return type("ArrangeForm", (FlaskForm,), fields)(**options)


def _field_name(entry: Entry) -> str:
    return f"place-{entry.key}"


def _is_place(_form: Form, field: Field) -> None:
    text = (field.data or "").strip()
    # `isdecimal` takes the digits of every script, as `int` does.
    if not text.isdecimal() or len(text) > 6 or not 1 <= int(text) <= LARGEST_PLACE:
        raise ValidationError(_("Enter a whole number, like 3."))


def _wanted(entries: Sequence[Entry], form: FlaskForm) -> dict[str, int]:
    """The places typed that differ from those shown."""
    shown = {entry.key: place for place, entry in enumerate(entries, 1)}
    typed = {entry.key: int(form[_field_name(entry)].data) for entry in entries if _field_name(entry) in form}
    return {key: place for key, place in typed.items() if place != shown[key]}


def _step() -> tuple[str, int] | None:
    if "up" in request.form:
        return request.form["up"], -1
    return (request.form["down"], 1) if "down" in request.form else None


def _pages(entries: Sequence[Entry]) -> int:
    return max(1, -(-len(entries) // ROWS))


def _shown_page(entries: Sequence[Entry]) -> int:
    return min(max(request.args.get("page", 1, int), 1), _pages(entries))
