"""One's own second factor: what there is, the authenticator app, recovery codes."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask_login import current_user
from werkzeug import Response

from coalition.accounts import passkeys, sealing, second_factor, totp
from coalition.config import second_factor_required, setting
from coalition.db import unit_of_work
from coalition.documents.quick_code import quick_code
from coalition.errors import CoalitionError, Invalid
from coalition.i18n import gettext as _
from coalition.web.account.forms import AppCodeForm
from coalition.web.forms import show_problems
from coalition.web.guards import signed_in, signed_in_afresh
from coalition.web.proving import count_a_proof
from coalition.web.session import current_actor

blueprint = Blueprint("factors", __name__)
_KEY = "app_key"


@blueprint.get("/account/second-factor")
@signed_in
def overview() -> str:
    return render_template("account/second_factor.html", factors=second_factor.factors_of(current_user),
                           required=second_factor_required(), passkeys_work=passkeys.can_be_used_here())


@blueprint.route("/account/second-factor/app", methods=["GET", "POST"])
@signed_in_afresh
def app() -> str | Response | tuple[str, int]:
    form, secret = AppCodeForm(), _key_under_way()
    if form.is_submitted():
        count_a_proof(current_user)
    if form.validate_on_submit():
        try:
            with unit_of_work():
                second_factor.set_up_app(current_actor(), current_user, secret, form.code.data)
        except Invalid as invalid:
            show_problems(form, invalid)
        else:
            session.pop(_KEY)
            flash(_("The authenticator app is set up."), "success")
            return _next_step()
    page = render_template("account/app.html", form=form, key=totp.spaced(secret), code=quick_code(
        totp.address(secret, current_user.email, setting("COALITION_NAME"))))
    return (page, 422) if form.errors else page


@blueprint.post("/account/second-factor/remove-app")
@signed_in_afresh
def remove_app() -> Response:
    try:
        with unit_of_work():
            second_factor.remove_app(current_actor(), current_user)
    except CoalitionError as refusal:
        flash(refusal.message, "error")
    else:
        flash(_("The authenticator app is removed: its codes are no longer accepted."), "success")
    return redirect(url_for(".overview"), 303)


@blueprint.get("/account/second-factor/recovery-codes")
@signed_in_afresh
def recovery_codes() -> str:
    return render_template("account/recovery_codes.html", codes=[],
                           factors=second_factor.factors_of(current_user))


@blueprint.post("/account/second-factor/make-recovery-codes")
@signed_in_afresh
def make_recovery_codes() -> str | Response:
    try:
        with unit_of_work():
            codes = second_factor.make_recovery_codes(current_actor(), current_user)
    except CoalitionError as refusal:
        flash(refusal.message, "error")
        return redirect(url_for(".overview"), 303)
    return render_template("account/recovery_codes.html", codes=codes, email=current_user.email,
                           factors=second_factor.factors_of(current_user))


def _next_step() -> Response:
    """Whoever has no recovery codes yet gets them now, before the phone is lost."""
    lacks_codes = second_factor.factors_of(current_user).codes_left == 0
    return redirect(url_for(".recovery_codes" if lacks_codes else ".overview"), 303)


def _key_under_way() -> str:
    """The key that is being set up, kept sealed in this browser so that the picture stays the same when a code was
    mistyped."""
    if _KEY not in session:
        session[_KEY] = sealing.seal(totp.new_secret())
    return sealing.unseal(session[_KEY])
