"""Passkeys of the staff (WebAuthn): questions for the browser, enrolling, proving, removing. A passkey always asks its
owner for a finger, a face or a PIN, so that it is both factors at once and signs in alone."""

from __future__ import annotations

import ipaddress
import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from coalition import clock
from coalition.access.actor import Actor
from coalition.accounts import messages, sealing, second_factor
from coalition.accounts.models import Passkey, Person
from coalition.audit import chain
from coalition.config import public_host, public_origin, setting
from coalition.db import db
from coalition.errors import Invalid, NotFound
from coalition.i18n import gettext as _
from coalition.mail import outbox

#: How long a question to a passkey may wait for its answer.
ANSWER_WITHIN = timedelta(minutes=5)
MOST, LONGEST_NAME, LONGEST_ANSWER = 20, 100, 20_000


def new_challenge() -> str:
    """A random question (256 bits), as text."""
    return secrets.token_urlsafe(32)


def can_be_used_here() -> bool:
    """Whether this installation's address allows passkeys at all: a name does, a bare number does not."""
    try:
        ipaddress.ip_address(public_host())
    except ValueError:
        return bool(public_host())
    return False


def questions_for_new(person: Person, challenge: str) -> str:
    """What the browser is asked when a passkey is made, as JSON; the ones the person has here are left out."""
    has = second_factor.factors_of(person).passkeys
    return options_to_json(generate_registration_options(
        rp_id=public_host(), rp_name=setting("COALITION_NAME"), user_name=person.email,
        user_display_name=person.name, user_id=bytes.fromhex(_handle(person)),
        challenge=base64url_to_bytes(challenge), timeout=_milliseconds(),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=key.credential_id) for key in has]))


def questions_for_proof(challenge: str, person: Person | None = None) -> str:
    """What the browser is asked when a passkey is to be used, as JSON: one of the person's, or any of this site."""
    allowed = second_factor.factors_of(person).passkeys if person else ()
    return options_to_json(generate_authentication_options(
        rp_id=public_host(), challenge=base64url_to_bytes(challenge), timeout=_milliseconds(),
        user_verification=UserVerificationRequirement.REQUIRED,
        allow_credentials=[PublicKeyCredentialDescriptor(id=key.credential_id) for key in allowed] or None))


def add(actor: Actor, person: Person, *, name: str, answer: str, challenge: str) -> Passkey:
    """Keep a passkey that the person's browser just made.

    Raises `Invalid` when the answer does not fit the question, or the name is missing or taken.
    """
    second_factor.demand_own(actor, person)
    called = " ".join(name.split())
    has = db.session.scalars(select(Passkey).where(Passkey.person_id == person.id)).all()
    _check_name(called, [key.name for key in has])
    if len(has) >= MOST:
        raise Invalid(_("There are as many passkeys as one account can have: remove one first."))
    try:
        made = verify_registration_response(
            credential=answer[:LONGEST_ANSWER], expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=public_host(), expected_origin=public_origin(), require_user_verification=True)
    except (WebAuthnException, ValueError, KeyError, TypeError) as reason:
        raise Invalid(_not_added()) from reason
    if db.session.scalar(select(Passkey.id).where(Passkey.credential_id == made.credential_id)):
        raise Invalid(_not_added())
    person.passkey_handle = _handle(person)
    passkey = Passkey(person_id=person.id, credential_id=made.credential_id, public_key=made.credential_public_key,
                      sign_count=made.sign_count, name=called, domain=public_host(), created_at=clock.now(),
                      is_synced=made.credential_device_type is CredentialDeviceType.MULTI_DEVICE)
    db.session.add(passkey)
    db.session.flush()
    chain.record(actor, "second_factor.passkey_added", "person", person.id, passkey=passkey.id,
                 synced=passkey.is_synced)
    outbox.put(messages.passkey_added(person, called))
    return passkey


def prove(answer: str, challenge: str, asked_at: datetime, *, person: Person | None = None) -> Person:
    """Whose passkey answered the question; `person` if it must be theirs. Each question is good for one answer.

    Raises `Invalid`, alike for every reason.
    """
    passkey = _named_by(answer)
    owner = db.session.get(Person, passkey.person_id) if passkey else None
    if (passkey is None or owner is None or not owner.active or (person and owner.id != person.id)
            or passkey.domain != public_host() or clock.now() - asked_at > ANSWER_WITHIN):
        raise Invalid(_not_proved())
    proved = _verify(answer, challenge, passkey)
    # An answer seen before, or to a question older than the last one answered, is a copy of somebody else's.
    used = db.session.execute(
        update(Passkey).where(Passkey.id == passkey.id,
                              Passkey.last_used_at.is_(None) | (Passkey.last_used_at < asked_at))
        .values(last_used_at=asked_at, sign_count=proved.new_sign_count)
        .execution_options(synchronize_session=False)).rowcount
    if not used:
        raise Invalid(_not_proved())
    return owner


def remove(actor: Actor, person: Person, number: int) -> None:
    """Remove one of the person's passkeys. Raises `NotFound`, `WrongState` for the last factor where one is needed."""
    second_factor.demand_own(actor, person)
    passkey = db.session.get(Passkey, number)
    if passkey is None or passkey.person_id != person.id:
        raise NotFound(_("There is no such passkey any more."))
    second_factor.require_another(person, without=passkey)
    name = passkey.name
    db.session.delete(passkey)
    db.session.flush()
    chain.record(actor, "second_factor.passkey_removed", "person", person.id, passkey=number)
    outbox.put(messages.passkey_removed(person, name))
    second_factor.forget_codes_without_factor(person)


def _check_name(name: str, taken: list[str]) -> None:
    problem = ""
    if not name or not name.isprintable():
        problem = _("Give the passkey a name that you will know it by.")
    elif len(name) > LONGEST_NAME:
        problem = _("Use at most %(number)s characters for the name.", number=LONGEST_NAME)
    elif name in taken:
        problem = _("You have a passkey with this name already: choose another name.")
    if problem:
        raise Invalid(problem, {"name": problem})


def _named_by(answer: str) -> Passkey | None:
    try:
        given = parse_authentication_credential_json(answer[:LONGEST_ANSWER])
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    return db.session.scalar(select(Passkey).where(Passkey.credential_id == given.raw_id))


def _verify(answer: str, challenge: str, passkey: Passkey) -> VerifiedAuthentication:
    try:
        return verify_authentication_response(
            credential=answer, expected_challenge=base64url_to_bytes(challenge), expected_rp_id=public_host(),
            expected_origin=public_origin(), credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count, require_user_verification=True)
    except (WebAuthnException, ValueError, KeyError, TypeError) as reason:
        raise Invalid(_not_proved()) from reason


def _handle(person: Person) -> str:
    """What passkeys know the person by: says nothing about them, and is the same for each further passkey."""
    return person.passkey_handle or sealing.keyed_hash(f"passkeys of {person.id}")


def _milliseconds() -> int:
    return int(ANSWER_WITHIN.total_seconds() * 1000)


def _not_added() -> str:
    return _("The passkey was not added: its answer did not fit. Open the page anew and try once more.")


def _not_proved() -> str:
    return _("The passkey was not accepted. Try again, or use another way.")
