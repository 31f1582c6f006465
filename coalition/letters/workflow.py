"""The states of a letter and what leads from one to another."""

from __future__ import annotations

from datetime import timedelta

from coalition.access.permissions import Permission as P
from coalition.i18n import lazy_gettext as _l
from coalition.workflow import Transition, Workflow

DRAFT, OPEN, CLOSED, ARCHIVED, CANCELLED = "draft", "open", "closed", "archived", "cancelled"
STATES = (DRAFT, OPEN, CLOSED, ARCHIVED, CANCELLED)

#: States in which the letter's page may be seen by those it reaches. A cancelled letter says so.
SEEN = (OPEN, CLOSED, ARCHIVED, CANCELLED)
#: How long after closing a form sent before may still be confirmed.
LATE_CONFIRMATION = timedelta(hours=24)

WORKFLOW = Workflow("letter", (
    Transition("edit", frozenset({DRAFT, OPEN, CLOSED}), None, P.LETTER_EDIT),
    Transition("publish", frozenset({DRAFT, OPEN, CLOSED}), None, P.LETTER_EDIT),
    Transition("open", frozenset({DRAFT}), OPEN, P.LETTER_RUN),
    Transition("extend", frozenset({OPEN}), None, P.LETTER_RUN, needs_reason=True),
    Transition("close", frozenset({OPEN}), CLOSED, P.LETTER_RUN),
    Transition("reopen", frozenset({CLOSED, ARCHIVED}), OPEN, P.LETTER_RUN, needs_reason=True),
    Transition("archive", frozenset({CLOSED}), ARCHIVED, P.LETTER_RUN),
    Transition("cancel", frozenset({DRAFT, OPEN, CLOSED}), CANCELLED, P.LETTER_RUN, needs_reason=True),
), refusals={
    DRAFT: _l("This letter is a draft: that cannot be done with it now."),
    OPEN: _l("This letter is open: that cannot be done with it now."),
    CLOSED: _l("This letter is closed: that cannot be done with it now."),
    ARCHIVED: _l("This letter is archived: that cannot be done with it now."),
    CANCELLED: _l("This letter is cancelled: nothing more can be done with it."),
})
