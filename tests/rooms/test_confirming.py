"""How signatures were confirmed, as the note counts it; and what confirming reads apart from the session."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm.exc import DetachedInstanceError

from coalition import clock
from coalition.db import db, unit_of_work
from coalition.endorsements import apart, operations
from coalition.endorsements.confirming import confirmed_by
from coalition.endorsements.models import Endorsement
from coalition.endorsements.second_person import SECOND_PERSON
from coalition.errors import Stale
from tests import cast


def test_the_ways_are_counted_over_the_names_of_the_audience_only(room: Flask) -> None:
    cast.staff()
    letter = cast.open_letter()
    office = cast.contact("office@harbour.example", website="https://www.harbour.example/about")
    cast.approved(letter, "Harbour Light Trust", who=office)
    cast.approved(letter, "Open Door", who=cast.contact("opendoor@gmail.com", website="https://opendoor.example"))
    # A page where anybody may have one is nobody's own domain.
    cast.approved(letter, "River Watch", who=cast.contact("me@gmail.com", website="https://gmail.com/river"))
    seconded = cast.approved(letter, "Olive Branch")
    cast.approved(letter, "Hidden Body", visibility="withheld",
                  who=cast.contact("office@hidden.example", website="https://hidden.example"))
    cast.approved(letter, "Copied Body", visibility="recipients",
                  who=cast.contact("office@copied.example", website="https://copied.example"))
    with unit_of_work():
        signer = seconded.signer
        assert signer is not None
        signer.authority, signer.authority_confirmed_at = SECOND_PERSON, clock.now()
    assert confirmed_by(letter) == {"email_link": 2, "own_domain": 1, "second_person": 1}
    assert confirmed_by(letter, "recipients") == {"email_link": 2, "own_domain": 2, "second_person": 1}


def test_evidence_is_named_by_its_kind(room: Flask) -> None:
    cast.staff()
    letter = cast.open_letter()
    for name, origin in (("Olive Branch", "paper"), ("Open Door", "mail"), ("River Watch", "invitation")):
        made = cast.approved(letter, name)
        with unit_of_work():
            made.origin = origin
    assert confirmed_by(letter) == {"email_link": 1, "message": 1, "paper": 1}


def test_one_read_apart_says_the_same_as_the_row_and_nothing_that_was_not_read(room: Flask) -> None:
    cast.staff()
    made = cast.sign(cast.open_letter())
    assert made is not None
    found = apart.by_id(made.id)
    assert found is not None and made.signer is not None and made.organisation is not None
    assert (found.entry.organisation, found.signed_at, found.wishes, found.signed_version.sha256) == (
        made.entry.organisation, made.signed_at, made.wishes, made.signed_version.sha256)
    with pytest.raises(DetachedInstanceError):
        _unread = found.approved_revision
    assert apart.by_id(made.id + 1) is None


def test_what_changed_since_it_was_read_is_not_confirmed(room: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cast.staff()
    made = cast.sign(cast.open_letter())
    assert made is not None
    link, number = cast.link_in_mail(made), made.id
    monkeypatch.setattr(operations.links, "use_up", lambda _link: db.session.execute(
        update(Endorsement).values(lock=Endorsement.lock + 1)))
    with pytest.raises(Stale), unit_of_work():
        operations.confirm(link)
    assert operations.get(number).state == "unconfirmed"
