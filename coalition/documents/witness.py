"""Editions as witnesses of the audit log: each prints how far it went when it was frozen, and the log holds the hash of
what was frozen."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy import select

from coalition.audit import checking
from coalition.audit.chain import Broken, Known
from coalition.audit.checking import Found
from coalition.audit.models import AuditEntry
from coalition.db import db
from coalition.documents.models import Edition

# Quotes inside a value are written with a backslash: this can be the name of the field only.
_HEAD = re.compile(r'"audit_head":"([0-9a-f]{64})"')


def check_log(*, files: Sequence[Path] = (), known: Iterable[Known] = ()) -> Found:
    """`checking.check`, with the editions as witnesses too."""
    heads, problem = _heard()
    found = checking.check(files=files, known=(*known, *heads))
    return found if found.broken is not None or problem is None else replace(found, broken=problem)


def _heard() -> tuple[list[Known], Broken | None]:
    """The heads that editions print, and the first entry that tells of an edition which is not as it was frozen."""
    logged = {row.subject_id: (row.sequence, json.loads(row.data)["sha256"]) for row in db.session.execute(
        select(AuditEntry.sequence, AuditEntry.subject_id, AuditEntry.data).where(
            AuditEntry.action == "edition.compiled").order_by(AuditEntry.sequence))}
    heads: list[Known] = []
    for number, snapshot in db.session.execute(select(Edition.id, Edition.snapshot).execution_options(yield_per=4)):
        printed = _HEAD.search(snapshot)
        if printed:
            heads.append(Known(printed.group(1)))
        if number in logged and logged[number][1] == hashlib.sha256(snapshot.encode()).hexdigest():
            del logged[number]
    return heads, Broken(min(logged.values())[0], "edition") if logged else None
