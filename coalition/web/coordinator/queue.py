"""The queue: what waits for a decision, and deciding many at once."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, session, url_for

from coalition.access.permissions import Permission as P
from coalition.db import unit_of_work
from coalition.endorsements import queries as endorsement_queries
from coalition.endorsements.models import Endorsement
from coalition.endorsements.queries import StateCounts
from coalition.endorsements.taking_back import decision_to_take_back
from coalition.i18n import gettext as _
from coalition.letters.models import Letter
from coalition.review import operations as review
from coalition.review import queries as review_queries
from coalition.review import queue as review_queue
from coalition.review.flags import SERIOUS
from coalition.review.operations import BulkResult
from coalition.review.queue import QueueRow
from coalition.web.coordinator.dossier import parts_of
from coalition.web.coordinator.frame import carried_out, letter_page
from coalition.web.coordinator.review_forms import BulkForm, BulkReturnForm, QueueFilter, TakeBackForm
from coalition.web.guards import needs_for_letter
from coalition.web.proving import signed_in_lately, to_prove_again
from coalition.web.session import current_actor

blueprint = Blueprint("queue", __name__)

#: What became of the last bulk decision, until the next one: ids and reasons, no names.
_RESULT = "bulk"
#: What a row leads to; more can be done on the page of one.
_OFFERED = ("approve", "approve_amendment", "return")
#: More approvals in one go ask for a fresh sign-in: an account may have been taken over.
_MANY = 10


@blueprint.get("/letters/<slug>/queue")
@needs_for_letter(P.ENDORSEMENT_SEE)
def queue(letter: Letter) -> Any:
    """A page of the letter's endorsements, those that wait longest first."""
    return _queue(letter, BulkReturnForm(formdata=None, standard=""))


@blueprint.post("/letters/<slug>/queue/approve")
@needs_for_letter(P.ENDORSEMENT_DECIDE)
def approve(letter: Letter) -> Any:
    """Approve the ticked ones that nothing speaks against."""
    form = BulkForm()
    if len(form.rows()) > _MANY and not signed_in_lately():
        flash(_("So many approvals at once ask for it: confirm that it is you, then tick them once more."), "info")
        return to_prove_again(url_for(".queue", slug=letter.slug))
    with unit_of_work():
        result = review.approve_unflagged(current_actor(), letter, form.rows(), verified=form.verified.data)
    return _done(letter, "approve", result)


@blueprint.post("/letters/<slug>/queue/return")
@needs_for_letter(P.ENDORSEMENT_DECIDE)
def return_for_changes(letter: Letter) -> Any:
    """Ask the signers of the ticked ones for changes, where nothing speaks against it."""
    form, results = BulkReturnForm(), []
    if carried_out(form, lambda: results.append(review.return_unflagged(
            current_actor(), letter, form.rows(), standard=form.standard.data or "",
            own_words=form.reason.data or ""))):
        return _done(letter, "return", results[0])
    return _queue(letter, form)


@blueprint.post("/letters/<slug>/queue/take-back")
@needs_for_letter(P.ENDORSEMENT_DECIDE)
def take_back(letter: Letter) -> Any:
    """Take back what the last bulk decision did, where its mails have not left."""
    with unit_of_work():
        result = review.take_back_all(current_actor(), letter, TakeBackForm().chosen.data or [])
    return _done(letter, "take_back", result)


@blueprint.get("/letters/<slug>/queue/result")
@needs_for_letter(P.ENDORSEMENT_SEE)
def result(letter: Letter) -> Any:
    """What the last bulk decision did, and what it left and why."""
    kept = session.get(_RESULT, {})
    if kept.get("letter") != letter.id:
        return redirect(url_for(".queue", slug=letter.slug), 303)
    rows = {row.id: row for row in endorsement_queries.of_letter(letter, [
        *kept["done"], *(number for number, _reason in kept["skipped"])])}
    done = [rows[number] for number in kept["done"] if number in rows]
    return letter_page(
        "result", letter, action=kept.get("action", "approve"), done=[_line(row) for row in done],
        skipped=[{**_line(rows[number]), "reason": reason} for number, reason in kept["skipped"] if number in rows],
        undo=TakeBackForm(formdata=None), can_be_taken_back=[
            row.public_id for row in done if kept.get("action") != "take_back" and decision_to_take_back(row)])


def _done(letter: Letter, action: str, result: BulkResult) -> Any:
    session[_RESULT] = {"letter": letter.id, "action": action, "done": result.done,
                        "skipped": [[number, reason] for number, reason in result.skipped.items()]}
    return redirect(url_for(".result", slug=letter.slug), 303)


def _queue(letter: Letter, form: BulkReturnForm) -> Any:
    wanted = QueueFilter(request.args).arguments()
    page = review_queue.queue(current_actor(), letter, **wanted)
    ticked = {public_id for public_id, _seen in form.rows()}
    rows = [_row(row) for row in page.rows]
    for row in rows:
        row["ticked"] = row["public_id"] in ticked or request.args.get("ticked") == "all"
    states = endorsement_queries.counts_of(letter)
    return letter_page("queue", letter, form, states=states, page=page, wanted=wanted, rows=rows,
                       filters=_filters(letter, wanted, states), sorts=_sorts(letter, wanted))


def _row(row: QueueRow) -> dict[str, Any]:
    """A row of the table; it can be ticked where a bulk decision would not leave it out."""
    can = review_queries.what_can_be_done(current_actor(), row.endorsement, _OFFERED)
    may_approve = bool(can & {"approve", "approve_amendment"})
    return {
        **_line(row.endorsement), "state": row.endorsement.state, "flags": sorted(row.flags),
        "waiting_since": row.waiting_since, "reference": row.endorsement.reference, "notes": row.notes,
        "lookers": row.lookers, "value": f"{row.endorsement.public_id}:{row.endorsement.latest_revision}",
        "tickable": may_approve and not row.flags & SERIOUS, "may_approve": may_approve, "may_return": "return" in can,
    }


def _line(endorsement: Endorsement) -> dict[str, Any]:
    return {"public_id": endorsement.public_id, "parts": parts_of(endorsement)}


def _filters(letter: Letter, wanted: dict[str, Any], counts: StateCounts) -> list[dict[str, Any]]:
    labels = {
        "waiting": (_("Waiting"), counts.waiting), "amendments": (_("Changes"), counts.amendments),
        "unconfirmed": (_("E-mail not confirmed"), counts["unconfirmed"]),
        "returned": (_("Returned"), counts["returned"]), "approved": (_("Approved"), counts["approved"]),
        "declined": (_("Declined"), counts["declined"]), "withdrawn": (_("Withdrawn"), counts["withdrawn"]),
        "all": (_("All"), sum(counts.by_state.values())),
    }
    return [{"label": label, "count": count, "current": key == wanted["shown"],
             "url": _address(letter, {**wanted, "shown": key})} for key, (label, count) in labels.items()]


def _sorts(letter: Letter, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    labels = {"waiting": _("Longest waiting"), "newest": _("Newest"), "name": _("By name")}
    return [{"label": label, "current": key == wanted["sort"], "url": _address(letter, {**wanted, "sort": key})}
            for key, label in labels.items()]


def _address(letter: Letter, wanted: dict[str, Any]) -> str:
    """The queue so filtered and sorted, from its first page on."""
    return url_for(".queue", slug=letter.slug, shown=wanted["shown"], q=wanted["search"] or None,
                   sort=wanted["sort"] if wanted["sort"] != "waiting" else None)
