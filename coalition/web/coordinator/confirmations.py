"""Who has not confirmed a text that was changed in substance: the list, and reminding all of them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for

from coalition.access.permissions import Permission as P
from coalition.endorsements import reminding
from coalition.i18n import gettext as _
from coalition.i18n import ngettext
from coalition.letters.models import Letter
from coalition.web.coordinator.dossier import parts_of
from coalition.web.coordinator.frame import carried_out, letter_page
from coalition.web.coordinator.letter_forms import ConfirmForm
from coalition.web.guards import needs_for_letter
from coalition.web.session import current_actor

blueprint = Blueprint("confirmations", __name__, url_prefix="/letters/<slug>/confirmations")


@blueprint.get("")
@needs_for_letter(P.ENDORSEMENT_SEE)
def overview(letter: Letter) -> Any:
    """Those whose signature was given for an earlier text and does not count now."""
    rows = [{"endorsement": row, "parts": parts_of(row), "times": reminding.times_reminded(row)}
            for row in reminding.not_confirmed(letter)]
    waiting = sum(reminding.may_be_reminded(row["endorsement"]) for row in rows)
    return letter_page("confirmations", letter, ConfirmForm(formdata=None), rows=rows, waiting=waiting,
                       next_by_clock=reminding.next_by_clock(letter))


@blueprint.post("/remind")
@needs_for_letter(P.LETTER_RUN)
def remind(letter: Letter) -> Any:
    """Write to all of them who were not written to lately."""
    told: list[int] = []
    if carried_out(ConfirmForm(), lambda: told.append(reminding.remind(current_actor(), letter))):
        number = told[0]
        flash(ngettext("%(num)s signer is reminded by e-mail.", "%(num)s signers are reminded by e-mail.", number)
              if number else _("Nobody is to be reminded now: everybody got a mail within a day, or three already."),
              "success" if number else "info")
    return redirect(url_for(".overview", slug=letter.slug), 303)
