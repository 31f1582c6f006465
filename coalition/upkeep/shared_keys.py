"""The keys that all machines of an installation must have alike: the database remembers a name of each, so that a
machine with another one is noticed before it links or seals anything. The keys stay in files and settings."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.access.predicates import Subject
from coalition.audit import chain, keys
from coalition.config import AUDIT_KEY_FILE, setting
from coalition.db import db
from coalition.documents import seal
from coalition.errors import CoalitionError, WrongState
from coalition.upkeep.models import SharedKey


@dataclass(frozen=True, slots=True)
class Held:
    """One key of this machine: its file, what it is called, and what it was called before. No names: it is missing."""

    what: str
    where: str
    names: tuple[str, ...]


def differing() -> list[str]:
    """Where the keys of this machine are that the installation does not work with, or that are missing."""
    noted = _noted()
    return [held.where for held in _held() if held.what in noted and noted[held.what] not in held.names]


def any_noted() -> bool:
    """Whether the database knows which keys the installation works with."""
    return bool(_noted())


def require_same() -> None:
    """Raise `WrongState` when this machine has other keys than the installation."""
    found = differing()
    if found:
        raise WrongState(in_words(found))


def in_words(differing: list[str]) -> str:
    """What it means that these differ, and what to do."""
    return (f"Other keys than those the installation works with: {', '.join(differing)}. Copy them from a machine "
            "where it works; or, if they were changed on purpose or are lost, run “coalition init --new-keys”.")


def note(actor: Actor, *, even_others: bool = False) -> None:
    """Remember the keys of this machine as those of the installation. In the caller's unit of work.

    Raises `WrongState` when others are remembered and not `even_others`, which goes into the audit log.
    """
    demand(actor, Permission.INSTALLATION_KEEP, Subject())
    found = differing()
    if found and not even_others:
        require_same()
    if found:
        chain.record(actor, "installation.keys_changed", "installation", 1, which=", ".join(found))
    noted = _noted()
    for held in _held():
        if held.names and noted.get(held.what) != held.names[0]:
            db.session.merge(SharedKey(what=held.what, name=held.names[0], noted_at=clock.now()))


def forget() -> None:
    """Forget which keys the installation worked with, since they are lost. In the caller's unit of work."""
    db.session.execute(db.delete(SharedKey))


def _noted() -> dict[str, str]:
    return {row.what: row.name for row in db.session.execute(select(SharedKey.what, SharedKey.name))}


def _held() -> list[Held]:
    secrets = (("secret", "SECRET_KEY", "secret.key"), ("salt", "SECURITY_PASSWORD_SALT", "password-salt.key"),
               ("second_factor", "SECOND_FACTOR_KEY", "second-factor.key"))
    return [
        *(Held(what, where, (_name(what, str(setting(name))),)) for what, name, where in secrets),
        Held("audit", AUDIT_KEY_FILE, _names(lambda: [key.name for key in keys.all_keys()])),
        Held("seal", seal.FILE_NAME, _names(lambda: [seal.own().fingerprint, *seal.former()])),
    ]


def _name(what: str, secret: str) -> str:
    return hashlib.sha256(f"name of a shared key\n{what}\n{secret}".encode()).hexdigest()[:12]


def _names(ask: Callable[[], list[str]]) -> tuple[str, ...]:
    try:
        return tuple(name[:64] for name in ask())
    except CoalitionError:
        return ()
