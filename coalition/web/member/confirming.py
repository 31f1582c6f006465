"""Confirming the address by the mailed link. Opening the page changes nothing: mail scanners open links too."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import escape

from coalition.accounts.links import Purpose
from coalition.accounts.models import Link
from coalition.db import unit_of_work
from coalition.endorsements import operations
from coalition.endorsements.entries import as_entry
from coalition.endorsements.models import Endorsement
from coalition.i18n import gettext as _
from coalition.letters.glance import glance_of
from coalition.letters.reading import Reading, reading_of
from coalition.safety import sifting
from coalition.web.guards import holds_link
from coalition.web.kept import filled, kept
from coalition.web.lists import line_markup

blueprint = Blueprint("confirming", __name__, url_prefix="/confirm/<secret>")


@blueprint.get("")
@holds_link(Purpose.CONFIRM, only_reads=True)
def page(endorsement: Endorsement, secret: str, **_about: Any) -> str:
    """What is confirmed, and the button. It is the same for all who signed this text, but for line, link and token."""
    glance = glance_of(endorsement.letter)
    signed, visibility = f"{endorsement.signed_version.number} in {endorsement.language}", endorsement.visibility
    reading: Reading = kept(glance, f"text {signed}", lambda: _read(endorsement.id))

    def draw(**own: Any) -> str:
        return render_template("member/confirm.html", version=reading, visibility=visibility, **own)

    return filled(glance, f"to confirm {signed}, {visibility}", draw, secret=escape(secret), token=generate_csrf(),
                  line=line_markup(as_entry(endorsement), reading.language))


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
        manage = operations.confirm(link)
    flash(_("Thank you: your e-mail address is confirmed."), "success")
    return redirect(url_for("member.status.page", secret=manage), 303)


def _read(number: int) -> Reading:
    """The text as it was signed."""
    endorsement = operations.get(number)
    return reading_of(endorsement.letter, endorsement.signed_version, endorsement.language)
