"""Changing an entry: before approval it is edited, after it a change is proposed and waits for its own decision."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from coalition.access.actor import Actor
from coalition.accounts.links import Purpose
from coalition.db import unit_of_work
from coalition.documents import queries as document_queries
from coalition.endorsements import operations, standing
from coalition.endorsements.entries import as_entry, fields_of
from coalition.endorsements.models import Endorsement
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.web.entry_form import answers_of
from coalition.web.forms import show_problems
from coalition.web.guards import holds_link
from coalition.web.languages import keeps_answers, only_switches
from coalition.web.lists import line_markup, parts_of
from coalition.web.member.forms import ChangeForm

blueprint = Blueprint("changing", __name__, url_prefix="/<secret>/entry")


@blueprint.get("")
@holds_link(Purpose.MANAGE)
def form(endorsement: Endorsement, secret: str, **_about: Any) -> str:
    """The entry as it stands, to be changed."""
    standing.require(standing.way_to_change(endorsement), endorsement)
    current = fields_of(endorsement.entry, endorsement)
    return _page(endorsement, secret, ChangeForm(seen=endorsement.latest_revision, **answers_of(current)))


@blueprint.post("")
@holds_link(Purpose.MANAGE)
@keeps_answers
def change(endorsement: Endorsement, actor: Actor, secret: str, **_about: Any) -> Any:
    """Keep the changed entry: at once before approval, as a proposal after it."""
    answers = _answers(endorsement)
    if only_switches():
        return _page(endorsement, secret, answers)
    fields = answers.fields(**_known(endorsement))
    if fields is None:
        return _page(endorsement, secret, answers), 422
    try:
        with unit_of_work():
            operations.change(actor, endorsement, fields=fields, seen=answers.seen_revision(),
                              take_down=answers.take_down.data)
    except Invalid as invalid:
        show_problems(answers, invalid)
        return _page(endorsement, secret, answers), 422
    flash(_("Your change was received."), "success")
    return redirect(url_for("member.status.page", secret=secret), 303)


@blueprint.post("/preview")
@holds_link(Purpose.MANAGE)
def preview(endorsement: Endorsement, **_about: Any) -> Any:
    """The printed line of what is typed so far."""
    entry = _answers(endorsement).entry(**_known(endorsement))
    return line_markup(entry, endorsement.language) if entry else ("", 204)


def _answers(endorsement: Endorsement) -> ChangeForm:
    """What was typed; who signs is the endorsement's and not to be changed."""
    answers = ChangeForm()
    answers.signing_as.data = endorsement.signing_as
    return answers


def _known(endorsement: Endorsement) -> dict[str, Any]:
    return asdict(fields_of(endorsement.entry, endorsement))


def _page(endorsement: Endorsement, secret: str, answers: ChangeForm) -> str:
    entry = answers.entry(**_known(endorsement))
    return render_template(
        "member/entry.html", endorsement=endorsement,
        letter=endorsement.letter, secret=secret, form=answers,
        editions=document_queries.editions_with(endorsement.letter, endorsement.public_id),
        current=parts_of(as_entry(endorsement), endorsement.language),
        parts=parts_of(entry, endorsement.language) if entry else None)
