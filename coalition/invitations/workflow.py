"""The states of an invitation and everything that leads from one to another, as data."""

from __future__ import annotations

from coalition.access.permissions import Permission as P
from coalition.letters import workflow as letters
from coalition.workflow import Transition, Workflow

PREPARED, INVITED, ACCEPTED, WITHDRAWN = "prepared", "invited", "accepted", "withdrawn"
STATES = (PREPARED, INVITED, ACCEPTED, WITHDRAWN)

#: Something may still come of it.
LIVE = (PREPARED, INVITED)

_OPEN = frozenset({letters.OPEN})
#: A list may be got ready while the letter is still being written.
_WORKED_ON = frozenset({letters.DRAFT, letters.OPEN, letters.CLOSED})


def _row(action: str, sources: tuple[str, ...], target: str | None, permission: P,
         letter: frozenset[str] = frozenset()) -> Transition:
    return Transition(action, frozenset(sources), target, permission, letter=letter)


WORKFLOW = Workflow("invitation", (
    _row("send", (PREPARED,), INVITED, P.INVITATION_MANAGE, _OPEN),
    _row("remind", (INVITED,), None, P.INVITATION_REMIND, _OPEN),
    _row("accept", (INVITED,), ACCEPTED, P.INVITATION_OWN, _OPEN),
    _row("stop", (INVITED, ACCEPTED, WITHDRAWN), None, P.INVITATION_OWN),
    _row("correct", LIVE, None, P.INVITATION_MANAGE, _WORKED_ON),
    _row("note_call", (*LIVE, WITHDRAWN), None, P.INVITATION_MANAGE),
    _row("withdraw", LIVE, WITHDRAWN, P.INVITATION_MANAGE),
    _row("invite_again", (WITHDRAWN,), PREPARED, P.INVITATION_MANAGE, _WORKED_ON),
    _row("erase", (PREPARED, INVITED, WITHDRAWN), WITHDRAWN, P.INVITATION_ERASE),
    _row("erase", (ACCEPTED,), None, P.INVITATION_ERASE),
), refusals={
    ACCEPTED: "This invitation was accepted: the organisation has signed.",
    WITHDRAWN: "This invitation was withdrawn.",
    PREPARED: "This invitation has not been sent yet.",
    INVITED: "This invitation has been sent already.",
})
