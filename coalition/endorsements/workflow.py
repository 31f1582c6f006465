"""The states of an endorsement and everything that leads from one to another, as data."""

from __future__ import annotations

from coalition.access.permissions import Permission as P
from coalition.i18n import lazy_gettext as _l
from coalition.letters import workflow as letters
from coalition.workflow import Transition, Workflow

UNCONFIRMED, SUBMITTED, RETURNED = "unconfirmed", "submitted", "returned"
APPROVED, DECLINED, WITHDRAWN = "approved", "declined", "withdrawn"
STATES = (UNCONFIRMED, SUBMITTED, RETURNED, APPROVED, DECLINED, WITHDRAWN)

#: Nothing more is expected of anybody.
FINAL = (DECLINED, WITHDRAWN)
#: An endorsement that may still come to stand on the list, or does.
LIVE = (UNCONFIRMED, SUBMITTED, RETURNED, APPROVED)

_OPEN = frozenset({letters.OPEN})
_OPEN_OR_CLOSED = frozenset({letters.OPEN, letters.CLOSED})
_NOT_ARCHIVED = frozenset({letters.DRAFT, letters.OPEN, letters.CLOSED, letters.CANCELLED})
#: An import may bring entries into a letter that is still a draft.
_ENTERING = frozenset({letters.DRAFT, letters.OPEN, letters.CLOSED})
#: The address, or what stands for it, is confirmed, and nobody has ended it.
_AFTER_CONFIRMATION = f"{SUBMITTED} {RETURNED} {APPROVED}"


def _row(action: str, sources: str, target: str | None, permission: P, letter: frozenset[str] = frozenset(),
         *, reason: bool = False) -> Transition:
    return Transition(action, frozenset(sources.split()), target, permission, reason, letter)


WORKFLOW = Workflow("endorsement", (
    _row("confirm", UNCONFIRMED, SUBMITTED, P.ENDORSEMENT_OWN, _OPEN_OR_CLOSED),
    _row("edit", f"{UNCONFIRMED} {SUBMITTED}", None, P.ENDORSEMENT_OWN, _OPEN),
    _row("edit", RETURNED, SUBMITTED, P.ENDORSEMENT_OWN, _OPEN_OR_CLOSED),
    _row("amend", APPROVED, APPROVED, P.ENDORSEMENT_OWN, _NOT_ARCHIVED),
    _row("amend_and_take_down", APPROVED, SUBMITTED, P.ENDORSEMENT_OWN, _NOT_ARCHIVED),
    _row("take_back_amendment", APPROVED, APPROVED, P.ENDORSEMENT_OWN, _NOT_ARCHIVED),
    _row("narrow", " ".join(STATES), None, P.ENDORSEMENT_NARROW),
    _row("widen", " ".join(LIVE), None, P.ENDORSEMENT_OWN),
    _row("approve", SUBMITTED, APPROVED, P.ENDORSEMENT_DECIDE, _ENTERING),
    _row("approve_amendment", APPROVED, APPROVED, P.ENDORSEMENT_DECIDE, _OPEN_OR_CLOSED),
    _row("turn_down_amendment", APPROVED, APPROVED, P.ENDORSEMENT_DECIDE, _OPEN_OR_CLOSED, reason=True),
    _row("return", f"{SUBMITTED} {APPROVED}", RETURNED, P.ENDORSEMENT_DECIDE, _OPEN_OR_CLOSED, reason=True),
    _row("decline", f"{SUBMITTED} {RETURNED} {APPROVED}", DECLINED, P.ENDORSEMENT_DECIDE, _OPEN_OR_CLOSED,
         reason=True),
    _row("invalidate", " ".join(LIVE), DECLINED, P.ENDORSEMENT_DECIDE, _OPEN_OR_CLOSED, reason=True),
    _row("take_back", f"{APPROVED} {RETURNED} {DECLINED}", None, P.ENDORSEMENT_DECIDE, _ENTERING),
    _row("withdraw", " ".join(LIVE), WITHDRAWN, P.ENDORSEMENT_OWN),
    _row("withdraw_on_their_word", " ".join(LIVE), WITHDRAWN, P.ENDORSEMENT_WITHDRAW, reason=True),
    _row("take_off", " ".join(LIVE), WITHDRAWN, P.ENDORSEMENT_TAKE_OFF),
    _row("take_off", " ".join(FINAL), None, P.ENDORSEMENT_TAKE_OFF),
    _row("reinstate", DECLINED, SUBMITTED, P.ENDORSEMENT_DECIDE, _OPEN_OR_CLOSED, reason=True),
    _row("take_up_again", WITHDRAWN, SUBMITTED, P.ENDORSEMENT_OWN, _OPEN_OR_CLOSED, reason=True),
    _row("reconfirm", f"{SUBMITTED} {RETURNED} {APPROVED}", None, P.ENDORSEMENT_OWN, _OPEN_OR_CLOSED),
    _row("name_authority", SUBMITTED, None, P.ENDORSEMENT_OWN, _OPEN_OR_CLOSED),
    _row("name_authority", RETURNED, SUBMITTED, P.ENDORSEMENT_OWN, _OPEN_OR_CLOSED),
    _row("ask_authority", _AFTER_CONFIRMATION, None, P.ENDORSEMENT_OWN, _OPEN_OR_CLOSED),
    _row("ask_authority_for_them", _AFTER_CONFIRMATION, None, P.ENDORSEMENT_ENTER, _OPEN_OR_CLOSED),
    _row("answer_authority", _AFTER_CONFIRMATION, None, P.ENDORSEMENT_AUTHORISE, _OPEN_OR_CLOSED),
    _row("establish_authority", _AFTER_CONFIRMATION, None, P.ENDORSEMENT_DECIDE, _OPEN_OR_CLOSED, reason=True),
    _row("send_file", " ".join(LIVE), None, P.ENDORSEMENT_OWN, _NOT_ARCHIVED),
    _row("take_back_file", f"{UNCONFIRMED} {SUBMITTED} {RETURNED}", None, P.ENDORSEMENT_OWN, _NOT_ARCHIVED),
    _row("add_file", " ".join(STATES), None, P.ENDORSEMENT_ENTER),
    _row("remove_file", " ".join(STATES), None, P.ENDORSEMENT_ENTER, reason=True),
    _row("confirm_by_evidence", UNCONFIRMED, SUBMITTED, P.ENDORSEMENT_ENTER, _OPEN_OR_CLOSED, reason=True),
), refusals={
    WITHDRAWN: _l("This endorsement was withdrawn: nothing can be decided about it."),
    DECLINED: _l("This endorsement was declined already."),
    APPROVED: _l("This endorsement is approved already."),
    SUBMITTED: _l("This endorsement waits for review: that cannot be done with it now."),
    RETURNED: _l("This endorsement was returned for changes: that cannot be done with it now."),
    UNCONFIRMED: _l("The signer has not confirmed the e-mail address yet: wait for that first."),
})
