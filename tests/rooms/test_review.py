"""Deciding on endorsements: every state with every decision, conflicts of interest, two at once, flags, bulk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from coalition import clock
from coalition.access.actor import OPERATOR, VISITOR, Actor, signer
from coalition.accounts import operations as accounts
from coalition.accounts.queries import person_by_email
from coalition.audit import queries as audit
from coalition.db import db, unit_of_work
from coalition.endorsements import decisions, entering, listing
from coalition.endorsements import operations as endorsements
from coalition.endorsements.entering import Evidence
from coalition.endorsements.models import Endorsement
from coalition.errors import Invalid, NotPermitted, Stale, WrongState
from coalition.letters import operations as letters
from coalition.letters.models import Letter
from coalition.mail.models import OutboxMail
from coalition.organisations import operations as register
from coalition.organisations.domains import registered_domain
from coalition.organisations.models import Organisation
from coalition.review import looking, queries, queue, reasons
from coalition.review import operations as review
from coalition.review.flags import Flag, compare_domains
from coalition.signatories.line import printed_line
from tests import cast

STATES = ("unconfirmed", "submitted", "returned", "approved", "amended", "declined", "withdrawn")
REASON = "The name differs from the letterhead."


@pytest.fixture
def letter(room: Flask) -> Letter:
    """An open letter of Nadia's and Tomas's."""
    cast.staff()
    return cast.open_letter()


def waiting(letter: Letter, organisation: str = "Harbour Light Trust", **values: Any) -> Endorsement:
    """An endorsement that waits for a decision."""
    made = cast.sign(letter, cast.fields(organisation), **values)
    assert made is not None
    return cast.confirm(made)


def endorsement_in(letter: Letter, state: str, organisation: str) -> Endorsement:
    """An endorsement in this state; "amended" is approved with a change waiting."""
    if state == "unconfirmed":
        made = cast.sign(letter, cast.fields(organisation))
        assert made is not None
        return made
    made = waiting(letter, organisation)
    if state in ("approved", "amended"):
        made = cast.approve(made)
    if state == "amended":
        made = amend(made, description="a change")
    if state in ("returned", "declined"):
        decide("return" if state == "returned" else "decline", made)
    if state == "withdrawn":
        with unit_of_work():
            endorsements.withdraw(signer(made.id), endorsements.get(made.id))
    return endorsements.get(made.id)


def amend(made: Endorsement, organisation: str = "", **values: Any) -> Endorsement:
    """A changed entry proposed by the signer."""
    number = made.id
    with unit_of_work():
        endorsements.amend(signer(number), endorsements.get(number), seen=made.latest_revision, take_down=False,
                           fields=cast.fields(organisation or made.entry.organisation, **values))
    return endorsements.get(number)


DECISIONS: dict[str, Callable[[Actor, Endorsement], object]] = {
    "approve": lambda actor, made: review.approve(actor, made, seen=made.latest_revision, verified=True),
    "return": lambda actor, made: decisions.return_for_changes(
        actor, made, seen=made.latest_revision, reason=REASON),
    "decline": lambda actor, made: decisions.decline(actor, made, reason=REASON),
    "turn_down": lambda actor, made: decisions.turn_down_amendment(
        actor, made, seen=made.latest_revision, reason=REASON),
    "reinstate": lambda actor, made: decisions.reinstate(actor, made, reason=REASON),
    "withdraw": lambda actor, made: endorsements.withdraw(actor, made, reason=REASON),
    "narrow": lambda actor, made: endorsements.change_visibility(actor, made, "withheld"),
}

#: decision: {state it works in: state it leads to}
TABLE: dict[str, dict[str, str]] = {
    "approve": {"submitted": "approved", "amended": "approved"},
    "return": {"submitted": "returned", "approved": "returned", "amended": "returned"},
    "decline": {"submitted": "declined", "returned": "declined", "approved": "declined", "amended": "declined"},
    "turn_down": {"amended": "approved"},
    "reinstate": {"declined": "submitted"},
    "withdraw": dict.fromkeys(("unconfirmed", "submitted", "returned", "approved", "amended"), "withdrawn"),
    "narrow": {state: "approved" if state == "amended" else state for state in STATES},
}
#: What pages call the decisions.
NAMES = {"turn_down": "turn_down_amendment", "withdraw": "withdraw_on_their_word"}


def decide(decision: str, made: Endorsement, by: Actor | None = None) -> None:
    """Take the decision in a unit of work of its own."""
    with unit_of_work():
        DECISIONS[decision](by or cast.actor(cast.NADIA), made)


@pytest.mark.parametrize("decision", TABLE)
def test_each_decision_works_in_its_states_and_in_no_other(letter: Letter, decision: str) -> None:
    outcomes = {}
    for number, state in enumerate(STATES):
        made = endorsement_in(letter, state, f"Body Number {number * 1111}")
        before = made.state
        events = len(audit.timeline_of("endorsement", made.id))
        mails = db.session.query(OutboxMail).count()
        try:
            decide(decision, made)
        except WrongState:
            assert made.state == before
            assert len(audit.timeline_of("endorsement", made.id)) == events
            assert db.session.query(OutboxMail).count() == mails
        else:
            outcomes[state] = made.state
    assert outcomes == TABLE[decision]


def test_pages_are_offered_exactly_what_works(letter: Letter) -> None:
    nadia = cast.actor(cast.NADIA)
    for number, state in enumerate(STATES):
        made = endorsement_in(letter, state, f"Body Number {number * 1111}")
        offered = queries.what_can_be_done(nadia, made)
        possible = {decision for decision, states in TABLE.items() if state in states}
        for decision in TABLE:
            names = {"approve", "approve_amendment"} if decision == "approve" else {NAMES.get(decision, decision)}
            assert bool(names & offered) == (decision in possible), (decision, state)
        for other in (cast.actor(cast.JONAS), cast.actor(cast.OLGA), VISITOR):
            assert not queries.what_can_be_done(other, made)


@pytest.mark.parametrize("decision", TABLE)
def test_only_a_coordinator_of_the_letter_decides(letter: Letter, decision: str) -> None:
    made = endorsement_in(letter, next(iter(TABLE[decision])), "Harbour Light Trust")
    for stranger in (VISITOR, cast.actor(cast.OLGA), cast.actor(cast.JONAS), cast.actor(cast.ADA),
                     signer(made.id + 1)):
        with pytest.raises(NotPermitted):
            decide(decision, made, stranger)
    decide(decision, made, cast.actor(cast.TOMAS))
    assert made.state == TABLE[decision][next(iter(TABLE[decision]))]


@pytest.mark.parametrize("end", ["archive", "cancel"])
def test_when_a_letter_is_over_only_withdrawing_and_narrowing_are_left(letter: Letter, end: str) -> None:
    made = {state: endorsement_in(letter, state, f"Body Number {number * 1111}")
            for number, state in enumerate(STATES)}
    with unit_of_work():
        if end == "archive":
            letters.close(cast.actor(cast.NADIA), letter)
            letters.archive(cast.actor(cast.NADIA), letter)
        else:
            letters.cancel(cast.actor(cast.NADIA), letter, reason="Over.")
    for decision, states in TABLE.items():
        for state in states:
            if decision in ("withdraw", "narrow"):
                continue
            with pytest.raises(WrongState):
                decide(decision, made[state])
    decide("narrow", made["approved"])
    decide("withdraw", made["approved"])
    assert (made["approved"].state, made["approved"].visibility) == ("withdrawn", "withheld")


@pytest.mark.parametrize("decision", ["return", "decline", "turn_down", "reinstate", "withdraw"])
def test_a_decision_against_somebody_needs_a_reason(letter: Letter, decision: str) -> None:
    made = endorsement_in(letter, next(iter(TABLE[decision])), "Harbour Light Trust")
    before, nadia = made.state, cast.actor(cast.NADIA)
    without = {
        "return": lambda: decisions.return_for_changes(nadia, made, seen=made.latest_revision, reason=" "),
        "decline": lambda: decisions.decline(nadia, made, reason=""),
        "turn_down": lambda: decisions.turn_down_amendment(nadia, made, seen=made.latest_revision, reason=""),
        "reinstate": lambda: decisions.reinstate(nadia, made, reason="\n"),
        "withdraw": lambda: endorsements.withdraw(nadia, made, reason=""),
    }[decision]
    with pytest.raises(Invalid), unit_of_work():
        without()
    assert made.state == before


def acts_for(email: str, organisation: Organisation) -> None:
    with unit_of_work():
        register.acts_for(organisation, email=email, name="Nadia Example", role="Treasurer")


@pytest.mark.parametrize("decision", ["approve", "return", "decline", "turn_down", "reinstate"])
def test_nobody_decides_on_an_organisation_they_act_for(letter: Letter, decision: str) -> None:
    made = endorsement_in(letter, next(iter(TABLE[decision])), "Harbour Light Trust")
    assert made.organisation is not None
    acts_for(cast.NADIA, made.organisation)
    before = made.state
    with pytest.raises(NotPermitted) as refusal:
        decide(decision, made)
    assert "Another coordinator" in refusal.value.message
    assert made.state == before
    assert not queries.may_decide(cast.actor(cast.NADIA), made)
    decide(decision, made, cast.actor(cast.TOMAS))


def test_who_acts_for_an_organisation_may_still_take_it_off_the_lists(letter: Letter) -> None:
    made = cast.approved(letter)
    assert made.organisation is not None
    acts_for(cast.NADIA, made.organisation)
    decide("narrow", made)
    assert listing.signatory_list(letter).entries == ()


def test_nobody_approves_what_they_entered_themselves(letter: Letter) -> None:
    with unit_of_work():
        number = entering.enter(cast.actor(cast.NADIA), letter, fields=cast.fields(), visibility="public",
                                evidence=Evidence("paper", "Signed sheet of 1 March, in the safe.")).id
    made = endorsements.get(number)
    with pytest.raises(NotPermitted):
        decide("approve", made)
    decide("approve", made, cast.actor(cast.TOMAS))
    assert made.state == "approved"


@pytest.mark.parametrize(("values", "field"), [
    ({"evidence": Evidence("paper", "  ")}, "evidence"), ({"evidence": Evidence("rumour", "A sheet.")}, "evidence"),
    ({"evidence": Evidence("phone", "A call.", taken_on=date(2026, 3, 5))}, "taken_on"),
    ({"evidence": Evidence("paper", "A sheet.", file=b"MZ\x90\x00")}, "file"), ({"visibility": ""}, "visibility"),
])
def test_what_is_entered_needs_evidence_and_a_visibility(letter: Letter, values: dict[str, Any], field: str) -> None:
    given = {"visibility": "public", "evidence": Evidence("paper", "A sheet."), **values}
    with pytest.raises(Invalid) as refusal, unit_of_work():
        entering.enter(cast.actor(cast.NADIA), letter, fields=cast.fields(), **given)
    assert field in refusal.value.fields


def test_an_approval_establishes_that_the_organisation_is_real_or_says_why_not(letter: Letter) -> None:
    made, nadia = waiting(letter), cast.actor(cast.NADIA)
    with pytest.raises(Invalid) as refusal, unit_of_work():
        review.approve(nadia, made, seen=1)
    assert "verified" in refusal.value.fields
    assert (made.state, made.organisation.state) == ("submitted", "unverified")
    with unit_of_work():
        review.approve(nadia, made, seen=1, reason="Known to us for years.")
    assert (made.state, made.organisation.state) == ("approved", "unverified")
    approval = [event for event in audit.timeline_of("endorsement", made.id)
                if event.action == "endorsement.approved"]
    assert approval[0].facts["override"] is True
    assert approval[0].private == {"reason": "Known to us for years."}


def test_an_approval_is_of_the_entry_that_was_looked_at(letter: Letter) -> None:
    made = waiting(letter)
    with unit_of_work():
        endorsements.edit(signer(made.id), made, fields=cast.fields("Harbour Light"), seen=1)
    for decision in (lambda: review.approve(cast.actor(cast.NADIA), made, seen=1, verified=True),
                     lambda: decisions.return_for_changes(cast.actor(cast.NADIA), made, seen=1, reason=REASON)):
        with pytest.raises(Stale), unit_of_work():
            decision()
    assert made.state == "submitted"
    assert listing.signatory_list(letter).entries == ()


def test_a_colleagues_decision_in_between_is_noticed_although_the_entry_is_the_same(letter: Letter) -> None:
    made = waiting(letter)
    looked_at = made.lock
    decide("approve", made, cast.actor(cast.TOMAS))
    with pytest.raises(Stale), unit_of_work():
        review.require_unchanged(made, looked_at)
        decisions.decline(cast.actor(cast.NADIA), made, reason=REASON)
    assert made.state == "approved"


def test_of_two_decisions_at_the_same_moment_one_counts_and_the_other_is_told(letter: Letter, room: Flask) -> None:
    made = waiting(letter)
    number, looked_at = made.id, made.lock
    db.session.rollback()
    ready, outcomes = threading.Barrier(2), []

    def decide_as(email: str, decision: str) -> None:
        with room.app_context():
            actor = cast.actor(email)
            db.session.rollback()
            ready.wait()
            try:
                with unit_of_work():
                    mine = endorsements.get(number)
                    review.require_unchanged(mine, looked_at)
                    DECISIONS[decision](actor, mine)
                outcomes.append(decision)
            except Stale:
                outcomes.append("Stale")
            db.session.remove()

    both = [threading.Thread(target=decide_as, args=given)
            for given in ((cast.NADIA, "approve"), (cast.TOMAS, "decline"))]
    for one in both:
        one.start()
    for one in both:
        one.join(30)
    assert sorted(outcomes) in (["Stale", "approve"], ["Stale", "decline"])
    done = [event.action for event in audit.timeline_of("endorsement", number)
            if event.action in ("endorsement.approved", "endorsement.declined")]
    assert len(done) == 1


def lines(letter: Letter) -> list[str]:
    return [printed_line(item.entry) for item in listing.signatory_list(letter).entries]


def test_an_approved_change_replaces_the_line(letter: Letter) -> None:
    made = amend(cast.approved(letter), description="a trust of pilots")
    assert lines(letter) == ["Harbour Light Trust"]
    decide("approve", made)
    assert lines(letter) == ["Harbour Light Trust – a trust of pilots"]
    assert not made.has_amendment


def test_a_change_that_is_turned_down_leaves_the_line_and_tells_the_signer_why(letter: Letter) -> None:
    made = amend(cast.approved(letter), description="the best of all trusts")
    decide("turn_down", made)
    assert lines(letter) == ["Harbour Light Trust"]
    assert (made.state, made.has_amendment) == ("approved", False)
    assert REASON in cast.mails_to(cast.email_of(made))[-1].text


def test_a_change_to_another_organisation_asks_for_that_one_to_be_verified(letter: Letter) -> None:
    made = amend(cast.approved(letter), organisation="Quite Another Body")
    with pytest.raises(Invalid), unit_of_work():
        review.approve(cast.actor(cast.NADIA), made, seen=made.latest_revision)
    decide("approve", made)
    assert made.organisation is not None
    assert (made.organisation.name, made.organisation.state) == ("Quite Another Body", "verified")


def test_nobody_approves_a_change_to_an_organisation_they_act_for(letter: Letter) -> None:
    own = waiting(cast.open_letter("Another letter"), "Quite Another Body")
    assert own.organisation is not None
    acts_for(cast.NADIA, own.organisation)
    cast.approve(own, by=cast.TOMAS)
    made = amend(cast.approved(letter), organisation="Quite Another Body")
    with pytest.raises(NotPermitted):
        decide("approve", made)
    assert not queries.may_decide(cast.actor(cast.NADIA), made)
    assert made.has_amendment


def test_one_organisation_stands_on_the_list_once(letter: Letter) -> None:
    cast.approved(letter)
    rival = waiting(letter)
    with pytest.raises(WrongState):
        decide("approve", rival)
    assert rival.state == "submitted"
    assert len(lines(letter)) == 1


def test_the_reason_for_returning_goes_into_the_mail_in_the_signers_language(letter: Letter) -> None:
    made = waiting(letter)
    words = reasons.in_words("return", "two", "Perhaps a comma is missing?", made.wishes)
    with unit_of_work():
        decisions.return_for_changes(cast.actor(cast.NADIA), made, seen=1, reason=words)
    text = cast.mails_to(cast.email_of(made))[-1].text
    assert "two signatories" in text
    assert "Perhaps a comma is missing?" in text


def test_a_reason_is_a_standard_one_own_words_or_both(room: Flask) -> None:
    standard = reasons.for_declining()["not_real"]
    assert reasons.in_words("decline", "not_real", "", ("en",)) == standard
    assert reasons.in_words("decline", "", " Own words. ", ("en",)) == "Own words."
    assert reasons.in_words("decline", "not_real", "Own words.", ("xx", "en")) == f"{standard}\n\nOwn words."
    assert reasons.in_words("return", "no such key", "", ("en",)) == ""


def test_taking_back_a_verification_needs_a_reason_and_leaves_the_endorsement(letter: Letter) -> None:
    made = cast.approved(letter)
    assert made.organisation is not None
    for reason, refused in (("", True), ("The address was forged.", False)):
        if refused:
            with pytest.raises(Invalid), unit_of_work():
                register.unverify(cast.actor(cast.NADIA), made.organisation, letter_id=letter.id, reason=reason)
        else:
            with unit_of_work():
                register.unverify(cast.actor(cast.NADIA), made.organisation, letter_id=letter.id, reason=reason)
    assert (made.state, made.organisation.state) == ("approved", "unverified")


def bulk(letter: Letter, *chosen: Endorsement, by: str = cast.NADIA, verified: bool = True) -> review.BulkResult:
    ticked = [(made.public_id, made.latest_revision) for made in chosen]
    with unit_of_work():
        return review.approve_unflagged(cast.actor(by), letter, ticked, verified=verified)


def test_a_bulk_approval_does_what_is_plain_and_leaves_the_rest_with_the_reason(letter: Letter) -> None:
    cast.approved(letter, "Stands Already")
    plain = waiting(letter, "Harbour Light Trust")
    flagged = waiting(letter, "Green Delta", who=cast.contact("a@elsewhere.org", website="https://greendelta.org"))
    rival = waiting(letter, "Stands Already")
    own = waiting(letter, "Nadias Own Body")
    returned = endorsement_in(letter, "returned", "River Watch")
    edited = waiting(letter, "Morning Star")
    assert own.organisation is not None
    acts_for(cast.NADIA, own.organisation)
    seen = [(made.public_id, made.latest_revision) for made in (plain, flagged, rival, own, returned, edited)]
    with unit_of_work():
        endorsements.edit(signer(edited.id), edited, fields=cast.fields("Morning Star", title=""), seen=1)
    with unit_of_work():
        result = review.approve_unflagged(
            cast.actor(cast.NADIA), letter, [*seen, ("no-such-id", 1)], verified=True)
    assert result.done == [plain.id]
    assert result.skipped == {
        flagged.id: "flagged", rival.id: "flagged", own.id: "another coordinator must decide",
        returned.id: "decided already", edited.id: "changed since you loaded the page"}
    assert [made.state for made in (plain, flagged, rival, own, returned, edited)] == [
        "approved", "submitted", "submitted", "submitted", "returned", "submitted"]


def test_a_bulk_approval_verifies_only_when_its_maker_says_so(letter: Letter) -> None:
    new = waiting(letter, "Harbour Light Trust")
    assert bulk(letter, new, verified=False).skipped == {new.id: "organisation not verified"}
    assert bulk(letter, new).done == [new.id]
    assert new.organisation is not None
    assert new.organisation.state == "verified"


def test_a_bulk_approval_reaches_no_other_letter(letter: Letter) -> None:
    elsewhere = waiting(cast.open_letter("Another letter"))
    result = bulk(letter, elsewhere)
    assert (result.done, result.skipped) == ([], {})
    assert elsewhere.state == "submitted"


def test_a_bulk_return_writes_to_each_signer_in_their_language(letter: Letter) -> None:
    french = waiting(letter, "Harbour Light Trust", who=cast.contact(speaks="fr"))
    amended = endorsement_in(letter, "amended", "River Watch")
    flagged = waiting(letter, "Green Delta", who=cast.contact("a@elsewhere.org", website="https://greendelta.org"))
    ticked = [(made.public_id, made.latest_revision) for made in (french, amended, flagged)]
    with pytest.raises(Invalid), unit_of_work():
        review.return_unflagged(cast.actor(cast.NADIA), letter, ticked, own_words="  ")
    with unit_of_work():
        result = review.return_unflagged(cast.actor(cast.NADIA), letter, ticked, standard="two")
    assert result.done == [french.id]
    assert result.skipped == {amended.id: "its approved line would leave the list", flagged.id: "flagged"}
    assert french.decided_reason == reasons.in_words("return", "two", "", ("fr",))
    event = audit.timeline_of("endorsement", french.id)[-1]
    assert (event.action, event.facts["standard"]) == ("endorsement.returned", "two")


def test_a_look_is_told_to_the_others_for_some_minutes(letter: Letter) -> None:
    made, other = waiting(letter, "Harbour Light Trust"), waiting(letter, "River Watch")
    nadia, tomas = cast.actor(cast.NADIA), cast.actor(cast.TOMAS)
    for stranger in (cast.actor(cast.JONAS), cast.actor(cast.OLGA)):
        with pytest.raises(NotPermitted), unit_of_work():
            looking.note(stranger, made)
    assert looking.needs_noting(nadia, made)
    with unit_of_work():
        looking.note(nadia, made)
    assert not looking.needs_noting(nadia, made)
    assert looking.lookers(tomas, [made.id, other.id]) == {made.id: ["Nadia Example"]}
    assert looking.lookers(nadia, [made.id]) == {}
    with unit_of_work():
        looking.note(nadia, other)
    assert looking.lookers(tomas, [made.id, other.id]) == {other.id: ["Nadia Example"]}
    with clock.fixed(cast.MORNING + looking.LEASE):
        assert looking.lookers(tomas, [made.id, other.id]) == {}


def test_flags_say_what_is_worth_a_look(letter: Letter) -> None:
    found = {}
    for name, organisation, who in (
            ("plain", "Harbour Light Trust", cast.contact("a@harbour.org", website="www.harbour.org")),
            ("differs", "Green Delta", cast.contact("a@elsewhere.org", website="https://greendelta.org")),
            ("free", "River Watch", cast.contact("river@gmail.com")),
            ("alike", "Harbour Lights Trust", cast.contact("b@harbour.org", website="harbour.org")),
            ("glued", "Supporting Abilities (SAMA) Mazen Ejbaei, Help4Syria", None)):
        found[name] = waiting(letter, organisation, who=who)
    flags = queries.flags_of(letter, list(found.values()))
    got = {name: flags[made.id] - {Flag.UNVERIFIED} for name, made in found.items()}
    assert got == {
        "plain": {Flag.DUPLICATE}, "alike": {Flag.DUPLICATE}, "differs": {Flag.DOMAIN_DIFFERS},
        "free": {Flag.FREE_MAIL}, "glued": {Flag.TWO_SIGNATORIES}}


@pytest.mark.parametrize(("address", "domain"), [
    ("https://www.example.org/about", "example.org"), ("charity.org.uk", "charity.org.uk"),
    ("www.charity.org.uk", "charity.org.uk"), ("mail.body.newending", "body.newending"), ("", ""),
    ("localhost", ""), ("192.0.2.1", ""),
])
def test_the_registered_domain_is_what_somebody_owns(address: str, domain: str) -> None:
    assert registered_domain(address) == domain


def test_the_queue_finds_names_in_any_script_and_counts_its_pages(letter: Letter) -> None:
    arabic = waiting(letter, "اتحاد منظمات المجتمع المدني")
    accented = waiting(letter, "Médecins pour l’Égalité")
    waiting(letter, "Harbour Light Trust")
    nadia = cast.actor(cast.NADIA)
    for search, found in (("منظمات", [arabic]), ("munazzamat", [arabic]), ("medecins", [accented]), ("100%", []),
                          (arabic.reference.lower(), [arabic]), (cast.email_of(accented), [accented]),
                          ("\0", []), ("nobody", [])):
        rows = queue.queue(nadia, letter, search=search).rows
        assert [row.endorsement.id for row in rows] == [made.id for made in found], search
    assert [row.entry.organisation for row in queue.queue(nadia, letter, sort="name").rows] == [
        "Harbour Light Trust", "Médecins pour l’Égalité", "اتحاد منظمات المجتمع المدني"]
    page = queue.queue(nadia, letter, size=2, page=9)
    assert (page.number, page.pages, page.total, len(page.rows)) == (2, 2, 3, 1)


def test_of_other_letters_a_coordinator_learns_only_what_is_public_or_theirs(letter: Letter) -> None:
    with unit_of_work():
        olgas_id = letters.create(cast.actor(cast.OLGA), subject="Olga's letter").id
    olgas = db.session.get_one(Letter, olgas_id)
    with unit_of_work():
        letters.edit(cast.actor(cast.OLGA), olgas, addressees=["The President"])
        letters.write_draft(cast.actor(cast.OLGA), olgas, "Text.\n")
        letters.publish(cast.actor(cast.OLGA), olgas)
        letters.open_letter(cast.actor(cast.OLGA), olgas, deadline_at=cast.DEADLINE, zone="UTC")
    elsewhere = waiting(olgas, "Harbour Light Trust", visibility="withheld")
    alike = waiting(olgas, "Harbour Lights Trust", visibility="withheld")
    made = waiting(letter, "Harbour Light Trust")
    assert made.organisation_id == elsewhere.organisation_id
    nadia = cast.actor(cast.NADIA)
    assert (queries.dossier(nadia, made).earlier, queries.dossier(nadia, made).look_alikes) == ([], [])
    for hidden in (elsewhere, alike):
        cast.approve(hidden, by=cast.OLGA)
    assert (queries.dossier(nadia, made).earlier, queries.dossier(nadia, made).look_alikes) == ([], [])
    for hidden in (elsewhere, alike):
        with unit_of_work():
            endorsements.change_visibility(signer(hidden.id), endorsements.get(hidden.id), "public")
    found = queries.dossier(nadia, made)
    assert [other.id for other in found.earlier] == [elsewhere.id]
    assert [other.name for other, _score in found.look_alikes] == ["Harbour Lights Trust"]


def test_notes_are_kept_by_coordinators_only(letter: Letter) -> None:
    made = waiting(letter)
    for stranger in (cast.actor(cast.JONAS), cast.actor(cast.OLGA), VISITOR):
        with pytest.raises(NotPermitted), unit_of_work():
            review.write_note(stranger, made, "I was here.")
    with pytest.raises(Invalid), unit_of_work():
        review.write_note(cast.actor(cast.NADIA), made, "  ")
    with unit_of_work():
        review.write_note(cast.actor(cast.NADIA), made, "Called them: they know of it.")
    assert [note.text for note in queries.notes_on(made)] == ["Called them: they know of it."]


def test_a_coordinator_whose_access_ended_decides_nothing(letter: Letter) -> None:
    made = waiting(letter)
    tomas = person_by_email(cast.TOMAS)
    assert tomas is not None
    with unit_of_work():
        accounts.end_access(OPERATOR, tomas, "left")
    with pytest.raises(NotPermitted):
        decide("approve", made, cast.actor(cast.TOMAS))


@pytest.mark.parametrize(("email", "website", "mail", "foreign", "agrees"), [
    ("a@пример.рф", "https://xn--e1afmkfd.xn--p1ai/", "xn--e1afmkfd.xn--p1ai", True, True),
    ("a@аррӏе.com", "https://apple.com", "xn--80ak6aa92e.com", True, False),
    ("a@ngo.example", "https://www.ngo.example", "ngo.example", False, True),
])
def test_a_domain_in_other_letters_is_shown_in_ascii_and_flagged(
        email: str, website: str, mail: str, foreign: bool, agrees: bool) -> None:
    found = compare_domains(email, website)
    assert (found.mail, found.is_in_other_script, found.agrees) == (mail, foreign, agrees)
