"""How signatures were confirmed, as the note counts it."""

from __future__ import annotations

from flask import Flask

from coalition import clock
from coalition.db import unit_of_work
from coalition.endorsements.confirming import confirmed_by
from coalition.endorsements.second_person import SECOND_PERSON
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
