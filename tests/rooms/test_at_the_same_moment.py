"""Two people at the same moment: one act is done, the other is told, and the log tells the state.

Each side has a context and a connection of its own and waits at a barrier. `make soak` runs many rounds.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from flask import Flask

from coalition import clock
from coalition.access.actor import signer
from coalition.accounts import links
from coalition.audit import chain
from coalition.audit.queries import timeline_of
from coalition.db import db, unit_of_work
from coalition.endorsements import authority, listing, operations
from coalition.endorsements.contact import SecondPerson
from coalition.endorsements.models import Endorsement
from coalition.errors import CoalitionError
from coalition.letters import operations as letters
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter
from coalition.review import operations as review
from tests import cast

Act = Callable[[int], None]

STATE_AFTER = {
    "endorsement.approved": "approved",
    "endorsement.withdrawn": "withdrawn",
    "endorsement.declined": "declined",
    "endorsement.returned": "returned",
    "endorsement.confirmed": "submitted",
    "endorsement.signed": "unconfirmed",
}


def approve_as(email: str) -> Act:
    def act(number: int) -> None:
        with unit_of_work():
            review.approve(cast.actor(email), operations.get(number), seen=1, verified=True)

    return act


def withdraw(number: int) -> None:
    with unit_of_work():
        operations.withdraw(signer(number), operations.get(number))


def edit(number: int) -> None:
    with unit_of_work():
        operations.edit(
            signer(number),
            operations.get(number),
            seen=1,
            fields=cast.fields("Harbour Light Trust", description="a charity of the coast"),
        )


def prepared(made: Endorsement, *acts: Callable[[Endorsement], None]) -> int:
    """The endorsement after these acts, one after the other."""
    for act in acts:
        act(operations.get(made.id))
    return made.id


def amended(made: Endorsement) -> None:
    cast.approve(made)
    amend(made.id, seen=1)


def amend(number: int, seen: int = 2) -> None:
    with unit_of_work():
        operations.amend(signer(number), operations.get(number), seen=seen, take_down=False,
                         fields=cast.fields("Harbour Light Trust", description=f"a charity, {seen}"))


def approve_amendment(number: int) -> None:
    with unit_of_work():
        review.approve(cast.actor(cast.NADIA), operations.get(number), seen=2, verified=True)


def take_back(number: int) -> None:
    with unit_of_work():
        operations.take_back_amendment(signer(number), operations.get(number))


def name_another(number: int) -> None:
    with unit_of_work():
        authority.name_another(signer(number), operations.get(number),
                               SecondPerson("Rana Aziz", "Chair", "rana@ngo.example"))


def at_once(app: Flask, number: int, *acts: Act) -> list[Exception | None]:
    """Do all of it at the same moment; what each was refused with."""
    barrier, outcomes = Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Act) -> None:
        with app.app_context():
            barrier.wait()
            try:
                act(number)
            except CoalitionError as refusal:
                outcomes[place] = refusal  # type: ignore[call-overload]
            finally:
                db.session.remove()

    threads = [Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    db.session.rollback()
    return outcomes  # type: ignore[return-value]


def check_the_log_tells_the_state(number: int) -> None:
    endorsement = operations.get(number)
    last = [event.action for event in timeline_of("endorsement", number) if event.action in STATE_AFTER][-1]
    assert STATE_AFTER[last] == endorsement.state
    assert isinstance(chain.verify(), int)
    listed = listing.signatory_list(endorsement.letter).counts.signatories
    assert listed == (1 if endorsement.state == "approved" else 0)


def one_round(app: Flask, *acts: Act, after: Callable[[Endorsement], None] | None = None) -> list[Exception | None]:
    letter = cast.open_letter(f"Round {clock.now()} {db.session.query(Endorsement).count()}")
    made = cast.sign(letter)
    assert made is not None
    number = prepared(cast.confirm(made), *([after] if after else []))
    outcomes = at_once(app, number, *acts)
    check_the_log_tells_the_state(number)
    return outcomes


PAIRS = {
    "approve and approve": (approve_as(cast.NADIA), approve_as(cast.TOMAS)),
    "approve and withdraw": (approve_as(cast.NADIA), withdraw),
    "approve and edit": (approve_as(cast.NADIA), edit),
    "withdraw and edit": (withdraw, edit),
    "approve and name who may sign": (approve_as(cast.NADIA), name_another),
}
#: The same of an approved endorsement with an amendment that waits.
AMENDED_PAIRS: dict[str, tuple[Act, ...]] = {
    "approve the amendment and amend again": (approve_amendment, amend),
    "approve the amendment and take it back": (approve_amendment, take_back),
    "approve the amendment and withdraw": (approve_amendment, withdraw),
}
#: What the newest approved entry is after the last of these acts.
LISTED_AFTER = {"endorsement.approved", "endorsement.amendment_withdrawn"}


@pytest.mark.parametrize("pair", PAIRS)
def test_of_two_acts_at_once_the_log_tells_the_outcome(room: Flask, pair: str) -> None:
    cast.staff()
    for _round in range(3):
        one_round(room, *PAIRS[pair])


@pytest.mark.parametrize("pair", AMENDED_PAIRS)
def test_of_two_acts_about_an_amendment_the_log_tells_what_is_listed(room: Flask, pair: str) -> None:
    cast.staff()
    for _round in range(2):
        amended_round(room, pair)


def amended_round(app: Flask, pair: str) -> None:
    outcomes = one_round(app, *AMENDED_PAIRS[pair], after=amended)
    assert any(outcome is None for outcome in outcomes)
    number = db.session.query(Endorsement.id).order_by(Endorsement.id.desc()).limit(1).scalar()
    made = operations.get(number)
    listed = [event.facts["revision"] for event in timeline_of("endorsement", number)
              if event.action in LISTED_AFTER]
    assert made.approved_revision == (listed[-1] if listed else 0)


def test_of_two_approvals_exactly_one_is_done(room: Flask) -> None:
    cast.staff()
    outcomes = one_round(room, *PAIRS["approve and approve"])
    assert sum(outcome is None for outcome in outcomes) == 1


def test_a_link_used_by_many_at_once_works_once(room: Flask) -> None:
    cast.staff()
    made = cast.sign(cast.open_letter())
    assert made is not None
    secret = cast.secret_in_mail(made)

    def press(_number: int) -> None:
        with unit_of_work():
            operations.confirm(links.look_up(secret, links.Purpose.CONFIRM))

    outcomes = at_once(room, made.id, *[press] * 8)
    assert sum(outcome is None for outcome in outcomes) == 1


def test_the_same_form_sent_twice_at_once_is_one_act(room: Flask) -> None:
    cast.staff()
    letter_id = cast.open_letter().id

    def send(_number: int) -> None:
        letter = next(found for found in letter_queries.all_letters() if found.id == letter_id)
        cast.sign(
            letter,
            who=cast.SignerFields(name="Samira", role="Director", email="samira@ngo.example"),
            form_key="the-very-same-form",
        )

    at_once(room, 0, *[send] * 4)
    assert db.session.query(Endorsement).count() == 1


def test_two_representatives_of_one_new_organisation_register_it_once(room: Flask) -> None:
    cast.staff()
    letter_id = cast.open_letter().id

    def send(_number: int) -> None:
        letter = next(found for found in letter_queries.all_letters() if found.id == letter_id)
        cast.sign(letter, cast.fields("Open Door"))

    at_once(room, 0, *[send] * 4)
    organisations = {row.organisation_id for row in db.session.query(Endorsement)}
    assert len(organisations) == 1


def test_closing_and_signing_at_once_leaves_no_signature_after_the_closing(room: Flask) -> None:
    cast.staff()
    for _round in range(2):
        closing_round(room)


def closing_round(room: Flask) -> None:
    letter = cast.open_letter(f"Closing {db.session.query(Letter).count()}")
    letter_id, slug = letter.id, letter.slug

    def close(_number: int) -> None:
        found = letter_queries.by_slug(slug)
        assert found is not None
        with unit_of_work():
            letters.close(cast.actor(cast.NADIA), found)

    def send(_number: int) -> None:
        found = letter_queries.by_slug(slug)
        assert found is not None
        cast.sign(found)

    at_once(room, letter_id, close, send)
    actions = [
        (event.sequence, event.action)
        for event in sorted(
            (event for row in db.session.query(Endorsement) for event in timeline_of("endorsement", row.id)),
            key=lambda event: event.sequence,
        )
    ]
    closed = next(event.sequence for event in timeline_of("letter", letter_id) if event.action == "letter.closed")
    assert all(sequence < closed for sequence, action in actions if action == "endorsement.signed")


@pytest.mark.soak
@pytest.mark.parametrize("pair", PAIRS)
def test_two_hundred_rounds(room: Flask, pair: str) -> None:
    cast.staff()
    for _round in range(200):
        one_round(room, *PAIRS[pair])


@pytest.mark.soak
@pytest.mark.parametrize("pair", AMENDED_PAIRS)
def test_two_hundred_rounds_about_an_amendment(room: Flask, pair: str) -> None:
    cast.staff()
    for _round in range(200):
        amended_round(room, pair)


@pytest.mark.soak
def test_two_hundred_closings(room: Flask) -> None:
    cast.staff()
    for _round in range(200):
        closing_round(room)
