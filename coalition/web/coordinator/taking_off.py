"""Taking a signatory off at once, for them; the reason may follow."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from coalition.access.permissions import Permission as P
from coalition.endorsements import taking_off as endorsements
from coalition.i18n import gettext as _
from coalition.letters.models import Letter
from coalition.safety import taking_off
from coalition.web.coordinator.endorsements import act_on
from coalition.web.coordinator.review_forms import ExplainForm, TakeOffForm
from coalition.web.guards import needs_for_letter
from coalition.web.session import current_actor

blueprint = Blueprint("taking_off", __name__, url_prefix="/letters/<slug>/endorsements/<public_id>")


@blueprint.post("/take-off")
@needs_for_letter(P.ENDORSEMENT_TAKE_OFF)
def take_off(letter: Letter, public_id: str) -> Any:
    """Take it off, in every state of the letter and of the signature."""
    form = TakeOffForm()
    return act_on(letter, public_id, form, lambda found: taking_off.take_off(
        current_actor(), found, tell=not form.quietly.data),
        told=_("It is taken off: no page and no public file names it from now on."))


@blueprint.post("/take-off/explain")
@needs_for_letter(P.ENDORSEMENT_TAKE_OFF)
def explain(letter: Letter, public_id: str) -> Any:
    """Say why, afterwards."""
    form = ExplainForm()
    return act_on(letter, public_id, form, lambda found: endorsements.explain(
        current_actor(), found, form.reason.data or ""), told=_("The reason is kept."))
