"""All states and actions as full tables: what is not listed here is refused."""

from __future__ import annotations

import pytest

from coalition.endorsements import workflow as endorsements
from coalition.errors import Invalid, WrongState
from coalition.invitations import workflow as invitations
from coalition.letters import workflow as letters
from coalition.organisations import workflow as organisations

D, N, C, A, X = letters.DRAFT, letters.OPEN, letters.CLOSED, letters.ARCHIVED, letters.CANCELLED

LETTER_TABLE = {
    ("edit", D): D,
    ("edit", N): N,
    ("edit", C): C,
    ("publish", D): D,
    ("publish", N): N,
    ("publish", C): C,
    ("open", D): N,
    ("extend", N): N,
    ("close", N): C,
    ("reopen", C): N,
    ("reopen", A): N,
    ("archive", C): A,
    ("cancel", D): X,
    ("cancel", N): X,
    ("cancel", C): X,
}

ALL = frozenset(letters.STATES)
OPEN_OR_CLOSED = frozenset({N, C})
ENTERING = frozenset({D, N, C})
UNARCHIVED = frozenset({D, N, C, X})

#: (action, state): (state afterwards, states of the letter it works in)
ENDORSEMENT_TABLE = {
    ("confirm", "unconfirmed"): ("submitted", OPEN_OR_CLOSED),
    ("edit", "unconfirmed"): ("unconfirmed", frozenset({N})),
    ("edit", "submitted"): ("submitted", frozenset({N})),
    ("edit", "returned"): ("submitted", OPEN_OR_CLOSED),
    ("amend", "approved"): ("approved", UNARCHIVED),
    ("amend_and_take_down", "approved"): ("submitted", UNARCHIVED),
    ("take_back_amendment", "approved"): ("approved", UNARCHIVED),
    **{("narrow", state): (state, ALL) for state in endorsements.STATES},
    **{("widen", state): (state, ALL) for state in endorsements.LIVE},
    ("approve", "submitted"): ("approved", ENTERING),
    ("approve_amendment", "approved"): ("approved", OPEN_OR_CLOSED),
    ("turn_down_amendment", "approved"): ("approved", OPEN_OR_CLOSED),
    ("return", "submitted"): ("returned", OPEN_OR_CLOSED),
    ("return", "approved"): ("returned", OPEN_OR_CLOSED),
    ("decline", "submitted"): ("declined", OPEN_OR_CLOSED),
    ("decline", "returned"): ("declined", OPEN_OR_CLOSED),
    ("decline", "approved"): ("declined", OPEN_OR_CLOSED),
    **{("invalidate", state): ("declined", OPEN_OR_CLOSED) for state in endorsements.LIVE},
    **{("withdraw", state): ("withdrawn", ALL) for state in endorsements.LIVE},
    **{("withdraw_on_their_word", state): ("withdrawn", ALL) for state in endorsements.LIVE},
    **{("take_off", state): ("withdrawn", ALL) for state in endorsements.LIVE},
    **{("take_off", state): (state, ALL) for state in ("declined", "withdrawn")},
    ("reinstate", "declined"): ("submitted", OPEN_OR_CLOSED),
    ("take_up_again", "withdrawn"): ("submitted", OPEN_OR_CLOSED),
    ("reconfirm", "approved"): ("approved", OPEN_OR_CLOSED),
    ("reconfirm", "submitted"): ("submitted", OPEN_OR_CLOSED),
    ("reconfirm", "returned"): ("returned", OPEN_OR_CLOSED),
    ("name_authority", "submitted"): ("submitted", OPEN_OR_CLOSED),
    ("name_authority", "returned"): ("submitted", OPEN_OR_CLOSED),
    **{(action, state): (state, OPEN_OR_CLOSED) for state in ("submitted", "returned", "approved")
       for action in ("ask_authority", "ask_authority_for_them", "answer_authority", "establish_authority")},
    **{("send_file", state): (state, UNARCHIVED) for state in endorsements.LIVE},
    **{("take_back_file", state): (state, UNARCHIVED) for state in ("unconfirmed", "submitted", "returned")},
    **{(action, state): (state, ALL) for state in endorsements.STATES for action in ("add_file", "remove_file")},
    ("confirm_by_evidence", "unconfirmed"): ("submitted", OPEN_OR_CLOSED),
    **{("take_back", state): (state, OPEN_OR_CLOSED | {"draft"}) for state in ("approved", "returned", "declined")},
}

ORGANISATION_TABLE = {
    ("verify", "unverified"): "verified",
    ("verify", "rejected"): "verified",
    ("verify", "suspended"): "verified",
    ("unverify", "verified"): "unverified",
    ("reject", "unverified"): "rejected",
    ("suspend", "verified"): "suspended",
}


#: (action, state): (state afterwards, states of the letter it works in)
INVITATION_TABLE = {
    ("send", "prepared"): ("invited", frozenset({N})),
    ("remind", "invited"): ("invited", frozenset({N})),
    ("accept", "invited"): ("accepted", frozenset({N})),
    **{("stop", state): (state, ALL) for state in ("invited", "accepted", "withdrawn")},
    **{("correct", state): (state, ENTERING) for state in ("prepared", "invited")},
    **{("note_call", state): (state, ALL) for state in ("prepared", "invited", "withdrawn")},
    **{("withdraw", state): ("withdrawn", ALL) for state in ("prepared", "invited")},
    ("invite_again", "withdrawn"): ("prepared", ENTERING),
    **{("erase", state): ("withdrawn", ALL) for state in ("prepared", "invited", "withdrawn")},
    ("erase", "accepted"): ("accepted", ALL),
}


@pytest.mark.parametrize("letter", letters.STATES)
@pytest.mark.parametrize("state", invitations.STATES)
@pytest.mark.parametrize("action", invitations.WORKFLOW.actions)
def test_every_triple_of_invitation_state_action_and_letter(action: str, state: str, letter: str) -> None:
    after, works_in = INVITATION_TABLE.get((action, state), ("", frozenset()))
    if letter in works_in:
        assert (invitations.WORKFLOW.check(action, state, letter=letter).target or state) == after
    else:
        assert not invitations.WORKFLOW.allows(action, state, letter)
        with pytest.raises(WrongState) as refusal:
            invitations.WORKFLOW.check(action, state, letter=letter)
        assert len(refusal.value.message) > 20


@pytest.mark.parametrize("state", letters.STATES)
@pytest.mark.parametrize("action", letters.WORKFLOW.actions)
def test_every_pair_of_letter_state_and_action(action: str, state: str) -> None:
    if (action, state) in LETTER_TABLE:
        row = letters.WORKFLOW.check(action, state, reason="because")
        assert (row.target or state) == LETTER_TABLE[action, state]
    else:
        with pytest.raises(WrongState):
            letters.WORKFLOW.check(action, state, reason="because")


@pytest.mark.parametrize("letter", letters.STATES)
@pytest.mark.parametrize("state", endorsements.STATES)
@pytest.mark.parametrize("action", endorsements.WORKFLOW.actions)
def test_every_triple_of_endorsement_state_action_and_letter(action: str, state: str, letter: str) -> None:
    after, works_in = ENDORSEMENT_TABLE.get((action, state), ("", frozenset()))
    if letter in works_in:
        row = endorsements.WORKFLOW.check(action, state, reason="because", letter=letter)
        assert (row.target or state) == after
        assert endorsements.WORKFLOW.allows(action, state, letter)
    else:
        assert not endorsements.WORKFLOW.allows(action, state, letter)
        with pytest.raises(WrongState) as refusal:
            endorsements.WORKFLOW.check(action, state, reason="because", letter=letter)
        assert len(refusal.value.message) > 20


@pytest.mark.parametrize("state", organisations.STATES)
@pytest.mark.parametrize("action", organisations.WORKFLOW.actions)
def test_every_pair_of_organisation_state_and_action(action: str, state: str) -> None:
    if (action, state) in ORGANISATION_TABLE:
        row = organisations.WORKFLOW.check(action, state, reason="because")
        assert row.target == ORGANISATION_TABLE[action, state]
    else:
        with pytest.raises(WrongState):
            organisations.WORKFLOW.check(action, state, reason="because")


@pytest.mark.parametrize(
    ("workflow", "action", "state"),
    [
        (letters.WORKFLOW, "extend", N),
        (letters.WORKFLOW, "reopen", C),
        (letters.WORKFLOW, "cancel", D),
        (endorsements.WORKFLOW, "return", "submitted"),
        (endorsements.WORKFLOW, "decline", "submitted"),
        (endorsements.WORKFLOW, "withdraw_on_their_word", "approved"),
        (endorsements.WORKFLOW, "reinstate", "declined"),
        (endorsements.WORKFLOW, "take_up_again", "withdrawn"),
        (endorsements.WORKFLOW, "turn_down_amendment", "approved"),
        (endorsements.WORKFLOW, "establish_authority", "submitted"),
        (endorsements.WORKFLOW, "confirm_by_evidence", "unconfirmed"),
        (organisations.WORKFLOW, "unverify", "verified"),
    ],
)
@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_what_hurts_somebody_needs_a_reason(workflow: object, action: str, state: str, reason: str) -> None:
    with pytest.raises(Invalid):
        workflow.check(action, state, reason=reason)  # type: ignore[attr-defined]
