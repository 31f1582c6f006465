"""The person named as the one who may bind the organisation: noting who it is, and asking by mail. Who may have them
asked, and what follows from the answer, is in `authority.py`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from coalition import clock
from coalition.access.actor import Actor
from coalition.accounts import links
from coalition.accounts.links import LIFE, Purpose
from coalition.audit import chain
from coalition.endorsements import messages
from coalition.endorsements.contact import SecondPerson
from coalition.endorsements.models import Endorsement, Signer
from coalition.errors import WrongState
from coalition.i18n import gettext as _
from coalition.mail import outbox

OWN_ROLE, SECOND_PERSON, EVIDENCE = "own_role", "second_person", "evidence"
NOBODY, NAMED, ASKED, CONFIRMED, REFUSED = "", "named", "asked", "confirmed", "refused"

#: Nobody who was named by others gets more mails than this about one signature.
MOST_MAILS = 5


def note(signer: Signer, second: SecondPerson | None) -> None:
    """Keep who was named with the signature, in place of whoever was before; nobody is asked by it yet."""
    for column, value in as_noted(second).items():
        setattr(signer, column, value)


def as_noted(second: SecondPerson | None) -> dict[str, Any]:
    """The columns that say who was named, if somebody was, and that nobody has answered."""
    return {
        "authority": SECOND_PERSON if second else OWN_ROLE, "authority_confirmed_at": None, "authority_for": "",
        "second_name": second.name if second else "", "second_role": second.role if second else "",
        "second_email": second.email if second else "", "second_state": NAMED if second else NOBODY,
        "second_asked_at": None, "second_words": ""}


def ask(actor: Actor, endorsement: Endorsement) -> None:
    """Mail the person named a link to a page where they answer; links sent before end.

    Raises `WrongState` when nobody was named, when they have confirmed, or after `MOST_MAILS` mails.
    """
    signer = endorsement.signer
    if signer is None or signer.second_state == NOBODY or endorsement.authority_holds:
        raise WrongState(_("Nobody has to be asked for the authority."))
    if signer.second_mails >= MOST_MAILS:
        raise WrongState(_("This signature has caused enough mails to others. Speak to the person yourself: a "
                           "coordinator can also take a letter of authority as evidence."))
    subject = f"endorsement:{endorsement.id}"
    links.revoke(subject, Purpose.AUTHORISE)
    secret = links.make(Purpose.AUTHORISE, subject, signer.second_email)
    signer.second_state, signer.second_asked_at, signer.second_words = ASKED, clock.now(), ""
    signer.second_mails += 1
    chain.record(actor, "authority.asked", "endorsement", endorsement.id, letter_id=endorsement.letter_id,
                 times=signer.second_mails)
    outbox.put(messages.authority_asked(endorsement, secret))


def ask_about_new_name(actor: Actor, endorsement: Endorsement) -> None:
    """Ask a second person again who has confirmed another name than the entry gives now."""
    signer = endorsement.signer
    if signer is not None and signer.second_state == CONFIRMED and is_awaited(endorsement) \
            and signer.second_mails < MOST_MAILS:
        ask(actor, endorsement)


def answer_until(signer: Signer) -> datetime | None:
    """Until when the link that was mailed last can be used; None when nothing was mailed."""
    life = LIFE[Purpose.AUTHORISE]
    return signer.second_asked_at + life if signer.second_asked_at and life else None


def has_run_out(signer: Signer) -> bool:
    """Whether the person was asked and did not answer in time."""
    until = answer_until(signer)
    return signer.second_state == ASKED and until is not None and clock.now() >= until


def is_awaited(endorsement: Endorsement) -> bool:
    """Whether a second person's word is what the authority waits for."""
    return (endorsement.signer is not None and endorsement.signer.authority == SECOND_PERSON
            and not endorsement.authority_holds)
