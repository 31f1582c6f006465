"""The help pages: one for each kind of reader."""

from __future__ import annotations

from flask import Blueprint, render_template

from coalition.errors import NotFound
from coalition.i18n import gettext as _
from coalition.web.guards import public

blueprint = Blueprint("helping", __name__, url_prefix="/help")

TOPICS = ("signers", "coordinators", "secretariat", "administrators", "verifying")


@blueprint.get("")
@public
def page() -> str:
    """Which help there is."""
    return render_template("help/index.html")


@blueprint.get("/<topic>")
@public
def topic(topic: str) -> str:
    """Help for one kind of reader."""
    if topic not in TOPICS:
        raise NotFound(_("There is no such help page."))
    return render_template(f"help/{topic}.html")
