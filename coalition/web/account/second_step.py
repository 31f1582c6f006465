"""Signing in beyond the password: a code of the app, a recovery code, a passkey; and signing in by a passkey alone."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug import Response

from coalition.accounts import passkeys, second_factor
from coalition.db import unit_of_work
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.web.account.forms import AppCodeForm, PasskeyForm, RecoveryCodeForm
from coalition.web.forms import show_problems
from coalition.web.guards import public
from coalition.web.proving import Step, ask_passkey, count_a_proof, question_asked, sign_in, step_under_way

blueprint = Blueprint("second_step", __name__)
Answer = str | Response | tuple[str, int]


@blueprint.get("/account/second-step")
@public
def choose() -> Answer:
    step = step_under_way()
    return _page(step, AppCodeForm(formdata=None)) if step else _begin_again()


@blueprint.post("/account/second-step/check-code")
@public
def check_code() -> Answer:
    step, form = step_under_way(), AppCodeForm()
    if step is None:
        return _begin_again()
    count_a_proof(step.person)
    if form.validate():
        with unit_of_work():
            right = second_factor.use_app_code(step.person, form.code.data)
        if right:
            return redirect(sign_in(step.person, "authenticator"), 303)
        form.code.errors = [second_factor.wrong_code()]
    return _page(step, form), 422


@blueprint.post("/account/second-step/check-passkey")
@public
def check_passkey() -> Answer:
    step, form = step_under_way(), PasskeyForm()
    if step is None:
        return _begin_again()
    challenge, asked_at = question_asked()
    try:
        form.validate()
        with unit_of_work():
            passkeys.prove(form.credential.data or "", challenge, asked_at, person=step.person)
    except Invalid as refusal:
        flash(_first_words(form, refusal), "error")
        return redirect(url_for(".choose"), 303)
    return redirect(sign_in(step.person, "passkey"), 303)


@blueprint.route("/account/second-step/recovery-code", methods=["GET", "POST"])
@public
def recovery_code() -> Answer:
    step, form = step_under_way(), RecoveryCodeForm()
    if step is None:
        return _begin_again()
    if form.is_submitted():
        count_a_proof(step.person)
    if form.validate_on_submit():
        with unit_of_work():
            right = second_factor.use_recovery_code(step.person, form.code.data)
        if right:
            sign_in(step.person, "recovery code")
            flash(_("You are in. If your phone or key is lost, remove it here and set up a new one."), "info")
            return redirect(url_for("account.factors.overview"), 303)
        form.code.errors = [_("This is not one of your recovery codes, or it was used already.")]
    page = render_template("account/recovery_code.html", form=form)
    return (page, 422) if form.errors else page


@blueprint.route("/account/sign-in-with-passkey", methods=["GET", "POST"])
@public
def passkey_alone() -> Answer:
    form = PasskeyForm()
    if form.is_submitted():
        challenge, asked_at = question_asked()
        try:
            form.validate()
            with unit_of_work():
                person = passkeys.prove(form.credential.data or "", challenge, asked_at)
        except Invalid as refusal:
            show_problems(form, refusal)
        else:
            return redirect(sign_in(person, "passkey"), 303)
    page = render_template("account/passkey_sign_in.html", form=form, works=passkeys.can_be_used_here(),
                           options=passkeys.questions_for_proof(ask_passkey()))
    return (page, 422) if form.errors else page


def _page(step: Step, form: AppCodeForm) -> str:
    factors = second_factor.factors_of(step.person)
    options = passkeys.questions_for_proof(ask_passkey(), step.person) if factors.passkeys else ""
    return render_template("account/second_step.html", form=form, factors=factors, options=options,
                           passkey=PasskeyForm(formdata=None))


def _begin_again() -> Response:
    flash(_("This step of signing in took too long, or was not begun. Enter your address and password first."), "info")
    return redirect(url_for("security.login"), 303)


def _first_words(form: PasskeyForm, refusal: Invalid) -> str:
    return str(form.credential.errors[0]) if form.credential.errors else refusal.message
