"""One's own passkeys: adding and removing them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug import Response

from coalition.accounts import passkeys, second_factor
from coalition.config import public_host
from coalition.db import unit_of_work
from coalition.errors import CoalitionError, Invalid
from coalition.i18n import gettext as _
from coalition.web.account.forms import NewPasskeyForm
from coalition.web.forms import show_problems
from coalition.web.guards import signed_in_afresh
from coalition.web.proving import ask_passkey, question_asked
from coalition.web.session import current_actor

blueprint = Blueprint("passkeys", __name__)


@blueprint.route("/account/second-factor/passkeys/add", methods=["GET", "POST"])
@signed_in_afresh
def add() -> str | Response | tuple[str, int]:
    form = NewPasskeyForm()
    if form.is_submitted():
        challenge, _asked_at = question_asked()
        try:
            form.validate()
            with unit_of_work():
                passkeys.add(current_actor(), current_user, name=form.name.data or "",
                             answer=form.credential.data or "", challenge=challenge)
        except Invalid as invalid:
            show_problems(form, invalid)
        else:
            flash(_("The passkey is added: from now on you can sign in with it."), "success")
            lacks_codes = second_factor.factors_of(current_user).codes_left == 0
            return redirect(url_for("account.factors." + ("recovery_codes" if lacks_codes else "overview")), 303)
    page = render_template("account/passkey_add.html", form=form, works=passkeys.can_be_used_here(),
                           host=public_host(), options=passkeys.questions_for_new(current_user, ask_passkey()))
    return (page, 422) if form.errors else page


@blueprint.post("/account/second-factor/passkeys/<int:number>/remove")
@signed_in_afresh
def remove(number: int) -> Response:
    try:
        with unit_of_work():
            passkeys.remove(current_actor(), current_user, number)
    except CoalitionError as refusal:
        flash(refusal.message, "error")
    else:
        flash(_("The passkey is removed: it is no longer accepted. You can delete it from your device, too."),
              "success")
    return redirect(url_for("account.factors.overview"), 303)
