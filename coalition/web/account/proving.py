"""Proving once more that it is you, before something that is for good."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug import Response

from coalition.accounts import passkeys, second_factor
from coalition.accounts.operations import password_is_right
from coalition.db import unit_of_work
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.web.account.forms import PasskeyForm, ProofForm
from coalition.web.guards import signed_in
from coalition.web.proving import ask_passkey, count_a_proof, own_page, proved_again, question_asked, to_prove_again

blueprint = Blueprint("proving", __name__)


@blueprint.route("/account/verify", methods=["GET", "POST"])
@signed_in
def verify() -> str | Response | tuple[str, int]:
    factors = second_factor.factors_of(current_user)
    form = ProofForm().for_one_with(has_app=factors.has_app, any_factor=factors.any)
    if form.is_submitted():
        count_a_proof(current_user)
    if form.validate_on_submit() and _is_right(form):
        return _thanks()
    options = passkeys.questions_for_proof(ask_passkey(), current_user) if factors.passkeys else ""
    page = render_template("account/verify.html", form=form, options=options, next_page=_next_page(),
                           passkey=PasskeyForm(formdata=None))
    return (page, 422) if form.errors else page


@blueprint.post("/account/verify-with-passkey")
@signed_in
def verify_with_passkey() -> Response:
    form = PasskeyForm()
    challenge, asked_at = question_asked()
    try:
        form.validate()
        with unit_of_work():
            passkeys.prove(form.credential.data or "", challenge, asked_at, person=current_user)
    except Invalid as refusal:
        flash(refusal.message, "error")
        return to_prove_again(_next_page())
    return _thanks()


def _is_right(form: ProofForm) -> bool:
    """Password first; a code is used up only beside the right one."""
    if not password_is_right(current_user, form.password.data):
        form.password.errors = [_("This is not your password. Try again.")]
        return False
    if "code" not in form:
        return True
    with unit_of_work():
        right = (second_factor.use_app_code(current_user, form.code.data)
                 or second_factor.use_recovery_code(current_user, form.code.data))
    if not right:
        form.code.errors = [second_factor.wrong_code()]
    return right


def _thanks() -> Response:
    proved_again()
    flash(_("Thank you: it is you."), "success")
    return redirect(_next_page() or url_for("account.home.home"), 303)


def _next_page() -> str:
    return own_page(request.args.get("next", ""))
