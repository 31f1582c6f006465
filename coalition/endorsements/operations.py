"""What signers do: confirm, change, withdraw. Signing itself is in `signing.py`, decisions in `decisions.py`, entering
for others in `entering.py`."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.orm.exc import StaleDataError

from coalition import clock
from coalition.access.actor import Actor, signer
from coalition.access.policy import demand
from coalition.accounts import links
from coalition.accounts.links import Purpose
from coalition.accounts.models import Link
from coalition.audit import chain
from coalition.db import db
from coalition.endorsements import apart, confirmation, messages, queries, receipts, second_person, workflow
from coalition.endorsements.contact import SignerFields, checked_visibility
from coalition.endorsements.entries import fields_of, new_revision
from coalition.endorsements.fields import EntryFields, is_narrower
from coalition.endorsements.models import Endorsement, Signer
from coalition.endorsements.workflow import WORKFLOW
from coalition.errors import Invalid, Stale, WrongState
from coalition.i18n import gettext as _
from coalition.letters import queries as letter_queries
from coalition.letters.deputies import coordinators_now
from coalition.letters.models import Letter
from coalition.letters.workflow import CLOSED, LATE_CONFIRMATION
from coalition.mail import outbox
from coalition.organisations import operations as register
from coalition.organisations import suggestions
from coalition.organisations.models import Organisation
from coalition.prepared import Prepared, together
from coalition.signatories.entry import SigningAs

#: So long before the deadline coordinators are told at once that something waits.
_LAST_DAY = timedelta(days=1)
#: Without the letters that are read wrongly aloud or by eye: I, L, O, U, 0, 1.
_REFERENCE_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"

_ENDORSEMENTS, _SIGNERS = Endorsement.__table__, Signer.__table__
#: As the session would write it: of a row that somebody changed since it was read, nothing.
_CONFIRM = Prepared(
    update(_ENDORSEMENTS).where(_ENDORSEMENTS.c.id == bindparam("number"), _ENDORSEMENTS.c.lock == bindparam("seen"))
    .values(state=bindparam("new_state"), confirmed_at=bindparam("now"), waiting_since=bindparam("now"),
            lock=_ENDORSEMENTS.c.lock + 1).returning(_ENDORSEMENTS.c.id))
_OWN_WORD = Prepared(update(_SIGNERS).where(_SIGNERS.c.endorsement_id == bindparam("number"))
                     .values(authority_confirmed_at=bindparam("now")))


def make_endorsement(letter: Letter, organisation: Organisation | None, fields: EntryFields, *, visibility: str,
                     language: str, origin: str, form_key: str | None = None) -> Endorsement:
    """A new endorsement of the letter's published version, with its first entry. An imported draft that has no
    text yet takes its entries along to the version that is published first."""
    version = letter.published or letter.draft
    if version is None:
        raise WrongState(_("This letter has no text yet."))
    endorsement = Endorsement(**values_of_new(
        letter_id=letter.id, version_id=version.id, organisation_id=organisation.id if organisation else None,
        signing_as=fields.signing_as.value, visibility=visibility, language=language, origin=origin,
        form_key=form_key, position=queries.last_position(letter) + 1))
    db.session.add(endorsement)
    db.session.flush()
    db.session.add(new_revision(endorsement.id, 1, fields, endorsement.organisation_id))
    return endorsement


def values_of_new(*, version_id: int, public_id: str = "", **values: Any) -> dict[str, Any]:
    """The columns of a new endorsement, which nobody has confirmed. The other `values` are named as the columns."""
    return {"public_id": public_id or secrets.token_urlsafe(9), "reference": _new_reference(),
            "signed_version_id": version_id, "state": workflow.UNCONFIRMED, "signed_at": clock.now(), **values}


def send_confirmation(endorsement: Endorsement) -> None:
    """Mail the link that confirms; links sent before end. A mailbox that forms have filled lately gets no more for
    now: the links it has go on working, and more can be asked for later."""
    email = endorsement.signer.email if endorsement.signer else ""
    if endorsement.kept_aside_at is not None or outbox.has_had_enough(email):
        return
    subject = f"endorsement:{endorsement.id}"
    links.revoke(subject, Purpose.CONFIRM)
    outbox.put(confirmation.confirm(endorsement, links.make(Purpose.CONFIRM, subject, email)))


def confirm(link: Link) -> str:
    """Confirm the address by the mailed link: the secret of the endorsement's own page.

    Raises `LinkNotValid` when used already, `WrongState` when the letter closed more than a day ago or the form
    was sent after it closed.
    """
    # Not by the session, since so many do it on the same day: read apart, written by prepared statements.
    endorsement = _known(apart.by_id(number := links.endorsement_of(link), in_transaction=True), number)
    actor = signer(endorsement.id)
    demand(actor, WORKFLOW.permission("confirm"), queries.subject_of(endorsement))
    letter = endorsement.letter
    row = WORKFLOW.check("confirm", endorsement.state, letter=letter.state)
    if letter.state == CLOSED and letter.closed_at is not None and (
            endorsement.signed_at > letter.closed_at or clock.now() > letter.closed_at + LATE_CONFIRMATION):
        raise WrongState(_("This letter is closed: the signature was not confirmed in time."))
    links.use_up(link)
    if not _CONFIRM.run(number=number, seen=endorsement.lock, new_state=row.target, now=clock.now()):
        raise StaleDataError("changed since it was read")
    chain.record(actor, "endorsement.confirmed", "endorsement", endorsement.id, letter_id=letter.id,
                 revision=endorsement.latest_revision)
    _begin_authority(actor, endorsement)
    with together():
        code, secret = receipts.for_mail(actor, endorsement), manage_link(endorsement)
        outbox.put(messages.received(endorsement, secret, code))
    tell_coordinators(endorsement)
    return secret


def _begin_authority(actor: Actor, endorsement: Endorsement) -> None:
    """The signer's own word holds from the moment the address is confirmed; a second person is asked only then,
    so that our form mails nobody whom a stranger names."""
    contact = endorsement.signer
    if contact is None:
        return
    if contact.authority == second_person.OWN_ROLE:
        _OWN_WORD.run(number=endorsement.id, now=clock.now())
        chain.record(actor, "authority.confirmed", "endorsement", endorsement.id, letter_id=endorsement.letter_id,
                     how=second_person.OWN_ROLE)
    elif contact.second_state == second_person.NAMED:
        chain.record(actor, "authority.named", "endorsement", endorsement.id, letter_id=endorsement.letter_id,
                     before="", private={"name": contact.second_name, "role": contact.second_role,
                                         "address": contact.second_email})
        second_person.ask(actor, get(endorsement.id))
    if endorsement.organisation is not None and endorsement.organisation.compared_by_rules == 0:
        suggestions.renew_soon(endorsement.organisation)
    if endorsement.organisation is not None and endorsement.signing_as == SigningAs.ORGANISATION.value:
        register.acts_for(endorsement.organisation, email=contact.email, name=contact.name, role=contact.role)


def edit(actor: Actor, endorsement: Endorsement, *, fields: EntryFields, seen: int) -> None:
    """Change an entry that is not approved; a returned one goes back to the queue by it.

    `seen` is the revision the page showed. Raises `Stale` when there is a newer one.
    """
    demand(actor, WORKFLOW.permission("edit"), queries.subject_of(endorsement))
    row = WORKFLOW.check("edit", endorsement.state, letter=endorsement.letter.state)
    _add_revision(actor, endorsement, fields, seen)
    before = endorsement.state
    if row.target:
        endorsement.state, endorsement.waiting_since = row.target, clock.now()
        tell_coordinators(endorsement)
    chain.record(actor, "endorsement.edited", "endorsement", endorsement.id, letter_id=endorsement.letter_id,
                 before=before, after=endorsement.state, revision=endorsement.latest_revision)


def amend(actor: Actor, endorsement: Endorsement, *, fields: EntryFields, seen: int, take_down: bool) -> None:
    """Propose a changed entry for an approved endorsement. The approved line stands until it is decided,
    unless the signer has it taken down now."""
    action = "amend_and_take_down" if take_down else "amend"
    demand(actor, WORKFLOW.permission(action), queries.subject_of(endorsement))
    row = WORKFLOW.check(action, endorsement.state, letter=endorsement.letter.state)
    _add_revision(actor, endorsement, fields, seen)
    endorsement.state, endorsement.waiting_since = row.target or endorsement.state, clock.now()
    if take_down:
        endorsement.approved_revision = 0
        endorsement.organisation_id = endorsement.entry.organisation_id
    chain.record(actor, "endorsement.amended", "endorsement", endorsement.id, letter_id=endorsement.letter_id,
                 revision=endorsement.latest_revision, line_taken_down=take_down)
    outbox.put(messages.changed(endorsement, manage_link(endorsement)))
    tell_coordinators(endorsement)


def change(actor: Actor, endorsement: Endorsement, *, fields: EntryFields, seen: int, take_down: bool) -> None:
    """Edit what is not approved yet, amend what is: whichever the state asks for."""
    if endorsement.state == workflow.APPROVED:
        amend(actor, endorsement, fields=fields, seen=seen, take_down=take_down)
    else:
        edit(actor, endorsement, fields=fields, seen=seen)


def take_back_amendment(actor: Actor, endorsement: Endorsement) -> None:
    """Drop a waiting amendment: the approved entry becomes the newest one again."""
    demand(actor, WORKFLOW.permission("take_back_amendment"), queries.subject_of(endorsement))
    WORKFLOW.check("take_back_amendment", endorsement.state, letter=endorsement.letter.state)
    if not endorsement.has_amendment or endorsement.approved_entry is None:
        raise WrongState(_("There is no change waiting."))
    restore_approved_entry(endorsement)
    chain.record(actor, "endorsement.amendment_withdrawn", "endorsement", endorsement.id,
                 letter_id=endorsement.letter_id, revision=endorsement.latest_revision)


def change_visibility(actor: Actor, endorsement: Endorsement, visibility: str) -> None:
    """Show the entry otherwise, at once. Narrowing is open to coordinators too; widening needs the signer."""
    after, before = checked_visibility(visibility), endorsement.visibility
    if after == before:
        return
    action = "narrow" if is_narrower(after, before) else "widen"
    demand(actor, WORKFLOW.permission(action), queries.subject_of(endorsement))
    WORKFLOW.check(action, endorsement.state)
    endorsement.visibility = after
    chain.record(actor, "endorsement.visibility_changed", "endorsement", endorsement.id,
                 letter_id=endorsement.letter_id, before=before, after=after)
    if endorsement.signer and endorsement.signer.email:
        db.session.flush()
        outbox.put(messages.changed(endorsement, manage_link(endorsement)))


def withdraw(actor: Actor, endorsement: Endorsement, *, reason: str = "", tell: bool = True) -> None:
    """Withdraw: by the signer's link, or by a coordinator on their word (then with a reason)."""
    own = endorsement.id in actor.endorsements
    action = "withdraw" if own else "withdraw_on_their_word"
    demand(actor, WORKFLOW.permission(action), queries.subject_of(endorsement))
    row = WORKFLOW.check(action, endorsement.state, reason=reason)
    before, endorsement.state = endorsement.state, row.target or endorsement.state
    endorsement.waiting_since = None
    if not own:
        endorsement.decided_reason = reason
    links.revoke(f"endorsement:{endorsement.id}", Purpose.CONFIRM, Purpose.AUTHORISE)
    chain.record(actor, "endorsement.withdrawn", "endorsement", endorsement.id,
                 letter_id=endorsement.letter_id, before=before, private={"reason": reason})
    if tell and endorsement.signer and endorsement.signer.email:
        db.session.flush()
        outbox.put(messages.withdrawn(endorsement))


def take_up_again(actor: Actor, endorsement: Endorsement, *, reason: str) -> None:
    """Sign again after withdrawing: back to the queue."""
    demand(actor, WORKFLOW.permission("take_up_again"), queries.subject_of(endorsement))
    row = WORKFLOW.check("take_up_again", endorsement.state, reason=reason, letter=endorsement.letter.state)
    if endorsement.confirmed_at is None:
        raise WrongState(_("This signature was never confirmed: sign the letter again."))
    if endorsement.signed_version_id != (endorsement.letter.published or endorsement.signed_version).id:
        raise WrongState(_("The text has changed since: sign the letter again."))
    before, endorsement.state = endorsement.state, row.target or endorsement.state
    endorsement.waiting_since, endorsement.approved_revision = clock.now(), 0
    endorsement.taken_off_at = None
    chain.record(actor, "endorsement.reinstated", "endorsement", endorsement.id,
                 letter_id=endorsement.letter_id, before=before, private={"reason": reason})
    tell_coordinators(endorsement)


def reconfirm(actor: Actor, endorsement: Endorsement, *, seen: int | None = None) -> None:
    """Say that the signature holds for the newest text too. `seen` is the number of the text that was read:
    raises `Stale` when there is a newer one."""
    demand(actor, WORKFLOW.permission("reconfirm"), queries.subject_of(endorsement))
    WORKFLOW.check("reconfirm", endorsement.state, letter=endorsement.letter.state)
    newest = endorsement.letter.published
    if newest is None or newest.id == endorsement.signed_version_id:
        raise WrongState(_("There is no newer text to confirm."))
    if seen is not None and seen != newest.number:
        raise Stale(_("The text was changed again since you opened the page. Read it, then confirm."))
    before = endorsement.signed_version.number
    endorsement.signed_version_id = newest.id
    chain.record(actor, "endorsement.reconfirmed", "endorsement", endorsement.id,
                 letter_id=endorsement.letter_id, version=newest.number, before=before)


def send_links_again(email: str) -> None:
    """Mail the way back to everything this address has signed. Unknown addresses get nothing, and the caller
    is told nothing either way."""
    occasion = secrets.token_hex(8)
    for endorsement in queries.of_address(email):
        if endorsement.state == workflow.UNCONFIRMED:
            if letter_queries.is_open_for_signing(endorsement.letter):
                send_confirmation(endorsement)
        else:
            outbox.put(messages.link_again(endorsement, manage_link(endorsement), occasion))
        chain.record(signer(endorsement.id), "link.sent", "endorsement", endorsement.id,
                     letter_id=endorsement.letter_id, purpose="manage")


def tell_signers_of_new_text(letter: Letter) -> int:
    """Tell everybody who signed an earlier version that a new one stands; says how many. A corrected translation
    alone, which leaves the governing text as it was, is told to those who signed in that language."""
    version = letter.published
    if version is None or version.change == "first":
        return 0
    told, changed = 0, letter_queries.changed_languages(letter, version)
    for endorsement in queries.live_on_earlier_versions(letter, version.id):
        if version.language not in changed and endorsement.language not in changed:
            continue
        if endorsement.signer and endorsement.signer.email:
            outbox.put(messages.text_changed(endorsement, manage_link(endorsement), note=version.note,
                                             substantive=version.change == "substantive",
                                             only_translation=version.language not in changed))
            told += 1
    return told


def get(endorsement_id: int) -> Endorsement:
    """The endorsement with this id, which is known to exist."""
    return _known(queries.by_id(endorsement_id), endorsement_id)


def _known(found: Endorsement | None, endorsement_id: int) -> Endorsement:
    if found is None:
        raise LookupError(endorsement_id)
    return found


def tell_coordinators(endorsement: Endorsement) -> None:
    """One mail a day to each coordinator while something waits, on the last day and after it: before that the
    daily digest (`review.digests`) is soon enough."""
    now, deadline = clock.now(), endorsement.letter.deadline_at
    if deadline is None or now < deadline - _LAST_DAY:
        return
    for person in coordinators_now(endorsement.letter):
        outbox.put(messages.waiting_for_review(endorsement, person, now.date().isoformat()))


def restore_approved_entry(endorsement: Endorsement) -> None:
    """Make the approved entry the newest one again; what was proposed stays in the history."""
    approved = endorsement.approved_entry
    if approved is None:
        raise WrongState(_("There is no approved entry to go back to."))
    _append(endorsement, fields_of(approved, endorsement), endorsement.organisation_id)
    endorsement.approved_revision, endorsement.waiting_since = endorsement.latest_revision, None


def manage_link(endorsement: Endorsement) -> str:
    """The secret of a new link to the signer's own page, for a mail to the signer."""
    email = endorsement.signer.email if endorsement.signer else ""
    return links.make(Purpose.MANAGE, f"endorsement:{endorsement.id}", email)


def _organisation_for(actor: Actor, fields: EntryFields, website: str) -> Organisation | None:
    if not fields.organisation:
        return None
    return register.recognise_or_register(
        actor, name=fields.organisation, country=fields.country, country_text=fields.country_text,
        other_script=fields.other_script, kind="network" if fields.is_network else "single", website=website)


def sign_over(endorsement: Endorsement, fields: EntryFields, contact: SignerFields, visibility: str,
               form_key: str) -> None:
    """The same address signs again before confirming: the newer answers are the ones to confirm."""
    version = endorsement.letter.published
    _append(endorsement, fields, endorsement.organisation_id)
    endorsement.visibility, endorsement.language = visibility, contact.language
    endorsement.signed_at, endorsement.form_key = clock.now(), form_key
    endorsement.signed_version_id = version.id if version else endorsement.signed_version_id
    if endorsement.signer is not None:
        endorsement.signer.name, endorsement.signer.role = contact.name, contact.role
        endorsement.signer.website, endorsement.signer.language = contact.website, contact.speaks
        second_person.note(endorsement.signer, contact.second)
    db.session.flush()


def _add_revision(actor: Actor, endorsement: Endorsement, fields: EntryFields, seen: int) -> None:
    if seen != endorsement.latest_revision:
        raise Stale(_("This entry was changed since you opened the page. Look at it again, then change it."))
    if fields.signing_as.value != endorsement.signing_as:
        raise Invalid(_("Who signs cannot be changed afterwards: withdraw, then sign again."))
    organisation = _organisation_for(actor, fields, "")
    _append(endorsement, fields, organisation.id if organisation else None)
    if endorsement.state != workflow.APPROVED:
        endorsement.organisation_id = organisation.id if organisation else None
    endorsement.last_edited_by = actor.person_id
    second_person.ask_about_new_name(actor, endorsement)


def _append(endorsement: Endorsement, fields: EntryFields, organisation_id: int | None) -> None:
    endorsement.latest_revision += 1
    endorsement.entries.append(
        new_revision(endorsement.id, endorsement.latest_revision, fields, organisation_id))
    db.session.flush()


def _new_reference() -> str:
    letters = "".join(secrets.choice(_REFERENCE_LETTERS) for _number in range(8))
    return f"{letters[:4]}-{letters[4:]}"
