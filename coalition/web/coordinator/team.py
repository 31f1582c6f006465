"""The letter's team: who works on it, as what."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, url_for

from coalition.access.actor import Role
from coalition.access.permissions import Permission as P
from coalition.accounts.models import Person
from coalition.accounts.queries import person_by_email
from coalition.db import unit_of_work
from coalition.errors import Invalid, NotFound
from coalition.i18n import gettext as _
from coalition.letters import deputies
from coalition.letters import operations as letters
from coalition.letters.models import Letter, TeamMember
from coalition.web.coordinator.frame import carried_out, letter_page
from coalition.web.coordinator.letter_forms import DeputyForm, EndRoleForm, MemberForm
from coalition.web.guards import needs_for_letter
from coalition.web.once import once
from coalition.web.session import current_actor

blueprint = Blueprint("team", __name__)
#: The calendar of the machine ends soon after.
_LAST_DAY = date(9999, 12, 29)


@blueprint.route("/letters/<slug>/team", methods=["GET", "POST"])
@needs_for_letter(P.TEAM_CHOOSE)
def team(letter: Letter) -> Any:
    """Who is on the team; add somebody of the staff by their address."""
    form = MemberForm()
    if carried_out(form, lambda: letters.add_to_team(
            current_actor(), letter, _person(form.email.data or ""), Role(form.role.data))):
        flash(_("The team has a new member."), "success")
        return redirect(url_for(".team", slug=letter.slug), 303)
    return _page(letter, form)


@blueprint.post("/letters/<slug>/team/end")
@needs_for_letter(P.TEAM_CHOOSE)
def end(letter: Letter) -> Any:
    """End somebody's role."""
    member = _member(letter, EndRoleForm().member.data)
    with unit_of_work():
        letters.remove_from_team(current_actor(), letter, member.person, Role(member.role))
    flash(_("The role is ended."), "success")
    # Who ended their own role has no way to the letter any more.
    own = member.person_id == current_actor().person_id
    return redirect(url_for("coordinator.home.my_letters") if own else url_for(".team", slug=letter.slug), 303)


@blueprint.post("/letters/<slug>/team/deputies")
@needs_for_letter(P.TEAM_CHOOSE)
@once
def name_deputy(letter: Letter) -> Any:
    """Name somebody to stand in for a coordinator who is away."""
    form = _deputy_form(letter)
    if carried_out(form, lambda: deputies.name_deputy(
            current_actor(), letter, person=_coordinator(letter, form.person.data),
            deputy=_person(form.email.data or ""), starts_at=_midnight(letter, form.first_day.data),
            ends_at=_midnight(letter, form.last_day.data, after=True))):
        flash(_("It is arranged. Who stands in is told by e-mail."), "success")
        return redirect(url_for(".team", slug=letter.slug), 303)
    return _page(letter, form)


@blueprint.post("/letters/<slug>/team/deputies/end")
@needs_for_letter(P.TEAM_CHOOSE)
def end_deputy(letter: Letter) -> Any:
    """End it before its time."""
    with unit_of_work():
        deputies.end_deputy(current_actor(), letter, EndRoleForm().member.data or 0)
    flash(_("Nobody stands in any more from now on."), "success")
    return redirect(url_for(".team", slug=letter.slug), 303)


def _page(letter: Letter, form: MemberForm | DeputyForm) -> Any:
    is_deputy = isinstance(form, DeputyForm)
    return letter_page("team", letter, form, deputies=deputies.deputies_of(letter),
                       member_form=MemberForm(formdata=None) if is_deputy else form,
                       deputy_form=form if is_deputy else _deputy_form(letter, formdata=None))


def _deputy_form(letter: Letter, **options: Any) -> DeputyForm:
    coordinators = {member.person_id: member.person.name for member in letter.team
                    if member.role == Role.COORDINATOR}
    return DeputyForm(coordinators, person=current_actor().person_id, **options)


def _coordinator(letter: Letter, number: int | None) -> Person:
    for member in letter.team:
        if member.person_id == number and member.role == Role.COORDINATOR:
            return member.person
    message = _("Choose a coordinator of this letter.")
    raise Invalid(message, {"person": message})


def _midnight(letter: Letter, day: date, *, after: bool = False) -> datetime:
    """When a day begins, or ends, on the clocks of the letter; where they skip midnight, an hour later."""
    local = min(day, _LAST_DAY) + timedelta(days=1 if after else 0)
    return datetime.combine(local, time(), ZoneInfo(letter.deadline_zone)).astimezone(UTC)


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
