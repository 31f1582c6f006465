"""The register: finding an organisation, its profile, its names, notes on it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug import Response

from coalition.access.permissions import Permission as P
from coalition.access.predicates import Subject
from coalition.accounts.queries import names_of_people
from coalition.audit import queries as audit_queries
from coalition.db import db, unit_of_work
from coalition.endorsements import bodies
from coalition.endorsements.models import Endorsement
from coalition.errors import NotFound
from coalition.i18n import gettext as _
from coalition.organisations import profile as profiles
from coalition.organisations import queries, suggestions
from coalition.organisations.models import Organisation
from coalition.review import merging
from coalition.review.queries import may_know_of
from coalition.web.coordinator import sentences
from coalition.web.coordinator.frame import carried_out
from coalition.web.coordinator.register_forms import (
    NameForm,
    ProfileForm,
    RegisterFilter,
    RegisterNoteForm,
    RenameForm,
)
from coalition.web.coordinator.register_frame import consultative, kind_of_name, register_page, why_alike
from coalition.web.guards import needs_for_organisation, needs_the_register
from coalition.web.once import once
from coalition.web.session import current_actor

blueprint = Blueprint("organisations", __name__, url_prefix="/organisations")


@blueprint.get("")
@needs_the_register
def register() -> str:
    """The organisations one may know of, by name."""
    wanted = RegisterFilter(request.args).arguments()
    page = bodies.known_to(current_actor(), **wanted)
    flagged = bodies.flagged(row.id for row in page.rows)
    return render_template("coordinator/register/all.html", page=page, wanted=wanted, flagged=flagged)


@blueprint.get("/<public_id>")
@needs_for_organisation(P.ORGANISATION_SEE)
def profile(organisation: Organisation, subject: Subject) -> Any:
    """What is known of one organisation."""
    if organisation.merged_into_id is not None:
        kept = db.session.get_one(Organisation, organisation.merged_into_id)
        flash(_("%(name)s was merged into this organisation.", name=organisation.name), "info")
        return redirect(url_for(".profile", public_id=kept.public_id), 303)
    return _profile(organisation, subject)


@blueprint.route("/<public_id>/edit", methods=["GET", "POST"])
@needs_for_organisation(P.ORGANISATION_EDIT)
def edit(organisation: Organisation, subject: Subject) -> Any:
    """Change everything but the name."""
    form = ProfileForm.of(organisation)
    if carried_out(form, lambda: profiles.edit(current_actor(), organisation, form.values(), subject,
                                               seen=form.seen.data or 0)):
        return _done(organisation, _("The profile is changed."))
    return register_page("edit", organisation, subject, form)


@blueprint.route("/<public_id>/rename", methods=["GET", "POST"])
@needs_for_organisation(P.ORGANISATION_EDIT)
def rename(organisation: Organisation, subject: Subject) -> Any:
    """Give it another name; the page says what happens to letters that print the old one."""
    form = RenameForm()
    if carried_out(form, lambda: profiles.rename(
            current_actor(), organisation, name=form.name.data or "", how=form.how.data or "",
            reason=form.reason.data or "", subject=subject, ended_on=form.ended_on.data)):
        return _done(organisation, _("The organisation has its new name in the register."))
    return register_page("rename", organisation, subject, form, entries=_known_entries(organisation))


@blueprint.post("/<public_id>/names")
@needs_for_organisation(P.ORGANISATION_EDIT)
def add_name(organisation: Organisation, subject: Subject) -> Any:
    """Note another name."""
    form = NameForm()
    if carried_out(form, lambda: profiles.add_name(current_actor(), organisation, name=form.name.data or "",
                                                   kind=form.kind.data or "", subject=subject)):
        return _done(organisation, _("The name is noted: who signs by it is recognised."))
    return _profile(organisation, subject, form)


@blueprint.post("/<public_id>/names/<int:number>/remove")
@needs_for_organisation(P.ORGANISATION_EDIT)
def remove_name(organisation: Organisation, subject: Subject, number: int) -> Any:
    """Take another name out."""
    name = next((name for name in organisation.names if name.id == number), None)
    if name is None:
        raise NotFound(_("This name is taken out already."))
    with unit_of_work():
        profiles.remove_name(current_actor(), organisation, name, subject)
    return _done(organisation, _("The name is taken out."))


@blueprint.post("/<public_id>/notes")
@needs_for_organisation(P.ORGANISATION_EDIT)
@once
def write_note(organisation: Organisation, subject: Subject) -> Any:
    """Keep a note."""
    form = RegisterNoteForm()
    if carried_out(form, lambda: profiles.write_note(current_actor(), organisation, form.text.data or "", subject)):
        return _done(organisation, _("The note is kept."))
    return _profile(organisation, subject, form)


def _profile(organisation: Organisation, subject: Subject, refused: Any = None) -> Any:
    forms = {"name": NameForm(formdata=None), "note": RegisterNoteForm(formdata=None)}
    if refused is not None:
        forms["name" if isinstance(refused, NameForm) else "note"] = refused
    events = audit_queries.timeline_of("organisation", organisation.id)
    return register_page(
        "profile", organisation, subject, refused, forms=forms, consultative=consultative(organisation),
        names=[(name, kind_of_name(name.kind)) for name in organisation.names],
        people=[person for person in organisation.representatives if person.ended_on is None],
        entries=_known_entries(organisation), notes=queries.notes_on(organisation),
        look_alikes=[(other, why_alike(row)) for other, row in _known_look_alikes(organisation)],
        merges=merging.merges_of(organisation),
        timeline=sentences.as_timeline(events[::-1], names_of_people()))


def _known_entries(organisation: Organisation) -> list[Endorsement]:
    """Its signatures that the reader may know of, newest first."""
    actor = current_actor()
    return [row for row in bodies.naming(organisation.id)[::-1] if may_know_of(actor, row)]


def _known_look_alikes(organisation: Organisation) -> list[Any]:
    """Those that look like it and are themselves open to the reader."""
    found = suggestions.look_alikes(organisation)
    known = bodies.known_among(current_actor(), [other.id for other, _row in found])
    return [(other, row) for other, row in found if other.id in known]


def _done(organisation: Organisation, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for(".profile", public_id=organisation.public_id), 303)
