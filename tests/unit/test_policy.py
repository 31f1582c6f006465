"""The permission table in full: every permission for every kind of actor."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from coalition.access.actor import OPERATOR, SYSTEM, VISITOR, Actor, Kind, Role, invited, second_person, signer
from coalition.access.permissions import Permission as P
from coalition.access.policy import POLICY, demand, permits
from coalition.access.predicates import Subject
from coalition.errors import NotPermitted

NOW = datetime(2026, 3, 2, tzinfo=UTC)
SUBJECT = Subject(
    letter_id=1,
    endorsement_id=10,
    invitation_id=20,
    organisation_id=100,
    reach="link",
    is_public_stage=True,
    releases_at=NOW + timedelta(days=1),
    now=NOW,
    organisation_letters=frozenset({1}),
)


def _person(number: int, *roles: tuple[int, Role], **more: object) -> Actor:
    return Actor(kind=Kind.PERSON, person_id=number, roles=frozenset(roles), **more)  # type: ignore[arg-type]


ACTORS = {
    "visitor": VISITOR,
    "came by the letter's link": replace(VISITOR, letters=frozenset({1})),
    "came by another letter's link": replace(VISITOR, letters=frozenset({2})),
    "signer": signer(10),
    "signer of another": signer(11),
    "invited": invited(20),
    "invited by another invitation": invited(21),
    "asked about its authority": second_person(10),
    "asked about another's authority": second_person(11),
    "staff without a role": _person(1),
    "may begin letters": _person(2, is_coordinator=True),
    "administrator": _person(3, is_administrator=True),
    "coordinator": _person(4, (1, Role.COORDINATOR)),
    "coordinator of another letter": _person(5, (2, Role.COORDINATOR)),
    "coordinator who acts for the organisation": _person(6, (1, Role.COORDINATOR), acts_for=frozenset({100})),
    "stands in for a coordinator": _person(10, (1, Role.COORDINATOR), deputises_on=frozenset({1})),
    "stands in, and coordinates another letter": _person(
        11, (1, Role.COORDINATOR), (2, Role.COORDINATOR), deputises_on=frozenset({1})),
    "coordinator who acts for another": _person(7, (1, Role.COORDINATOR), acts_for=frozenset({101})),
    "secretariat": _person(8, (1, Role.SECRETARIAT)),
    "secretariat of another letter": _person(9, (2, Role.SECRETARIAT)),
    "operator": OPERATOR,
    "the clock": SYSTEM,
}

DEPUTIES = {"stands in for a coordinator", "stands in, and coordinates another letter"}
COORDINATORS = DEPUTIES | {"coordinator", "coordinator who acts for the organisation",
                           "coordinator who acts for another"}
TEAM = COORDINATORS | {"secretariat", "operator"}
READERS = TEAM | {"came by the letter's link"}
DECIDERS = DEPUTIES | {"coordinator", "coordinator who acts for another", "operator"}

ALLOWED = {
    P.LETTER_SEE: READERS,
    P.LETTER_CREATE: {"may begin letters", "operator"},
    P.LETTER_WORK: TEAM,
    P.LETTER_EDIT: COORDINATORS | {"operator"},
    P.TEAM_CHOOSE: (COORDINATORS - DEPUTIES) | {"operator"},
    P.LETTER_RUN: COORDINATORS | {"operator", "the clock"},
    P.ENDORSEMENT_SIGN: READERS,
    P.ENDORSEMENT_OWN: {"signer"},
    P.ENDORSEMENT_AUTHORISE: {"asked about its authority"},
    P.ENDORSEMENT_ENTER: COORDINATORS | {"operator"},
    P.ENDORSEMENT_SEE: COORDINATORS | {"operator"},
    P.ENDORSEMENT_DECIDE: DECIDERS,
    P.ENDORSEMENT_NARROW: COORDINATORS | {"operator", "signer"},
    P.ENDORSEMENT_TAKE_OFF: COORDINATORS | {"operator", "signer"},
    P.SIGN_ONS_SIFT: COORDINATORS | {"operator"},
    P.ENDORSEMENT_WITHDRAW: COORDINATORS | {"operator"},
    P.INVITATION_MANAGE: COORDINATORS | {"operator"},
    P.INVITATION_REMIND: COORDINATORS | {"operator", "the clock"},
    P.INVITATION_OWN: {"invited"},
    P.INVITATION_ERASE: COORDINATORS | {"operator", "invited"},
    P.ORGANISATION_VERIFY: DECIDERS,
    P.ORGANISATION_SEE: COORDINATORS | {"operator"},
    P.ORGANISATION_EDIT: DECIDERS,
    P.ORGANISATION_MERGE: DECIDERS - DEPUTIES,
    P.LIST_ARRANGE: TEAM,
    P.EDITION_PREVIEW: TEAM,
    P.EDITION_COMPILE: TEAM | {"the clock"},
    P.EDITION_SEE: TEAM,
    P.EDITION_DELIVER: TEAM,
    P.CLAIM_OVERRIDE: COORDINATORS | {"operator"},
    P.PEOPLE_MANAGE: {"administrator", "operator"},
    P.FACTOR_RESET: {"operator"},
    P.COUNTRIES_NAME: {"administrator", "operator"},
    P.INSTALLATION_KEEP: {"operator"},
    P.DATA_ERASE: {"administrator", "operator", "the clock"},
    P.AUDIT_SEE: {"administrator", "operator"},
}


def test_every_permission_has_a_row_in_the_law_and_in_this_table() -> None:
    assert set(POLICY) == set(P) == set(ALLOWED)


@pytest.mark.parametrize("who", ACTORS)
@pytest.mark.parametrize("permission", P, ids=str)
def test_every_permission_for_every_actor(permission: P, who: str) -> None:
    expected = who in ALLOWED[permission]
    assert permits(ACTORS[who], permission, SUBJECT) is expected
    if not expected:
        with pytest.raises(NotPermitted) as refusal:
            demand(ACTORS[who], permission, SUBJECT)
        assert refusal.value.message


@pytest.mark.parametrize(
    ("reach", "public_stage", "released", "sees"),
    [
        ("public", True, False, True),
        ("public", True, True, True),
        ("public", False, True, False),
        ("link", True, False, False),
        ("link", True, True, True),
        ("link", False, True, False),
        ("invited", True, False, False),
        ("invited", True, True, True),
        ("invited", False, False, False),
    ],
)
def test_a_visitor_sees_a_letter_by_its_reach_and_release(
    reach: str, public_stage: bool, released: bool, sees: bool
) -> None:
    releases_at = NOW - timedelta(seconds=1) if released else NOW + timedelta(seconds=1)
    subject = replace(SUBJECT, reach=reach, is_public_stage=public_stage, releases_at=releases_at)
    assert permits(VISITOR, P.LETTER_SEE, subject) is sees
    assert permits(VISITOR, P.ENDORSEMENT_SIGN, subject) is sees


def test_a_letter_without_a_release_time_stays_with_whom_it_reaches() -> None:
    assert not permits(VISITOR, P.LETTER_SEE, replace(SUBJECT, releases_at=None))


def test_nobody_decides_on_what_they_changed_last_themselves() -> None:
    coordinator = ACTORS["coordinator"]
    assert not permits(coordinator, P.ENDORSEMENT_DECIDE, replace(SUBJECT, last_edited_by=4))
    assert permits(coordinator, P.ENDORSEMENT_DECIDE, replace(SUBJECT, last_edited_by=5))


@pytest.mark.parametrize(
    ("letters", "public", "who", "sees", "edits", "merges"),
    [
        ({1}, False, "administrator", False, False, False),
        ({1}, True, "administrator", True, True, False),
        ({1}, False, "coordinator of another letter", False, False, False),
        ({1}, True, "coordinator of another letter", True, False, False),
        ({1, 2}, False, "coordinator", True, True, False),
        ({1, 2}, True, "coordinator of another letter", True, True, False),
        ({1}, False, "coordinator", True, True, True),
        (set(), False, "coordinator", False, False, False),
        (set(), True, "secretariat", False, False, False),
        (set(), False, "operator", True, True, True),
        ({1}, False, "stands in for a coordinator", True, True, False),
        ({1, 2}, False, "stands in, and coordinates another letter", True, True, False),
        ({2}, False, "stands in, and coordinates another letter", True, True, True),
    ],
)
def test_the_register_is_open_to_those_whose_letters_an_organisation_signs(
        letters: set[int], public: bool, who: str, sees: bool, edits: bool, merges: bool) -> None:
    subject = replace(SUBJECT, organisation_letters=frozenset(letters), organisation_is_public=public)
    rights = (P.ORGANISATION_SEE, P.ORGANISATION_EDIT, P.ORGANISATION_MERGE)
    assert tuple(permits(ACTORS[who], right, subject) for right in rights) == (sees, edits, merges)


def test_nobody_decides_where_they_were_named_as_the_one_who_may_sign() -> None:
    coordinator = replace(ACTORS["coordinator"], email="Chair@ngo.example")
    assert not permits(coordinator, P.ENDORSEMENT_DECIDE, replace(SUBJECT, second_email="chair@NGO.example"))
    assert permits(coordinator, P.ENDORSEMENT_DECIDE, replace(SUBJECT, second_email="head@ngo.example"))
    assert permits(coordinator, P.ENDORSEMENT_DECIDE, SUBJECT)
