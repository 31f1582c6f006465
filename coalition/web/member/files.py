"""Files a signer sends to the coordinators, such as a letter of authority. They are taken, and never shown here."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from coalition.access.actor import Actor
from coalition.accounts.links import Purpose
from coalition.db import unit_of_work
from coalition.endorsements import evidence, standing
from coalition.endorsements.models import Endorsement
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.web.forms import show_problems
from coalition.web.guards import holds_link
from coalition.web.member.forms import FileForm
from coalition.web.security import limiter

blueprint = Blueprint("files", __name__, url_prefix="/<secret>/files")


@blueprint.route("", methods=["GET", "POST"])
@holds_link(Purpose.MANAGE)
@limiter.limit("20 per hour", methods=["POST"])
def files(endorsement: Endorsement, actor: Actor, secret: str, **_about: Any) -> Any:
    """What was sent so far, and sending one more."""
    form = FileForm()
    standing.require("send_file", endorsement)
    if request.method == "POST" and form.validate():
        try:
            with unit_of_work():
                evidence.add(actor, endorsement, form.content(), kind=evidence.AUTHORITY)
        except Invalid as invalid:
            show_problems(form, invalid)
        else:
            flash(_("The file has arrived. Only the coordinators of this letter can read it."), "success")
            return redirect(url_for(".files", secret=secret), 303)
    page = render_template(
        "member/files.html", endorsement=endorsement, letter=endorsement.letter, secret=secret, form=form,
        actor=actor, files=evidence.files_of(endorsement), can=standing.what_can_be_done(actor, endorsement))
    return page, 422 if form.errors else 200


@blueprint.post("/<file_id>/remove")
@holds_link(Purpose.MANAGE)
def remove(endorsement: Endorsement, actor: Actor, secret: str, file_id: str, **_about: Any) -> Any:
    """Take a file back."""
    file = evidence.by_public_id(endorsement, file_id)
    with unit_of_work():
        evidence.remove(actor, endorsement, file)
    flash(_("The file is removed."), "success")
    return redirect(url_for(".files", secret=secret), 303)
