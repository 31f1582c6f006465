"""Taking oneself off at once, by one button, and what was done then. The reason may follow, or not."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from coalition.access.actor import Actor
from coalition.accounts.links import Purpose
from coalition.accounts.models import Link
from coalition.db import unit_of_work
from coalition.documents import queries as document_queries
from coalition.documents import replacing
from coalition.endorsements import operations, standing
from coalition.endorsements import taking_off as endorsements
from coalition.endorsements.models import Endorsement
from coalition.errors import Stale
from coalition.i18n import gettext as _
from coalition.safety import taking_off
from coalition.web.guards import holds_link
from coalition.web.member.forms import WhyOffForm
from coalition.web.security import csrf

blueprint = Blueprint("taking_off", __name__, url_prefix="/<secret>")

#: Whoever decides about the entry in the same second is to be no hindrance.
_TRIES = 5


@csrf.exempt
@blueprint.post("/take-off")
@holds_link(Purpose.MANAGE)
def take_off(link: Link, endorsement: Endorsement, actor: Actor, secret: str, **_about: Any) -> Any:
    """Take the signatory off. The link's secret is what lets one in, so the button works in any browser at once."""
    number, way_back = endorsement.id, link.id
    for attempt in range(_TRIES):
        try:
            with unit_of_work():
                taking_off.take_off(actor, operations.get(number), way_back=way_back)
            break
        except Stale:
            if attempt == _TRIES - 1:
                raise
    return redirect(url_for(".done", secret=secret), 303)


@blueprint.get("/taken-off")
@holds_link(Purpose.MANAGE)
def done(endorsement: Endorsement, actor: Actor, secret: str, **_about: Any) -> str:
    """What was done and what cannot be undone; or, before, the button."""
    return _page(endorsement, actor, secret, WhyOffForm(formdata=None))


@blueprint.post("/taken-off/explain")
@holds_link(Purpose.MANAGE)
def explain(endorsement: Endorsement, actor: Actor, secret: str, **_about: Any) -> Any:
    """Tell the coordinators why."""
    form = WhyOffForm()
    if not form.validate():
        return _page(endorsement, actor, secret, form), 422
    with unit_of_work():
        endorsements.explain(actor, endorsement, form.reason.data or "")
    flash(_("Thank you. Only the coordinators of this letter can read it."), "success")
    return redirect(url_for(".done", secret=secret), 303)


def _page(endorsement: Endorsement, actor: Actor, secret: str, form: WhyOffForm) -> str:
    letter = endorsement.letter
    return render_template(
        "member/taken_off.html", endorsement=endorsement, letter=letter, secret=secret, form=form,
        can=standing.what_can_be_done(actor, endorsement),
        editions=document_queries.editions_with(letter, endorsement.public_id),
        replacement=replacing.standing_of_replacement(letter))
