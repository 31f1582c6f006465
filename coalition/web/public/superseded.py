"""What the page of a public edition says of those before and after it: numbers, reasons, corrigenda; no names."""

from __future__ import annotations

from typing import Any

from coalition.corrections import queries as corrections
from coalition.documents.models import Edition
from coalition.documents.queries import newest


def superseding(edition: Edition) -> dict[str, Any]:
    """For a public edition: the number of the one it supersedes, what changed since, and the corrigenda that may be
    handed out."""
    before = corrections.preceding(edition)
    last = newest(edition.letter, edition.audience)
    return {
        "supersedes": before.number if before is not None else None,
        "changes": corrections.outline_between(edition, last) if last is not None and last.id != edition.id else None,
        "corrigenda": [
            {"old": made.old.number, "new": made.new.number, "files": made.files,
             "reasons": corrections.values_of(made).told}
            for made in corrections.around(edition) if corrections.may_be_served(made)],
    }
