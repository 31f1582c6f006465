"""Between the rows of an entry's revisions and the checked fields they hold."""

from __future__ import annotations

from typing import Any

from coalition import clock
from coalition.endorsements.fields import NAMES, EntryFields
from coalition.endorsements.models import Endorsement, EntryRevision
from coalition.endorsements.searching import search_key
from coalition.signatories.entry import Entry, Exactness, SigningAs, Unit, Visibility


def fields_of(entry: EntryRevision, endorsement: Endorsement) -> EntryFields:
    """The fields a revision holds."""
    values = {name: getattr(entry, name) for name in NAMES}
    values["represents_exactness"] = Exactness(values["represents_exactness"])
    values["represents_unit"] = Unit(values["represents_unit"])
    return EntryFields(signing_as=SigningAs(endorsement.signing_as), **values)


def new_revision(endorsement_id: int, revision: int, fields: EntryFields,
                 organisation_id: int | None) -> EntryRevision:
    """A row for a new revision."""
    return EntryRevision(endorsement_id=endorsement_id, revision=revision, organisation_id=organisation_id,
                         created_at=clock.now(), **values_of(fields))


def values_of(fields: EntryFields) -> dict[str, Any]:
    """The columns of a revision that say what is printed, and what it is found by."""
    values = {name: getattr(fields, name) for name in NAMES}
    values["represents_exactness"] = str(fields.represents_exactness)
    values["represents_unit"] = str(fields.represents_unit)
    return values | {"search_key": search_key(fields.organisation, fields.other_script, fields.signatory)}


def as_entry(endorsement: Endorsement, revision: EntryRevision | None = None) -> Entry:
    """An endorsement's entry (the newest one, if none is named) as the list would hold it."""
    chosen = revision or endorsement.entry
    return fields_of(chosen, endorsement).as_entry(
        key=endorsement.public_id, visibility=Visibility(endorsement.visibility), tier=endorsement.tier,
        position=endorsement.position, signed_at=endorsement.signed_at,
        organisation_key=endorsement.organisation.public_id if endorsement.organisation else "")
