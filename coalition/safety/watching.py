"""What the clock looks for: sign-ons that wait kept aside, and accounts that do so much at once that somebody else may
have taken them over. Found in the audit log, so by whatever way it was done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import func, select

from coalition import clock
from coalition.accounts.models import Person
from coalition.audit.models import AuditEntry
from coalition.config import setting
from coalition.db import db
from coalition.letters.deputies import coordinators_now
from coalition.letters.models import Letter
from coalition.mail import outbox
from coalition.mail.message import Message
from coalition.safety import messages, queries

_HOUR = timedelta(hours=1)
#: What is counted for one member of staff on one letter, by which setting, and the mail about it.
_WATCHED: dict[str, tuple[str, Callable[[Person, Letter, str, int, str], Message]]] = {
    "endorsement.approved": ("MANY_APPROVALS", messages.many_approvals),
    "edition.exported": ("MANY_EXPORTS", messages.many_exports),
}


def tell_of_kept(letter_id: int) -> None:
    """Tell the letter's coordinators, once a day, how many sign-ons are kept aside."""
    letter = db.session.get(Letter, letter_id)
    number = queries.how_many_kept(letter) if letter is not None else 0
    if letter is None or not number:
        return
    for person in coordinators_now(letter):
        outbox.put(messages.sign_ons_kept(person, letter, number, clock.now().date().isoformat()))


def busy_accounts() -> list[tuple[str, int, int, int]]:
    """(act, letter id, person id, how often) of everybody who did so much in the last hour that others should know."""
    rows = db.session.execute(
        select(AuditEntry.action, AuditEntry.letter_id, AuditEntry.actor, func.count()).where(
            AuditEntry.action.in_(list(_WATCHED)), AuditEntry.at > clock.now() - _HOUR,
            AuditEntry.letter_id.is_not(None), AuditEntry.actor.startswith("person:"))
        .group_by(AuditEntry.action, AuditEntry.letter_id, AuditEntry.actor)).all()
    return [(action, letter_id, int(actor.partition(":")[2]), number) for action, letter_id, actor, number in rows
            if number >= setting(_WATCHED[action][0])]


def tell_the_others(action: str, letter_id: int, person_id: int, number: int) -> None:
    """Tell the letter's other coordinators of a busy account, once a day for each act."""
    letter, busy = db.session.get(Letter, letter_id), db.session.get(Person, person_id)
    if letter is None or busy is None:
        return
    key = f"busy:{action}:{letter_id}:{person_id}:{clock.now().date().isoformat()}"
    for person in coordinators_now(letter):
        if person.id != person_id:
            outbox.put(_WATCHED[action][1](person, letter, busy.name, number, key))
