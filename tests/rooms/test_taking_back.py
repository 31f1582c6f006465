"""Taking a decision back while its mail has not left: everything stands as before, or nothing happens."""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask

from coalition import clock
from coalition.access.actor import VISITOR, signer
from coalition.audit import queries as audit
from coalition.db import db, unit_of_work
from coalition.endorsements import decisions, listing, taking_back
from coalition.endorsements import operations as endorsements
from coalition.endorsements.models import Endorsement
from coalition.errors import NotPermitted, WrongState
from coalition.letters.models import Letter
from coalition.mail import delivery
from coalition.mail.models import OutboxMail
from coalition.review import operations as review
from tests import cast

AFTER_THE_DELAY = cast.MORNING + timedelta(seconds=121)
REASON = "The name differs from the letterhead."


class Postbox:
    """A server that takes everything."""

    def send(self, message: EmailMessage) -> None:
        pass


@pytest.fixture
def letter(room: Flask) -> Letter:
    cast.staff()
    return cast.open_letter()


def waiting(letter: Letter, organisation: str = "Harbour Light Trust") -> Endorsement:
    made = cast.sign(letter, cast.fields(organisation))
    assert made is not None
    return cast.confirm(made)


def decided(decision: str, made: Endorsement) -> Endorsement:
    """The endorsement after Nadia's decision."""
    number, nadia = made.id, cast.actor(cast.NADIA)
    with unit_of_work():
        found = endorsements.get(number)
        if decision == "approve":
            review.approve(nadia, found, seen=found.latest_revision, verified=True)
        elif decision == "return":
            decisions.return_for_changes(nadia, found, seen=found.latest_revision, reason=REASON)
        else:
            decisions.decline(nadia, found, reason=REASON)
    return endorsements.get(number)


def standing(made: Endorsement) -> tuple[object, ...]:
    return (made.state, made.approved_revision, made.latest_revision, made.waiting_since, made.organisation_id,
            made.decided_reason, made.organisation.state if made.organisation else "")


def take_back(made: Endorsement, by: str = cast.NADIA) -> None:
    with unit_of_work():
        review.take_back(cast.actor(by), endorsements.get(made.id))


def newest_mail() -> OutboxMail:
    db.session.rollback()
    return db.session.query(OutboxMail).order_by(OutboxMail.id.desc()).first()


@pytest.mark.parametrize("decision", ["approve", "return", "decline"])
@pytest.mark.parametrize("state", ["submitted", "amended"])
def test_everything_stands_as_before_and_no_mail_leaves(letter: Letter, decision: str, state: str) -> None:
    made = waiting(letter)
    if state == "amended":
        made = cast.approve(made)
        with unit_of_work():
            endorsements.amend(signer(made.id), endorsements.get(made.id), seen=1, take_down=False,
                               fields=cast.fields("Harbour Light Trust", description="a charity"))
        made = endorsements.get(made.id)
    before = standing(made)
    made = decided(decision, made)
    assert standing(made) != before
    assert newest_mail().next_attempt_at == clock.now() + taking_back.delay()
    take_back(made, by=cast.TOMAS)
    made = endorsements.get(made.id)
    assert standing(made) == before
    assert newest_mail().state == "cancelled"
    assert any(event.action == "endorsement.decision_taken_back" for event in audit.timeline_of(
        "endorsement", made.id))
    assert len(listing.signatory_list(letter).entries) == (state == "amended")
    with pytest.raises(WrongState):
        take_back(made)
    assert decided(decision, made).state != "submitted"
    assert newest_mail().state == "queued"


def test_it_is_too_late_when_the_mail_has_left(letter: Letter) -> None:
    made = decided("approve", waiting(letter))
    assert taking_back.decision_to_take_back(made) is not None
    delivery.send_due(Postbox(), "letters@coalition.example")
    assert newest_mail().state == "queued"
    with clock.fixed(AFTER_THE_DELAY):
        assert taking_back.decision_to_take_back(made) is not None
        delivery.send_due(Postbox(), "letters@coalition.example")
        assert newest_mail().state == "sent"
        assert taking_back.decision_to_take_back(endorsements.get(made.id)) is None
        with pytest.raises(WrongState):
            take_back(made)
    assert endorsements.get(made.id).state == "approved"


def test_it_is_too_late_while_the_mail_is_being_sent(letter: Letter) -> None:
    made = decided("approve", waiting(letter))
    with clock.fixed(AFTER_THE_DELAY):
        mail = newest_mail()
        with unit_of_work():
            db.session.get_one(OutboxMail, mail.id).lease = "a worker"
        with pytest.raises(WrongState):
            take_back(made)


def test_it_is_too_late_when_the_signer_has_moved_on(letter: Letter) -> None:
    made = decided("return", waiting(letter))
    with unit_of_work():
        endorsements.edit(signer(made.id), endorsements.get(made.id), fields=cast.fields("Harbour Light"), seen=1)
    with pytest.raises(WrongState):
        take_back(made)
    assert endorsements.get(made.id).state == "submitted"


def test_only_who_may_decide_may_take_back(letter: Letter) -> None:
    made = decided("approve", waiting(letter))
    for stranger in (VISITOR, cast.actor(cast.OLGA), cast.actor(cast.JONAS), signer(made.id)):
        with pytest.raises(NotPermitted), unit_of_work():
            review.take_back(stranger, endorsements.get(made.id))


def test_a_rival_that_took_the_place_meanwhile_keeps_it(letter: Letter) -> None:
    first, rival = cast.approve(waiting(letter)), waiting(letter)
    with clock.fixed(AFTER_THE_DELAY):
        declined = decided("decline", endorsements.get(first.id))
        cast.approve(endorsements.get(rival.id))
        with pytest.raises(WrongState):
            take_back(declined)
        assert newest_mail().state == "queued"
        with unit_of_work():
            result = review.take_back_all(cast.actor(cast.NADIA), letter, [first.public_id, rival.public_id, "none"])
    assert (result.done, list(result.skipped)) == ([rival.id], [first.id])
    states = {made.id: made.state for made in db.session.query(Endorsement)}
    assert states == {first.id: "declined", rival.id: "submitted"}
