"""Sign-ons in a hostile world: those kept aside, where they come from, and invalidating many by a condition."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from coalition.access.permissions import Permission as P
from coalition.db import unit_of_work
from coalition.errors import Invalid, NotFound, Stale
from coalition.i18n import gettext as _
from coalition.i18n import ngettext
from coalition.letters.models import Letter
from coalition.safety import invalidating, queries, sifting
from coalition.safety.conditions import Conditions
from coalition.safety.invalidating import Count
from coalition.safety.models import KeptAside
from coalition.web.coordinator.dossier import parts_of
from coalition.web.coordinator.frame import letter_page
from coalition.web.coordinator.sign_on_forms import ConditionsForm, InvalidateForm, SiftForm
from coalition.web.filters import format_datetime
from coalition.web.forms import show_problems
from coalition.web.guards import needs_for_letter
from coalition.web.proving import signed_in_lately, to_prove_again
from coalition.web.session import current_actor

blueprint = Blueprint("sign_ons", __name__, url_prefix="/letters/<slug>/sign-ons")

#: So much of a hash tells networks apart on a page.
_SHOWN = 6
#: A list shows no more lines; the number says how many there are.
_LINES = 50


@blueprint.get("")
@needs_for_letter(P.SIGN_ONS_SIFT)
def overview(letter: Letter) -> Any:
    """What is kept aside, where sign-ons come from, what was invalidated."""
    trends = queries.trends_of(letter)
    return letter_page(
        "sign_ons", letter, SiftForm(formdata=None), trends=trends, networks=dict(_networks(letter)),
        kept=[_row(kept) for kept in queries.kept_aside(letter)],
        discarded=[_row(kept) for kept in queries.kept_aside(letter, sifting.DISCARDED)],
        invalidations=[{"made": made, "conditions": Conditions.from_json(made.conditions),
                        "can_be_undone": invalidating.can_be_undone(made)}
                       for made in queries.invalidations_of(letter)])


@blueprint.post("/release")
@needs_for_letter(P.SIGN_ONS_SIFT)
def release(letter: Letter) -> Any:
    """Mail the ticked ones their confirmation after all."""
    return _sift(letter, sifting.KEPT, sifting.release, lambda number: ngettext(
        "%(num)s sign-on is released: its sender is asked by mail to confirm it.",
        "%(num)s sign-ons are released: their senders are asked by mail to confirm them.", number))


@blueprint.post("/discard")
@needs_for_letter(P.SIGN_ONS_SIFT)
def discard(letter: Letter) -> Any:
    """Leave the ticked ones without an answer."""
    return _sift(letter, sifting.KEPT, sifting.discard, lambda number: ngettext(
        "%(num)s sign-on is discarded. Nobody is told.", "%(num)s sign-ons are discarded. Nobody is told.", number))


@blueprint.post("/take-back")
@needs_for_letter(P.SIGN_ONS_SIFT)
def take_back(letter: Letter) -> Any:
    """Put the ticked ones back that were discarded."""
    return _sift(letter, sifting.DISCARDED, sifting.take_back, lambda number: ngettext(
        "%(num)s sign-on is kept aside again.", "%(num)s sign-ons are kept aside again.", number))


@blueprint.get("/invalidation")
@needs_for_letter(P.SIGN_ONS_SIFT)
def invalidation(letter: Letter) -> Any:
    """The conditions, and who meets them. It changes nothing."""
    form = ConditionsForm(request.args).offer(_networks(letter))
    if not request.args:
        return letter_page("invalidation", letter, form, counted=None, zone=letter.deadline_zone)
    counted = _counted(letter, form)
    if counted is None:
        html, _status = letter_page("invalidation", letter, form, counted=None, zone=letter.deadline_zone)
        return html, 422
    sending = InvalidateForm(formdata=None, counted=len(counted.found), **form.data).offer(_networks(letter))
    return _counted_page(letter, form, sending, counted)


@blueprint.post("/invalidate")
@needs_for_letter(P.SIGN_ONS_SIFT)
def invalidate(letter: Letter) -> Any:
    """Decline those who were counted."""
    form = InvalidateForm().offer(_networks(letter))
    if not signed_in_lately():
        flash(_("Declining many at once asks for it: confirm that it is you, then count them once more."), "info")
        return to_prove_again(url_for(".invalidation", slug=letter.slug))
    counted = _counted(letter, form)
    if counted is None or form.errors:
        return _counted_page(letter, form, form, counted or Count((), ()))
    try:
        with unit_of_work():
            made = invalidating.invalidate(
                current_actor(), letter, form.conditions(letter.deadline_zone) or Conditions(),
                counted=form.counted.data or 0, reason=form.reason.data or "")
            number, until = made.number, made.until
    except (Invalid, Stale) as refusal:
        form.reason.errors = [refusal.message]
        counted = _counted(letter, form) or Count((), ())
        form.reason.errors = [refusal.message]
        form.counted.data, form.counted.raw_data = len(counted.found), None
        return _counted_page(letter, form, form, counted)
    flash(ngettext("%(num)s signature is declined. It can be undone until %(moment)s; until then no mail is sent.",
                   "%(num)s signatures are declined. It can be undone until %(moment)s; until then no mail is sent.",
                   number, moment=format_datetime(until, letter.deadline_zone)), "success")
    return redirect(url_for(".overview", slug=letter.slug), 303)


@blueprint.post("/invalidations/<public_id>/undo")
@needs_for_letter(P.SIGN_ONS_SIFT)
def undo(letter: Letter, public_id: str) -> Any:
    """Put everything back that one invalidation declined."""
    found = queries.invalidation(letter, public_id)
    if found is None:
        raise NotFound(_("There was no such invalidation."))
    with unit_of_work():
        back = invalidating.undo(current_actor(), letter, found)
    flash(ngettext("%(num)s signature stands again as before. No mail was sent.",
                   "%(num)s signatures stand again as before. No mails were sent.", back), "success")
    return redirect(url_for(".overview", slug=letter.slug), 303)


def _sift(letter: Letter, state: str, work: Callable[..., None], told: Callable[[int], str]) -> Any:
    form = SiftForm()
    with unit_of_work():
        rows = queries.among_kept(letter, form.chosen.data or [], state)
        for kept in rows:
            work(current_actor(), kept)
        number = len(rows)
    flash(told(number) if number else _("Nothing was ticked, so nothing was done."), "success" if number else "info")
    return redirect(url_for(".overview", slug=letter.slug), 303)


def _counted(letter: Letter, form: ConditionsForm) -> Count | None:
    """Who meets the conditions; None, with the problems at the fields, when they cannot be used."""
    well_formed = form.validate()
    conditions = form.conditions(letter.deadline_zone)
    if conditions is None or (not well_formed and set(form.errors) - {"reason"}):
        return None
    try:
        return invalidating.count(current_actor(), letter, conditions)
    except Invalid as invalid:
        show_problems(form, invalid)
        return None


def _counted_page(letter: Letter, form: ConditionsForm, sending: InvalidateForm, counted: Count) -> Any:
    html, _status = letter_page(
        "invalidation", letter, form, sending=sending, counted=counted, zone=letter.deadline_zone,
        lines=[_line(row) for row in counted.found[:_LINES]], left=[_line(row) for row in counted.left[:_LINES]])
    return html, 422 if form.errors else 200


def _networks(letter: Letter) -> list[tuple[str, str]]:
    return [(source.name, ngettext("%(name)s: %(num)s sign-on", "%(name)s: %(num)s sign-ons", source.week,
                                   name=source.name[:_SHOWN]))
            for source in queries.trends_of(letter).networks]


def _row(kept: KeptAside) -> dict[str, Any]:
    words = {sifting.NETWORK: _("many from one network"), sifting.DOMAIN: _("many from one mail domain")}
    return {**_line(kept.endorsement), "kept_at": kept.kept_at, "reference": kept.endorsement.reference,
            "address": kept.endorsement.signer.email if kept.endorsement.signer else "",
            "reasons": [words[reason] for reason in kept.reasons.split(",") if reason in words]}


def _line(endorsement: Any) -> dict[str, Any]:
    return {"public_id": endorsement.public_id, "parts": parts_of(endorsement), "state": endorsement.state}
