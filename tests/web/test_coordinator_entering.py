"""Entering a signature that came on paper, by e-mail or by phone."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from coalition.endorsements.models import Endorsement
from coalition.signatories.line import printed_line
from tests import cast
from tests.web.browser import Browser

ENTER = "/coordinator/letters/protect-the-hospitals/enter"
GOOD = {"origin": "paper", "evidence": "Signed sheet of 1 March, in the safe.", "organisation": "Harbour Light Trust",
        "country": "KE", "visibility": "public"}


@pytest.fixture
def nadia(app: Flask, browser: Browser) -> Browser:
    """Nadia before the empty form."""
    with app.app_context():
        cast.staff()
        cast.open_letter()
    browser.sign_in(cast.NADIA)
    browser.get(ENTER)
    return browser


def entered(app: Flask) -> list[Endorsement]:
    return cast.db.session.query(Endorsement).all()


def line(made: Endorsement) -> str:
    return printed_line(cast.endorsements.fields_of(made.entry, made).as_entry())


def test_a_signature_on_paper_waits_for_another_coordinator(app: Flask, nadia: Browser) -> None:
    nadia.submit(GOOD)
    assert "waits for review by another coordinator" in nadia.page.text
    assert "Another coordinator must decide this" in nadia.page.text
    assert "Signed sheet of 1 March, in the safe." in nadia.page.text
    with app.app_context():
        [made] = entered(app)
        assert (made.state, made.origin, made.visibility, made.tier) == ("submitted", "paper", "public", 1)
        assert made.signer is not None
        assert made.signer.email == ""


def test_another_coordinator_approves_it_and_nobody_is_mailed_without_an_address(app: Flask, nadia: Browser) -> None:
    nadia.submit(GOOD)
    page = nadia.page.path
    nadia.client.delete_cookie("session")
    nadia.sign_in(cast.TOMAS)
    nadia.get(page)
    nadia.submit({"verified": True}, action="/approve")
    with app.app_context():
        [made] = entered(app)
        assert made.state == "approved"
        assert not [mail for mail in cast.db.session.query(cast.OutboxMail) if mail.to == ""]


def test_all_that_is_printed_is_taken_over(app: Flask, nadia: Browser) -> None:
    nadia.submit({**GOOD, "kind": "network", "represents_count": "٩٢", "represents_unit": "organisations",
                  "represents_text": "representing 92 relief groups", "members": "One Group\r\nAnother Group\r\n",
                  "other_script": "مؤسسة", "signatory": "Samira Haddad", "honorific": "Dr.", "title": "Director",
                  "initiator": True})
    with app.app_context():
        [made] = entered(app)
        assert line(made) == ("Dr. Samira Haddad, Director, Harbour Light Trust / مؤسسة – "
                              "representing 92 relief groups")
        assert (made.entry.represents_count, made.entry.members) == (92, "One Group\nAnother Group")
        assert made.tier == 0


def test_a_person_who_signs_for_themselves_is_entered(app: Flask, nadia: Browser) -> None:
    nadia.submit({"origin": "phone", "evidence": "Call of 1 March, 10:00.", "signing_as": "person",
                  "signatory": "Ayaan Warsame", "organisation": "University of Hargeisa", "visibility": "withheld"})
    with app.app_context():
        [made] = entered(app)
        assert (made.signing_as, line(made)) == ("person", "Ayaan Warsame, University of Hargeisa")


def test_a_contact_gets_the_mails(app: Flask, nadia: Browser) -> None:
    nadia.submit({**GOOD, "signer_name": "Samira Haddad", "signer_role": "Director", "email": "samira@harbour.example"})
    with app.app_context():
        [made] = entered(app)
        cast.approve(made, by=cast.TOMAS)
        assert [mail.subject for mail in cast.mails_to("samira@harbour.example")] == ["Your signature is approved"]


@pytest.mark.parametrize(("change", "field"), [
    ({"organisation": ""}, "organisation"), ({"organisation": "A\nB"}, "organisation"),
    ({"organisation": "x" * 201}, "organisation"), ({"organisation": "www.example.org"}, "organisation"),
    ({"country": ""}, "country"), ({"evidence": " "}, "evidence"), ({"evidence": "y" * 1001}, "evidence"),
    ({"origin": None}, "origin"), ({"visibility": None}, "visibility"),
    ({"signing_as": "person"}, "signatory"),
    ({"kind": "network", "represents_count": "many"}, "represents_count"),
    ({"email": "samira@harbour.example"}, "signer_name"), ({"signer_name": "Samira Haddad"}, "email"),
    ({"signer_name": "S", "signer_role": "D", "email": "not an address"}, "email"),
])
def test_what_cannot_be_entered_is_said_at_its_field_and_everything_is_kept(
        app: Flask, nadia: Browser, change: dict[str, Any], field: str) -> None:
    given = {key: value for key, value in {**GOOD, **change}.items() if value is not None}
    nadia.submit(given, status=422)
    assert nadia.page.error(field), nadia.page.text
    for key, value in given.items():
        assert nadia.page.form().value(key).strip() == value.strip(), key
    with app.app_context():
        assert entered(app) == []


@pytest.mark.parametrize("smuggled", [{"origin": "rumour"}, {"visibility": "secret"}, {"signing_as": "ghost"}])
def test_an_invented_choice_enters_nothing(app: Flask, nadia: Browser, smuggled: dict[str, str]) -> None:
    nadia.submit({key: value for key, value in GOOD.items() if key not in smuggled}, smuggled=smuggled, status=422)
    with app.app_context():
        assert entered(app) == []


def test_nothing_is_entered_into_a_letter_that_is_over(app: Flask, nadia: Browser) -> None:
    with app.app_context():
        letter = cast.db.session.query(cast.Letter).one()
        with cast.unit_of_work():
            cast.letters.cancel(cast.actor(cast.TOMAS), letter, reason="Over.")
    nadia.submit(GOOD, status=409)
    with app.app_context():
        assert entered(app) == []
