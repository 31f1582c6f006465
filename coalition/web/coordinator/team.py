"""The letter's team: who works on it, as what."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for

from coalition.access.actor import Role
from coalition.access.permissions import Permission as P
from coalition.accounts.models import Person
from coalition.accounts.queries import person_by_email
from coalition.db import unit_of_work
from coalition.errors import Invalid, NotFound
from coalition.i18n import gettext as _
from coalition.letters import operations as letters
from coalition.letters.models import Letter, TeamMember
from coalition.web.coordinator.frame import carried_out, letter_page
from coalition.web.coordinator.letter_forms import EndRoleForm, MemberForm
from coalition.web.guards import needs_for_letter
from coalition.web.session import current_actor

blueprint = Blueprint("team", __name__)


@blueprint.route("/letters/<slug>/team", methods=["GET", "POST"])
@needs_for_letter(P.LETTER_EDIT)
def team(letter: Letter) -> Any:
    """Who is on the team; add somebody of the staff by their address."""
    form = MemberForm()
    if carried_out(form, lambda: letters.add_to_team(
            current_actor(), letter, _person(form.email.data or ""), Role(form.role.data))):
        flash(_("The team has a new member."), "success")
        return redirect(url_for(".team", slug=letter.slug), 303)
    return letter_page("team", letter, form)


@blueprint.post("/letters/<slug>/team/end")
@needs_for_letter(P.LETTER_EDIT)
def end(letter: Letter) -> Any:
    """End somebody's role."""
    member = _member(letter, EndRoleForm().member.data)
    with unit_of_work():
        letters.remove_from_team(current_actor(), letter, member.person, Role(member.role))
    flash(_("The role is ended."), "success")
    # Who ended their own role has no way to the letter any more.
    own = member.person_id == current_actor().person_id
    return redirect(url_for("coordinator.home.my_letters") if own else url_for(".team", slug=letter.slug), 303)


def _person(email: str) -> Person:
    found = person_by_email(email.strip())
    if found is None:
        message = _("Nobody who works here has this address. Ask an administrator to invite them first.")
        raise Invalid(message, {"email": message})
    return found


def _member(letter: Letter, number: int | None) -> TeamMember:
    for member in letter.team:
        if member.id == number:
            return member
    raise NotFound(_("This role is ended already. Go back to the team and load the page again."))
