"""The invited organisations: who is silent, whom to phone; sending, reminding, withdrawing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for

from coalition.access.permissions import Permission as P
from coalition.errors import NotFound
from coalition.i18n import gettext as _
from coalition.i18n import ngettext
from coalition.invitations import operations, queries
from coalition.invitations.models import Invitation
from coalition.invitations.workflow import WORKFLOW
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter
from coalition.mail import outbox
from coalition.web.coordinator.frame import carried_out, letter_page
from coalition.web.coordinator.invitation_forms import CallForm, ContactForm, InvitationFilter, PressForm
from coalition.web.guards import needs_for_letter
from coalition.web.once import once
from coalition.web.session import current_actor

blueprint = Blueprint("invitations", __name__, url_prefix="/letters/<slug>/invitations")


@blueprint.get("")
@needs_for_letter(P.INVITATION_MANAGE)
def overview(letter: Letter) -> Any:
    """A page of the invited organisations, with filters and counts."""
    counts = queries.counts_of(letter)
    wanted = InvitationFilter(request.args).arguments(_most_wanted(counts))
    page = queries.page_of(letter, **wanted)
    numbers = [row.id for row in page.rows]
    return letter_page(
        "invitations", letter, page=page, wanted=wanted, counts=counts, filters=_filters(letter, counts, wanted),
        failed=queries.mail_failed(numbers), signed=queries.signed_otherwise_among(numbers),
        to_send=queries.how_many_to_send(letter), to_remind=queries.how_many_to_remind(letter),
        by_itself=queries.reminds_by_itself(letter), is_open=letter_queries.is_open_for_signing(letter),
        waiting=queries.waiting_lists(letter), batch=operations.BATCH)


@blueprint.post("/send")
@needs_for_letter(P.INVITATION_MANAGE)
def send(letter: Letter) -> Any:
    """Mail those who have not been invited yet."""
    sent: list[int] = []
    if carried_out(PressForm(), lambda: sent.append(operations.send(
            current_actor(), letter, queries.to_send(letter, operations.BATCH)))):
        flash(ngettext("%(num)s invitation is on its way.", "%(num)s invitations are on their way.", sent[0]),
              "success")
    return redirect(url_for(".overview", slug=letter.slug), 303)


@blueprint.post("/remind")
@needs_for_letter(P.INVITATION_REMIND)
def remind(letter: Letter) -> Any:
    """Remind those who are silent, now."""
    sent: list[int] = []
    if carried_out(PressForm(), lambda: sent.append(operations.remind(
            current_actor(), letter, queries.to_remind(letter, operations.BATCH)))):
        flash(ngettext("%(num)s reminder is on its way.", "%(num)s reminders are on their way.", sent[0]), "success")
    return redirect(url_for(".overview", slug=letter.slug), 303)


@blueprint.post("/plan-reminders")
@needs_for_letter(P.INVITATION_MANAGE)
def plan_reminders(letter: Letter) -> Any:
    """Have reminders go out by themselves, or not."""
    by_itself = request.form.get("by_itself") == "yes"
    if carried_out(PressForm(), lambda: operations.plan_reminders(current_actor(), letter, by_itself=by_itself)):
        flash(_("Reminders go out by themselves.") if by_itself else _("Reminders go out only when you send them."),
              "success")
    return redirect(url_for(".overview", slug=letter.slug), 303)


@blueprint.get("/<public_id>")
@needs_for_letter(P.INVITATION_MANAGE)
def invitation(letter: Letter, public_id: str) -> Any:
    """One invited organisation: contact, calls, mails, and what can be done."""
    return _page(letter, _one(letter, public_id))


@blueprint.post("/<public_id>/note-call")
@needs_for_letter(P.INVITATION_MANAGE)
@once
def note_call(letter: Letter, public_id: str) -> Any:
    """Write down what came of a call."""
    one, form = _one(letter, public_id), CallForm()
    if carried_out(form, lambda: operations.note_call(
            current_actor(), one, outcome=form.outcome.data, note=form.note.data or "")):
        return _done(letter, public_id, _("The call is noted."))
    return _page(letter, one, call=form)


@blueprint.post("/<public_id>/correct")
@needs_for_letter(P.INVITATION_MANAGE)
def correct(letter: Letter, public_id: str) -> Any:
    """Mend the contact."""
    one, form = _one(letter, public_id), ContactForm()
    if carried_out(form, lambda: operations.correct(
            current_actor(), one, contact_name=form.contact_name.data or "", email=form.email.data or "",
            phone=form.phone.data or "", notes=form.notes.data or "")):
        return _done(letter, public_id, _("The contact is changed."))
    return _page(letter, one, contact=form)


@blueprint.post("/<public_id>/send")
@needs_for_letter(P.INVITATION_MANAGE)
def send_one(letter: Letter, public_id: str) -> Any:
    """Mail this invitation."""
    one, sent = _one(letter, public_id), []
    if carried_out(PressForm(), lambda: sent.append(operations.send(current_actor(), letter, [one]))) and not sent[0]:
        flash(_("No mail was sent: there is no address, or no mails are wanted there."), "warning")
        return redirect(url_for(".invitation", slug=letter.slug, public_id=public_id), 303)
    return _done(letter, public_id, _("The invitation is on its way."))


@blueprint.post("/<public_id>/withdraw")
@needs_for_letter(P.INVITATION_MANAGE)
def withdraw(letter: Letter, public_id: str) -> Any:
    """Take the invitation back."""
    one = _one(letter, public_id)
    carried_out(PressForm(), lambda: operations.withdraw(current_actor(), one))
    return _done(letter, public_id, _("The invitation is withdrawn; its link has ended."))


@blueprint.post("/<public_id>/invite-again")
@needs_for_letter(P.INVITATION_MANAGE)
def invite_again(letter: Letter, public_id: str) -> Any:
    """Take a withdrawn invitation up again."""
    one = _one(letter, public_id)
    carried_out(PressForm(), lambda: operations.invite_again(current_actor(), one))
    return _done(letter, public_id, _("The invitation waits to be sent."))


@blueprint.post("/<public_id>/erase")
@needs_for_letter(P.INVITATION_ERASE)
def erase(letter: Letter, public_id: str) -> Any:
    """Erase the contact."""
    one = _one(letter, public_id)
    carried_out(PressForm(), lambda: operations.erase(current_actor(), one))
    return _done(letter, public_id, _("The contact details are erased."))


def _one(letter: Letter, public_id: str) -> Invitation:
    found = queries.by_public_id(letter, public_id) if "\0" not in public_id else None
    if found is None:
        raise NotFound(_("There is no such invitation."))
    return found


def _done(letter: Letter, public_id: str, told: str) -> Any:
    flash(told, "success")
    return redirect(url_for(".invitation", slug=letter.slug, public_id=public_id), 303)


def _page(letter: Letter, one: Invitation, *, call: CallForm | None = None, contact: ContactForm | None = None) -> Any:
    can = {action for action in WORKFLOW.actions if WORKFLOW.allows(action, one.state, letter.state)}
    return letter_page(
        "invitation", letter, call if call is not None else contact, one=one, may=can,
        call=call if call is not None else CallForm(formdata=None),
        contact=contact if contact is not None else ContactForm(formdata=None, obj=one),
        mails=outbox.mails_about(one.about), signed=bool(queries.signed_otherwise_among([one.id])),
        is_open=letter_queries.is_open_for_signing(letter))


def _most_wanted(counts: dict[str, int]) -> str:
    """Where the page opens: on the silent, else on those not sent yet, else on all."""
    return next((name for name in ("silent", "to_send") if counts[name]), "all")


def _filters(letter: Letter, counts: dict[str, int], wanted: dict[str, Any]) -> list[dict[str, Any]]:
    labels = {
        "silent": _("Invited, but silent"), "to_phone": _("To phone"), "to_send": _("Not sent yet"),
        "accepted": _("Signed by invitation"), "otherwise": _("Signed another way"), "failed": _("Mail not delivered"),
        "stopped": _("Want no mails"), "withdrawn": _("Withdrawn"), "all": _("All"),
    }
    return [{"label": label, "count": counts[key], "current": key == wanted["shown"],
             "url": url_for(".overview", slug=letter.slug, shown=key)} for key, label in labels.items()]
