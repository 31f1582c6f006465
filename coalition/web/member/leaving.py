"""Withdrawing a signature, and taking it up again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for

from coalition.access.actor import Actor
from coalition.accounts.links import Purpose
from coalition.db import unit_of_work
from coalition.documents import queries as document_queries
from coalition.endorsements import operations, standing
from coalition.endorsements.entries import as_entry
from coalition.endorsements.models import Endorsement
from coalition.i18n import gettext as _
from coalition.web.guards import holds_link
from coalition.web.languages import keeps_answers, only_switches
from coalition.web.lists import parts_of
from coalition.web.member.forms import ReasonForm

blueprint = Blueprint("leaving", __name__, url_prefix="/<secret>")


@blueprint.route("/withdraw", methods=["GET", "POST"])
@holds_link(Purpose.MANAGE)
def withdraw(endorsement: Endorsement, actor: Actor, secret: str, **_about: Any) -> Any:
    """Say what withdrawing means, then do it."""
    if request.method == "POST":
        with unit_of_work():
            operations.withdraw(actor, endorsement)
        flash(_("Your signature is withdrawn. It no longer counts, from now on."), "success")
        return redirect(url_for("member.status.page", secret=secret), 303)
    standing.require("withdraw", endorsement)
    return render_template(
        "member/withdraw.html", endorsement=endorsement, letter=endorsement.letter, secret=secret,
        parts=parts_of(as_entry(endorsement), endorsement.language),
        editions=document_queries.editions_with(endorsement.letter, endorsement.public_id))


@blueprint.route("/take-up-again", methods=["GET", "POST"])
@holds_link(Purpose.MANAGE)
@keeps_answers
def take_up_again(endorsement: Endorsement, actor: Actor, secret: str, **_about: Any) -> Any:
    """Sign again after withdrawing."""
    form = ReasonForm()
    if request.method == "POST" and not only_switches() and form.validate():
        with unit_of_work():
            operations.take_up_again(actor, endorsement, reason=form.reason.data)
        flash(_("Your signature is taken up again and waits for review."), "success")
        return redirect(url_for("member.status.page", secret=secret), 303)
    if not form.errors:
        standing.require("take_up_again", endorsement)
    page = render_template("member/take_up_again.html", endorsement=endorsement, letter=endorsement.letter,
                           secret=secret, form=form, parts=parts_of(as_entry(endorsement), endorsement.language))
    return page, 422 if form.errors else 200
