"""The conditions by which signatures are invalidated together. At least one is needed: without any, all would go."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import joinedload

from coalition.db import db
from coalition.endorsements import workflow
from coalition.endorsements.models import Endorsement, EntryRevision, Signer
from coalition.endorsements.queries import WHOLE
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.letters.models import Letter
from coalition.safety.models import FROM_A_NETWORK, SignOn

#: A condition on words shorter than this would meet nearly everybody.
_SHORTEST = 3
_NAMES = (EntryRevision.organisation, EntryRevision.other_script, EntryRevision.signatory)


@dataclass(frozen=True, slots=True)
class Conditions:
    """All that are given must hold: the domain of the mail address (with what lies under it), the keyed hash of the
    network address, words as they stand in a name, the moments between which the form was sent (UTC)."""

    domain: str = ""
    network: str = ""
    words: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def to_json(self) -> str:
        """As it is kept."""
        return json.dumps({name: value.isoformat() if isinstance(value, datetime) else value
                           for name, value in asdict(self).items() if value}, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, kept: str) -> Conditions:
        """What was kept."""
        values = json.loads(kept)
        for name in ("since", "until"):
            if name in values:
                values[name] = datetime.fromisoformat(values[name])
        return cls(**values)


def checked(conditions: Conditions) -> Conditions:
    """The conditions, if they can be used. Raises `Invalid` for none at all, for words too short, for moments in the
    wrong order."""
    problems = {}
    if conditions == Conditions():
        message = _("Give at least one condition: without any, all signatures would be invalidated.")
        raise Invalid(message, {"domain": message})
    if conditions.words and len(conditions.words.strip()) < _SHORTEST:
        problems["words"] = _("Give at least three letters of the name.")
    if conditions.domain and ("." not in conditions.domain or "@" in conditions.domain):
        problems["domain"] = _("Enter a domain, like example.org.")
    if conditions.since and conditions.until and conditions.until <= conditions.since:
        problems["until"] = _("The end must lie after the beginning.")
    if problems:
        raise Invalid(_("Some answers need another look."), problems)
    return conditions


def matching(letter: Letter, conditions: Conditions) -> list[Endorsement]:
    """The letter's endorsements that meet them all and may still come to count, or do; oldest first."""
    return list(db.session.scalars(
        select(Endorsement).join(EntryRevision, and_(
            EntryRevision.endorsement_id == Endorsement.id, EntryRevision.revision == Endorsement.latest_revision))
        .where(Endorsement.letter_id == letter.id, Endorsement.state.in_(workflow.LIVE), *_clauses(conditions))
        .options(*WHOLE, joinedload(Endorsement.letter)).order_by(Endorsement.id)))


def _holds(name: ColumnElement[str], words: str) -> ColumnElement[bool]:
    """Whether the words stand in a name just so, but for capitals: nobody is declined for a likeness."""
    return or_(name.contains(words, autoescape=True), func.lower(name).contains(words.lower(), autoescape=True))


def _clauses(conditions: Conditions) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if conditions.domain:
        address, domain = func.lower(Signer.email), conditions.domain.lower()
        found.append(exists().where(Signer.endorsement_id == Endorsement.id, or_(
            address.endswith(f"@{domain}", autoescape=True), address.endswith(f".{domain}", autoescape=True))))
    if conditions.network:
        found.append(Endorsement.id.in_(select(SignOn.endorsement_id).where(
            SignOn.network == conditions.network, FROM_A_NETWORK)))
    if conditions.words:
        found.append(or_(*(_holds(name, conditions.words) for name in _NAMES)))
    if conditions.since:
        found.append(Endorsement.signed_at >= conditions.since)
    if conditions.until:
        found.append(Endorsement.signed_at < conditions.until)
    return found
