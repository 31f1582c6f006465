"""A letter in pictures: numbers, approvals against the deadline, how far signatures come, countries, activity."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, url_for

from coalition import clock
from coalition.access.permissions import Permission as P
from coalition.accounts.queries import names_of_people
from coalition.audit import queries as audit_queries
from coalition.endorsements import figures
from coalition.endorsements import queries as endorsement_queries
from coalition.i18n import gettext as _
from coalition.invitations import queries as invitation_queries
from coalition.letters import operations as letters
from coalition.letters import workflow
from coalition.letters.glance import glances_at
from coalition.letters.models import Letter
from coalition.review import pace
from coalition.web.coordinator import sentences
from coalition.web.coordinator.chart import Span, variants
from coalition.web.coordinator.frame import carried_out, letter_page
from coalition.web.coordinator.letter_forms import GoalForm
from coalition.web.coordinator.tasks import five_numbers
from coalition.web.filters import country_name
from coalition.web.guards import needs_for_letter
from coalition.web.kept import A_WHILE, kept
from coalition.web.lists import counts_of
from coalition.web.session import current_actor

blueprint = Blueprint("dashboard", __name__)

#: More bars than these are no picture any more.
_MOST_COUNTRIES = 12
_MOST_TO_PHONE = 5


@blueprint.get("/letters/<slug>/dashboard")
@needs_for_letter(P.ENDORSEMENT_SEE)
def dashboard(letter: Letter) -> Any:
    """The letter in pictures, each also as a table."""
    return _dashboard(letter, GoalForm(formdata=None, goal=letter.goal))


@blueprint.post("/letters/<slug>/goal")
@needs_for_letter(P.LETTER_EDIT)
def set_goal(letter: Letter) -> Any:
    """Say how many approved signatures are hoped for."""
    form = GoalForm()
    if carried_out(form, lambda: letters.set_goal(current_actor(), letter, form.goal.data)):
        flash(_("The goal is set.") if form.goal.data else _("There is no goal any more."), "success")
        return redirect(url_for(".dashboard", slug=letter.slug), 303)
    return _dashboard(letter, form)


def _dashboard(letter: Letter, form: GoalForm) -> Any:
    drawn, invited, states = _drawn(letter), invitation_queries.counts_of(letter), endorsement_queries.counts_of(letter)
    numbers = five_numbers(letter, counts_of([letter])[letter.slug], states)
    return letter_page(
        "dashboard", letter, form, states=states, numbers=numbers,
        steps=_steps(letter, invited), countries=_countries(drawn.countries), invited=invited,
        to_phone=invitation_queries.page_of(letter, shown="to_phone", size=_MOST_TO_PHONE).rows
        if invited["to_phone"] else [],
        events=sentences.as_timeline(audit_queries.recent_of_letter(letter.id, limit=12), names_of_people()),
        **_approvals(letter, drawn.days))


@dataclass(frozen=True, slots=True)
class _Drawn:
    """What the pictures are drawn from; read anew when an act has changed it, not at each look."""

    days: tuple[pace.Day, ...]
    countries: list[tuple[str, int]]


def _drawn(letter: Letter) -> _Drawn:
    found: _Drawn = kept(glances_at([letter])[letter.id], f"pictures {letter.deadline_zone}", lambda: _Drawn(
        pace.by_day(figures.times_of_approval(letter), letter.deadline_zone), figures.countries_of(letter)),
        lasting=A_WHILE)
    return found


def _approvals(letter: Letter, days: tuple[pace.Day, ...]) -> dict[str, Any]:
    now, total = clock.now(), days[-1].total if days else 0
    is_open = letter.state == workflow.OPEN
    end = letter.deadline_at if is_open and letter.deadline_at else letter.closed_at or now
    first = min([_local(letter, letter.created_at), *(day.on for day in days)])
    # What is decided after the letter was closed still belongs into the picture.
    today = max([_local(letter, now if is_open else end), *(day.on for day in days)])
    last = max(_local(letter, end), today)
    return {
        "days": days, "total": total, "first_day": first, "last_day": last, "is_open": is_open,
        "charts": variants(days, Span(first, last, today, total, letter.goal)),
        "needed": pace.needed_a_day(total, letter.goal, now, letter.deadline_at if is_open else None),
    }


def _local(letter: Letter, moment: datetime) -> Any:
    return moment.astimezone(ZoneInfo(letter.deadline_zone)).date()


def _steps(letter: Letter, invited: dict[str, int]) -> list[dict[str, Any]]:
    """The funnel; each bar leads to those it counts."""
    found = figures.steps_of(letter)
    rows = [(_("Started"), found.started, "all"), (_("Confirmed by their signers"), found.confirmed, "confirmed"),
            (_("Approved by a coordinator"), found.approved, "approved")]
    steps = [{"label": label, "value": value, "url": url_for("coordinator.queue.queue", slug=letter.slug, shown=shown)}
             for label, value, shown in rows]
    if invited["all"]:
        steps.insert(0, {"label": _("Invited"), "value": invited["all"], "url": url_for(
            "coordinator.invitations.overview", slug=letter.slug, shown="all")})
    return steps


def _countries(rows: list[tuple[str, int]]) -> list[dict[str, Any]]:
    named = [(code, number) for code, number in rows if code]
    bars = [{"label": country_name(code), "value": number} for code, number in named[:_MOST_COUNTRIES]]
    rest, without = sum(number for _code, number in named[_MOST_COUNTRIES:]), sum(
        number for code, number in rows if not code)
    if rest:
        bars.append({"label": _("Other countries"), "value": rest})
    if without:
        bars.append({"label": _("No country given"), "value": without})
    return bars
