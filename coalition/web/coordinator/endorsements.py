"""One endorsement: everything to look at before deciding, and the decisions."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm

from coalition.access.permissions import Permission as P
from coalition.db import unit_of_work
from coalition.endorsements import authority, decisions
from coalition.endorsements import operations as endorsement_operations
from coalition.endorsements import queries as endorsement_queries
from coalition.endorsements.models import Endorsement
from coalition.errors import CoalitionError, NotFound, WrongState
from coalition.i18n import gettext as _
from coalition.letters.models import Letter
from coalition.organisations import operations as register
from coalition.organisations.models import Organisation
from coalition.review import looking
from coalition.review import operations as review
from coalition.review import queries as review_queries
from coalition.web.coordinator import dossier
from coalition.web.coordinator.frame import carried_out, letter_page
from coalition.web.coordinator.overtaking import what_happened
from coalition.web.coordinator.review_forms import (
    ActionForm,
    ApproveForm,
    AskAgainForm,
    DecisionForm,
    DeclineForm,
    EstablishForm,
    ExplainForm,
    FileEvidenceForm,
    NarrowForm,
    NoteForm,
    ReinstateForm,
    ReturnForm,
    TakeBackForm,
    TakeOffForm,
    TurnDownForm,
    UnverifyForm,
    VerifyForm,
    WithdrawForm,
)
from coalition.web.guards import needs_for_letter
from coalition.web.once import once
from coalition.web.session import current_actor

blueprint = Blueprint("endorsements", __name__, url_prefix="/letters/<slug>/endorsements/<public_id>")

_FORMS: tuple[type[ActionForm], ...] = (ApproveForm, ReturnForm, DeclineForm, TurnDownForm, ReinstateForm, NarrowForm,
                                        WithdrawForm, TakeOffForm, ExplainForm, VerifyForm, UnverifyForm, EstablishForm,
                                        AskAgainForm, FileEvidenceForm, NoteForm)


@blueprint.get("")
@needs_for_letter(P.ENDORSEMENT_SEE)
def endorsement(letter: Letter, public_id: str) -> Any:
    """The printed line and the answers, the checks, what can be done, notes and timeline."""
    found = endorsement_of(letter, public_id)
    if looking.needs_noting(current_actor(), found):
        _note_looking(found)
    return _page(letter, found)


@blueprint.post("/approve")
@needs_for_letter(P.ENDORSEMENT_DECIDE)
def approve(letter: Letter, public_id: str) -> Any:
    """Let the newest entry count: a new endorsement's, or a waiting change."""
    form = ApproveForm()
    return _decide(letter, public_id, form, lambda found: review.approve(
        current_actor(), found, seen=form.seen.data or 0, verified=form.verified.data, reason=form.reason.data or ""),
        told=_("Approved. The signer is told by e-mail."))


@blueprint.post("/return")
@needs_for_letter(P.ENDORSEMENT_DECIDE)
def return_for_changes(letter: Letter, public_id: str) -> Any:
    """Ask the signer for changes."""
    form = ReturnForm()
    return _decide(letter, public_id, form, lambda found: decisions.return_for_changes(
        current_actor(), found, seen=form.seen.data or 0, reason=form.in_words(found.wishes),
        standard=form.standard.data or ""), told=_("Returned. The signer is asked for changes by e-mail."))


@blueprint.post("/decline")
@needs_for_letter(P.ENDORSEMENT_DECIDE)
def decline(letter: Letter, public_id: str) -> Any:
    """Decide that it does not count."""
    form = DeclineForm()
    return _decide(letter, public_id, form, lambda found: decisions.decline(
        current_actor(), found, reason=form.in_words(found.wishes), standard=form.standard.data or ""),
        told=_("Declined. The signer is told by e-mail."))


@blueprint.post("/turn-down")
@needs_for_letter(P.ENDORSEMENT_DECIDE)
def turn_down(letter: Letter, public_id: str) -> Any:
    """Refuse a waiting change; the approved line stands."""
    form = TurnDownForm()
    return _decide(letter, public_id, form, lambda found: decisions.turn_down_amendment(
        current_actor(), found, seen=form.seen.data or 0, reason=form.in_words(found.wishes)),
        told=_("The change is turned down: the approved line stands. The signer is told by e-mail."))


@blueprint.post("/take-back")
@needs_for_letter(P.ENDORSEMENT_DECIDE)
def take_back(letter: Letter, public_id: str) -> Any:
    """Take the last decision back while its mail has not left."""
    return act_on(letter, public_id, TakeBackForm(), lambda found: review.take_back(current_actor(), found),
                told=_("The decision is taken back. No mail was sent."))


@blueprint.post("/reinstate")
@needs_for_letter(P.ENDORSEMENT_DECIDE)
def reinstate(letter: Letter, public_id: str) -> Any:
    """Take a declined endorsement up again."""
    form = ReinstateForm()
    return _decide(letter, public_id, form, lambda found: decisions.reinstate(
        current_actor(), found, reason=form.reason.data or ""), told=_("It waits for review again."))


@blueprint.post("/narrow")
@needs_for_letter(P.ENDORSEMENT_NARROW)
def narrow(letter: Letter, public_id: str) -> Any:
    """Show the entry to fewer people, at once and in every state."""
    form = NarrowForm()
    return act_on(letter, public_id, form, lambda found: endorsement_operations.change_visibility(
        current_actor(), found, form.visibility.data), told=_("It is shown as you chose from now on."))


@blueprint.post("/withdraw")
@needs_for_letter(P.ENDORSEMENT_WITHDRAW)
def withdraw(letter: Letter, public_id: str) -> Any:
    """Withdraw it on the signer's word."""
    form = WithdrawForm()
    return act_on(letter, public_id, form, lambda found: endorsement_operations.withdraw(
        current_actor(), found, reason=form.reason.data or ""),
        told=_("Withdrawn. The signer is told by e-mail."))


@blueprint.post("/verify")
@needs_for_letter(P.ORGANISATION_VERIFY)
def verify(letter: Letter, public_id: str) -> Any:
    """Say that the organisation is real, without deciding on the endorsement yet."""
    form = VerifyForm()
    return act_on(letter, public_id, form, lambda found: register.verify(
        current_actor(), _organisation(found), letter_id=letter.id, reason=form.reason.data or ""),
        told=_("The organisation is verified."))


@blueprint.post("/unverify")
@needs_for_letter(P.ORGANISATION_VERIFY)
def unverify(letter: Letter, public_id: str) -> Any:
    """Take the verification of the organisation back."""
    form = UnverifyForm()
    return act_on(letter, public_id, form, lambda found: register.unverify(
        current_actor(), _organisation(found), letter_id=letter.id, reason=form.reason.data or ""),
        told=_("The verification is taken back."))


@blueprint.post("/establish-authority")
@needs_for_letter(P.ENDORSEMENT_DECIDE)
def establish_authority(letter: Letter, public_id: str) -> Any:
    """Take evidence for the authority to sign."""
    form = EstablishForm()
    return act_on(letter, public_id, form, lambda found: authority.establish(
        current_actor(), found, reason=form.reason.data or ""), told=_("The authority is established, by evidence."))


@blueprint.post("/ask-again")
@needs_for_letter(P.ENDORSEMENT_ENTER)
def ask_again(letter: Letter, public_id: str) -> Any:
    """Mail the person named for the authority another link."""
    form = AskAgainForm()
    return act_on(letter, public_id, form, lambda found: authority.ask_again(current_actor(), found),
                told=_("The person named is asked again by e-mail."))


@blueprint.post("/note")
@needs_for_letter(P.ENDORSEMENT_SEE)
@once
def note(letter: Letter, public_id: str) -> Any:
    """Keep a note for the other coordinators."""
    form = NoteForm()
    return act_on(letter, public_id, form, lambda found: review.write_note(
        current_actor(), found, form.text.data or ""), told=_("The note is kept."))


def _decide(letter: Letter, public_id: str, form: DecisionForm, decision: Callable[[Endorsement], object], *,
            told: str) -> Any:
    """A decision holds for what its page showed: nothing is decided when a colleague or the signer was faster."""

    def work(found: Endorsement) -> None:
        review.require_unchanged(found, form.looked_at.data or 0)
        decision(found)

    return act_on(letter, public_id, form, work, told=told)


def act_on(letter: Letter, public_id: str, form: FlaskForm, work: Callable[[Endorsement], object], *, told: str) -> Any:
    """Carry out what a form of the page of one endorsement asks, and lead back to the page or say who was faster."""
    found = endorsement_of(letter, public_id)
    here = url_for("coordinator.endorsements.endorsement", slug=letter.slug, public_id=public_id)
    try:
        if carried_out(form, lambda: work(found)):
            flash(told, "success")
            return redirect(here, 303)
    except WrongState as refusal:
        return render_template("coordinator/overtaken.html", back_url=here, refusal=refusal.message,
                               happened=what_happened(found, current_actor(), form)), 409
    return _page(letter, found, form)


def _page(letter: Letter, found: Endorsement, refused: FlaskForm | None = None) -> Any:
    shown = {"seen": found.latest_revision, "looked_at": found.lock, "standard": ""}
    forms = {kind.action: kind(formdata=None, data=shown) for kind in _FORMS}
    if isinstance(refused, ActionForm):
        forms[refused.action] = refused
    values = dossier.values_of(found)
    narrower = forms["narrow"].visibility
    narrower.choices = [choice for choice in narrower.choices if choice.value in values["narrower"]]
    return letter_page("endorsement", letter, refused, forms=forms, **values)


def _note_looking(found: Endorsement) -> None:
    # Only a courtesy to colleagues: a database that is busy must not keep anybody from the page.
    with suppress(CoalitionError), unit_of_work():
        looking.note(current_actor(), found)


def endorsement_of(letter: Letter, public_id: str) -> Endorsement:
    """The letter's endorsement with this random id. Raises `NotFound`."""
    found = endorsement_queries.by_public_id(letter, public_id)
    if found is None:
        raise NotFound(_("There is no such signature of this letter."))
    return found


def _organisation(found: Endorsement) -> Organisation:
    organisation = review_queries.organisation_to_decide_on(found)
    if organisation is None:
        raise NotFound(_("This signature names no organisation."))
    return organisation
