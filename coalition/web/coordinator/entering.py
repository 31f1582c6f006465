"""Entering an endorsement that came on paper, by e-mail or by phone."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_login import current_user

from coalition import clock
from coalition.access.permissions import Permission as P
from coalition.db import unit_of_work
from coalition.endorsements import entering
from coalition.endorsements.contact import checked_contact
from coalition.endorsements.fields import EntryFields
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.letters.models import Letter
from coalition.web.coordinator.frame import letter_page
from coalition.web.coordinator.review_forms import EnterForm
from coalition.web.forms import show_problems
from coalition.web.guards import needs_for_letter
from coalition.web.languages import keeps_answers, only_switches
from coalition.web.once import once
from coalition.web.session import current_actor

blueprint = Blueprint("entering", __name__)


@blueprint.route("/letters/<slug>/enter", methods=["GET", "POST"])
@needs_for_letter(P.ENDORSEMENT_ENTER)
@keeps_answers
@once
def enter(letter: Letter) -> Any:
    """Enter a signature with its evidence; another coordinator approves it."""
    form = EnterForm(taken_by=current_user.name, taken_on=clock.now().date())
    fields = form.fields() if request.method == "POST" and not only_switches() else None
    if fields is not None:
        try:
            with unit_of_work():
                public_id = _enter(letter, form, fields)
        except Invalid as invalid:
            show_problems(form, invalid)
        else:
            flash(_("Entered. It waits for review by another coordinator."), "success")
            return redirect(url_for("coordinator.endorsements.endorsement", slug=letter.slug, public_id=public_id), 303)
    return letter_page("enter", letter, form)


def _enter(letter: Letter, form: EnterForm, fields: EntryFields) -> str:
    contact = form.contact
    return entering.enter(
        current_actor(), letter, fields=fields, visibility=form.visibility.data, evidence=form.as_evidence(),
        contact=checked_contact(contact) if contact is not None else None,
        tier=0 if form.initiator.data else 1).public_id
