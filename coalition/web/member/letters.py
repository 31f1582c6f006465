"""The letters of one organisation, as its representative sees them: where each stands, and what comes next."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from coalition.accounts.links import Purpose
from coalition.db import unit_of_work
from coalition.endorsements import operations, standing
from coalition.endorsements import queries as endorsement_queries
from coalition.endorsements.entries import as_entry
from coalition.endorsements.models import Endorsement
from coalition.i18n import gettext as _
from coalition.letters.reading import reading_of
from coalition.web.guards import holds_link
from coalition.web.lists import parts_of
from coalition.web.member.forms import PressForm

blueprint = Blueprint("letters", __name__, url_prefix="/<secret>/letters")


@blueprint.get("")
@holds_link(Purpose.MANAGE)
def page(endorsement: Endorsement, secret: str, **_about: Any) -> str:
    """What this address has signed, and what is public of the organisation's other signatures."""
    own = endorsement_queries.of_address(_address(endorsement)) or [endorsement]
    known = {row.id for row in own}
    others = [row for row in endorsement_queries.public_of_organisation(endorsement) if row.id not in known]
    return render_template("member/letters.html", endorsement=endorsement, secret=secret, press=PressForm(),
                           own=[_row(row) for row in own], others=[_row(row) for row in others])


@blueprint.post("/mail")
@holds_link(Purpose.MANAGE)
def mail(endorsement: Endorsement, secret: str, **_about: Any) -> Any:
    """Mail the way to each of them: this page's own address opens no other signature."""
    with unit_of_work():
        operations.send_links_again(_address(endorsement))
    flash(_("The links are on their way to your address."), "success")
    return redirect(url_for(".page", secret=secret), 303)


def _address(endorsement: Endorsement) -> str:
    return endorsement.signer.email if endorsement.signer is not None else ""


def _row(endorsement: Endorsement) -> dict[str, Any]:
    reading = reading_of(endorsement.letter, endorsement.signed_version, endorsement.language)
    return {"endorsement": endorsement, "letter": endorsement.letter, "reading": reading,
            "parts": parts_of(as_entry(endorsement), endorsement.language), "next": _next_step(endorsement)}


def _next_step(endorsement: Endorsement) -> str:
    """What is to be done about it, by whom."""
    letter, state = endorsement.letter, endorsement.state
    if letter.state == "cancelled":
        return _("Nothing: the letter was cancelled.")
    if state == "approved" and not standing.counts_now(endorsement):
        return _("Confirm it for the new text: until then it does not count.")
    if endorsement.has_amendment:
        return _("A coordinator decides on your change; the approved line stands.")
    steps = {
        "unconfirmed": _("Confirm your address by the link in the mail.") if letter.state == "open"
        else _("Nothing: it was not confirmed in time."),
        "submitted": _("A coordinator looks at it; you are told by mail."),
        "returned": _("Change the entry: a coordinator asked for it."),
        "approved": _("Nothing: it counts."), "declined": _("Nothing: it does not count."),
        "withdrawn": _("Nothing: it is withdrawn."),
    }
    return steps[state]
