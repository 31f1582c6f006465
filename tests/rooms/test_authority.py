"""A second person confirms what a representative may not decide: naming, asking, answering, evidence in its place."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask

from coalition import clock
from coalition.access.actor import Actor, signer
from coalition.accounts import links
from coalition.accounts.links import Purpose
from coalition.audit import chain
from coalition.audit.queries import timeline_of
from coalition.db import unit_of_work
from coalition.endorsements import authority, operations, second_person
from coalition.endorsements.contact import SecondPerson
from coalition.endorsements.models import Endorsement
from coalition.errors import Invalid, LinkNotValid, NotPermitted, Stale, WrongState
from coalition.letters.models import Letter
from coalition.review import operations as review
from coalition.review import queries as review_queries
from coalition.review.flags import Flag
from tests import cast

RANA = SecondPerson("Rana Aziz", "Chair", "rana@ngo.example")


@pytest.fixture
def letter(room: Flask) -> Letter:
    cast.staff()
    return cast.open_letter()


@pytest.fixture
def waiting(letter: Letter) -> Endorsement:
    """Confirmed by a representative who named Rana, who has been asked."""
    made = cast.sign(letter, who=cast.contact(second=RANA))
    assert made is not None
    assert cast.mails_to(RANA.email) == []
    return cast.confirm(made)


def flags(endorsement: Endorsement) -> frozenset[Flag]:
    return review_queries.flags_of(endorsement.letter, [endorsement])[endorsement.id]


def answer(endorsement: Endorsement, yes: bool = True, seen: int | None = None, words: str = "") -> Endorsement:
    link = cast.link_in_mail(endorsement, "authorise")
    shown = endorsement.latest_revision if seen is None else seen
    number = endorsement.id
    with unit_of_work():
        if yes:
            authority.confirm(link, seen=shown)
        else:
            authority.refuse(link, seen=shown, words=words)
    return operations.get(number)


def actions(endorsement: Endorsement) -> list[str]:
    return [event.action for event in timeline_of("endorsement", endorsement.id)]


def test_the_person_named_is_asked_once_the_signer_has_confirmed_and_not_before(waiting: Endorsement) -> None:
    [mail] = cast.mails_to(RANA.email)
    assert mail.subject == "Confirm that your organisation signs"
    assert "Samira Haddad named you" in mail.text
    assert "Harbour Light Trust" in mail.text
    assert waiting.state == "submitted"
    assert Flag.AUTHORITY in flags(waiting)
    assert actions(waiting)[-3:] == ["endorsement.confirmed", "authority.named", "authority.asked"]


@pytest.mark.parametrize("visibility", ["recipients", "withheld"])
def test_the_mail_to_the_person_named_holds_no_name_that_is_not_public(letter: Letter, visibility: str) -> None:
    made = cast.sign(letter, cast.fields("Quiet Body"), who=cast.contact(second=RANA), visibility=visibility)
    assert made is not None
    cast.confirm(made)
    [mail] = cast.mails_to(RANA.email)
    assert "Quiet Body" not in mail.text + mail.html + mail.subject


def test_an_approval_waits_for_the_second_person_or_needs_a_reason(waiting: Endorsement) -> None:
    with pytest.raises(Invalid, match="Nobody has confirmed the authority"), unit_of_work():
        review.approve(cast.actor(cast.NADIA), waiting, seen=1, verified=True)
    with unit_of_work():
        review.approve(cast.actor(cast.NADIA), waiting, seen=1, verified=True, reason="Called the chair.")
    made = operations.get(waiting.id)
    assert made.state == "approved"
    assert Flag.AUTHORITY in flags(made)


def test_a_yes_confirms_the_authority_and_tells_the_signer(waiting: Endorsement) -> None:
    made = answer(waiting)
    assert made.authority_holds
    assert not {Flag.AUTHORITY, Flag.AUTHORITY_REFUSED} & flags(made)
    assert "The authority to sign is confirmed" in [mail.subject for mail in cast.mails_to(cast.email_of(made))]
    assert timeline_of("endorsement", made.id)[-1].actor == f"second:{made.id}"
    assert cast.approve(made).state == "approved"
    assert isinstance(chain.verify(), int)


def test_a_yes_makes_a_coordinator_who_gave_it_unfit_to_decide(letter: Letter) -> None:
    made = cast.sign(letter, who=cast.contact(second=replace(RANA, email=cast.NADIA)))
    assert made is not None
    made = cast.confirm(made)
    with pytest.raises(NotPermitted), unit_of_work():
        review.approve(cast.actor(cast.NADIA), made, seen=1, verified=True, reason="I know.")
    made = answer(made)
    with pytest.raises(NotPermitted), unit_of_work():
        review.approve(cast.actor(cast.NADIA), made, seen=1, verified=True)
    assert cast.approve(made, by=cast.TOMAS).state == "approved"


def test_a_no_is_told_with_its_words_and_keeps_the_signature_from_a_bulk_approval(waiting: Endorsement) -> None:
    made = answer(waiting, yes=False, words="Our board has not decided.")
    assert Flag.AUTHORITY_REFUSED in flags(made)
    assert made.state == "submitted"
    assert "Our board has not decided." in cast.mails_to(cast.email_of(made))[-1].text
    with unit_of_work():
        result = review.approve_unflagged(cast.actor(cast.NADIA), made.letter, [(made.public_id, 1)], verified=True)
    assert result.done == []


def test_the_link_answers_once_and_ends_with_a_new_one(waiting: Endorsement) -> None:
    old = cast.secret_in_mail(waiting, "authorise")
    with unit_of_work():
        authority.ask_again(signer(waiting.id), waiting)
    with pytest.raises(LinkNotValid):
        links.look_up(old, Purpose.AUTHORISE)
    made = operations.get(waiting.id)
    new = cast.secret_in_mail(made, "authorise")
    answer(made)
    with pytest.raises(LinkNotValid):
        links.look_up(new, Purpose.AUTHORISE)


def test_the_link_runs_out_after_fourteen_days_and_can_be_sent_again(waiting: Endorsement) -> None:
    secret = cast.secret_in_mail(waiting, "authorise")
    with clock.fixed(cast.later(days=14, seconds=-1)):
        assert links.look_up(secret, Purpose.AUTHORISE)
        assert not second_person.has_run_out(waiting.signer)
    with clock.fixed(cast.later(days=14)):
        assert second_person.has_run_out(waiting.signer)
        with pytest.raises(LinkNotValid):
            links.look_up(secret, Purpose.AUTHORISE)
        with unit_of_work():
            authority.ask_again(cast.actor(cast.TOMAS), waiting)
        assert answer(operations.get(waiting.id)).authority_holds


def test_nobody_is_mailed_more_than_five_times(waiting: Endorsement) -> None:
    for _again in range(4):
        with unit_of_work():
            authority.ask_again(signer(waiting.id), operations.get(waiting.id))
    with pytest.raises(WrongState, match="enough mails"), unit_of_work():
        authority.ask_again(signer(waiting.id), operations.get(waiting.id))
    with pytest.raises(WrongState, match="enough mails"), unit_of_work():
        authority.name_another(signer(waiting.id), operations.get(waiting.id), replace(RANA, email="x@y.example"))
    assert len(cast.mails_to(RANA.email)) == 5


@pytest.mark.parametrize("address", ["samira@ngo.example", " Samira@NGO.example ", "samira+board@ngo.example"])
def test_the_signers_own_address_confirms_nothing(letter: Letter, address: str) -> None:
    with pytest.raises(Invalid) as refusal:
        cast.sign(letter, who=cast.contact("samira@ngo.example", second=replace(RANA, email=address)))
    assert "Enter the address of that person" in refusal.value.fields["second_email"]


def test_what_was_not_given_of_a_second_person_is_asked_for(letter: Letter) -> None:
    with pytest.raises(Invalid) as refusal:
        cast.sign(letter, who=cast.contact(second=SecondPerson("", " ", "nonsense")))
    assert set(refusal.value.fields) == {"second_name", "second_role", "second_email"}


def test_another_person_can_be_named_and_the_first_ones_link_ends(waiting: Endorsement) -> None:
    old = cast.secret_in_mail(waiting, "authorise")
    with unit_of_work():
        authority.name_another(signer(waiting.id), waiting, SecondPerson("Omar Said", "Director", "omar@ngo.example"))
    with pytest.raises(LinkNotValid):
        links.look_up(old, Purpose.AUTHORISE)
    assert answer(operations.get(waiting.id)).signer.second_name == "Omar Said"


def test_who_was_asked_for_their_authority_names_somebody_and_is_back_in_the_queue(letter: Letter) -> None:
    made = cast.sign(letter)
    assert made is not None
    made = cast.confirm(made)
    assert made.authority_holds
    with unit_of_work():
        review.decisions.return_for_changes(cast.actor(cast.NADIA), made, seen=1, reason="Who may sign?")
    with unit_of_work():
        authority.name_another(signer(made.id), operations.get(made.id), RANA)
    made = operations.get(made.id)
    assert (made.state, made.authority_holds) == ("submitted", False)
    assert answer(made).authority_holds


def test_a_changed_name_is_asked_about_again_a_changed_description_is_not(waiting: Endorsement) -> None:
    made = answer(waiting)
    for name, holds in (("Harbour Light Trust", True), ("Another Body", False)):
        with unit_of_work():
            operations.edit(signer(made.id), operations.get(made.id), seen=operations.get(made.id).latest_revision,
                            fields=cast.fields(name, description="a charity"))
        made = operations.get(made.id)
        assert made.authority_holds is holds
    assert len(cast.mails_to(RANA.email)) == 2
    assert answer(made).authority_holds


def test_an_answer_is_about_what_was_on_the_page(waiting: Endorsement) -> None:
    for yes in (True, False):
        with pytest.raises(Stale):
            answer(waiting, yes=yes, seen=0)
    assert operations.get(waiting.id).signer.second_state == "asked"


def test_withdrawing_ends_the_question(waiting: Endorsement) -> None:
    secret = cast.secret_in_mail(waiting, "authorise")
    with unit_of_work():
        operations.withdraw(signer(waiting.id), waiting)
    with pytest.raises(LinkNotValid):
        links.look_up(secret, Purpose.AUTHORISE)


def test_evidence_stands_for_the_second_person(waiting: Endorsement) -> None:
    secret = cast.secret_in_mail(waiting, "authorise")
    with pytest.raises(Invalid), unit_of_work():
        authority.establish(cast.actor(cast.NADIA), waiting, reason=" ")
    with unit_of_work():
        authority.establish(cast.actor(cast.NADIA), operations.get(waiting.id), reason="Letter of the chair.")
    made = operations.get(waiting.id)
    assert made.authority_holds
    with pytest.raises(LinkNotValid):
        links.look_up(secret, Purpose.AUTHORISE)
    with pytest.raises(WrongState), unit_of_work():
        authority.establish(cast.actor(cast.NADIA), made, reason="Again.")


@pytest.mark.parametrize("who", ["another signer", cast.OLGA, cast.JONAS, "visitor"])
def test_nobody_else_has_somebody_named_or_asked(waiting: Endorsement, who: str) -> None:
    actor = signer(waiting.id + 1) if who == "another signer" else Actor() if who == "visitor" else cast.actor(who)
    for act in (lambda: authority.name_another(actor, waiting, RANA), lambda: authority.ask_again(actor, waiting),
                lambda: authority.establish(actor, waiting, reason="Because.")):
        with pytest.raises(NotPermitted), unit_of_work():
            act()


def test_a_person_who_signs_for_themselves_needs_nobody(letter: Letter) -> None:
    entry = cast.checked({"signing_as": "person", "signatory": "Amina Otieno"})
    made = cast.sign(letter, entry, who=cast.contact(second=RANA))
    assert made is not None
    made = cast.confirm(made)
    assert cast.mails_to(RANA.email) == []
    with pytest.raises(WrongState), unit_of_work():
        authority.name_another(signer(made.id), made, RANA)


def test_signing_again_before_confirming_takes_the_newer_answers(letter: Letter) -> None:
    who = cast.contact("samira@ngo.example", second=RANA)
    made = cast.sign(letter, who=who)
    assert made is not None
    cast.sign(letter, who=replace(who, second=None))
    made = cast.confirm(operations.get(made.id))
    assert made.authority_holds
    assert cast.mails_to(RANA.email) == []
