"""Who acts for an organisation, from when to when, and handing over."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from werkzeug import Response

from coalition.access.permissions import Permission as P
from coalition.access.predicates import Subject
from coalition.endorsements import handover
from coalition.errors import NotFound
from coalition.i18n import gettext as _
from coalition.organisations import profile as profiles
from coalition.organisations.models import Organisation, Representative
from coalition.web.coordinator.frame import carried_out
from coalition.web.coordinator.register_forms import HandOverForm, PersonForm, ReasonForm
from coalition.web.coordinator.register_frame import register_page
from coalition.web.guards import needs_for_organisation
from coalition.web.once import once
from coalition.web.session import current_actor

blueprint = Blueprint("representatives", __name__, url_prefix="/organisations/<public_id>/representatives")


@blueprint.get("")
@needs_for_organisation(P.ORGANISATION_EDIT)
def everybody(organisation: Organisation, subject: Subject) -> Any:
    """Who acts and who acted for it."""
    return register_page("representatives", organisation, subject, adding=PersonForm(formdata=None))


@blueprint.post("/add")
@needs_for_organisation(P.ORGANISATION_EDIT)
@once
def add(organisation: Organisation, subject: Subject) -> Any:
    """Note somebody who acts for it."""
    form = PersonForm()
    if carried_out(form, lambda: profiles.add_representative(
            current_actor(), organisation, name=form.name.data or "", role=form.role.data or "",
            email=form.email.data or "", subject=subject, started_on=form.started_on.data)):
        return _done(organisation, _("The person is noted."))
    return register_page("representatives", organisation, subject, form, adding=form)


@blueprint.route("/<int:number>/end", methods=["GET", "POST"])
@needs_for_organisation(P.ORGANISATION_EDIT)
def end(organisation: Organisation, subject: Subject, number: int) -> Any:
    """Note that somebody acts for it no longer."""
    form, person = ReasonForm(), _person(organisation, number)
    if carried_out(form, lambda: profiles.end_representative(
            current_actor(), organisation, person, reason=form.reason.data or "", subject=subject)):
        return _done(organisation, _("The person acts for the organisation no longer."))
    return register_page("end_representative", organisation, subject, form, person=person,
                         held=handover.held_by(current_actor(), organisation, person))


@blueprint.route("/<int:number>/hand-over", methods=["GET", "POST"])
@needs_for_organisation(P.ORGANISATION_EDIT)
def hand_over(organisation: Organisation, subject: Subject, number: int) -> Any:
    """Let somebody else act in this person's place; the old links end."""
    form, person = HandOverForm(), _person(organisation, number)
    if carried_out(form, lambda: handover.hand_over(
            current_actor(), organisation, person, name=form.name.data or "", role=form.role.data or "",
            email=form.email.data or "", reason=form.reason.data or "")):
        return _done(organisation, _("Handed over. The old links no longer work; both are told by e-mail."))
    return register_page("hand_over", organisation, subject, form, person=person,
                         held=handover.held_by(current_actor(), organisation, person))


def _person(organisation: Organisation, number: int) -> Representative:
    for person in organisation.representatives:
        if person.id == number:
            return person
    raise NotFound(_("There is no such person here."))


def _done(organisation: Organisation, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for(".everybody", public_id=organisation.public_id), 303)
