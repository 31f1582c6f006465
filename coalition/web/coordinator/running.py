"""Running a letter: open it, move its deadline, close, open again, archive, cancel. Each has a page to look once
more before the button."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, url_for
from flask_wtf import FlaskForm

from coalition.access.actor import Role
from coalition.access.permissions import Permission as P
from coalition.endorsements import queries as endorsement_queries
from coalition.i18n import gettext as _
from coalition.letters import operations as letters
from coalition.letters.models import Letter
from coalition.letters.workflow import WORKFLOW
from coalition.web.coordinator.frame import carried_out, letter_page
from coalition.web.coordinator.letter_forms import ConfirmForm, DeadlineForm, OpenForm, ReasonForm
from coalition.web.guards import needs_for_letter
from coalition.web.session import current_actor

blueprint = Blueprint("running", __name__)


@blueprint.route("/letters/<slug>/open", methods=["GET", "POST"])
@needs_for_letter(P.LETTER_RUN)
def open_for_signing(letter: Letter) -> Any:
    """Set the deadline and open the letter."""
    form = OpenForm(zone=letter.deadline_zone)
    return _run(letter, "open", form, lambda: letters.open_letter(
        current_actor(), letter, deadline_at=form.moment, zone=form.zone.data),
        told=_("The letter is open for signing."), missing=letters.what_is_missing(letter, current_actor()),
        coordinators=sum(member.role == Role.COORDINATOR for member in letter.team))


@blueprint.route("/letters/<slug>/deadline", methods=["GET", "POST"])
@needs_for_letter(P.LETTER_RUN)
def deadline(letter: Letter) -> Any:
    """Move the deadline of an open letter, with a reason."""
    form = DeadlineForm(letter.deadline_zone, **_deadline_of(letter))
    return _run(letter, "extend", form, lambda: letters.extend(
        current_actor(), letter, deadline_at=form.moment, reason=form.reason.data or ""),
        told=_("The deadline is changed."))


@blueprint.route("/letters/<slug>/close", methods=["GET", "POST"])
@needs_for_letter(P.LETTER_RUN)
def close(letter: Letter) -> Any:
    """End signing before the deadline."""
    form = ReasonForm()
    return _run(letter, "close", form, lambda: letters.close(current_actor(), letter, reason=form.reason.data or ""),
                told=_("The letter is closed: nobody can sign it any more."),
                counts=endorsement_queries.counts_of(letter))


@blueprint.route("/letters/<slug>/reopen", methods=["GET", "POST"])
@needs_for_letter(P.LETTER_RUN)
def reopen(letter: Letter) -> Any:
    """Open a closed or archived letter again until a new deadline."""
    form = DeadlineForm(letter.deadline_zone)
    return _run(letter, "reopen", form, lambda: letters.reopen(
        current_actor(), letter, deadline_at=form.moment, reason=form.reason.data or ""),
        told=_("The letter is open for signing again."))


@blueprint.route("/letters/<slug>/archive", methods=["GET", "POST"])
@needs_for_letter(P.LETTER_RUN)
def archive(letter: Letter) -> Any:
    """Put a closed letter away."""
    return _run(letter, "archive", ConfirmForm(), lambda: letters.archive(current_actor(), letter),
                told=_("The letter is archived. It stays readable."))


@blueprint.route("/letters/<slug>/cancel", methods=["GET", "POST"])
@needs_for_letter(P.LETTER_RUN)
def cancel(letter: Letter) -> Any:
    """Give the letter up, for good."""
    form = ReasonForm()
    return _run(letter, "cancel", form, lambda: letters.cancel(current_actor(), letter, reason=form.reason.data or ""),
                told=_("The letter is cancelled."), counts=endorsement_queries.counts_of(letter))


def _run(letter: Letter, action: str, form: FlaskForm, work: Callable[[], object], *, told: str,
         **values: Any) -> Any:
    """Do it, or show the page that asks. Raises `WrongState` where the letter's state does not allow it."""
    WORKFLOW.check(action, letter.state, reason=action)
    if carried_out(form, work):
        flash(told, "success")
        return redirect(url_for("coordinator.letter.home", slug=letter.slug), 303)
    return letter_page(f"{action}", letter, form, **values)


def _deadline_of(letter: Letter) -> dict[str, Any]:
    if letter.deadline_at is None:
        return {}
    local = letter.deadline_at.astimezone(ZoneInfo(letter.deadline_zone))
    return {"day": local.date(), "at": local.time()}
