"""Lists that coordinators send in: kept until somebody has looked them over, then imported whole or not at all."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta

from sqlalchemy import delete, insert, select

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.audit import chain
from coalition.db import db
from coalition.errors import Invalid, WrongState
from coalition.i18n import LANGUAGES, ngettext
from coalition.i18n import gettext as _
from coalition.invitations import queries
from coalition.invitations.columns import KINDS, recognise
from coalition.invitations.models import Invitation, InvitationList
from coalition.invitations.preview import Judgement, columns_of, judged, still_holds, to_invite
from coalition.invitations.rows import CheckedRow
from coalition.invitations.workflow import PREPARED, WORKFLOW
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter
from coalition.spreadsheets import Limits, Table

#: Somebody waits for the page while each row is compared with those that may be alike.
LIMITS = Limits(rows=5_000, columns=60, cell=2_000)
#: A list nobody imports is full of addresses: so long it is kept.
KEPT_FOR = timedelta(days=7)


def keep(actor: Actor, letter: Letter, table: Table, *, sha256: str, language: str) -> InvitationList:
    """Keep a table to be looked over. Nothing is invited by it, and no mail leaves."""
    demand(actor, Permission.INVITATION_MANAGE, letter_queries.subject_of(letter))
    _require_work(letter)
    found = recognise(table.rows)
    kept = InvitationList(
        public_id=secrets.token_urlsafe(9), letter_id=letter.id, sha256=sha256, source=table.source,
        sheet=table.sheet[:100], left_out=json.dumps(table.left_out, ensure_ascii=False),
        language=language if language in LANGUAGES else letter.language, heading=found.heading,
        columns=json.dumps(found.columns), created_at=clock.now(), created_by=actor.person_id,
        rows=json.dumps([[row.number, row.cells] for row in table.rows], ensure_ascii=False))
    db.session.add(kept)
    db.session.flush()
    return kept


def choose_columns(actor: Actor, letter: Letter, kept: InvitationList, columns: list[str], *, headed: bool) -> None:
    """Say what the columns are, where they were not recognised rightly. Raises `Invalid` when none is the
    organisation's name, or two are the same."""
    demand(actor, Permission.INVITATION_MANAGE, letter_queries.subject_of(letter))
    _require_waiting(kept)
    named = [kind for kind in columns if kind]
    if len(columns) != len(columns_of(kept)) or not set(named) <= set(KINDS):
        raise Invalid(_("Choose for each column what it is, or leave it aside."))
    if "organisation" not in named:
        raise Invalid(_("Choose which column holds the name of the organisation."))
    if len(set(named)) != len(named):
        raise Invalid(_("Two columns are said to be the same: leave one of them aside."))
    kept.columns = json.dumps(columns)
    kept.heading = max(kept.heading, 0) if headed else -1


def import_list(actor: Actor, letter: Letter, kept: InvitationList, chosen: Mapping[int, str], *,
                without_bad: bool = False, judgement: Judgement | None = None) -> int:
    """Make invitations of the rows that are taken, all of them or none; says how many. They wait until they are
    sent. `chosen` is what was decided about single rows, by number; `without_bad` leaves out rows that cannot be read.
    `judgement` was made before the transaction began, so that nobody waits for it; the list is judged anew only if
    something has changed since.

    Raises `Invalid`, naming the rows, while any is undecided or cannot be read; `WrongState` for a list that was
    imported already.
    """
    demand(actor, Permission.INVITATION_MANAGE, letter_queries.subject_of(letter))
    _require_work(letter)
    _require_waiting(kept)
    if judgement is None or not still_holds(judgement, letter, kept):
        judgement = judged(letter, kept)
    if any(each.verdict == "bad" for each in judgement.rows) and not without_bad:
        raise Invalid(_("Some rows cannot be read: mend them in the file and send it in again, or tick that they are "
                        "left out. Nothing was imported."))
    taken, open_rows = to_invite(judgement.rows, chosen)
    if open_rows:
        raise Invalid(ngettext("Row %(rows)s: choose what to do with it. Nothing was imported.",
                               "Rows %(rows)s: choose what to do with them. Nothing was imported.", len(open_rows),
                               rows=", ".join(map(str, open_rows[:20]))))
    added = _add(letter, kept, taken)
    kept.imported_at, kept.added = clock.now(), added
    kept.rows, kept.left_out = "[]", "[]"
    chain.record(actor, "invitation.imported", "letter", letter.id, letter_id=letter.id, sha256=kept.sha256,
                 rows=len(judgement.rows), added=added)
    return added


def throw_away(actor: Actor, letter: Letter, kept: InvitationList) -> None:
    """Forget a list that was not imported."""
    demand(actor, Permission.INVITATION_MANAGE, letter_queries.subject_of(letter))
    _require_waiting(kept)
    db.session.delete(kept)


def forget_old_lists() -> int:
    """Forget lists that nobody imported in time; says how many."""
    return db.session.execute(delete(InvitationList).where(
        InvitationList.imported_at.is_(None), InvitationList.created_at < clock.now() - KEPT_FOR)).rowcount


def _add(letter: Letter, kept: InvitationList, taken: list[CheckedRow]) -> int:
    refused = queries.refused_among(row.invited.email for row in taken if row.invited)
    have = set(db.session.scalars(select(Invitation.row_key).where(Invitation.letter_id == letter.id)))
    now, values = clock.now(), []
    for row in taken:
        if row.invited is None:
            continue
        key = _row_key(*row.invited.identity)
        if key in have:
            continue
        have.add(key)
        values.append({
            "public_id": secrets.token_urlsafe(9), "letter_id": letter.id, "list_id": kept.id,
            "row_number": row.number, "row_key": key, "identity_key": row.invited.identity[0],
            "language": kept.language, "state": PREPARED, "created_at": now,
            "stopped_at": now if row.invited.email in refused else None, **asdict(row.invited)})
    if values:
        db.session.execute(insert(Invitation), values)
    return len(values)


def _row_key(name: str, country: str) -> str:
    return hashlib.sha256(f"{name}\0{country}".encode()).hexdigest()


def _require_work(letter: Letter) -> None:
    if not WORKFLOW.allows("correct", PREPARED, letter.state):
        raise WrongState(_("Nobody can be invited to this letter any more."))


def _require_waiting(kept: InvitationList) -> None:
    if kept.imported_at is not None:
        raise WrongState(_("This list was imported already. Send a list in anew to add to it."))
