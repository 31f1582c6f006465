"""Ending what asked somebody to sign who has been taken off: links, mails, reminders."""

from __future__ import annotations

from sqlalchemy import func, or_, select

from coalition import clock
from coalition.access.actor import Actor
from coalition.accounts import links
from coalition.accounts.links import Purpose
from coalition.audit import chain
from coalition.db import db
from coalition.endorsements.models import Endorsement
from coalition.invitations.models import Invitation
from coalition.mail import outbox


def end_for(actor: Actor, endorsement: Endorsement) -> int:
    """End the invitations to the letter that led to this endorsement or went to its signer's address; says how many.
    The right to do so was asked before, by whoever takes the signatory off."""
    address = endorsement.signer.email.lower() if endorsement.signer is not None else ""
    same = [Invitation.endorsement_id == endorsement.id,
            *([func.lower(Invitation.email) == address] if address else [])]
    found = list(db.session.scalars(select(Invitation).where(
        Invitation.letter_id == endorsement.letter_id, or_(*same)).order_by(Invitation.id)))
    for invitation in found:
        links.revoke(invitation.about, Purpose.INVITE)
        outbox.cancel_about(invitation.about)
        if invitation.stopped_at is None:
            invitation.stopped_at, invitation.next_reminder_at = clock.now(), None
            chain.record(actor, "invitation.stopped", "invitation", invitation.id, letter_id=invitation.letter_id,
                         everywhere=False)
    db.session.flush()
    return len(found)
