"""Two rows of the register that are one body, and one that is two: merge, undo, split. Never by itself.

What letters print is untouched: entries are the signers', approvals stand, editions never change. Only the links
from endorsements, entries and people to the register move."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.audit import chain
from coalition.db import db
from coalition.endorsements import bodies
from coalition.endorsements import workflow as endorsement_workflow
from coalition.endorsements.models import Endorsement, EntryRevision
from coalition.errors import Invalid, WrongState
from coalition.i18n import gettext as _
from coalition.organisations import operations as register
from coalition.organisations import suggestions
from coalition.organisations import workflow as organisation_workflow
from coalition.organisations.models import (
    Organisation,
    OrganisationMerge,
    OrganisationName,
    OrganisationNote,
    OrganisationSplit,
    Representative,
)
from coalition.signatories.entry import SigningAs

#: What comes along in a merge, by the name under which its ids are kept.
_MOVED: dict[str, Any] = {
    "endorsements": Endorsement, "entries": EntryRevision, "representatives": Representative,
    "notes": OrganisationNote, "names": OrganisationName,
}
_FILLED = ("other_script", "website", "registration", "description", "consultative_status", "consultative_since")


def merge(actor: Actor, kept: Organisation, absorbed: Organisation, *, reason: str) -> OrganisationMerge:
    """Say that two rows are one body: all that hangs on `absorbed` moves to `kept`, whose gaps it fills; its names
    become aliases. Who is merged stays in the register as `merged`, and it can be undone.

    Raises `NotPermitted` unless the actor may for both, `Invalid` without a reason, `WrongState` when one of them
    is merged already or both stand approved on one letter.
    """
    _hold(kept, absorbed)
    for organisation in (kept, absorbed):
        demand(actor, Permission.ORGANISATION_MERGE, bodies.subject_of(organisation))
    _require_reason(reason)
    if kept.id == absorbed.id or organisation_workflow.MERGED in (kept.state, absorbed.state):
        raise WrongState(_("One of these two is merged already. Look at the register again."))
    clash = standing_on_both(kept, absorbed)
    if clash:
        raise WrongState(_("Both stand on the list of “%(letter)s”. Withdraw or decline one of the two signatures "
                           "first, then merge.", letter=clash[0].letter.subject))
    made = OrganisationMerge(kept_id=kept.id, absorbed_id=absorbed.id, state_before=absorbed.state,
                             moved=json.dumps(_ids_of(absorbed)), filled="{}", created_at=clock.now())
    db.session.add(made)
    db.session.flush()
    moved = json.loads(made.moved)
    _move(moved, kept.id)
    made.filled = json.dumps(_fill_gaps(kept, absorbed))
    absorbed.state, absorbed.merged_into_id = organisation_workflow.MERGED, kept.id
    _take_over_names(kept, absorbed, made)
    db.session.flush()
    number = len(moved["endorsements"])
    chain.record(actor, "organisation.merged", "organisation", kept.id, other=absorbed.id, merge=made.id,
                 endorsements=number, private={"reason": reason})
    chain.record(actor, "organisation.absorbed", "organisation", absorbed.id, other=kept.id, merge=made.id,
                 private={"reason": reason})
    suggestions.renew(absorbed)
    suggestions.renew(kept)
    return made


def undo(actor: Actor, made: OrganisationMerge, *, reason: str) -> None:
    """Take a merge back: what came along and still hangs there goes back, and the gaps it filled open again.

    Raises `WrongState` when it is undone already, or the kept one was itself merged since."""
    kept, absorbed = db.session.get_one(Organisation, made.kept_id), db.session.get_one(Organisation, made.absorbed_id)
    _hold(kept, absorbed)
    db.session.refresh(made)
    demand(actor, Permission.ORGANISATION_MERGE, bodies.subject_of(kept))
    _require_reason(reason)
    if made.undone_at is not None or kept.state == organisation_workflow.MERGED:
        raise WrongState(_("This merge cannot be undone any more. Look at the register again."))
    for name, ids in json.loads(made.moved).items():
        model = _MOVED[name]
        db.session.execute(update(model).where(model.id.in_(ids), model.organisation_id == kept.id)
                           .values(organisation_id=absorbed.id).execution_options(synchronize_session=False))
    for name in json.loads(made.filled):
        if getattr(kept, name) == getattr(absorbed, name):
            setattr(kept, name, None if name == "consultative_since" else "")
    for name in db.session.scalars(select(OrganisationName).where(OrganisationName.merge_id == made.id)):
        db.session.delete(name)
    absorbed.state, absorbed.merged_into_id, made.undone_at = made.state_before, None, clock.now()
    db.session.flush()
    for organisation, other in ((kept, absorbed), (absorbed, kept)):
        chain.record(actor, "organisation.merge_undone", "organisation", organisation.id, other=other.id,
                     merge=made.id, private={"reason": reason})
    _forget_what_was_read()
    suggestions.renew(kept)
    suggestions.renew(absorbed)


def split(actor: Actor, organisation: Organisation, *, name: str, reason: str,
          endorsements: Iterable[str] = (), representatives: Iterable[int] = ()) -> Organisation:
    """A body goes its own way: a new row of this name, unverified, in the same country. The endorsements (random
    ids) and representatives (ids) that are named move to it; what they print stays.

    Raises `Invalid` for a name the register has already, or without a reason."""
    demand(actor, Permission.ORGANISATION_MERGE, bodies.subject_of(organisation))
    _require_reason(reason)
    if organisation.state == organisation_workflow.MERGED:
        raise WrongState(_("This organisation was merged into another: work on that one."))
    made = register.register_anew(actor, name=name, country=organisation.country,
                                  country_text=organisation.country_text, kind=organisation.kind)
    db.session.add(OrganisationSplit(from_id=organisation.id, made_id=made.id, created_at=clock.now()))
    wanted = set(endorsements)
    chosen = [row for row in bodies.naming(organisation.id) if row.public_id in wanted]
    own = {person.id for person in organisation.representatives}
    _move({"endorsements": [row.id for row in chosen],
           "entries": [entry.id for row in chosen for entry in row.entries if entry.organisation_id == organisation.id],
           "representatives": [number for number in representatives if number in own]}, made.id)
    chain.record(actor, "organisation.split", "organisation", organisation.id, other=made.id,
                 endorsements=len(chosen), private={"reason": reason})
    suggestions.renew(made)
    suggestions.renew(organisation)
    return made


def standing_on_both(one: Organisation, other: Organisation) -> list[Endorsement]:
    """The approved endorsements of the one on letters where the other stands approved too."""
    approved = [row for row in bodies.naming(one.id, other.id)
                if row.state == endorsement_workflow.APPROVED and row.signing_as == SigningAs.ORGANISATION.value]
    theirs = {row.letter_id for row in approved if row.organisation_id == other.id}
    return [row for row in approved if row.organisation_id == one.id and row.letter_id in theirs]


def merges_of(organisation: Organisation) -> list[tuple[OrganisationMerge, Organisation]]:
    """The merges into this one that stand, newest first, each with who was merged."""
    rows = db.session.execute(
        select(OrganisationMerge, Organisation).join(Organisation, Organisation.id == OrganisationMerge.absorbed_id)
        .where(OrganisationMerge.kept_id == organisation.id, OrganisationMerge.undone_at.is_(None))
        .order_by(OrganisationMerge.id.desc()))
    return [(row[0], row[1]) for row in rows]


def merge_of(organisation: Organisation) -> OrganisationMerge | None:
    """The merge by which this one was taken into another, while it stands."""
    return db.session.scalar(select(OrganisationMerge).where(
        OrganisationMerge.absorbed_id == organisation.id, OrganisationMerge.undone_at.is_(None))
        .order_by(OrganisationMerge.id.desc()).limit(1))


def _hold(one: Organisation, other: Organisation) -> None:
    """Let nobody else merge either of the two meanwhile: at the same moment each could go into the other."""
    db.session.execute(select(Organisation.id).where(Organisation.id.in_((one.id, other.id)))
                       .order_by(Organisation.id).with_for_update())
    for organisation in (one, other):
        db.session.refresh(organisation)


def _ids_of(organisation: Organisation) -> dict[str, list[int]]:
    return {name: list(db.session.scalars(select(model.id).where(model.organisation_id == organisation.id)
                                          .order_by(model.id))) for name, model in _MOVED.items()}


def _move(moved: dict[str, list[int]], to: int) -> None:
    for name, ids in moved.items():
        model = _MOVED[name]
        values: dict[str, Any] = {"organisation_id": to}
        if model is Endorsement:
            # Whoever looks at it in another window has to look again.
            values["lock"] = Endorsement.lock + 1
        db.session.execute(update(model).where(model.id.in_(ids)).values(**values)
                           .execution_options(synchronize_session=False))
    _forget_what_was_read()


def _forget_what_was_read() -> None:
    db.session.flush()
    db.session.expire_all()


def _fill_gaps(kept: Organisation, absorbed: Organisation) -> list[str]:
    filled = [name for name in _FILLED if not getattr(kept, name) and getattr(absorbed, name)]
    for name in filled:
        setattr(kept, name, getattr(absorbed, name))
    return filled


def _take_over_names(kept: Organisation, absorbed: Organisation, made: OrganisationMerge) -> None:
    known = {kept.identity_key, *(name.identity_key for name in kept.names)}
    if absorbed.identity_key not in known:
        db.session.add(OrganisationName(organisation_id=kept.id, name=absorbed.name, kind="alias", merge_id=made.id,
                                        identity_key=absorbed.identity_key, created_at=clock.now()))


def _require_reason(reason: str) -> None:
    if not reason.strip():
        message = _("Say why, in a sentence: it is kept with the change.")
        raise Invalid(message, {"reason": message})
