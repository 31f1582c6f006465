"""The page “Final letter”: how the list stands, what to know before compiling, editions and deliveries."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug import Response

from coalition.access.permissions import Permission
from coalition.accounts.queries import names_of_people
from coalition.corrections import queries as corrections
from coalition.db import unit_of_work
from coalition.documents import queries as documents
from coalition.documents.readiness import readiness_of
from coalition.documents.serving import serving_of
from coalition.endorsements import listing
from coalition.errors import CoalitionError
from coalition.i18n import gettext as _
from coalition.letters import operations as letters
from coalition.letters.models import Letter
from coalition.letters.reading import languages_of
from coalition.signatories.grouping import Grouping
from coalition.signatories.ordering import Rule
from coalition.web.guards import needs_for_letter
from coalition.web.lists import shown_groups
from coalition.web.secretariat.forms import CompileForm, OrderForm
from coalition.web.secretariat.frame import letter_page
from coalition.web.session import current_actor

blueprint = Blueprint("final", __name__)


@blueprint.get("/letters/<slug>")
@needs_for_letter(Permission.EDITION_SEE)
def final(letter: Letter) -> str:
    audience = "recipients" if request.args.get("audience") == "recipients" else "public"
    signatories = listing.signatory_list(letter, audience)
    editions = documents.editions_of(letter)
    languages = languages_of(letter.published) if letter.published else ()
    made = corrections.corrections_of(letter)
    return letter_page(
        "final", letter, corrections=made, to_correct=corrections.still_to_correct(editions, made),
        audience=audience, signatories=signatories,
        totals={name: len(listing.entries_for(letter, name)) for name in listing.AUDIENCES},
        groups=shown_groups(signatories, letter.language),
        ready=readiness_of(letter, signatories, audience), changes=_changes(letter),
        editions=editions, serving=serving_of(letter, editions), people=names_of_people(),
        deliveries=documents.deliveries_of(letter), unfinished=documents.unfinished_requests(letter),
        compile_form=CompileForm(formdata=None, audience=audience).offer(languages), languages=languages,
        order_form=OrderForm(formdata=None, obj=letter))


@blueprint.post("/letters/<slug>/order")
@needs_for_letter(Permission.LIST_ARRANGE)
def order(letter: Letter) -> Response:
    form = OrderForm()
    back = redirect(url_for("secretariat.final.final", slug=letter.slug), 303)
    if not form.validate():
        flash(_("Choose an order and a grouping from the lists. Nothing was changed."), "error")
        return back
    try:
        with unit_of_work():
            letters.choose_order(current_actor(), letter, rule=Rule(form.rule.data),
                                 grouping=Grouping(form.grouping.data),
                                 ignore_articles=form.ignore_articles.data)
    except CoalitionError as refusal:
        flash(refusal.message, "error")
        return back
    flash(_("The list is in its new order."), "success")
    return back


def _changes(letter: Letter) -> list[dict[str, Any]]:
    """For each audience that has an edition: how its newest one differs from the list as it stands."""
    found = []
    for audience in listing.AUDIENCES:
        edition = documents.newest(letter, audience)
        if edition is not None:
            published = letter.published
            found.append({"edition": edition, "difference": documents.difference_to_now(edition),
                          "text_changed": published is not None and edition.version_id != published.id})
    return found
