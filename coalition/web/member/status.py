"""The signer's own page: how the signature stands, what comes next, and everything that can be done about it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for

from coalition.access.actor import Actor
from coalition.accounts.links import Purpose
from coalition.config import public_url
from coalition.db import unit_of_work
from coalition.documents import deliveries
from coalition.documents import queries as document_queries
from coalition.documents.covering import MISSION
from coalition.endorsements import messages, operations, receipts, second_person, standing
from coalition.endorsements.entries import as_entry
from coalition.endorsements.models import Endorsement
from coalition.errors import NotFound
from coalition.i18n import gettext as _
from coalition.i18n import ngettext
from coalition.letters import queries as letter_queries
from coalition.letters.reading import reading_of
from coalition.mail import outbox
from coalition.web.guards import holds_link
from coalition.web.lists import parts_of
from coalition.web.member.forms import PressForm, VisibilityForm
from coalition.web.member.story import timeline_of
from coalition.web.security import limiter
from coalition.web.session import open_letter_for_visitor

blueprint = Blueprint("status", __name__, url_prefix="/<secret>")


def _whose_page() -> str:
    return "receipt:" + str((request.view_args or {}).get("secret", ""))


@blueprint.get("")
@holds_link(Purpose.MANAGE)
def page(endorsement: Endorsement, actor: Actor, secret: str, **_about: Any) -> str:
    """Everything a signer wants to know, on one page."""
    _let_in(endorsement)
    return _page(endorsement, actor, secret, VisibilityForm(visibility=endorsement.visibility))


@blueprint.post("/visibility")
@holds_link(Purpose.MANAGE)
def visibility(endorsement: Endorsement, actor: Actor, secret: str, **_about: Any) -> Any:
    """Show the entry otherwise, at once."""
    form = VisibilityForm()
    if not form.validate():
        return _page(endorsement, actor, secret, form), 422
    with unit_of_work():
        operations.change_visibility(actor, endorsement, form.visibility.data)
    flash(_("How the signature is shown was changed. It holds from now on."), "success")
    printed = document_queries.editions_with(endorsement.letter, endorsement.public_id)
    if printed:
        flash(ngettext("Edition %(numbers)s was made before and prints the line as it was then. If the line may no "
                       "longer be shown, its file is not handed out here any more; copies that are out cannot be "
                       "called back.",
                       "Editions %(numbers)s were made before and print the line as it was then. If the line may no "
                       "longer be shown, their files are not handed out here any more; copies that are out cannot be "
                       "called back.", len(printed), numbers=", ".join(str(one.number) for one in printed[::-1])),
              "info")
    return redirect(url_for(".page", secret=secret), 303)


@blueprint.post("/take-back-amendment")
@holds_link(Purpose.MANAGE)
def take_back_amendment(endorsement: Endorsement, actor: Actor, secret: str, **_about: Any) -> Any:
    """Drop the change that waits; the approved line stays."""
    with unit_of_work():
        operations.take_back_amendment(actor, endorsement)
    flash(_("Your change was taken back. The line stands as it was approved."), "success")
    return redirect(url_for(".page", secret=secret), 303)


@blueprint.post("/receipt")
@holds_link(Purpose.MANAGE)
@limiter.limit("5 per hour", key_func=_whose_page)
def receipt(endorsement: Endorsement, actor: Actor, secret: str, **_about: Any) -> Any:
    """Mail a new receipt in place of the one before; whose mails say nothing reads it here, once."""
    with unit_of_work():
        code = receipts.give_again(actor, endorsement)
    flash(messages.words_of_receipt(endorsement, code) if code else
          _("A new receipt is on its way to you by mail. The one before is no longer valid."), "success")
    return redirect(url_for(".page", secret=secret), 303)


@blueprint.get("/covering-letters/<int:number>.pdf")
@holds_link(Purpose.MANAGE)
def covering_letter(endorsement: Endorsement, number: int, **_about: Any) -> Response:
    """The covering letter that went with an edition in which the signer's entry is printed."""
    found = document_queries.deliveries_with(endorsement.letter, endorsement.public_id)
    made = next((made for delivery in found for made in delivery.covering_letters
                 if made.id == number and made.kind != MISSION), None)
    if made is None:
        raise NotFound(_("No such letter went with an edition that prints your entry."))
    response = Response(deliveries.stored_letter(made), mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment",
                         filename=f"{endorsement.letter.slug}-covering-letter.pdf")
    return response


def _page(endorsement: Endorsement, actor: Actor, secret: str, form: VisibilityForm) -> str:
    letter, approved = endorsement.letter, endorsement.approved_entry
    about = f"endorsement:{endorsement.id}"
    return render_template(
        "member/status.html", endorsement=endorsement, letter=letter, secret=secret, form=form,
        press=PressForm(), can=standing.what_can_be_done(actor, endorsement),
        parts=parts_of(as_entry(endorsement), endorsement.language),
        approved_parts=parts_of(as_entry(endorsement, approved), endorsement.language) if approved else None,
        counts_now=standing.counts_now(endorsement),
        second_until=second_person.answer_until(endorsement.signer) if endorsement.signer else None,
        second_run_out=endorsement.signer is not None and second_person.has_run_out(endorsement.signer),
        newest=letter.published, reading=reading_of(letter, endorsement.signed_version, endorsement.language),
        events=timeline_of(endorsement), mails=outbox.mails_about(about),
        editions=document_queries.editions_with(letter, endorsement.public_id),
        deliveries=document_queries.deliveries_with(letter, endorsement.public_id),
        receipt=receipts.receipt_of(endorsement),
        share_url=public_url(f"/letters/{letter.slug}") if standing.may_be_shared(endorsement) else "")


def _let_in(endorsement: Endorsement) -> None:
    """Who signed a letter that is not public may read it in any browser their own link is opened in."""
    if not letter_queries.reaches_everyone(endorsement.letter):
        open_letter_for_visitor(endorsement.letter_id)
