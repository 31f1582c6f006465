"""Telling administrators at once of what they must look at themselves."""

from __future__ import annotations

from coalition import clock
from coalition.accounts import messages, queries
from coalition.audit.chain import Broken
from coalition.mail import outbox


def tell_of_broken_log(broken: Broken) -> int:
    """Write to every administrator that the audit log is not whole, once a day; says to how many."""
    day = clock.now().date().isoformat()
    told = [person for person in queries.all_people() if person.is_administrator and person.active]
    for person in told:
        outbox.put(messages.log_is_broken(person, broken, day))
    return len(told)
