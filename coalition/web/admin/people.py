"""People of the staff: who is here, inviting them, ending and restoring their access."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, url_for
from werkzeug import Response

from coalition.access.permissions import Permission
from coalition.accounts import operations as accounts
from coalition.accounts import queries as people
from coalition.accounts import second_factor
from coalition.accounts.models import Person
from coalition.db import unit_of_work
from coalition.errors import CoalitionError, Invalid, NotFound
from coalition.i18n import gettext as _
from coalition.web.admin.forms import EndAccessForm, InviteForm, RightsForm
from coalition.web.admin.frame import admin_page
from coalition.web.forms import show_problems
from coalition.web.guards import needs
from coalition.web.proving import signed_in_lately, to_prove_again
from coalition.web.session import current_actor

blueprint = Blueprint("people", __name__)


@blueprint.get("/people")
@needs(Permission.PEOPLE_MANAGE)
def everybody() -> str:
    return admin_page("people", people=people.all_people())


@blueprint.route("/people/invite", methods=["GET", "POST"])
@needs(Permission.PEOPLE_MANAGE)
def invite() -> str | Response | tuple[str, int]:
    if not signed_in_lately():
        return to_prove_again(url_for(".invite"))
    form = InviteForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                accounts.invite(current_actor(), name=form.name.data, email=form.email.data,
                                administrator=form.administrator.data, coordinator=form.coordinator.data)
        except Invalid as invalid:
            show_problems(form, invalid)
        else:
            flash(_("The invitation to %(address)s is on its way.", address=form.email.data.strip()), "success")
            return redirect(url_for("admin.people.everybody"), 303)
    page = admin_page("invite", form=form)
    return (page, 422) if form.errors else page


@blueprint.get("/people/<int:person_id>")
@needs(Permission.PEOPLE_MANAGE)
def one(person_id: int) -> str:
    return _page(_person(person_id), EndAccessForm(formdata=None))


@blueprint.post("/people/<int:person_id>/change-rights")
@needs(Permission.PEOPLE_MANAGE)
def change_rights(person_id: int) -> Response:
    person, form = _person(person_id), RightsForm()
    if not signed_in_lately():
        return to_prove_again(url_for(".one", person_id=person_id))
    return _done(person, lambda: accounts.change_rights(
        current_actor(), person, administrator=form.administrator.data, coordinator=form.coordinator.data),
        _("The rights are changed. Who lost one is signed out everywhere."))


@blueprint.post("/people/<int:person_id>/invite-again")
@needs(Permission.PEOPLE_MANAGE)
def invite_again(person_id: int) -> Response:
    person = _person(person_id)
    return _done(person, lambda: accounts.invite_again(current_actor(), person),
                 _("A new invitation is on its way; the old link no longer works."))


@blueprint.post("/people/<int:person_id>/end-access")
@needs(Permission.PEOPLE_MANAGE)
def end_access(person_id: int) -> Response | tuple[str, int]:
    person, form = _person(person_id), EndAccessForm()
    if not form.validate():
        return _page(person, form), 422
    return _done(person, lambda: accounts.end_access(current_actor(), person, form.reason.data),
                 _("The access has ended, in every browser."))


@blueprint.post("/people/<int:person_id>/restore-access")
@needs(Permission.PEOPLE_MANAGE)
def restore_access(person_id: int) -> Response:
    person = _person(person_id)
    return _done(person, lambda: accounts.restore_access(current_actor(), person), _("The access is back."))


def _person(person_id: int) -> Person:
    person = people.person_by_id(person_id)
    if person is None:
        raise NotFound(_("There is no such person here."))
    return person


def _page(person: Person, form: EndAccessForm) -> str:
    rights = RightsForm(formdata=None, coordinator=person.is_coordinator, administrator=person.is_administrator)
    return admin_page("person", person=person, form=form, rights_form=rights,
                      has_factor=second_factor.has_factor(person))


def _done(person: Person, work: Callable[[], object], words: str) -> Response:
    """Do it, and say on the person's page what came of it."""
    number = person.id
    try:
        with unit_of_work():
            work()
    except CoalitionError as refusal:
        flash(refusal.message, "error")
    else:
        flash(words, "success")
    return redirect(url_for("admin.people.one", person_id=number), 303)
