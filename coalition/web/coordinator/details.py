"""The letter's details: subject, place, date, letterhead, recipients, who sees it and from when."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, url_for

from coalition.access.permissions import Permission as P
from coalition.config import public_url
from coalition.errors import Stale
from coalition.i18n import gettext as _
from coalition.letters import operations as letters
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter
from coalition.web.coordinator.frame import carried_out, letter_page
from coalition.web.coordinator.letter_forms import DetailsForm, blocks_of
from coalition.web.guards import needs_for_letter
from coalition.web.languages import keeps_answers
from coalition.web.session import current_actor

blueprint = Blueprint("details", __name__)


@blueprint.route("/letters/<slug>/details", methods=["GET", "POST"])
@needs_for_letter(P.LETTER_EDIT)
@keeps_answers
def details(letter: Letter) -> Any:
    """Change the details. What somebody else changed meanwhile is shown beside what was typed."""
    form = DetailsForm(data=_as_they_stand(letter))
    try:
        if carried_out(form, lambda: _edit(letter, form)):
            flash(_("The details are saved."), "success")
            return redirect(url_for("coordinator.letter.home", slug=letter.slug), 303)
    except Stale as refusal:
        form.look_again(letter.edits)
        html, _status = _page(letter, form, overtaken=refusal.message, theirs=_as_they_stand(letter))
        return html, 409
    return _page(letter, form)


def _page(letter: Letter, form: DetailsForm, **values: Any) -> tuple[str, int]:
    link = public_url(f"/letters/{letter.slug}/by-link/{letter.link_secret}")
    return letter_page("details", letter, form, link=link, **values)


def _as_they_stand(letter: Letter) -> dict[str, Any]:
    """The details as the form's answers."""
    local = letter.releases_at.astimezone(ZoneInfo(letter.deadline_zone)) if letter.releases_at else None
    kept = ("subject", "language", "place", "date_text", "letterhead", "closing", "reach")
    return {
        **{name: getattr(letter, name) for name in kept}, "seen": letter.edits, "zone": letter.deadline_zone,
        "addressees": "\n\n".join(letter_queries.recipients_of(letter, "addressee")),
        "copies": "\n\n".join(letter_queries.recipients_of(letter, "copy")),
        "releases_on": local.date() if local else None, "releases_at": local.time() if local else None,
    }


def _edit(letter: Letter, form: DetailsForm) -> None:
    kept = ("subject", "language", "place", "date_text", "letterhead", "closing", "reach")
    letters.edit(
        current_actor(), letter, seen=form.seen.data or 0, addressees=blocks_of(form.addressees.data or ""),
        copies=blocks_of(form.copies.data or ""), deadline_zone=form.zone.data, releases_at=form.release,
        **{name: form[name].data for name in kept})
