"""What staff prove besides a password: the authenticator app, recovery codes, and starting again without any.
Passkeys are in `passkeys.py`; whether this browser has proved anything is for the web to know."""

from __future__ import annotations

import secrets
import unicodedata
from dataclasses import dataclass

from sqlalchemy import delete, func, select, update

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.access.predicates import Subject
from coalition.accounts import messages, queries, sealing, totp
from coalition.accounts.models import Passkey, Person, RecoveryCode
from coalition.audit import chain
from coalition.config import public_host, second_factor_required
from coalition.db import db
from coalition.errors import Invalid, NotPermitted, WrongState
from coalition.i18n import gettext as _
from coalition.mail import outbox

CODES = 10
#: Crockford's letters: none looks like another, and 12 of them are 60 bits.
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person can prove themselves with. `stranded` are passkeys of another domain, which work no more."""

    has_app: bool
    passkeys: tuple[Passkey, ...]
    stranded: tuple[Passkey, ...]
    codes_left: int

    @property
    def any(self) -> bool:
        """Whether there is a second factor at all. A stranded passkey is one: otherwise moving to another domain
        would make passwords alone enough."""
        return self.has_app or bool(self.passkeys or self.stranded)


def factors_of(person: Person) -> Factors:
    """The person's second factors as they stand."""
    kept = db.session.scalars(select(Passkey).where(Passkey.person_id == person.id).order_by(Passkey.id)).all()
    here = public_host()
    return Factors(has_app=person.totp_secret is not None,
                   passkeys=tuple(key for key in kept if key.domain == here),
                   stranded=tuple(key for key in kept if key.domain != here), codes_left=_codes_left(person))


def has_factor(person: Person) -> bool:
    """Whether the person has a second factor."""
    return person.totp_secret is not None or db.session.scalar(
        select(Passkey.id).where(Passkey.person_id == person.id).limit(1)) is not None


def set_up_app(actor: Actor, person: Person, secret: str, code: str) -> None:
    """Make an authenticator app the person's second factor, once it shows a right code; another app is replaced.

    Raises `Invalid` for a wrong code.
    """
    demand_own(actor, person)
    step = totp.step_of(secret, code, clock.now())
    if step is None:
        raise Invalid(wrong_code(), {"code": wrong_code()})
    replaced = person.totp_secret is not None
    person.totp_secret, person.totp_step = sealing.seal(secret), step
    chain.record(actor, "second_factor.app_set", "person", person.id, replaced=replaced)
    outbox.put(messages.app_set_up(person))


def remove_app(actor: Actor, person: Person) -> None:
    """Take the authenticator app away. Raises `WrongState` for the last factor where one is needed."""
    demand_own(actor, person)
    if person.totp_secret is None:
        return
    factors = factors_of(person)
    _require_another(len(factors.passkeys))
    person.totp_secret, person.totp_step = None, None
    chain.record(actor, "second_factor.app_removed", "person", person.id)
    outbox.put(messages.app_removed(person))
    if not (factors.passkeys or factors.stranded):
        _forget_codes(person)


def use_app_code(person: Person, code: str) -> bool:
    """Whether this is a code of the person's app that was not used before; it is used now. Of two requests with the
    same code at the same moment one gets False."""
    if person.totp_secret is None:
        return False
    step = totp.step_of(sealing.unseal(person.totp_secret), code, clock.now())
    if step is None:
        return False
    used = db.session.execute(
        update(Person).where(Person.id == person.id, (Person.totp_step < step) | Person.totp_step.is_(None))
        .values(totp_step=step).execution_options(synchronize_session=False)).rowcount
    return bool(used)


def make_recovery_codes(actor: Actor, person: Person) -> list[str]:
    """New recovery codes, given back this once and kept only as hashes; the ones before stop working.

    Raises `WrongState` for somebody without a second factor.
    """
    demand_own(actor, person)
    if not has_factor(person):
        raise WrongState(_("Recovery codes stand in for a second factor: set one up first."))
    _forget_codes(person)
    made = [secrets.token_bytes(12) for _number in range(CODES)]
    codes = ["".join(_LETTERS[byte % 32] for byte in code) for code in made]
    now = clock.now()
    db.session.add_all(RecoveryCode(person_id=person.id, code_hash=_hash(person, code), created_at=now)
                       for code in codes)
    chain.record(actor, "second_factor.codes_made", "person", person.id, number=len(codes))
    outbox.put(messages.recovery_codes_made(person))
    return ["-".join((code[:4], code[4:8], code[8:])) for code in codes]


def use_recovery_code(person: Person, code: str) -> bool:
    """Whether this is a recovery code of the person that was not used before; it is used now, and they are told."""
    used = db.session.execute(
        update(RecoveryCode).where(RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None),
                                   RecoveryCode.code_hash == _hash(person, _normal(code)))
        .values(used_at=clock.now()).execution_options(synchronize_session=False)).rowcount
    if not used:
        return False
    left = _codes_left(person)
    chain.record(queries.actor_for(person), "second_factor.code_used", "person", person.id, left=left)
    outbox.put(messages.recovery_code_used(person, left))
    return True


def reset(actor: Actor, person: Person, reason: str) -> None:
    """Take all second factors of somebody who lost them, and end all their sessions; the password stays.

    Raises `Invalid` without a reason, `WrongState` where there is nothing to reset.
    """
    demand(actor, Permission.FACTOR_RESET, Subject())
    if not reason.strip():
        raise Invalid(_("Give a reason: it is kept in the audit log."))
    factors = factors_of(person)
    if not factors.any:
        raise WrongState(_("This person has no second factor that could be reset."))
    passkeys = len(factors.passkeys) + len(factors.stranded)
    db.session.execute(delete(Passkey).where(Passkey.person_id == person.id))
    _forget_codes(person)
    person.totp_secret, person.totp_step = None, None
    person.fs_uniquifier = secrets.token_hex(32)
    chain.record(actor, "second_factor.reset", "person", person.id, private={"reason": reason.strip()},
                 app=factors.has_app, passkeys=passkeys, codes=factors.codes_left)
    outbox.put(messages.second_factor_reset(person))


def demand_own(actor: Actor, person: Person) -> None:
    """Raise `NotPermitted` unless these are the actor's own factors."""
    if actor.person_id != person.id:
        raise NotPermitted(_("Everybody sets up their own second factor."))


def require_another(person: Person, *, without: Passkey) -> None:
    """Raise `WrongState` if this passkey is the last factor the person can use where one is needed."""
    factors = factors_of(person)
    _require_another(factors.has_app + sum(key.id != without.id for key in factors.passkeys))


def forget_codes_without_factor(person: Person) -> None:
    """Recovery codes stand in for a second factor: without any they are worth nothing."""
    if not has_factor(person):
        _forget_codes(person)


def wrong_code() -> str:
    """What is said of a code that is wrong, too old or used: all alike."""
    return _("This code is not right, or was used already. Wait for the next one and type that.")


def _require_another(others: int) -> None:
    if second_factor_required() and not others:
        raise WrongState(_("Nobody works here without a second factor: set another one up before you remove this one."))


def _codes_left(person: Person) -> int:
    return db.session.scalar(select(func.count()).select_from(RecoveryCode).where(
        RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None))) or 0


def _forget_codes(person: Person) -> None:
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person.id))


def _normal(code: str) -> str:
    """A typed recovery code as it was made: no blanks and dashes, small letters, o and i read as digits."""
    plain = unicodedata.normalize("NFKC", code).casefold().translate(str.maketrans("oil", "011"))
    return "".join(character for character in plain if character.isalnum())


def _hash(person: Person, code: str) -> str:
    return sealing.keyed_hash(f"{person.id}:{code}")
