"""Confirming a signature for a text that was changed after it was signed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from coalition.access.actor import Actor
from coalition.accounts.links import Purpose
from coalition.db import unit_of_work
from coalition.endorsements import operations, standing
from coalition.endorsements.models import Endorsement
from coalition.i18n import gettext as _
from coalition.letters import queries as letter_queries
from coalition.letters.difference import side_by_side
from coalition.letters.reading import reading_of
from coalition.web.guards import holds_link

blueprint = Blueprint("newtext", __name__, url_prefix="/<secret>")


@blueprint.route("/reconfirm", methods=["GET", "POST"])
@holds_link(Purpose.MANAGE)
def reconfirm(endorsement: Endorsement, actor: Actor, secret: str, **_about: Any) -> Any:
    """Show what changed, then let the signature hold for the new text too."""
    if request.method == "POST":
        with unit_of_work():
            operations.reconfirm(actor, endorsement, seen=_number(request.form.get("version", "")))
        flash(_("Your signature now holds for the new text."), "success")
        return redirect(url_for("member.status.page", secret=secret), 303)
    standing.require("reconfirm", endorsement)
    signed = endorsement.signed_version
    later = letter_queries.versions_after(endorsement.letter, signed)
    newest = later[-1] if later else signed
    old, new = (reading_of(endorsement.letter, version, endorsement.language) for version in (signed, newest))
    return render_template(
        "member/reconfirm.html", endorsement=endorsement, letter=endorsement.letter, secret=secret, signed=old,
        newest=new, later=later, counts_now=standing.counts_now(endorsement),
        rows=side_by_side(old.source, new.source))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
