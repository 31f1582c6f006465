"""The account of a member of staff, and the way in by an invitation."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug import Response

from coalition.accounts import operations as accounts
from coalition.accounts import second_factor
from coalition.accounts.links import Purpose
from coalition.accounts.models import Link
from coalition.db import unit_of_work
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.letters import queries as letters
from coalition.web.account.forms import EnrolForm, LanguageForm
from coalition.web.filters import page_language
from coalition.web.forms import show_problems
from coalition.web.guards import holds_link, signed_in
from coalition.web.languages import choose
from coalition.web.session import current_actor

blueprint = Blueprint("home", __name__)


@blueprint.get("/account")
@signed_in
def home() -> str:
    return _home(LanguageForm(language=current_user.language or page_language()))


@blueprint.post("/account/language")
@signed_in
def choose_language() -> Response | tuple[str, int]:
    form = LanguageForm()
    try:
        form.validate()
        with unit_of_work():
            accounts.choose_language(current_actor(), current_user, form.language.data or "")
    except Invalid as invalid:
        show_problems(form, invalid)
        return _home(form), 422
    choose(current_user.language)
    flash(_("Your pages and mails are in this language now."), "success")
    return redirect(url_for("account.home.home"), 303)


def _home(form: LanguageForm) -> str:
    return render_template("account/home.html", person=current_user, form=form,
                           factors=second_factor.factors_of(current_user),
                           letters=letters.letters_of_team(current_user.id, current_actor().deputises_on))


@blueprint.route("/account/enrol/<secret>", methods=["GET", "POST"])
@holds_link(Purpose.ENROL)
def enrol(link: Link, secret: str) -> str | Response | tuple[str, int]:
    form = EnrolForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                accounts.enrol(link, form.password.data)
        except Invalid as invalid:
            show_problems(form, invalid)
        else:
            flash(_("Your password is set. Sign in with it."), "success")
            return redirect(url_for("security.login"), 303)
    page = render_template("account/enrol.html", form=form, address=link.address)
    return (page, 422) if form.errors else page
