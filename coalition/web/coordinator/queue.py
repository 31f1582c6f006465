"""The queue: what waits for a decision, and approving many at once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, redirect, request, session, url_for

from coalition.access.permissions import Permission as P
from coalition.db import unit_of_work
from coalition.endorsements import queries as endorsement_queries
from coalition.endorsements.models import Endorsement
from coalition.i18n import gettext as _
from coalition.letters.models import Letter
from coalition.review import operations as review
from coalition.review import queries as review_queries
from coalition.review.flags import SERIOUS
from coalition.review.queries import QueueRow
from coalition.web.coordinator.dossier import parts_of
from coalition.web.coordinator.frame import letter_page
from coalition.web.coordinator.review_forms import BulkForm, QueueFilter
from coalition.web.guards import needs_for_letter
from coalition.web.session import current_actor

blueprint = Blueprint("queue", __name__)

#: What became of the last bulk decision, until the next one: ids and reasons, no names.
_RESULT = "bulk"


@blueprint.get("/letters/<slug>/queue")
@needs_for_letter(P.ENDORSEMENT_SEE)
def queue(letter: Letter) -> Any:
    """A page of the letter's endorsements, those that wait longest first."""
    wanted = QueueFilter(request.args).arguments()
    page = review_queries.queue(letter, **wanted)
    return letter_page("queue", letter, bulk=BulkForm(formdata=None), page=page, wanted=wanted,
                       filters=_filters(letter, wanted["shown"]), rows=[_row(row) for row in page.rows])


@blueprint.post("/letters/<slug>/queue/approve")
@needs_for_letter(P.ENDORSEMENT_DECIDE)
def approve(letter: Letter) -> Any:
    """Approve the ticked ones that nothing speaks against."""
    form = BulkForm()
    with unit_of_work():
        result = review.approve_unflagged(current_actor(), letter, form.rows(), verified=form.verified.data)
    session[_RESULT] = {"letter": letter.id, "done": result.done,
                        "skipped": [[number, reason] for number, reason in result.skipped.items()]}
    return redirect(url_for(".result", slug=letter.slug), 303)


@blueprint.get("/letters/<slug>/queue/result")
@needs_for_letter(P.ENDORSEMENT_SEE)
def result(letter: Letter) -> Any:
    """What the last bulk approval did, and what it left and why."""
    kept = session.get(_RESULT, {})
    if kept.get("letter") != letter.id:
        return redirect(url_for(".queue", slug=letter.slug), 303)
    rows = {row.id: row for row in endorsement_queries.of_letter(letter, [
        *kept["done"], *(number for number, _reason in kept["skipped"])])}
    return letter_page(
        "result", letter, done=[_line(rows[number]) for number in kept["done"] if number in rows],
        skipped=[{**_line(rows[number]), "reason": reason} for number, reason in kept["skipped"] if number in rows])


def _row(row: QueueRow) -> dict[str, Any]:
    """A row of the table; it can be ticked where a bulk approval would not leave it out."""
    can = review_queries.what_can_be_done(current_actor(), row.endorsement)
    return {
        **_line(row.endorsement), "state": row.endorsement.state, "flags": sorted(row.flags),
        "waiting_since": row.waiting_since, "reference": row.endorsement.reference,
        "value": f"{row.endorsement.public_id}:{row.endorsement.latest_revision}",
        "tickable": bool(can & {"approve", "approve_amendment"}) and not row.flags & SERIOUS,
        "may_approve": bool(can & {"approve", "approve_amendment"}), "may_return": "return" in can,
    }


def _line(endorsement: Endorsement) -> dict[str, Any]:
    return {"public_id": endorsement.public_id, "parts": parts_of(endorsement)}


def _filters(letter: Letter, shown: str) -> list[dict[str, Any]]:
    counts = endorsement_queries.counts_of(letter)
    labels = {
        "waiting": (_("Waiting"), counts.waiting), "amendments": (_("Changes"), counts.amendments),
        "unconfirmed": (_("E-mail not confirmed"), counts["unconfirmed"]),
        "returned": (_("Returned"), counts["returned"]), "approved": (_("Approved"), counts["approved"]),
        "declined": (_("Declined"), counts["declined"]), "withdrawn": (_("Withdrawn"), counts["withdrawn"]),
        "all": (_("All"), sum(counts.by_state.values())),
    }
    return [{"label": label, "count": count, "current": key == shown,
             "url": url_for(".queue", slug=letter.slug, shown=key)} for key, (label, count) in labels.items()]
