"""The home of a letter: what is done, what comes next and why something cannot start yet; and its five numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import url_for

from coalition import clock
from coalition.access.actor import Role
from coalition.access.permissions import Permission as P
from coalition.access.policy import permits
from coalition.documents import queries as document_queries
from coalition.endorsements.queries import StateCounts
from coalition.i18n import gettext as _
from coalition.i18n import ngettext
from coalition.invitations import queries as invitation_queries
from coalition.letters import queries as letter_queries
from coalition.letters import workflow
from coalition.letters.models import Letter
from coalition.signatories.counting import Counts
from coalition.web.session import current_actor

Task = dict[str, Any]
#: The states of a letter that has been open.
_OPENED = (workflow.OPEN, workflow.CLOSED, workflow.ARCHIVED)
_ENDED = (workflow.CLOSED, workflow.ARCHIVED)


@dataclass(frozen=True, slots=True)
class Progress:
    """What the tasks are judged by."""

    letter: Letter
    counts: StateCounts
    coordinators: int
    addressees: int
    editions: int
    deliveries: int
    invited: dict[str, int]


def progress_of(letter: Letter, states: StateCounts) -> Progress:
    """How far a letter has come."""
    return Progress(
        letter=letter, counts=states,
        coordinators=sum(member.role == Role.COORDINATOR for member in letter.team),
        addressees=len(letter_queries.recipients_of(letter, "addressee")),
        editions=len(document_queries.editions_of(letter)),
        deliveries=len(document_queries.deliveries_of(letter)), invited=invitation_queries.counts_of(letter))


def tasks_of(letter: Letter, states: StateCounts) -> list[Task]:
    """The way of a letter from its text to the hand-over, in order."""
    progress = progress_of(letter, states)
    actor, subject = current_actor(), letter_queries.subject_of(letter)
    rows: tuple[tuple[P, str, str, Callable[[Progress], Task]], ...] = (
        (P.LETTER_EDIT, _("Write and publish the text"), url_for("coordinator.text.text", slug=letter.slug), _text),
        (P.LETTER_EDIT, _("Name the addressees"), url_for("coordinator.details.details", slug=letter.slug),
         _addressees),
        (P.TEAM_CHOOSE, _("Choose the team"), url_for("coordinator.team.team", slug=letter.slug), _team),
        (P.INVITATION_MANAGE, _("Invite organisations"), url_for("coordinator.invitations.overview", slug=letter.slug),
         _invite),
        (P.LETTER_RUN, _("Set the deadline and open the letter"),
         url_for("coordinator.running.open_for_signing", slug=letter.slug), _open),
        (P.ENDORSEMENT_SEE, _("Review the signatures"), url_for("coordinator.queue.queue", slug=letter.slug), _review),
        (P.LETTER_RUN, _("Close the letter"), url_for("coordinator.running.close", slug=letter.slug), _close),
        (P.EDITION_COMPILE, _("Compile the final letter"), f"/secretariat/letters/{letter.slug}", _compile),
        (P.EDITION_DELIVER, _("Hand it over"), f"/secretariat/letters/{letter.slug}", _deliver),
    )
    tasks = []
    for permission, title, url, judge in rows:
        task = {"title": title, **judge(progress)}
        leads_somewhere = not (judge in (_open, _close) and task["state"] == "completed")
        if permits(actor, permission, subject) and leads_somewhere:
            task["url"] = url
        tasks.append(task)
    return tasks


def _text(progress: Progress) -> Task:
    letter = progress.letter
    if letter.published is not None and letter.draft is None:
        return {"state": "completed", "hint": _("Version %(number)s is published.", number=letter.published.number)}
    if letter.published is not None:
        return {"state": "in_progress", "hint": _("Version %(number)s is published; a new text is being written.",
                                                  number=letter.published.number)}
    if letter.draft is not None and letter.draft.body:
        return {"state": "in_progress", "hint": _("It is written, but not published yet.")}
    return {"state": "not_started"}


def _addressees(progress: Progress) -> Task:
    if not progress.addressees:
        return {"state": "not_started"}
    return {"state": "completed", "hint": ngettext("%(num)s addressee", "%(num)s addressees", progress.addressees)}


def _team(progress: Progress) -> Task:
    hint = ngettext("%(num)s coordinator", "%(num)s coordinators", progress.coordinators)
    if progress.coordinators < 2:
        return {"state": "in_progress", "hint": _("%(coordinators)s. A second one is needed, since nobody decides on "
                                                  "an organisation they act for.", coordinators=hint)}
    return {"state": "completed", "hint": hint}


def _invite(progress: Progress) -> Task:
    if not progress.invited["all"]:
        return {"state": "not_started", "hint": _("As you like: a spreadsheet of organisations, each with a link of "
                                                  "its own.")}
    silent, unsent = progress.invited["silent"], progress.invited["to_send"]
    if silent or unsent:
        return {"state": "in_progress", "hint": _("%(silent)s silent, %(unsent)s not sent yet.", silent=silent,
                                                  unsent=unsent)}
    return {"state": "completed", "hint": ngettext("%(num)s organisation", "%(num)s organisations",
                                                   progress.invited["all"])}


def _open(progress: Progress) -> Task:
    letter = progress.letter
    if letter.state in _OPENED:
        return {"state": "completed"}
    if letter.state == workflow.CANCELLED:
        return {"state": "cannot_start", "why": _("the letter was cancelled.")}
    if letter.published is None:
        return {"state": "cannot_start", "why": _("publish the text first.")}
    if not progress.addressees:
        return {"state": "cannot_start", "why": _("name an addressee first.")}
    return {"state": "not_started"}


def _review(progress: Progress) -> Task:
    if progress.counts.waiting:
        return {"state": "in_progress", "hint": ngettext("%(num)s signature waits.", "%(num)s signatures wait.",
                                                         progress.counts.waiting)}
    if progress.letter.state not in _OPENED and not progress.counts.by_state:
        return {"state": "cannot_start", "why": _("open the letter first.")}
    if not progress.counts.by_state:
        return {"state": "not_started", "hint": _("Nobody has signed yet.")}
    return {"state": "completed", "hint": _("Nothing waits.")}


def _close(progress: Progress) -> Task:
    if progress.letter.state in _ENDED:
        return {"state": "completed"}
    if progress.letter.state != workflow.OPEN:
        return {"state": "cannot_start", "why": _("it is not open.")}
    return {"state": "not_started", "hint": _("It closes by itself at the deadline.")}


def _compile(progress: Progress) -> Task:
    if progress.editions:
        return {"state": "completed", "hint": ngettext("%(num)s edition", "%(num)s editions", progress.editions)}
    if not progress.counts["approved"]:
        return {"state": "cannot_start", "why": _("nobody is on the list.")}
    return {"state": "not_started"}


def _deliver(progress: Progress) -> Task:
    if progress.deliveries:
        return {"state": "completed", "hint": ngettext("%(num)s delivery", "%(num)s deliveries", progress.deliveries)}
    if not progress.editions:
        return {"state": "cannot_start", "why": _("compile an edition first.")}
    return {"state": "not_started"}


def five_numbers(letter: Letter, counts: Counts, states: StateCounts) -> list[dict[str, Any]]:
    """Approved, represented, countries, waiting, days left."""
    queue = url_for("coordinator.queue.queue", slug=letter.slug)
    sees_queue = permits(current_actor(), P.ENDORSEMENT_SEE, letter_queries.subject_of(letter))
    lapsed = states["approved"] - counts.signatories
    return [
        {"number": counts.signatories, "label": _("signatures approved"),
         "note": ngettext("%(num)s more must confirm the new text", "%(num)s more must confirm the new text", lapsed)
         if lapsed > 0 else ""},
        {"number": counts.organisations_total, "label": _("organisations represented"),
         "note": _("overlaps not excluded") if counts.networks else ""},
        {"number": counts.countries, "label": _("countries")},
        {"number": states.waiting, "label": _("signatures waiting"), "url": queue if sees_queue else ""},
        _days_left(letter),
    ]


def _days_left(letter: Letter) -> dict[str, Any]:
    if letter.state != workflow.OPEN or letter.deadline_at is None:
        return {"number": 0, "words": "–", "label": _("days left"), "note": _("not open")}
    left = letter.deadline_at - clock.now()
    return {"number": max(0, left.days), "label": _("days left"),
            "note": _("it closes today") if left.days < 1 else ""}
