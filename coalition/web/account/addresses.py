"""Another address to sign in with: asking for it, confirming it at the new one, calling it off from the old one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_login import current_user
from werkzeug import Response

from coalition.accounts import addresses
from coalition.accounts.links import Purpose
from coalition.accounts.models import Link
from coalition.db import unit_of_work
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.web.account.forms import AddressForm
from coalition.web.forms import show_problems
from coalition.web.guards import holds_link, signed_in_afresh
from coalition.web.session import current_actor

blueprint = Blueprint("addresses", __name__)


@blueprint.route("/account/address", methods=["GET", "POST"])
@signed_in_afresh
def change() -> str | Response | tuple[str, int]:
    form = AddressForm()
    if form.validate_on_submit():
        try:
            with unit_of_work():
                addresses.ask_for_change(current_actor(), current_user, form.email.data)
        except Invalid as invalid:
            show_problems(form, invalid)
        else:
            flash(_("A mail is on its way to the new address. Until its link is used, you sign in with the old one."),
                  "success")
            return redirect(url_for("account.home.home"), 303)
    page = render_template("account/address.html", form=form, address=current_user.email)
    return (page, 422) if form.errors else page


@blueprint.get("/account/address/confirm/<secret>")
@holds_link(Purpose.NEW_ADDRESS)
def look(link: Link, secret: str) -> str:
    return render_template("account/address_confirm.html", address=link.address)


@blueprint.post("/account/address/confirm/<secret>")
@holds_link(Purpose.NEW_ADDRESS)
def confirm(link: Link, secret: str) -> Response:
    with unit_of_work():
        addresses.confirm_change(link)
    flash(_("Your sign-in address is changed. Sign in with it."), "success")
    return redirect(url_for("security.login"), 303)


@blueprint.get("/account/address/keep/<secret>")
@holds_link(Purpose.KEEP_ADDRESS)
def look_at_old(link: Link, secret: str) -> str:
    return render_template("account/address_keep.html", address=link.address, wanted=link.data)


@blueprint.post("/account/address/keep/<secret>")
@holds_link(Purpose.KEEP_ADDRESS)
def keep(link: Link, secret: str) -> Response:
    with unit_of_work():
        addresses.call_off(link)
    flash(_("The change is called off: your sign-in address stays, and you are signed out everywhere. Choose a new "
            "password now."), "success")
    return redirect(url_for("security.forgot_password"), 303)
