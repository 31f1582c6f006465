"""The log as one sealed chain: writing to it, and reading it again to see that it is whole. Nothing else writes to its
tables. What is known of it from elsewhere - checkpoints, editions, mails - is gathered in `checking.py`."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Generator, Iterable
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, event, func, select, text, update
from sqlalchemy.orm import Session, SessionTransaction

from coalition import clock
from coalition.access.actor import Actor
from coalition.audit import keys
from coalition.audit.actions import ACTIONS, UNSEEN
from coalition.audit.models import AuditDetail, AuditEntry, AuditHead
from coalition.db import db, is_sqlite
from coalition.i18n import lazy_gettext as _l
from coalition.prepared import Prepared, adding, together

#: Stands before the first entry.
GENESIS = "0" * 64
ENTRY, HEAD = "entry", "head"
#: Any number will do, as long as nothing else in the house takes the same advisory lock.
_CHAIN_LOCK = 20160224
_WAITING = "audit.waiting"

_ADD_ENTRY, _ADD_DETAIL = adding(AuditEntry.__table__), adding(AuditDetail.__table__)
_HEADS = AuditHead.__table__
_HEAD = select(_HEADS.c.sequence, _HEADS.c.hash).where(_HEADS.c.id == 1)
_READ_HEAD = Prepared(_HEAD)
_LOCK_HEAD, _ADD_HEAD = Prepared(_HEAD.with_for_update()), adding(_HEADS)
_MOVE_HEAD = Prepared(update(_HEADS).where(_HEADS.c.id == 1).values(
    {name: bindparam(f"new_{name}") for name in ("sequence", "hash", "key_name", "seal")}))
_FACTS = ("sequence", "actor", "action", "subject_kind", "subject_id", "letter_id", "data")
_COVERED = (*_FACTS, "at", "previous_hash", "key_name")

#: What can be wrong with an entry. Nothing but the name is stored.
PROBLEMS: dict[str, str] = {
    "missing": _l("it is missing"),
    "order": _l("it does not follow the entry before it"),
    "changed": _l("it was changed after it was written"),
    "values": _l("its personal values were changed after they were written"),
    "no_key": _l("it is not sealed with a key, though there was one when it was written"),
    "other_key": _l("it is sealed with a key that is not in audit.key"),
    "cut_off": _l("the log is cut off here: entries that followed are missing"),
    "head": _l("the record of how far the log goes was changed or taken out"),
    "known": _l("it is not the entry that was noted elsewhere: in a checkpoint, a mail or an edition"),
    "checkpoint": _l("the checkpoint about it is not one that this installation wrote"),
    "edition": _l("the edition it tells of is not the one that is stored"),
}


@dataclass(frozen=True, slots=True)
class Head:
    """How far the log goes: the newest entry's number and hash; 0 and `GENESIS` while it is empty."""

    sequence: int
    hash: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the log from outside the database: the beginning of the hash of an entry, by its number or,
    where that was not noted, without."""

    hash: str
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class Broken:
    """The first entry that does not fit, and why (a name of `PROBLEMS`). Where several are missing, the last one."""

    sequence: int
    problem: str
    to: int | None = None

    @property
    def reason(self) -> str:
        """What is wrong, in the language that is spoken."""
        return str(PROBLEMS[self.problem])


def record(actor: Actor, action: str, subject_kind: str, subject_id: int, *, letter_id: int | None = None,
           private: dict[str, str] | None = None, **facts: Any) -> None:
    """Add an act to the log, in the transaction of the act itself. It gets its place in the chain just before the
    commit (`link`): PostgreSQL's writers queue there, not for as long as the act takes.

    Raises KeyError for an action, fact or private value that `actions.py` does not list: a mistake of ours.
    """
    known = ACTIONS[action]
    if set(facts) != known.facts:
        raise KeyError(f"{action} must carry {sorted(known.facts)}, got {sorted(facts)}")
    kept = {key: value for key, value in (private or {}).items() if value}
    if not set(kept) <= known.private:
        raise KeyError(f"{action} may carry {sorted(known.private)}, got {sorted(kept)}")
    detail = None
    if kept:
        salt, values = secrets.token_hex(32), canonical(kept)
        facts["private"] = commitment(salt, values)
        detail = {"salt": salt, "values": values}
    entry = {"at": clock.now(), "actor": actor.reference, "action": action, "subject_kind": subject_kind,
             "subject_id": subject_id, "letter_id": letter_id, "data": canonical(facts),
             "seen_on": None if action in UNSEEN else letter_id or 0}
    db.session.connection()  # begins a transaction: what waits is forgotten when it is rolled back
    db.session.flush()
    db.session.info.setdefault(_WAITING, []).append((entry, detail))


def link() -> None:
    """Give the acts of this transaction their places in the chain. Done by every commit; before it only for those
    who must read the log within the same transaction."""
    waiting = db.session.info.pop(_WAITING, [])
    if not waiting:
        return
    # From here on PostgreSQL's writers wait for each other: nothing is done that could have been done before.
    db.session.flush()
    key, (reached, is_first) = keys.newest(), _head_to_follow()
    with together():
        for entry, detail in waiting:
            entry |= {"sequence": reached.sequence + 1, "previous_hash": reached.hash, "key_name": key.name}
            entry["hash"] = key.seal(ENTRY, _covered(entry))
            reached = Head(entry["sequence"], entry["hash"])
            _ADD_ENTRY.run(**entry)
            if detail:
                _ADD_DETAIL.run(sequence=reached.sequence, **detail)
        _write_head(reached, key, is_first=is_first)


@event.listens_for(db.session, "before_commit")
def _link_before_commit(session: Session) -> None:
    if not session.in_nested_transaction() and session.info.get(_WAITING):
        link()


@event.listens_for(db.session, "after_soft_rollback")
def _forget_what_did_not_happen(session: Session, ended: SessionTransaction) -> None:
    if not ended.nested:
        session.info.pop(_WAITING, None)


def head() -> Head:
    """How far the log goes now."""
    rows = _READ_HEAD.run()
    if rows:
        return Head(*rows[0])
    # Nothing was written since there are keys.
    newest = select(AuditEntry.sequence, AuditEntry.hash).where(
        AuditEntry.sequence == select(func.max(AuditEntry.sequence)).scalar_subquery())
    row = db.session.execute(newest).one_or_none()
    return Head(row.sequence, row.hash) if row else Head(0, GENESIS)


def head_hash() -> str:
    """The hash of the newest entry, `GENESIS` in an empty log."""
    return head().hash


def verify(known: Iterable[Known] = (), *, keyed_since: int | None = None) -> Broken | int:
    """Walk the whole chain: the number of entries when it is whole, else the first that is broken.

    `known` is what is remembered outside the database, `keyed_since` the number of the newest entry when the first
    checkpoint was written: later ones must be sealed.
    """
    own, before, sealed = {key.name: key for key in keys.all_keys()}, Head(0, GENESIS), False
    places, hashes = _by_place(known)
    with closing(_all()) as entries:
        for entry, detail in entries:
            problem = _problem_of(entry, detail, before, own)
            if problem == "missing":
                return Broken(before.sequence + 1, problem, entry.sequence - 1)
            sealed = sealed or bool(entry.key_name)
            must_be = sealed or (keyed_since is not None and entry.sequence > keyed_since)
            if problem is None and must_be and not entry.key_name:
                problem = "no_key"
            if problem is None and not all(entry.hash.startswith(start) for start in places.pop(entry.sequence, ())):
                problem = "known"
            if problem is not None:
                return Broken(entry.sequence, problem)
            hashes.difference_update([entry.hash[:length] for length in {len(start) for start in hashes}])
            before = Head(entry.sequence, entry.hash)
    if places:
        return Broken(before.sequence + 1, "cut_off", max(places))
    return _problem_of_head(before, own, sealed=sealed) or (
        Broken(before.sequence, "known") if hashes else before.sequence)


def _by_place(known: Iterable[Known]) -> tuple[dict[int, list[str]], set[str]]:
    """The hashes by number; entry 0 is before the first, and nothing is to be found there."""
    places: dict[int, list[str]] = {}
    hashes = {one.hash for one in known if one.sequence is None and one.hash != GENESIS}
    for one in known:
        if one.sequence:
            places.setdefault(one.sequence, []).append(one.hash)
    return places, hashes


def _problem_of(entry: AuditEntry, detail: AuditDetail | None, before: Head, own: dict[str, keys.Key]) -> str | None:
    """What is wrong with an entry that stands after this one."""
    if entry.sequence != before.sequence + 1:
        return "missing"
    if entry.previous_hash != before.hash:
        return "order"
    if entry.key_name and entry.key_name not in own:
        return "other_key"
    if entry.key_name:
        whole = own[entry.key_name].bears_out(ENTRY, covered(entry), entry.hash)
    else:
        whole = entry.hash == hashlib.sha256(covered(entry).encode()).hexdigest()
    if not whole:
        return "changed"
    if detail is not None and json.loads(entry.data).get("private") != commitment(detail.salt, detail.values):
        return "values"
    return None


def _problem_of_head(last: Head, own: dict[str, keys.Key], *, sealed: bool) -> Broken | None:
    row = db.session.execute(select(AuditHead.sequence, AuditHead.hash, AuditHead.key_name, AuditHead.seal)
                             .where(AuditHead.id == 1)).one_or_none()
    if row is None:
        return Broken(last.sequence, "head") if sealed else None
    key = own.get(row.key_name)
    if key is None or not key.bears_out(HEAD, covered_by_head(Head(row.sequence, row.hash)), row.seal):
        return Broken(last.sequence, "head")
    if row.sequence > last.sequence:
        return Broken(last.sequence + 1, "cut_off", row.sequence)
    return Broken(last.sequence, "head") if (row.sequence, row.hash) != (last.sequence, last.hash) else None


def _all() -> Generator[tuple[AuditEntry, AuditDetail | None], None, None]:
    statement = select(AuditEntry, AuditDetail).outerjoin(
        AuditDetail, AuditDetail.sequence == AuditEntry.sequence).order_by(AuditEntry.sequence)
    with db.session.execute(statement.execution_options(yield_per=500)) as rows:
        yield from rows


def _head_to_follow() -> tuple[Head, bool]:
    """How far the log goes, and whether no row says so yet."""
    # The head's own row is what PostgreSQL's writers queue for, until the other's commit is done: one question to the
    # database in place of two. Before there is such a row they queue for a number. SQLite has one writer anyway.
    rows = (_READ_HEAD if is_sqlite() else _LOCK_HEAD).run()
    if not rows and not is_sqlite():
        db.session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _CHAIN_LOCK})
        rows = _LOCK_HEAD.run()
    return (Head(*rows[0]), False) if rows else (head(), True)


def _write_head(reached: Head, key: keys.Key, *, is_first: bool) -> None:
    values = {"sequence": reached.sequence, "hash": reached.hash, "key_name": key.name,
              "seal": key.seal(HEAD, covered_by_head(reached))}
    if is_first:
        _ADD_HEAD.run(id=1, **values)
    else:
        _MOVE_HEAD.run(**{f"new_{name}": value for name, value in values.items()})


def canonical(values: dict[str, Any]) -> str:
    """The one way these values are written."""
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def commitment(salt: str, values: str) -> str:
    """What an entry holds in place of personal values."""
    return hashlib.sha256((salt + values).encode()).hexdigest()


def covered(entry: AuditEntry) -> str:
    """All that an entry's hash is of."""
    return _covered({column: getattr(entry, column) for column in _COVERED})


def _covered(entry: dict[str, Any]) -> str:
    values = {column: entry[column] for column in _FACTS}
    values |= {"at": entry["at"].isoformat(), "previous": entry["previous_hash"]}
    # Entries from before there were keys keep the hash they had.
    return canonical(values | {"key": entry["key_name"]} if entry["key_name"] else values)


def covered_by_head(reached: Head) -> str:
    """All that the seal of the head is of."""
    return f"{reached.sequence} {reached.hash}"
