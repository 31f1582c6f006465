"""Signing by the form. Everything is looked at, worded and drawn by lot first (`prepare`); then one short transaction
asks what must be asked then, and stores (`store`), since on SQLite everybody else who writes waits for it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.accounts import links
from coalition.accounts.links import Purpose
from coalition.audit import chain
from coalition.endorsements import confirmation, messages, operations, queries, second_person, workflow
from coalition.endorsements.contact import SignerFields, checked_contact, checked_visibility
from coalition.endorsements.entries import values_of
from coalition.endorsements.fields import EntryFields
from coalition.endorsements.models import Endorsement, EntryRevision, Signer
from coalition.errors import Stale, WrongState
from coalition.i18n import gettext as _
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter, Version
from coalition.letters.reading import languages_of
from coalition.mail import outbox
from coalition.organisations import operations as register
from coalition.prepared import Prepared, adding, together
from coalition.signatories.entry import SigningAs

_ENDORSEMENTS, _VERSIONS = Endorsement.__table__, Version.__table__
_ADD_ENDORSEMENT, _ADD_ENTRY = adding(_ENDORSEMENTS, returns="id"), adding(EntryRevision.__table__)
_ADD_SIGNER = adding(Signer.__table__)
_LETTER, _FORM = bindparam("letter_id"), bindparam("form_key")
#: One question: the newest text, whether this form came before, the last place on the list.
_STANDING = Prepared(select(
    select(_VERSIONS.c.id).where(_VERSIONS.c.letter_id == _LETTER, _VERSIONS.c.state == "published")
    .order_by(_VERSIONS.c.number.desc()).limit(1).scalar_subquery().label("version_id"),
    select(_ENDORSEMENTS.c.id).where(_ENDORSEMENTS.c.form_key == _FORM).scalar_subquery().label("same_form"),
    select(func.max(_ENDORSEMENTS.c.position)).where(_ENDORSEMENTS.c.letter_id == _LETTER).scalar_subquery()
    .label("position")))


@dataclass(frozen=True, slots=True)
class Signature:
    """A form that was looked at: all that will be stored, and the words of the mail that asks to confirm it."""

    actor: Actor
    letter_id: int
    version_id: int
    version_number: int
    fields: EntryFields
    contact: SignerFields
    visibility: str
    form_key: str
    public_id: str
    secret: str
    endorsement: dict[str, Any]
    entry: dict[str, Any]
    signer: dict[str, Any]
    words: confirmation.Words


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a form: the endorsement it made or changed, None where only a mail was written; `is_repeat` where
    the very same form had come before."""

    endorsement_id: int | None
    is_repeat: bool = False


def prepare(actor: Actor, letter: Letter, *, fields: EntryFields, contact: SignerFields, visibility: str,
            version_number: int, form_key: str) -> Signature:
    """Look at a form, and write what can be written before anything is stored.

    Raises `NotPermitted`, `Invalid` for bad answers, `Stale` when the text has changed since the form was opened.
    """
    demand(actor, Permission.ENDORSEMENT_SIGN, letter_queries.subject_of(letter))
    version = letter.published
    if version is None or version.number != version_number:
        raise _changed()
    contact = checked_contact(contact, needs_role=fields.signing_as is SigningAs.ORGANISATION)
    if contact.language not in languages_of(version):
        contact = replace(contact, language=version.language)
    shown, secret, public_id = checked_visibility(visibility), links.new_secret(), secrets.token_urlsafe(9)
    return Signature(
        actor=actor, letter_id=letter.id, version_id=version.id, version_number=version.number, fields=fields,
        contact=contact, visibility=shown, form_key=form_key, public_id=public_id, secret=secret,
        endorsement=operations.values_of_new(
            letter_id=letter.id, version_id=version.id, signing_as=fields.signing_as.value, visibility=shown,
            language=contact.language, origin="web", form_key=form_key, public_id=public_id),
        entry=values_of(fields), signer=_signer(contact), words=confirmation.words_to_confirm(
            letter=version.subject, fields=fields, secret=secret, wishes=(contact.speaks, contact.language),
            hushed=messages.hushes(shown)))


def _signer(contact: SignerFields) -> dict[str, Any]:
    return {"name": contact.name, "role": contact.role, "email": contact.email, "website": contact.website,
            "language": contact.speaks, **second_person.as_noted(contact.second)}


def sign(actor: Actor, letter: Letter, **form: Any) -> Outcome:
    """Prepare and store at once, for whoever has a transaction already."""
    return store(prepare(actor, letter, **form))


def store(signature: Signature) -> Outcome:
    """Keep a signature and mail the signer a link to confirm it.

    The answer is alike whatever the register or the list knows of the signatory: who has signed already is told
    by mail, to the known address only. The same form sent twice is one act. Raises `WrongState` when the letter
    is not open, `Stale` when its text has changed since the form was opened.
    """
    is_open = letter_queries.hold_for_signing(signature.letter_id)
    version_id, same_form, last_position = _STANDING.run(
        letter_id=signature.letter_id, form_key=signature.form_key)[0]
    if same_form is not None:
        return Outcome(same_form, is_repeat=True)
    if not is_open:
        raise WrongState(_("This letter is not open for signing."))
    if version_id != signature.version_id:
        raise _changed()
    organisation_id, is_new = _organisation_of(signature)
    known = None if is_new and signature.fields.signing_as is SigningAs.ORGANISATION else _known(
        signature, organisation_id)
    if known is not None and known.state != workflow.UNCONFIRMED:
        _tell_again(known, signature.contact.email)
        return Outcome(None)
    if known is not None:
        operations.sign_over(known, signature.fields, signature.contact, signature.visibility, signature.form_key)
        _record(signature, known.id, organisation_id, revision=known.latest_revision)
        operations.send_confirmation(known)
        return Outcome(known.id)
    with together():
        number = _insert(signature, organisation_id, (last_position or 0) + 1, clock.now())
        _record(signature, number, organisation_id, revision=1)
        if not outbox.has_had_enough(signature.contact.email):
            _send_confirmation(signature, number)
    return Outcome(number)


def _record(signature: Signature, number: int, organisation_id: int | None, *, revision: int) -> None:
    chain.record(signature.actor, "endorsement.signed", "endorsement", number, letter_id=signature.letter_id,
                 version=signature.version_number, language=signature.contact.language,
                 visibility=signature.visibility, revision=revision, organisation=organisation_id)


def _organisation_of(signature: Signature) -> tuple[int | None, bool]:
    fields = signature.fields
    if not fields.organisation:
        return None, False
    return register.number_of(
        signature.actor, name=fields.organisation, country=fields.country, country_text=fields.country_text,
        other_script=fields.other_script, kind="network" if fields.is_network else "single",
        website=signature.contact.website)


def _known(signature: Signature, organisation_id: int | None) -> Endorsement | None:
    return queries.live_of_signer(
        signature.letter_id, email=signature.contact.email, signatory=signature.fields.signatory,
        organisation_id=organisation_id if signature.fields.signing_as is SigningAs.ORGANISATION else None)


def _insert(signature: Signature, organisation_id: int | None, position: int, now: datetime) -> int:
    """The rows of a new endorsement; its id."""
    number = _ADD_ENDORSEMENT.run(**signature.endorsement | {
        "organisation_id": organisation_id, "position": position, "signed_at": now})[0][0]
    _ADD_ENTRY.run(**signature.entry, endorsement_id=number, revision=1, organisation_id=organisation_id,
                   created_at=now)
    _ADD_SIGNER.run(**signature.signer, endorsement_id=number)
    return int(number)


def _send_confirmation(signature: Signature, number: int) -> None:
    about, to = f"endorsement:{number}", signature.contact.email
    links.make(Purpose.CONFIRM, about, to, secret=signature.secret)
    outbox.put(confirmation.from_words(signature.words, signature.secret, to=to, public_id=signature.public_id,
                                     number=number, letter_id=signature.letter_id))


def _tell_again(known: Endorsement, email: str) -> None:
    if not outbox.has_had_enough(email):
        occasion = secrets.token_hex(8)
        outbox.put(messages.already_signed(known, operations.manage_link(known), occasion))


def _changed() -> Stale:
    return Stale(_("The text was changed while you were signing. Read the new one, then sign again; "
                   "what you typed is kept."))
