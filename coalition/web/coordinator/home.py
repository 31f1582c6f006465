"""Where staff land: the letters they work on, and beginning a new one."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_login import current_user

from coalition.access.permissions import Permission as P
from coalition.access.policy import permits
from coalition.access.predicates import Subject
from coalition.endorsements import queries as endorsement_queries
from coalition.endorsements.queries import StateCounts
from coalition.i18n import gettext as _
from coalition.letters import operations as letters
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter
from coalition.web.coordinator.frame import carried_out
from coalition.web.coordinator.letter_forms import BeginForm
from coalition.web.guards import needs, signed_in
from coalition.web.languages import keeps_answers
from coalition.web.once import once
from coalition.web.session import current_actor

blueprint = Blueprint("home", __name__)


@blueprint.get("")
@signed_in
def my_letters() -> str:
    """The letters of whoever is signed in, each with the way to the work."""
    mine = letter_queries.letters_of_team(current_user.id, current_actor().deputises_on)
    counts = endorsement_queries.counts_of_letters([letter.id for letter, _roles in mine])
    rows = [_row(letter, roles, counts.get(letter.id, StateCounts({}, 0))) for letter, roles in mine]
    return render_template("coordinator/letters.html", rows=rows,
                           may_begin=permits(current_actor(), P.LETTER_CREATE, Subject()))


@blueprint.route("/letters/new", methods=["GET", "POST"])
@needs(P.LETTER_CREATE)
@keeps_answers
@once
def begin() -> Any:
    """Begin a letter; its maker coordinates it."""
    form = BeginForm(letterhead=current_app.config["COALITION_NAME"])
    made: list[str] = []
    if carried_out(form, lambda: made.append(letters.create(
            current_actor(), subject=form.subject.data or "", language=form.language.data,
            letterhead=form.letterhead.data or "").slug)):
        flash(_("The letter is begun. Next: write its text."), "success")
        return redirect(url_for("coordinator.letter.home", slug=made[0]), 303)
    return render_template("coordinator/begin.html", form=form), 422 if request.method == "POST" else 200


def _row(letter: Letter, roles: frozenset[str], counts: StateCounts) -> dict[str, Any]:
    sees_queue = permits(current_actor(), P.ENDORSEMENT_SEE, letter_queries.subject_of(letter))
    return {
        "letter": letter, "roles": sorted(roles), "waiting": counts.waiting,
        "url": url_for("coordinator.letter.home", slug=letter.slug) if sees_queue
        else f"/secretariat/letters/{letter.slug}",
        "queue_url": url_for("coordinator.queue.queue", slug=letter.slug) if sees_queue else "",
        "final_url": f"/secretariat/letters/{letter.slug}",
    }
