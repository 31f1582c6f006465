"""Thousands of endorsements in seconds: rows as the operations leave them, in bulk and without their trail in the
audit log. What is measured is done by the operations themselves; this only makes the crowd around it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, insert, select

from coalition import clock
from coalition.db import db, unit_of_work
from coalition.endorsements.fields import NAMES, EntryFields, checked
from coalition.endorsements.models import Endorsement, EntryRevision, Signer
from coalition.endorsements.searching import search_key
from coalition.letters.models import Letter
from coalition.organisations.blocking import RULES
from coalition.organisations.models import Organisation
from coalition.signatories.names import identity_key


def fill(letter: Letter, entries: Sequence[dict[str, Any]], *, state: str = "approved",
         visibility: str = "public") -> None:
    """Add endorsements in this state for entries (the form's fields), each of an organisation of its own that is
    verified already. Names must be new to the register."""
    fields = [checked(entry) for entry in entries]
    version = letter.published
    assert version is not None
    with unit_of_work():
        there = db.session.scalar(select(func.count()).select_from(Endorsement)) or 0
        organisations = _made(Organisation, [_organisation(one) for one in fields])
        shared = {"letter_id": letter.id, "signed_version_id": version.id, "language": letter.language, "origin": "web",
                  "visibility": visibility, **_stands(state)}
        endorsements = _made(Endorsement, [
            {"public_id": secrets.token_urlsafe(9), "reference": f"B{place:07}", "organisation_id": organisation,
             "signing_as": one.signing_as.value, "position": place, **shared}
            for place, (organisation, one) in enumerate(zip(organisations, fields, strict=True), there + 1)])
        db.session.execute(insert(EntryRevision), [
            _revision(endorsement, organisation, one)
            for endorsement, organisation, one in zip(endorsements, organisations, fields, strict=True)])
        db.session.execute(insert(Signer), [
            _signer(endorsement, one, letter.language) for endorsement, one in zip(endorsements, fields, strict=True)])
    db.session.expire_all()


def _made(model: type[Any], rows: list[dict[str, Any]]) -> Sequence[int]:
    """The numbers the database gave the rows, in their order."""
    statement = insert(model).returning(model.id, sort_by_parameter_order=True)
    return db.session.scalars(statement, rows).all()


def _stands(state: str) -> dict[str, Any]:
    now = clock.now()
    return {"state": state, "signed_at": now, "confirmed_at": None if state == "unconfirmed" else now,
            "waiting_since": now if state == "submitted" else None, "approved_revision": int(state == "approved"),
            "decided_at": now if state in ("approved", "returned", "declined") else None}


def _organisation(fields: EntryFields) -> dict[str, Any]:
    return {"public_id": secrets.token_urlsafe(9), "name": fields.organisation,
            "identity_key": identity_key(fields.organisation), "country": fields.country, "state": "verified",
            "kind": "network" if fields.is_network else "single", "created_at": clock.now(), "compared_by_rules": RULES}


def _revision(endorsement: int, organisation: int, fields: EntryFields) -> dict[str, Any]:
    values = {name: getattr(fields, name) for name in NAMES}
    return {"endorsement_id": endorsement, "revision": 1, "organisation_id": organisation, "created_at": clock.now(),
            "search_key": search_key(fields.organisation, fields.other_script, fields.signatory), **values,
            "represents_exactness": fields.represents_exactness.value, "represents_unit": fields.represents_unit.value}


def _signer(endorsement: int, fields: EntryFields, language: str) -> dict[str, Any]:
    return {"endorsement_id": endorsement, "name": fields.signatory or "Samira Haddad",
            "role": fields.title or "Director", "email": f"director{endorsement}@ngo.example", "language": language,
            "authority_confirmed_at": clock.now()}
