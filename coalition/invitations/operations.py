"""What is done with invitations: send, remind, note a call, correct, withdraw, stop, erase; and accept."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from coalition import clock
from coalition.access.actor import SYSTEM, Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.accounts import links
from coalition.accounts.links import Purpose
from coalition.accounts.operations import clean_address
from coalition.audit import chain
from coalition.db import db
from coalition.endorsements import operations as endorsements
from coalition.endorsements.contact import SignerFields
from coalition.endorsements.fields import EntryFields, message_for
from coalition.endorsements.inviting import sign_by_invitation
from coalition.endorsements.models import Endorsement
from coalition.errors import Invalid, WrongState
from coalition.i18n import gettext as _
from coalition.invitations import messages, queries
from coalition.invitations.models import Invitation, InvitationCall, InvitationPlan, InvitationRefusal
from coalition.invitations.reminding import next_reminder
from coalition.invitations.workflow import ACCEPTED, INVITED, WORKFLOW
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter
from coalition.mail import outbox
from coalition.signatories.names import NameProblem, clean, clean_text

#: So many mails are written in one go; the rest at the next press of the button.
BATCH = 300
OUTCOMES = ("no_answer", "will_sign", "will_not", "wrong", "other")


def send(actor: Actor, letter: Letter, invitations: Sequence[Invitation]) -> int:
    """Mail each of them its personal link; says how many. Those that want no mails are left out.

    Raises `WrongState` when the letter is not open or one of them was sent already.
    """
    demand(actor, WORKFLOW.permission("send"), letter_queries.subject_of(letter))
    _require_open(letter)
    sent = []
    refused = queries.refused_among(invitation.email for invitation in invitations)
    for invitation in invitations:
        row = WORKFLOW.check("send", invitation.state, letter=letter.state)
        if not invitation.email or invitation.stopped_at or invitation.email in refused:
            continue
        outbox.put(messages.invitation(invitation, _sign_link(invitation), _stop_link(invitation)))
        now = clock.now()
        invitation.state, invitation.invited_at, invitation.last_mailed_at = row.target or INVITED, now, now
        invitation.next_reminder_at = next_reminder(now, 0, letter.deadline_at)
        sent.append(invitation.id)
    if sent:
        chain.record(actor, "invitation.sent", "letter", letter.id, letter_id=letter.id, invitations=sent)
    return len(sent)


def remind(actor: Actor, letter: Letter, invitations: Sequence[Invitation]) -> int:
    """Mail each of them a reminder; says how many. Nobody gets more than three."""
    demand(actor, WORKFLOW.permission("remind"), letter_queries.subject_of(letter))
    _require_open(letter)
    reminded = []
    for invitation in invitations:
        WORKFLOW.check("remind", invitation.state, letter=letter.state)
        if not invitation.email or invitation.stopped_at or invitation.reminders >= queries.MOST:
            continue
        outbox.put(messages.reminder(invitation, _sign_link(invitation), _stop_link(invitation)))
        invitation.reminders += 1
        invitation.last_mailed_at = clock.now()
        invitation.next_reminder_at = next_reminder(invitation.last_mailed_at, invitation.reminders,
                                                    letter.deadline_at)
        reminded.append(invitation.id)
    if reminded:
        chain.record(actor, "invitation.reminded", "letter", letter.id, letter_id=letter.id, invitations=reminded)
    return len(reminded)


def remind_due(letter_id: int, invitation_ids: Sequence[int]) -> int:
    """Remind those that the clock is due for, unless somebody was faster; says how many."""
    letter = db.session.get_one(Letter, letter_id)
    still_due = {number for _letter, number in queries.due_for_reminder(clock.now())}
    invitations = db.session.scalars(select(Invitation).where(
        Invitation.id.in_([number for number in invitation_ids if number in still_due])).with_for_update()).all()
    return remind(SYSTEM, letter, invitations)


def plan_reminders(actor: Actor, letter: Letter, *, by_itself: bool) -> None:
    """Say whether reminders go out by the clock."""
    demand(actor, Permission.INVITATION_MANAGE, letter_queries.subject_of(letter))
    plan = db.session.get(InvitationPlan, letter.id)
    if plan is None:
        plan = InvitationPlan(letter_id=letter.id, reminders=True)
        db.session.add(plan)
    if plan.reminders == by_itself:
        return
    plan.reminders = by_itself
    chain.record(actor, "invitation.reminders_planned", "letter", letter.id, letter_id=letter.id, on=by_itself)


def note_call(actor: Actor, invitation: Invitation, *, outcome: str, note: str = "") -> None:
    """Write down that somebody phoned, and what came of it."""
    demand(actor, WORKFLOW.permission("note_call"), queries.subject_of(invitation))
    WORKFLOW.check("note_call", invitation.state)
    if outcome not in OUTCOMES:
        message = _("Choose what came of the call.")
        raise Invalid(message, {"outcome": message})
    now = clock.now()
    invitation.calls.append(InvitationCall(person_id=actor.person_id, outcome=outcome, called_at=now,
                                           note=_words(note, "note", 1000)))
    invitation.called_at = now
    chain.record(actor, "invitation.call_noted", "invitation", invitation.id, letter_id=invitation.letter_id,
                 outcome=outcome)


def correct(actor: Actor, invitation: Invitation, *, contact_name: str, email: str, phone: str, notes: str) -> None:
    """Mend the contact. Another address ends the links that went to the old one, and can be invited anew."""
    demand(actor, WORKFLOW.permission("correct"), queries.subject_of(invitation))
    WORKFLOW.check("correct", invitation.state, letter=invitation.letter.state)
    address = clean_address(email) if email.strip() else ""
    try:
        invitation.contact_name = clean(contact_name, allow_empty=True)
    except NameProblem as problem:
        raise Invalid(message_for(problem), {"contact_name": message_for(problem)}) from problem
    invitation.phone, invitation.notes = _words(phone, "phone", 100), _words(notes, "notes", 1000)
    changed = address.casefold() != invitation.email.casefold()
    if changed:
        links.revoke(invitation.about, Purpose.INVITE, Purpose.STOP)
        refused = bool(queries.refused_among([address]))
        invitation.email, invitation.stopped_at = address, clock.now() if refused else None
        if invitation.state == INVITED:
            invitation.state, invitation.reminders = "prepared", 0
            invitation.invited_at = invitation.last_mailed_at = invitation.next_reminder_at = None
    chain.record(actor, "invitation.corrected", "invitation", invitation.id, letter_id=invitation.letter_id,
                 other_address=changed)


def withdraw(actor: Actor, invitation: Invitation) -> None:
    """Take an invitation back: its links end at once, and no reminder leaves."""
    demand(actor, WORKFLOW.permission("withdraw"), queries.subject_of(invitation))
    row = WORKFLOW.check("withdraw", invitation.state)
    before, invitation.state = invitation.state, row.target or invitation.state
    invitation.withdrawn_at, invitation.next_reminder_at = clock.now(), None
    links.revoke(invitation.about, Purpose.INVITE)
    outbox.cancel_about(invitation.about)
    chain.record(actor, "invitation.withdrawn", "invitation", invitation.id, letter_id=invitation.letter_id,
                 before=before)


def invite_again(actor: Actor, invitation: Invitation) -> None:
    """Take a withdrawn invitation up again: it waits to be sent, with a new link."""
    demand(actor, WORKFLOW.permission("invite_again"), queries.subject_of(invitation))
    row = WORKFLOW.check("invite_again", invitation.state, letter=invitation.letter.state)
    if invitation.erased_at is not None:
        raise WrongState(_("The contact details were erased on request: this organisation cannot be invited again."))
    invitation.state, invitation.withdrawn_at, invitation.reminders = row.target or invitation.state, None, 0
    chain.record(actor, "invitation.taken_up_again", "invitation", invitation.id, letter_id=invitation.letter_id)


def stop(actor: Actor, invitation: Invitation, *, everywhere: bool = False) -> None:
    """No more mails about this invitation; `everywhere`: no invitation from this installation to the address any
    more. Pressing it twice changes nothing."""
    demand(actor, WORKFLOW.permission("stop"), queries.subject_of(invitation))
    WORKFLOW.check("stop", invitation.state)
    now = clock.now()
    if everywhere and invitation.email and not queries.refused_among([invitation.email]):
        db.session.add(InvitationRefusal(address_hash=queries.hash_of(invitation.email), refused_at=now))
    elif invitation.stopped_at is not None:
        return
    invitation.stopped_at, invitation.next_reminder_at = invitation.stopped_at or now, None
    outbox.cancel_about(invitation.about)
    chain.record(actor, "invitation.stopped", "invitation", invitation.id, letter_id=invitation.letter_id,
                 everywhere=everywhere)


def erase(actor: Actor, invitation: Invitation) -> None:
    """Erase what is known of persons: contact, notes, calls, the mails' words. What they signed is not touched, and
    that the organisation was invited stays known, so that the same list does not bring it back."""
    demand(actor, WORKFLOW.permission("erase"), queries.subject_of(invitation))
    row = WORKFLOW.check("erase", invitation.state)
    if invitation.erased_at is not None:
        return
    before, invitation.state = invitation.state, row.target or invitation.state
    now = clock.now()
    invitation.contact_name = invitation.email = invitation.phone = invitation.notes = ""
    invitation.calls.clear()
    invitation.called_at = invitation.next_reminder_at = None
    invitation.erased_at, invitation.stopped_at = now, invitation.stopped_at or now
    links.revoke(invitation.about, Purpose.INVITE, Purpose.STOP)
    links.forget_addresses(invitation.about)
    outbox.erase_about(invitation.about)
    chain.record(actor, "invitation.erased", "invitation", invitation.id, letter_id=invitation.letter_id,
                 before=before)


def accept(actor: Actor, invitation: Invitation, *, fields: EntryFields, contact: SignerFields, visibility: str,
           version_number: int) -> tuple[Endorsement, str]:
    """Sign by the invitation: the endorsement, which waits for review, and the secret of its own page.

    Pressing twice is signing once. Raises `WrongState` for an invitation that was withdrawn or a letter that is not
    open, `Stale` when the text has changed since the page was opened, `Invalid` for bad answers.
    """
    demand(actor, WORKFLOW.permission("accept"), queries.subject_of(invitation))
    if invitation.state == ACCEPTED and invitation.endorsement is not None:
        return invitation.endorsement, endorsements.manage_link(invitation.endorsement)
    row = WORKFLOW.check("accept", invitation.state, letter=invitation.letter.state)
    endorsement = sign_by_invitation(actor, invitation.letter, fields=fields, contact=contact, visibility=visibility,
                                     version_number=version_number, form_key=invitation.about)
    invitation.state, invitation.accepted_at = row.target or ACCEPTED, clock.now()
    invitation.endorsement_id, invitation.next_reminder_at = endorsement.id, None
    outbox.cancel_about(invitation.about)
    chain.record(actor, "invitation.accepted", "invitation", invitation.id, letter_id=invitation.letter_id,
                 endorsement=endorsement.id)
    return endorsement, endorsements.manage_link(endorsement)


def _require_open(letter: Letter) -> None:
    if not letter_queries.is_open_for_signing(letter):
        raise WrongState(_("The letter is not open for signing: open it first, then invite."))


def _sign_link(invitation: Invitation) -> str:
    return links.make(Purpose.INVITE, invitation.about, invitation.email)


def _stop_link(invitation: Invitation) -> str:
    return links.make(Purpose.STOP, invitation.about, invitation.email)


def _words(text: str, name: str, longest: int) -> str:
    try:
        return clean_text(text, maximum=longest)
    except NameProblem as problem:
        raise Invalid(message_for(problem, longest), {name: message_for(problem, longest)}) from problem
