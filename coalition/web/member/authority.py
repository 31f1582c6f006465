"""The page of a second person: whether the organisation signs, answered by a button. Opening it changes nothing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from coalition.accounts.links import Purpose
from coalition.accounts.models import Link
from coalition.db import unit_of_work
from coalition.endorsements import authority
from coalition.endorsements.entries import as_entry
from coalition.endorsements.models import Endorsement
from coalition.letters.reading import reading_of
from coalition.web.guards import holds_link, public
from coalition.web.languages import keeps_answers, only_switches
from coalition.web.lists import parts_of
from coalition.web.member.forms import AnswerForm

blueprint = Blueprint("authority", __name__, url_prefix="/authority")


@blueprint.get("/<secret>")
@holds_link(Purpose.AUTHORISE)
def page(endorsement: Endorsement, secret: str, **_about: Any) -> str:
    """Who signs what, and the two buttons."""
    return _page(endorsement, secret, AnswerForm(formdata=None))


@blueprint.post("/<secret>/confirm")
@holds_link(Purpose.AUTHORISE)
def confirm(link: Link, **_about: Any) -> Any:
    """Yes: the organisation signs."""
    form = AnswerForm()
    with unit_of_work():
        authority.confirm(link, seen=form.seen_revision())
    return redirect(url_for(".thanks", answer="yes"), 303)


@blueprint.post("/<secret>/refuse")
@holds_link(Purpose.AUTHORISE)
@keeps_answers
def refuse(link: Link, endorsement: Endorsement, secret: str, **_about: Any) -> Any:
    """No, with or without a word why."""
    form = AnswerForm()
    if only_switches():
        return _page(endorsement, secret, form)
    if not form.validate():
        return _page(endorsement, secret, form), 422
    with unit_of_work():
        authority.refuse(link, seen=form.seen_revision(), words=form.words.data or "")
    return redirect(url_for(".thanks", answer="no"), 303)


@blueprint.get("/thanks/<any(yes, no):answer>")
@public
def thanks(answer: str) -> str:
    """What follows from the answer; it names nothing, since its address is no secret."""
    return render_template("member/authority_thanks.html", confirmed=answer == "yes")


def _page(endorsement: Endorsement, secret: str, form: AnswerForm) -> str:
    reading = reading_of(endorsement.letter, endorsement.signed_version, endorsement.language)
    return render_template("member/authority.html", endorsement=endorsement, secret=secret, form=form,
                           version=reading, parts=parts_of(as_entry(endorsement), reading.language))
