"""Taking a signatory off at once: one act over the endorsement, the invitation and the public files."""

from __future__ import annotations

from coalition.access.actor import Actor
from coalition.documents import drawing, replacing
from coalition.endorsements import taking_off
from coalition.endorsements.models import Endorsement
from coalition.invitations import ending


def take_off(actor: Actor, endorsement: Endorsement, *, way_back: int | None = None, tell: bool = True) -> None:
    """Hide the entry, end its links and mails, and ask for a public edition without it. In every state of the letter;
    no reason is asked for, and a second time changes nothing. `way_back` and `tell` as in `endorsements.taking_off`.

    From the commit on no public answer holds the name: pages and files are looked up each time they are asked for. So
    it works while no worker runs. Raises only `NotPermitted`.
    """
    done_before = endorsement.taken_off_at is not None
    was_public = taking_off.take_off(actor, endorsement, way_back=way_back, tell=tell)
    if done_before:
        return
    ending.end_for(actor, endorsement)
    drawing.forget_drawn(endorsement.letter.slug)
    if was_public:
        replacing.ask(actor, endorsement.letter)
