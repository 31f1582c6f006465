"""Two bodies beside each other, and what a person makes of them: different, one and the same, or one that is two."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from werkzeug import Response

from coalition.access.permissions import Permission as P
from coalition.access.policy import permits
from coalition.access.predicates import Subject
from coalition.db import db, unit_of_work
from coalition.endorsements import bodies
from coalition.endorsements.entries import as_entry
from coalition.errors import NotFound
from coalition.i18n import gettext as _
from coalition.organisations import queries, suggestions
from coalition.organisations.models import Organisation, OrganisationMerge
from coalition.review import merging
from coalition.review.queries import may_know_of
from coalition.web.coordinator.frame import carried_out
from coalition.web.coordinator.register_forms import ReasonForm, SplitForm, choices_of
from coalition.web.coordinator.register_frame import register_page, side_by_side, why_alike
from coalition.web.guards import needs_for_organisation
from coalition.web.lists import parts_of
from coalition.web.session import current_actor

blueprint = Blueprint("comparing", __name__, url_prefix="/organisations/<public_id>")


@blueprint.get("/compare/<other_id>")
@needs_for_organisation(P.ORGANISATION_SEE)
def compare(organisation: Organisation, subject: Subject, other_id: str) -> Any:
    """Two bodies side by side, with their signatures."""
    return _compared(organisation, subject, _other(other_id), ReasonForm(formdata=None))


@blueprint.post("/compare/<other_id>/different")
@needs_for_organisation(P.ORGANISATION_EDIT)
def say_different(organisation: Organisation, subject: Subject, other_id: str) -> Response:
    """Settle that they are two."""
    other = _other(other_id)
    with unit_of_work():
        suggestions.say_different(current_actor(), organisation, other, subject)
    return _done(organisation, _("Settled: these are two organisations. They are not flagged for each other any more."))


@blueprint.post("/compare/<other_id>/merge")
@needs_for_organisation(P.ORGANISATION_MERGE)
def merge(organisation: Organisation, subject: Subject, other_id: str) -> Any:
    """Settle that they are one: the other is merged into this one."""
    other, form = _other(other_id), ReasonForm()
    if carried_out(form, lambda: merging.merge(current_actor(), organisation, other, reason=form.reason.data or "")):
        return _done(organisation, _("Merged. Both histories are kept here, and you can undo it below."))
    return _compared(organisation, subject, other, form)


@blueprint.route("/merges/<int:number>/undo", methods=["GET", "POST"])
@needs_for_organisation(P.ORGANISATION_MERGE)
def undo(organisation: Organisation, subject: Subject, number: int) -> Any:
    """Take a merge back."""
    made = db.session.get(OrganisationMerge, number)
    if made is None or made.kept_id != organisation.id:
        raise NotFound(_("There is no such merge here."))
    form, absorbed = ReasonForm(), db.session.get_one(Organisation, made.absorbed_id)
    if carried_out(form, lambda: merging.undo(current_actor(), made, reason=form.reason.data or "")):
        return _done(organisation, _("The merge is undone: they are two organisations again."))
    return register_page("undo", organisation, subject, form, merge=made, absorbed=absorbed)


@blueprint.route("/split", methods=["GET", "POST"])
@needs_for_organisation(P.ORGANISATION_MERGE)
def split(organisation: Organisation, subject: Subject) -> Any:
    """A body goes its own way; the page says what happens to its signatures."""
    form, made = SplitForm(), []
    entries = _known(organisation)
    form.endorsements.choices = choices_of([
        (row.public_id, f"{row.letter.subject} ({row.reference})") for row in entries])
    form.representatives.choices = choices_of([
        (str(person.id), f"{person.name}, {person.email}") for person in organisation.representatives
        if person.ended_on is None])
    if carried_out(form, lambda: made.append(merging.split(
            current_actor(), organisation, name=form.name.data or "", reason=form.reason.data or "",
            endorsements=form.endorsements.data or [], representatives=form.people()))):
        return _done(made[0], _("The new organisation stands in the register. Verify it before its signature counts."))
    return register_page("split", organisation, subject, form, entries=entries)


def _compared(organisation: Organisation, subject: Subject, other: Organisation, form: ReasonForm) -> Any:
    row = suggestions.likeness_of(organisation, other)
    theirs = bodies.subject_of(other)
    may_merge_both = permits(current_actor(), P.ORGANISATION_MERGE, theirs)
    keeps_both = all(permits(current_actor(), P.ORGANISATION_EDIT, one) for one in (subject, theirs))
    return register_page(
        "compare", organisation, subject, form, other=other,
        rows=side_by_side([organisation, other], people=keeps_both),
        likeness=row, why=why_alike(row) if row is not None else "", may_merge_both=may_merge_both,
        entries=[(body, [(entry, parts_of(as_entry(entry), entry.letter.language)) for entry in _known(body)])
                 for body in (organisation, other)],
        clash=merging.standing_on_both(organisation, other) if may_merge_both else [])


def _known(organisation: Organisation) -> list[Any]:
    actor = current_actor()
    return [row for row in bodies.naming(organisation.id) if may_know_of(actor, row)]


def _other(other_id: str) -> Organisation:
    """The other body, as long as the reader may know of it."""
    found = queries.by_public_id(other_id) if "\0" not in other_id else None
    if found is None or not permits(current_actor(), P.ORGANISATION_SEE, bodies.subject_of(found)):
        raise NotFound(_("There is no such organisation in the register, or it is not open to you."))
    return found


def _done(organisation: Organisation, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("coordinator.organisations.profile", public_id=organisation.public_id), 303)
