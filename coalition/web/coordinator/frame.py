"""What the pages about one letter share: the navigation beside them, and how a form is carried out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import render_template, request, url_for
from flask_wtf import FlaskForm

from coalition.access.permissions import Permission as P
from coalition.access.policy import permits
from coalition.db import unit_of_work
from coalition.endorsements import queries as endorsement_queries
from coalition.endorsements.queries import StateCounts
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter
from coalition.safety import queries as safety_queries
from coalition.web.forms import show_problems
from coalition.web.languages import only_switches
from coalition.web.session import current_actor


def letter_page(template: str, letter: Letter, form: FlaskForm | None = None, *, states: StateCounts | None = None,
                **values: Any) -> tuple[str, int]:
    """A page about a letter with its navigation; 422 when it shows a form that was refused. `states` are what stands in
    the letter by state, from who has counted them already."""
    navigation = _pages_of(letter, states or endorsement_queries.counts_of(letter))
    html = render_template(
        f"coordinator/{template}.html", letter=letter, form=form, side_title=letter.subject,
        side_navigation=navigation, can=letter_queries.what_can_be_done(current_actor(), letter), **values)
    return html, 422 if form is not None and request.method == "POST" and form.errors else 200


def carried_out(form: FlaskForm, work: Callable[[], object]) -> bool:
    """Whether the form was sent, is well-formed, and the work is done, in one unit of work. What the rooms
    refuse of the answers stands beside the fields afterwards."""
    if only_switches() or not form.validate_on_submit():
        return False
    try:
        with unit_of_work():
            work()
    except Invalid as invalid:
        show_problems(form, invalid)
        return False
    return True


def _pages_of(letter: Letter, states: StateCounts) -> list[dict[str, Any]]:
    """The letter's pages, as far as the reader may open them."""
    lapsed, kept = endorsement_queries.lapsed_of(letter), safety_queries.how_many_kept(letter)
    pages = (
        (P.LETTER_WORK, _("Overview"), "coordinator.letter.home", None),
        (P.ENDORSEMENT_SEE, _("Dashboard"), "coordinator.dashboard.dashboard", None),
        (P.LETTER_EDIT, _("Details"), "coordinator.details.details", None),
        (P.LETTER_EDIT, _("Text"), "coordinator.text.text", None),
        (P.LETTER_EDIT, _("Translations"), "coordinator.translations.overview", None),
        (P.TEAM_CHOOSE, _("Team"), "coordinator.team.team", None),
        (P.INVITATION_MANAGE, _("Invitations"), "coordinator.invitations.overview", None),
        (P.ENDORSEMENT_SEE, _("Review"), "coordinator.queue.queue", states.waiting),
        (P.SIGN_ONS_SIFT, _("Sign-ons"), "coordinator.sign_ons.overview", kept or None),
        (P.ENDORSEMENT_SEE, _("Member lists"), "coordinator.member_lists.overview", None),
        *(((P.ENDORSEMENT_SEE, _("New text: not confirmed yet"), "coordinator.confirmations.overview", lapsed),)
          if lapsed else ()),
        (P.ENDORSEMENT_ENTER, _("Enter a signature"), "coordinator.entering.enter", None),
        (P.ENDORSEMENT_SEE, _("What happened"), "coordinator.letter.timeline", None),
    )
    actor, subject = current_actor(), letter_queries.subject_of(letter)
    items = [{"label": label, "url": url_for(endpoint, slug=letter.slug), "count": count,
              "current": request.endpoint == endpoint}
             for permission, label, endpoint, count in pages if permits(actor, permission, subject)]
    items.append({"label": _("Final letter"), "url": f"/secretariat/letters/{letter.slug}", "count": None,
                  "current": False})
    return items
