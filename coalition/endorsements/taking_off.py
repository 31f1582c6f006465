"""Taking a signatory off at once, whatever stands: hidden, its links ended, its mails stopped. What follows for files
and invitations is joined in `safety`."""

from __future__ import annotations

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.policy import demand
from coalition.accounts import links
from coalition.accounts.links import Purpose
from coalition.audit import chain
from coalition.db import db
from coalition.endorsements import messages, queries, workflow
from coalition.endorsements.models import Endorsement
from coalition.endorsements.operations import manage_link
from coalition.endorsements.workflow import WORKFLOW
from coalition.errors import Invalid, WrongState
from coalition.i18n import gettext as _
from coalition.letters.deputies import coordinators_now
from coalition.mail import outbox
from coalition.signatories.entry import Visibility


def take_off(actor: Actor, endorsement: Endorsement, *, way_back: int | None = None, tell: bool = True) -> bool:
    """Take the signatory off every list now; a second time changes nothing. Says whether it was listed in public.

    It is withdrawn, and withheld should it ever be taken up again. All its links end but `way_back`, the id of the
    one that was used; no mail about it leaves any more. `tell`: the signer gets one mail, which says nothing of what
    it is about. No reason is asked for. Raises only `NotPermitted`.
    """
    demand(actor, WORKFLOW.permission("take_off"), queries.subject_of(endorsement))
    row = WORKFLOW.check("take_off", endorsement.state, letter=endorsement.letter.state)
    if endorsement.taken_off_at is not None:
        return False
    before, shown = endorsement.state, endorsement.visibility
    endorsement.state, endorsement.waiting_since = row.target or before, None
    endorsement.visibility, endorsement.taken_off_at = Visibility.WITHHELD.value, clock.now()
    about = f"endorsement:{endorsement.id}"
    links.revoke(about, Purpose.CONFIRM, Purpose.AUTHORISE, Purpose.MANAGE, but=way_back)
    outbox.cancel_about(about)
    chain.record(actor, "endorsement.taken_off", "endorsement", endorsement.id, letter_id=endorsement.letter_id,
                 before=before, visibility=shown)
    db.session.flush()
    if tell and endorsement.signer is not None and endorsement.signer.email:
        outbox.put(messages.taken_off(endorsement, "" if way_back else manage_link(endorsement)))
    for person in coordinators_now(endorsement.letter):
        if person.id != actor.person_id:
            outbox.put(messages.signatory_taken_off(endorsement, person))
    return before == workflow.APPROVED and shown == Visibility.PUBLIC.value


def explain(actor: Actor, endorsement: Endorsement, reason: str) -> None:
    """Say afterwards why it was taken off, to the coordinators. Raises `WrongState` when it was not, `Invalid` without
    words."""
    demand(actor, WORKFLOW.permission("take_off"), queries.subject_of(endorsement))
    if endorsement.taken_off_at is None:
        raise WrongState(_("This signature was not taken off."))
    if not reason.strip():
        message = _("Say why in a sentence, or leave this page: no reason is needed.")
        raise Invalid(message, {"reason": message})
    chain.record(actor, "endorsement.take_off_explained", "endorsement", endorsement.id,
                 letter_id=endorsement.letter_id, private={"reason": reason.strip()})
