"""The home of one letter: how far it is, what is to be done, its numbers and claims; and its timeline."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from coalition.access.permissions import Permission as P
from coalition.access.policy import permits
from coalition.accounts.queries import names_of_people
from coalition.audit import queries as audit_queries
from coalition.documents import operations as documents
from coalition.endorsements import queries as endorsement_queries
from coalition.errors import WrongState
from coalition.i18n import gettext as _
from coalition.letters import operations as letters
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter
from coalition.web.coordinator import sentences, tasks
from coalition.web.coordinator.frame import carried_out, letter_page
from coalition.web.coordinator.letter_forms import OverrideForm
from coalition.web.guards import needs_for_letter
from coalition.web.lists import counts_of
from coalition.web.session import current_actor

blueprint = Blueprint("letter", __name__)


@blueprint.get("/letters/<slug>")
@needs_for_letter(P.LETTER_WORK)
def home(letter: Letter) -> Any:
    """Tasks, numbers, warnings, and what can be done now."""
    return _home(letter)


@blueprint.post("/letters/<slug>/claims/override")
@needs_for_letter(P.CLAIM_OVERRIDE)
def override(letter: Letter) -> Any:
    """Let a number in the text stand that the list does not bear out."""
    form = OverrideForm(place=request.args.get("claim", 0, int))
    if carried_out(form, lambda: _override(letter, form)):
        flash(_("The claim stands. The note in the document prints your reason."), "success")
        return redirect(url_for(".home", slug=letter.slug), 303)
    return _home(letter, form)


@blueprint.get("/letters/<slug>/timeline")
@needs_for_letter(P.ENDORSEMENT_SEE)
def timeline(letter: Letter) -> Any:
    """What happened last around the letter, newest first."""
    events = sentences.as_timeline(audit_queries.recent_of_letter(letter.id, limit=200), names_of_people())
    references = endorsement_queries.references_of(letter)
    for event in events:
        if event["subject_kind"] == "endorsement" and event["subject_id"] in references:
            event["public_id"], event["reference"] = references[event["subject_id"]]
    return letter_page("timeline", letter, events=events)


def _home(letter: Letter, refused: OverrideForm | None = None) -> Any:
    counts, states = counts_of([letter])[letter.slug], endorsement_queries.counts_of(letter)
    claims = documents.open_claims(letter, counts)
    forms = [OverrideForm(place=place, formdata=None, words=claim.words) for place, claim in enumerate(claims)]
    if refused is not None and refused.place < len(forms):
        forms[refused.place] = refused
    published = letter.published
    return letter_page(
        "letter", letter, refused, states=states, tasks=tasks.tasks_of(letter, states),
        claims=list(zip(claims, forms, strict=True)), numbers=tasks.five_numbers(letter, counts, states), counts=counts,
        let_stand=letter_queries.overrides_of(published) if published is not None else [],
        may_override=permits(current_actor(), P.CLAIM_OVERRIDE, letter_queries.subject_of(letter)))


def _override(letter: Letter, form: OverrideForm) -> None:
    version = letter.published
    if version is None:
        raise WrongState(_("Publish the text of the letter first."))
    letters.override_claim(current_actor(), letter, version, words=form.words.data or "",
                           reason=form.reason.data or "")
