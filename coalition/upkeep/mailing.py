"""The operator holds all mail back, or lets it go."""

from __future__ import annotations

from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.access.predicates import Subject
from coalition.audit import chain
from coalition.errors import WrongState
from coalition.mail import holding


def hold(actor: Actor) -> int:
    """Hold all mail back; says how many wait. Raises `WrongState` when it is held already."""
    demand(actor, Permission.INSTALLATION_KEEP, Subject())
    if holding.is_held():
        raise WrongState("All mail is held already.")
    waiting = holding.hold()
    chain.record(actor, "mail.held", "installation", 1, waiting=waiting)
    return waiting


def release(actor: Actor, *, without_old: bool = False) -> tuple[int, int]:
    """Let mail leave again: how many wait, and how many were cancelled because they were in a restored backup.
    Raises `WrongState` when nothing is held."""
    demand(actor, Permission.INSTALLATION_KEEP, Subject())
    if not holding.is_held():
        raise WrongState("No mail is held.")
    waiting, cancelled = holding.let_go(without_old=without_old)
    chain.record(actor, "mail.released", "installation", 1, waiting=waiting, cancelled=cancelled)
    return waiting, cancelled
