"""The life of a letter: every state with every action, who may, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from coalition.access.actor import OPERATOR, VISITOR, Actor, Role
from coalition.accounts import operations as accounts
from coalition.accounts.queries import person_by_email
from coalition.audit import queries as audit
from coalition.db import db, unit_of_work
from coalition.documents import operations as documents
from coalition.endorsements import listing
from coalition.endorsements import operations as endorsements
from coalition.errors import CoalitionError, Invalid, NotPermitted, Stale, WrongState
from coalition.letters import operations as letters
from coalition.letters import queries
from coalition.letters.models import Letter, Version
from coalition.letters.source import sha256_of
from tests import cast

STATES = ("draft", "open", "closed", "archived", "cancelled")


def letter_in(state: str) -> Letter:
    """A letter of Nadia's in this state."""
    if state == "draft":
        return cast.draft_letter()
    letter = cast.open_letter()
    steps = {"open": (), "closed": ("close",), "archived": ("close", "archive"), "cancelled": ("cancel",)}[state]
    for step in steps:
        do(step, letter)
    return letter


def write_and_publish(actor: Actor, letter: Letter) -> None:
    if letter.published is not None and letter.state in ("open", "closed"):
        letters.write_draft(actor, letter, "We ask the Council to act now.\n")
    letters.publish(actor, letter, change="editorial", note="One word more.")


def open_published(actor: Actor, letter: Letter) -> None:
    if letter.published is None:
        letters.publish(cast.actor(cast.NADIA), letter)
    letters.open_letter(actor, letter, deadline_at=cast.DEADLINE, zone="UTC")


ACTIONS: dict[str, Callable[[Actor, Letter], object]] = {
    "edit": lambda actor, letter: letters.edit(actor, letter, place="Geneva"),
    "write": lambda actor, letter: letters.write_draft(actor, letter, "Another text.\n"),
    "publish": write_and_publish,
    "open": open_published,
    "extend": lambda actor, letter: letters.extend(actor, letter, deadline_at=cast.later(days=40), reason="Asked for."),
    "close": lambda actor, letter: letters.close(actor, letter),
    "reopen": lambda actor, letter: letters.reopen(actor, letter, deadline_at=cast.later(days=40), reason="Asked for."),
    "archive": lambda actor, letter: letters.archive(actor, letter),
    "cancel": lambda actor, letter: letters.cancel(actor, letter, reason="Overtaken by events."),
}

#: action: {state it works in: state it leads to}
TABLE: dict[str, dict[str, str]] = {
    "edit": {"draft": "draft", "open": "open", "closed": "closed"},
    "write": {"draft": "draft", "open": "open", "closed": "closed"},
    "publish": {"draft": "draft", "open": "open", "closed": "closed"},
    "open": {"draft": "open"},
    "extend": {"open": "open"},
    "close": {"open": "closed"},
    "reopen": {"closed": "open", "archived": "open"},
    "archive": {"closed": "archived"},
    "cancel": {"draft": "cancelled", "open": "cancelled", "closed": "cancelled"},
}


def do(action: str, letter: Letter, actor: Actor | None = None) -> None:
    """Take the action in a unit of work of its own."""
    with unit_of_work():
        ACTIONS[action](actor or cast.actor(cast.NADIA), letter)


@pytest.fixture
def staff(room: Flask) -> None:
    cast.staff()


@pytest.mark.parametrize("action", TABLE)
def test_each_action_works_in_its_states_and_in_no_other(staff: None, action: str) -> None:
    outcomes = {}
    for state in STATES:
        letter = letter_in(state)
        events = len(audit.recent_of_letter(letter.id))
        try:
            do(action, letter)
        except WrongState:
            assert letter.state == state
            assert len(audit.recent_of_letter(letter.id)) == events, f"{action} left a trace on one {state}"
        else:
            outcomes[state] = letter.state
    assert outcomes == TABLE[action]


def test_pages_are_offered_exactly_what_works(staff: None) -> None:
    for state in STATES:
        letter = letter_in(state)
        offered = queries.what_can_be_done(cast.actor(cast.NADIA), letter)
        assert offered == {action for action, states in TABLE.items() if state in states} - {"write"}, state
        for other in (cast.actor(cast.JONAS), cast.actor(cast.OLGA), cast.actor(cast.ADA), VISITOR):
            assert not queries.what_can_be_done(other, letter)


#: A state in which the action works.
GOOD_STATE = {action: next(iter(states)) for action, states in TABLE.items()}


@pytest.mark.parametrize("action", TABLE)
def test_only_a_coordinator_of_the_letter_may(staff: None, action: str) -> None:
    letter = letter_in(GOOD_STATE[action])
    for stranger in (VISITOR, cast.actor(cast.OLGA), cast.actor(cast.JONAS), cast.actor(cast.ADA)):
        with pytest.raises(NotPermitted):
            do(action, letter, stranger)
    do(action, letter, cast.actor(cast.TOMAS))
    assert letter.state == TABLE[action][GOOD_STATE[action]]


@pytest.mark.parametrize("action", ["extend", "reopen", "cancel"])
def test_what_changes_the_course_of_a_letter_needs_a_reason(staff: None, action: str) -> None:
    letter = letter_in(GOOD_STATE[action])
    nadia, later = cast.actor(cast.NADIA), cast.later(days=40)
    without = {"extend": lambda: letters.extend(nadia, letter, deadline_at=later, reason="  "),
               "reopen": lambda: letters.reopen(nadia, letter, deadline_at=later, reason=""),
               "cancel": lambda: letters.cancel(nadia, letter, reason="\n")}[action]
    with pytest.raises(Invalid) as refusal, unit_of_work():
        without()
    assert "reason" in refusal.value.fields
    assert letter.state == GOOD_STATE[action]


@pytest.mark.parametrize("action", ["open", "extend", "reopen"])
def test_a_deadline_lies_in_the_future(staff: None, action: str) -> None:
    letter = letter_in(GOOD_STATE[action])
    nadia, past = cast.actor(cast.NADIA), cast.MORNING
    if action == "open":
        publish(letter)
    without = {"open": lambda: letters.open_letter(nadia, letter, deadline_at=past, zone="UTC"),
               "extend": lambda: letters.extend(nadia, letter, deadline_at=past, reason="Why not."),
               "reopen": lambda: letters.reopen(nadia, letter, deadline_at=past, reason="Why not.")}[action]
    with pytest.raises(Invalid), unit_of_work():
        without()
    assert letter.state == GOOD_STATE[action]


def test_staff_who_may_begin_letters_begin_them_and_nobody_else(staff: None) -> None:
    for actor in (VISITOR, cast.actor(cast.JONAS), cast.actor(cast.ADA)):
        with pytest.raises(NotPermitted), unit_of_work():
            letters.create(actor, subject="Mine")
    with pytest.raises(Invalid), unit_of_work():
        letters.create(cast.actor(cast.OLGA), subject="  ")
    with unit_of_work():
        slug = letters.create(cast.actor(cast.OLGA), subject="Let aid through").slug
    letter = queries.by_slug(slug)
    assert letter is not None
    assert [(member.person.email, member.role) for member in letter.team] == [(cast.OLGA, "coordinator")]


def test_a_letter_is_opened_only_with_a_text_an_addressee_and_a_team(staff: None) -> None:
    with unit_of_work():
        number = letters.create(cast.actor(cast.OLGA), subject="Let aid through").id
    letter = db.session.get_one(Letter, number)
    with pytest.raises(Invalid) as refusal, unit_of_work():
        letters.open_letter(cast.actor(cast.OLGA), letter, deadline_at=cast.DEADLINE, zone="UTC")
    assert "Publish the text." in refusal.value.message
    assert "Name an addressee." in refusal.value.message
    assert letter.state == "draft"


def publish(letter: Letter, body: str | None = None, **declared: str) -> Version:
    nadia = cast.actor(cast.NADIA)
    with unit_of_work():
        if body is not None:
            letters.write_draft(nadia, letter, body)
        number = letters.publish(nadia, letter, **declared).number
    found = queries.version_by_number(letter, number)
    assert found is not None
    return found


def test_what_was_shown_is_what_is_published(staff: None) -> None:
    letter = cast.draft_letter()
    source = queries.source_to_publish(letter)
    version = publish(letter, seen_sha256=sha256_of(source))
    assert (version.source, version.sha256) == (source, sha256_of(source))
    assert "We ask the Council to act." in version.source
    assert "To: The President of the Security Council" in version.source


@pytest.mark.parametrize("change", [
    lambda letter: letters.write_draft(cast.actor(cast.TOMAS), letter, "We demand it.\n"),
    lambda letter: letters.edit(cast.actor(cast.TOMAS), letter, addressees=["Somebody else"]),
    lambda letter: letters.edit(cast.actor(cast.TOMAS), letter, subject="Another subject"),
], ids=["text", "addressee", "subject"])
def test_nobody_publishes_what_somebody_else_changed_meanwhile(
        staff: None, change: Callable[[Letter], object]) -> None:
    letter = cast.draft_letter()
    seen = sha256_of(queries.source_to_publish(letter))
    with unit_of_work():
        change(letter)
    with pytest.raises(Stale):
        publish(letter, seen_sha256=seen)
    assert letter.published is None


def test_an_empty_text_or_one_to_nobody_is_not_published(staff: None) -> None:
    letter = cast.draft_letter()
    with unit_of_work():
        letters.edit(cast.actor(cast.NADIA), letter, addressees=["  "])
    with pytest.raises(Invalid):
        publish(letter)
    with unit_of_work():
        empty_id = letters.create(cast.actor(cast.NADIA), subject="Empty").id
    with pytest.raises(Invalid):
        publish(db.session.get_one(Letter, empty_id))


def test_a_later_version_is_declared_with_a_note(staff: None) -> None:
    letter = cast.open_letter()
    for declared, field in (({}, "change"), ({"change": "first"}, "change"), ({"change": "editorial"}, "note"),
                            ({"change": "substantive", "note": " "}, "note")):
        with pytest.raises(Invalid) as refusal:
            publish(letter, "We ask the Council to act now.\n", **declared)
        assert field in refusal.value.fields
    assert publish(letter, "We ask the Council to act now.\n", change="editorial", note="Now.").number == 2


def test_the_same_text_is_not_published_twice(staff: None) -> None:
    letter = cast.open_letter()
    assert letter.published is not None
    with pytest.raises(Invalid):
        publish(letter, letter.published.body, change="editorial", note="Nothing.")


def test_an_editorial_change_keeps_the_list_and_a_substantive_one_empties_it_until_confirmed(staff: None) -> None:
    letter = cast.open_letter()
    first = cast.approved(letter, "Harbour Light Trust")
    publish(letter, "We ask the Council to act now.\n", change="editorial", note="One word.")
    assert listing.signatory_list(letter).counts.signatories == 1
    assert listing.signed_earlier_version(letter) == 1
    publish(letter, "We demand that the Council act.\n", change="substantive", note="We demand.")
    assert listing.signatory_list(letter).counts.signatories == 0
    with unit_of_work():
        endorsements.reconfirm(endorsements.signer(first.id), endorsements.get(first.id), seen=3)
    assert listing.signatory_list(letter).counts.signatories == 1


def test_signers_are_told_what_changed_and_what_it_means_for_them(staff: None) -> None:
    letter = cast.open_letter()
    made = cast.approved(letter)
    address = cast.email_of(made)
    for change, words in (("editorial", "your signature stands"), ("substantive", "only after you confirm it")):
        publish(letter, f"A text that is {change}.\n", change=change, note=f"It is {change} now.")
        with unit_of_work():
            assert endorsements.tell_signers_of_new_text(letter) == 1
        told = cast.mails_to(address)[-1]
        assert words in told.text
        assert f"It is {change} now." in told.text


def test_details_somebody_else_changed_are_not_written_over(staff: None) -> None:
    letter = cast.draft_letter()
    seen = letter.edits
    with unit_of_work():
        letters.edit(cast.actor(cast.TOMAS), letter, place="Geneva", seen=seen)
    with pytest.raises(Stale), unit_of_work():
        letters.edit(cast.actor(cast.NADIA), letter, place="Nairobi", seen=seen)
    assert letter.place == "Geneva"


def test_a_text_somebody_else_wrote_is_not_written_over(staff: None) -> None:
    letter = cast.open_letter()
    with unit_of_work():
        letters.write_draft(cast.actor(cast.TOMAS), letter, "Tomas's text.\n", seen=0)
    with pytest.raises(Stale), unit_of_work():
        letters.write_draft(cast.actor(cast.NADIA), letter, "Nadia's text.\n", seen=0)
    assert letter.draft is not None
    assert letter.draft.body == "Tomas's text.\n"


@pytest.mark.parametrize(("body", "words"), [
    ("We are {{ nobody }}.", "nobody"), ("We are {{ signatories", "signatories"), ("a\x00b", "U+0000"),
    ("> " * 12 + "deep", "nested"), ("", "empty"),
])
def test_a_text_that_cannot_be_shown_is_refused_at_its_field(staff: None, body: str, words: str) -> None:
    letter = cast.draft_letter()
    with pytest.raises(Invalid) as refusal, unit_of_work():
        letters.write_draft(cast.actor(cast.NADIA), letter, body)
    assert words in refusal.value.fields["body"]


def test_a_letter_keeps_a_coordinator(staff: None) -> None:
    letter, nadia = cast.draft_letter(), cast.actor(cast.NADIA)
    people = {email: person_by_email(email) for email in (cast.NADIA, cast.TOMAS)}
    with unit_of_work():
        letters.remove_from_team(nadia, letter, people[cast.TOMAS], Role.COORDINATOR)
    with pytest.raises(WrongState), unit_of_work():
        letters.remove_from_team(nadia, letter, people[cast.NADIA], Role.COORDINATOR)
    assert [member.role for member in letter.team] == ["coordinator", "secretariat"]


def test_a_role_is_given_once_and_to_people_with_access(staff: None) -> None:
    letter, nadia = cast.draft_letter(), cast.actor(cast.NADIA)
    olga = person_by_email(cast.OLGA)
    for _time in range(2):
        with unit_of_work():
            letters.add_to_team(nadia, letter, olga, Role.SECRETARIAT)
    assert [member.person.email for member in letter.team].count(cast.OLGA) == 1
    with unit_of_work():
        accounts.end_access(OPERATOR, olga, "left")
    with pytest.raises(WrongState), unit_of_work():
        letters.add_to_team(nadia, letter, olga, Role.COORDINATOR)


def test_a_false_claim_stands_only_with_a_reason_by_a_coordinator(staff: None) -> None:
    letter = cast.draft_letter(body="We, more than 200 organisations, ask the Council to act.\n")
    version = publish(letter)
    claims = documents.open_claims(letter, listing.counts(letter))
    assert [claim.words for claim in claims] == ["more than 200 organisations"]

    def override(actor: Actor, reason: str) -> None:
        with unit_of_work():
            letters.override_claim(actor, letter, version, words=claims[0].words, reason=reason)

    refusals: list[tuple[str, str, type[CoalitionError]]] = [
        (cast.JONAS, "Counted by hand.", NotPermitted), (cast.OLGA, "Counted by hand.", NotPermitted),
        (cast.NADIA, " ", Invalid)]
    for email, reason, refusal in refusals:
        with pytest.raises(refusal):
            override(cast.actor(email), reason)
    assert documents.open_claims(letter, listing.counts(letter)) == claims
    override(cast.actor(cast.NADIA), "Counted by hand in 2015.")
    assert not documents.open_claims(letter, listing.counts(letter))
    assert [stand.reason for stand in queries.overrides_of(version)] == ["Counted by hand in 2015."]


def test_the_clock_closes_a_letter_at_its_deadline_and_not_before(staff: None) -> None:
    letter = cast.open_letter()
    with unit_of_work():
        assert not letters.close_at_deadline(letter.id)
    with cast.clock.fixed(cast.DEADLINE), unit_of_work():
        assert letters.close_at_deadline(letter.id)
        assert not letters.close_at_deadline(letter.id)
    assert (letter.state, letter.closed_at) == ("closed", cast.DEADLINE)
