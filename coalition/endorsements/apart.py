"""An endorsement with all that its confirmation and the mail about it say, by one prepared statement: on the day a
letter is released thousands confirm, and the session takes ten times as long to put the same rows together. Read apart
from the session; what is written about it, `operations.py` writes."""

from __future__ import annotations

from sqlalchemy import and_, bindparam, select

from coalition.apart import Share
from coalition.endorsements.models import Endorsement, EntryRevision, Signer
from coalition.letters.models import Letter, Version
from coalition.organisations.models import Organisation
from coalition.prepared import Prepared

_OWN = Share(
    Endorsement, "id", "public_id", "reference", "letter_id", "signed_version_id", "organisation_id", "signing_as",
    "state", "visibility", "language", "tier", "position", "latest_revision", "last_edited_by", "signed_at", "lock")
_ENTRY, _SIGNER = Share(EntryRevision), Share(Signer)
_LETTER = Share(Letter, "id", "slug", "subject", "state", "reach", "releases_at", "deadline_at", "closed_at")
_VERSION = Share(Version, "id", "number", "subject", "sha256")
_ORGANISATION = Share(Organisation, "id", "public_id", "state", "compared_by_rules")
_SHARES = (_OWN, _ENTRY, _SIGNER, _LETTER, _VERSION, _ORGANISATION)

_endorsements, _entries, _signers, _letters, _versions, _organisations = (
    share.columns[0].table for share in _SHARES)
_BY_ID = Prepared(
    select(*(column for share in _SHARES for column in share.columns))
    .select_from(_endorsements)
    .join(_entries, and_(_entries.c.endorsement_id == _endorsements.c.id,
                         _entries.c.revision == _endorsements.c.latest_revision))
    .outerjoin(_signers, _signers.c.endorsement_id == _endorsements.c.id)
    .join(_letters, _letters.c.id == _endorsements.c.letter_id)
    .join(_versions, _versions.c.id == _endorsements.c.signed_version_id)
    .outerjoin(_organisations, _organisations.c.id == _endorsements.c.organisation_id)
    .where(_endorsements.c.id == bindparam("number")))


def by_id(number: int, *, in_transaction: bool = False) -> Endorsement | None:
    """The endorsement with its newest entry, signer, letter, signed version and organisation, as far as these tell
    what is said of it; `in_transaction`: as it stands in the session's own transaction."""
    rows = _BY_ID.run(number=number) if in_transaction else _BY_ID.rows(number=number)
    if not rows:
        return None
    values = iter(rows[0])
    own = iter([next(values) for _column in _OWN.columns])
    entry, signer, letter, version, organisation = (share.row(values) for share in _SHARES[1:])
    return _OWN.row(own, entries=[entry], signer=signer, letter=letter, signed_version=version,
                    organisation=organisation)
