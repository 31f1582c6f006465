"""Naming who may bind the organisation, in the signer's place, and having them asked again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from coalition.access.actor import Actor
from coalition.accounts.links import Purpose
from coalition.db import unit_of_work
from coalition.endorsements import authority, standing
from coalition.endorsements.models import Endorsement
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.web.forms import show_problems
from coalition.web.guards import holds_link
from coalition.web.languages import keeps_answers, only_switches
from coalition.web.member.forms import SecondPersonForm

blueprint = Blueprint("naming", __name__, url_prefix="/<secret>/authority")


@blueprint.route("", methods=["GET", "POST"])
@holds_link(Purpose.MANAGE)
@keeps_answers
def name(endorsement: Endorsement, actor: Actor, secret: str, **_about: Any) -> Any:
    """Name the person who may sign for the organisation; they are asked at once."""
    form = SecondPersonForm()
    if request.method == "POST" and not only_switches() and form.validate():
        try:
            with unit_of_work():
                authority.name_another(actor, endorsement, form.person())
        except Invalid as invalid:
            show_problems(form, invalid)
        else:
            flash(_("We have written to the person you named. You are told what they answer."), "success")
            return redirect(url_for("member.status.page", secret=secret), 303)
    if not form.errors:
        standing.require("name_authority", endorsement)
    page = render_template("member/naming.html", endorsement=endorsement, letter=endorsement.letter, secret=secret,
                           form=form)
    return page, 422 if form.errors else 200


@blueprint.post("/ask-again")
@holds_link(Purpose.MANAGE)
def ask_again(endorsement: Endorsement, actor: Actor, secret: str, **_about: Any) -> Any:
    """Mail the person another link."""
    with unit_of_work():
        authority.ask_again(actor, endorsement)
    flash(_("We have written to them again. The link in the mail before no longer works."), "success")
    return redirect(url_for("member.status.page", secret=secret), 303)
