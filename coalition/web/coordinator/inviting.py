"""Sending in a list of organisations to invite, looking it over, importing it."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_wtf import FlaskForm

from coalition import spreadsheets
from coalition.access.permissions import Permission as P
from coalition.errors import NotFound
from coalition.i18n import gettext as _
from coalition.i18n import ngettext
from coalition.invitations import lists, queries
from coalition.invitations.models import InvitationList
from coalition.invitations.preview import Judged, Judgement, columns_of, judged, table_of
from coalition.letters.models import Letter
from coalition.web.coordinator.frame import carried_out, letter_page
from coalition.web.coordinator.invitation_forms import (
    ImportForm,
    ListForm,
    PressForm,
    columns_chosen,
    columns_form,
    import_form,
)
from coalition.web.guards import needs_for_letter
from coalition.web.session import current_actor

blueprint = Blueprint("inviting", __name__, url_prefix="/letters/<slug>/invitations")

#: So many of the rows that nothing speaks against are shown.
_SHOWN = 200


@blueprint.route("/new", methods=["GET", "POST"])
@needs_for_letter(P.INVITATION_MANAGE)
def new(letter: Letter) -> Any:
    """Choose a file or paste rows; nothing is imported yet."""
    form, made = ListForm(language=letter.language), []
    if carried_out(form, lambda: made.append(_keep(letter, form))):
        return redirect(url_for(".preview", slug=letter.slug, public_id=made[0]), 303)
    return letter_page("invitations_new", letter, form, waiting=queries.waiting_lists(letter))


@blueprint.get("/lists/<public_id>")
@needs_for_letter(P.INVITATION_MANAGE)
def preview(letter: Letter, public_id: str) -> Any:
    """What was read, row by row, before anything is imported."""
    kept = _list(letter, public_id)
    if kept.imported_at is not None:
        return redirect(url_for("coordinator.invitations.overview", slug=letter.slug), 303)
    return _preview(letter, kept)


@blueprint.post("/lists/<public_id>/columns")
@needs_for_letter(P.INVITATION_MANAGE)
def columns(letter: Letter, public_id: str) -> Any:
    """Say what the columns are, and read the list again."""
    kept = _list(letter, public_id)
    form = _columns_form(kept)
    if carried_out(form, lambda: lists.choose_columns(
            current_actor(), letter, kept, columns_chosen(form), headed=form.headed.data)):
        return redirect(url_for(".preview", slug=letter.slug, public_id=public_id), 303)
    return _preview(letter, kept, columns=form)


@blueprint.post("/lists/<public_id>/import")
@needs_for_letter(P.INVITATION_MANAGE)
def bring_in(letter: Letter, public_id: str) -> Any:
    """Import the list, whole or not at all."""
    kept, added = _list(letter, public_id), []
    judgement = judged(letter, kept)
    form = import_form(judgement.rows)
    if carried_out(form, lambda: added.append(lists.import_list(
            current_actor(), letter, kept, form.chosen(), without_bad=form.without_bad.data,
            judgement=judgement))):
        flash(ngettext("%(num)s organisation was added. Nobody has been mailed yet.",
                       "%(num)s organisations were added. Nobody has been mailed yet.", added[0]), "success")
        return redirect(url_for("coordinator.invitations.overview", slug=letter.slug, shown="to_send"), 303)
    return _preview(letter, kept, form, judgement=judgement)


@blueprint.post("/lists/<public_id>/throw-away")
@needs_for_letter(P.INVITATION_MANAGE)
def throw_away(letter: Letter, public_id: str) -> Any:
    """Forget a list that is not to be imported."""
    kept = _list(letter, public_id)
    if carried_out(PressForm(), lambda: lists.throw_away(current_actor(), letter, kept)):
        flash(_("The list is thrown away. Nothing was imported from it."), "success")
    return redirect(url_for(".new", slug=letter.slug), 303)


def _keep(letter: Letter, form: ListForm) -> str:
    content = form.content
    if content:
        table = spreadsheets.read(content, encoding=form.encoding.data or "", limits=lists.LIMITS)
    else:
        content = (form.pasted.data or "").encode("utf-8", "replace")
        table = spreadsheets.pasted(form.pasted.data or "", limits=lists.LIMITS)
    return lists.keep(current_actor(), letter, table, sha256=hashlib.sha256(content).hexdigest(),
                      language=form.language.data).public_id


def _list(letter: Letter, public_id: str) -> InvitationList:
    kept = queries.list_by_public_id(letter, public_id) if "\0" not in public_id else None
    if kept is None:
        raise NotFound(_("There is no such list. It may have been thrown away: send the file in again."))
    return kept


def _preview(letter: Letter, kept: InvitationList, form: ImportForm | None = None,
             columns: FlaskForm | None = None, judgement: Judgement | None = None) -> Any:
    rows = (judgement or judged(letter, kept)).rows
    groups, importing = _grouped(rows), form if form is not None else import_form(rows)
    shown = columns if columns is not None else importing
    return letter_page(
        "invitations_preview", letter, shown, rows=importing,
        columns=columns if columns is not None else _columns_form(kept), kept=kept, groups=groups,
        first_rows=groups["new"][:_SHOWN], not_read=_not_read(kept), left_out=json.loads(kept.left_out),
        before=queries.imported_before(letter, kept.sha256), samples=_samples(kept))


def _grouped(rows: list[Judged]) -> dict[str, list[Judged]]:
    """The rows by what is to be done about them."""
    groups: dict[str, list[Judged]] = {"new": [], "bad": [], "decide": [], "left": []}
    for each in rows:
        name = "bad" if each.verdict == "bad" else "new" if not each.needs_a_look else \
            "decide" if len(each.choices) > 1 else "left"
        groups[name].append(each)
    return groups


def _headings(kept: InvitationList) -> list[str]:
    rows = table_of(kept)
    width = len(columns_of(kept))
    named = rows[kept.heading].cells if kept.heading >= 0 else ("",) * width
    return [heading or _("Column %(number)s", number=place + 1) for place, heading in enumerate(named)]


def _columns_form(kept: InvitationList) -> Any:
    return columns_form(_headings(kept), columns_of(kept), headed=kept.heading >= 0)


def _samples(kept: InvitationList) -> list[str]:
    """What stands first under each heading."""
    rows = table_of(kept)[kept.heading + 1:]
    return [next((row.cells[place] for row in rows if row.cells[place]), "")[:80]
            for place in range(len(columns_of(kept)))]


def _not_read(kept: InvitationList) -> list[str]:
    return [heading for heading, kind in zip(_headings(kept), columns_of(kept), strict=True) if not kind]
