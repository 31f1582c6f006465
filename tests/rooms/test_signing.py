"""Signing, confirming, changing, withdrawing: the operations on a real database."""

from __future__ import annotations

import pytest
from flask import Flask

from coalition import clock
from coalition.access.actor import signer
from coalition.audit import chain
from coalition.db import unit_of_work
from coalition.endorsements import listing, operations
from coalition.errors import LinkNotValid, WrongState
from coalition.signatories.line import printed_line
from tests import cast


def test_an_organisation_signs_confirms_is_approved_and_stands_on_the_list(room: Flask) -> None:
    cast.staff()
    letter = cast.open_letter()
    made = cast.approved(letter, "Harbour Light Trust", country="KE")
    assert made.state == "approved"
    listed = listing.signatory_list(letter)
    assert [printed_line(item.entry) for item in listed.entries] == ["Harbour Light Trust"]
    assert listed.counts.signatories == 1
    assert chain.verify() > 5


def test_a_confirmation_link_works_once(room: Flask) -> None:
    cast.staff()
    made = cast.sign(cast.open_letter())
    assert made is not None
    secret = cast.secret_in_mail(made)
    cast.confirm(made)
    with pytest.raises(LinkNotValid):
        cast.links.look_up(secret, cast.links.Purpose.CONFIRM)


def test_nobody_signs_after_the_deadline(room: Flask) -> None:
    cast.staff()
    letter = cast.open_letter()
    with clock.fixed(cast.DEADLINE), pytest.raises(WrongState):
        cast.sign(letter)


def test_a_withdrawn_endorsement_leaves_the_list_at_once(room: Flask) -> None:
    cast.staff()
    letter = cast.open_letter()
    made = cast.approved(letter)
    with unit_of_work():
        operations.withdraw(signer(made.id), operations.get(made.id))
    assert listing.signatory_list(letter).counts.signatories == 0
