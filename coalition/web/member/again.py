"""Sending the way back: to everything an address has signed, by mail only."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from coalition.db import unit_of_work
from coalition.endorsements import operations
from coalition.mail import outbox
from coalition.web.guards import public
from coalition.web.languages import keeps_answers, only_switches
from coalition.web.member.forms import AgainForm
from coalition.web.security import limiter

blueprint = Blueprint("again", __name__, url_prefix="/link-again")


def _address() -> str:
    return "again:" + request.form.get("email", "")[:320].strip().lower()


@blueprint.get("")
@public
def page() -> str:
    """Ask for the address."""
    return render_template("member/again.html", form=AgainForm())


@blueprint.post("")
@public
@limiter.limit("30 per hour")
@limiter.limit("3 per 6 hours", key_func=_address,
               exempt_when=lambda: only_switches() or not request.form.get("email", "").strip())
@keeps_answers
def send() -> Any:
    """Mail the links. The answer is the same whether the address is known or not."""
    form = AgainForm()
    if only_switches():
        return render_template("member/again.html", form=form)
    if not form.validate():
        return render_template("member/again.html", form=form), 422
    with unit_of_work():
        operations.send_links_again(form.email.data)
    return redirect(url_for(".sent"), 303)


@blueprint.get("/sent")
@public
def sent() -> str:
    """What to do next, for known and unknown addresses alike."""
    return render_template("member/again_sent.html", held_up=outbox.is_held_up())
