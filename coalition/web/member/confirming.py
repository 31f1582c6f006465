"""Confirming the address by the mailed link. Opening the page changes nothing: mail scanners open links too."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for

from coalition.accounts.links import Purpose
from coalition.accounts.models import Link
from coalition.db import unit_of_work
from coalition.endorsements import operations
from coalition.endorsements.entries import as_entry
from coalition.endorsements.models import Endorsement
from coalition.i18n import gettext as _
from coalition.letters.reading import reading_of
from coalition.safety import sifting
from coalition.web.guards import holds_link
from coalition.web.lists import parts_of

blueprint = Blueprint("confirming", __name__, url_prefix="/confirm/<secret>")


@blueprint.get("")
@holds_link(Purpose.CONFIRM)
def page(endorsement: Endorsement, secret: str, **_about: Any) -> str:
    """What is confirmed, and the button."""
    reading = reading_of(endorsement.letter, endorsement.signed_version, endorsement.language)
    return render_template("member/confirm.html", endorsement=endorsement, secret=secret, version=reading,
                           parts=parts_of(as_entry(endorsement), reading.language))


@blueprint.post("/refuse")
@holds_link(Purpose.CONFIRM)
def refuse(link: Link, **_about: Any) -> Any:
    """Not they: the sign-on ends, and no form mails anything to the address any more."""
    with unit_of_work():
        sifting.refuse(link)
    return render_template("member/refused.html")


@blueprint.post("")
@holds_link(Purpose.CONFIRM, only_link=True)
def confirm(link: Link, **_about: Any) -> Any:
    """Confirm; the way leads on to the signer's own page."""
    with unit_of_work():
        _endorsement, manage = operations.confirm(link)
    flash(_("Thank you: your e-mail address is confirmed."), "success")
    return redirect(url_for("member.status.page", secret=manage), 303)
