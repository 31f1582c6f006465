"""How signatures stand, and the small questions that pages for outsiders ask."""

from __future__ import annotations

import pytest
from flask import Flask

from coalition.access.actor import VISITOR, signer
from coalition.audit import queries as audit_queries
from coalition.db import unit_of_work
from coalition.documents import operations as documents
from coalition.documents import queries as document_queries
from coalition.documents import serving
from coalition.endorsements import operations, standing
from coalition.endorsements.contact import SignerFields, checked_contact
from coalition.errors import Invalid, Stale, Unavailable, WrongState
from coalition.letters import operations as letters
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter
from coalition.mail import outbox
from coalition.mail.delivery import send_due
from tests import cast


@pytest.fixture
def letter(room: Flask) -> Letter:
    cast.staff()
    return cast.open_letter()


def _publish(letter: Letter, change: str) -> None:
    with unit_of_work():
        letters.write_draft(cast.actor(cast.NADIA), letter, f"We ask again, {change}.\n")
        letters.publish(cast.actor(cast.NADIA), letter, change=change, note="as declared")


def test_what_a_signer_can_do_follows_the_state(letter: Letter) -> None:
    made = cast.sign(letter)
    own = signer(made.id)
    assert standing.what_can_be_done(own, made) == {
        "confirm", "edit", "narrow", "widen", "withdraw", "take_off", "send_file", "take_back_file"}
    made = cast.confirm(made)
    assert standing.what_can_be_done(own, made) == {
        "edit", "narrow", "widen", "withdraw", "take_off", "name_authority", "send_file", "take_back_file"}
    made = cast.approve(made)
    assert standing.what_can_be_done(own, made) == {
        "amend", "amend_and_take_down", "narrow", "widen", "withdraw", "take_off", "send_file"}
    with unit_of_work():
        operations.change(own, operations.get(made.id), fields=cast.fields("New Name"), seen=1, take_down=False)
    assert "take_back_amendment" in standing.what_can_be_done(own, operations.get(made.id))
    with unit_of_work():
        operations.withdraw(own, operations.get(made.id))
    assert standing.what_can_be_done(own, operations.get(made.id)) == {"narrow", "take_off", "take_up_again"}


def test_a_stranger_can_do_nothing_with_it(letter: Letter) -> None:
    made = cast.approved(letter)
    assert standing.what_can_be_done(VISITOR, made) == frozenset()
    assert standing.what_can_be_done(signer(made.id + 1), made) == frozenset()


def test_asking_ahead_says_why_not(letter: Letter) -> None:
    made = cast.approved(letter)
    standing.require("withdraw", made)
    for action, words in (("reconfirm", "no newer text"), ("take_back_amendment", "no change waiting"),
                          ("edit", "approved already"), ("take_up_again", "approved already")):
        with pytest.raises(WrongState, match=words):
            standing.require(action, made)


def test_an_approval_counts_until_the_text_changes_in_substance(letter: Letter) -> None:
    made = cast.approved(letter)
    assert standing.counts_now(made)
    _publish(letter, "editorial")
    assert standing.counts_now(operations.get(made.id))
    _publish(letter, "substantive")
    assert not standing.counts_now(operations.get(made.id))
    assert not standing.counts_now(cast.confirm(cast.sign(letter, cast.fields("Another"))))


def test_only_the_text_that_was_read_is_confirmed(letter: Letter) -> None:
    made = cast.approved(letter)
    _publish(letter, "substantive")
    for seen in (0, 1, 3):
        with pytest.raises(Stale), unit_of_work():
            operations.reconfirm(signer(made.id), operations.get(made.id), seen=seen)
    with unit_of_work():
        operations.reconfirm(signer(made.id), operations.get(made.id), seen=2)
    assert standing.counts_now(operations.get(made.id))


def test_the_versions_after_the_signed_one_come_in_order(letter: Letter) -> None:
    first = letter.published
    for change in ("editorial", "substantive"):
        _publish(letter, change)
    with unit_of_work():
        letters.write_draft(cast.actor(cast.NADIA), letter, "not published\n")
    assert [version.number for version in letter_queries.versions_after(letter, first)] == [2, 3]


def test_a_person_may_sign_without_a_role_and_a_body_may_not(room: Flask) -> None:
    contact = SignerFields(name="Amina Otieno", role="", email="amina@nairobi.example")
    assert checked_contact(contact, needs_role=False).role == ""
    with pytest.raises(Invalid) as refused:
        checked_contact(contact)
    assert set(refused.value.fields) == {"signer_role"}


@pytest.mark.parametrize(("reach", "opens"), [("link", True), ("public", True), ("invited", False)])
def test_a_link_opens_what_is_reached_by_it(room: Flask, reach: str, opens: bool) -> None:
    cast.staff()
    letter = cast.open_letter("Linked", reach=reach)
    assert (letter_queries.by_link("linked", letter.link_secret) is not None) is opens
    for wrong in ("", "x", letter.link_secret[:-1], letter.link_secret + "a", "é"):
        assert letter_queries.by_link("linked", wrong) is None
    assert letter_queries.by_link("unlinked", letter.link_secret) is None
    assert letter_queries.by_link("link\0ed", letter.link_secret) is None


def test_the_head_of_a_letter_moves_with_its_own_acts_only(letter: Letter) -> None:
    before = audit_queries.head_of_letter(letter.id)
    other = cast.open_letter("Another")
    assert audit_queries.head_of_letter(letter.id) == before
    cast.sign(letter)
    assert audit_queries.head_of_letter(letter.id) > before
    assert audit_queries.head_of_letter(other.id + 99) == 0


def test_editions_are_found_by_the_entries_they_print(letter: Letter) -> None:
    first, hidden = cast.approved(letter, "First"), cast.approved(letter, "Hidden", visibility="withheld")
    documents.compile_edition(cast.actor(cast.JONAS), letter)
    later = cast.approved(letter, "Later")
    documents.compile_edition(cast.actor(cast.JONAS), letter)
    found = {made.public_id: [edition.number for edition in document_queries.editions_with(letter, made.public_id)]
             for made in (first, hidden, later)}
    assert list(found.values()) == [[2, 1], [], [2]]
    assert document_queries.editions_with(letter, "%") == []


def test_an_edition_knows_the_newer_one_of_its_audience(letter: Letter) -> None:
    cast.approved(letter, "First")
    first = documents.compile_edition(cast.actor(cast.JONAS), letter).edition
    other = documents.compile_edition(cast.actor(cast.JONAS), letter, audience="recipients").edition
    assert serving.standing_of(first).newer is None
    assert not serving.standing_of(other).is_served
    cast.approved(letter, "Second")
    newer = documents.compile_edition(cast.actor(cast.JONAS), letter).edition
    assert serving.standing_of(first).newer == newer
    assert serving.standing_of(first).is_served


class Down:
    def send(self, message: object) -> None:
        raise Unavailable("the mail server does not answer")


def test_mail_is_held_up_once_a_server_did_not_take_it(letter: Letter) -> None:
    cast.sign(letter)
    assert not outbox.is_held_up()
    send_due(Down(), "letters@coalition.example")
    assert outbox.is_held_up()
