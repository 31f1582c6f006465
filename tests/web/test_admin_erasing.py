"""Erasing personal data by the administrator's pages: counted first, and without learning who signs."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from coalition.access.actor import signer
from coalition.db import db, unit_of_work
from coalition.endorsements import operations
from coalition.endorsements.models import Endorsement
from coalition.letters import operations as letters
from coalition.letters.models import Letter
from tests import cast
from tests.web.browser import Browser

LETTER = "/coordinator/letters/protect-the-hospitals"


def stage() -> tuple[str, str]:
    """A closed letter with a signature that stands and one that was withdrawn: their references."""
    cast.staff()
    letter = cast.open_letter()
    stands = cast.approved(letter, "CNRY Standing")
    gone = cast.approved(letter, "CNRY Gone", visibility="withheld", who=cast.contact("cnry@gone.example"))
    references = stands.reference, gone.reference
    with unit_of_work():
        operations.withdraw(signer(gone.id), operations.get(gone.id))
    with unit_of_work():
        letters.close(cast.actor(cast.NADIA), db.session.get_one(Letter, letter.id))
    return references


def test_an_administrator_erases_a_signature_that_is_gone_and_then_an_archived_letter(
        app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        stands, gone = stage()
    ada = Browser(client)
    for who in (cast.NADIA, cast.JONAS):
        ada.sign_in(who)
        for path in ("/admin/erasing", "/admin/erasing/letters/1"):
            ada.get(path, status=403)
        for path in ("/admin/erasing/letters/1/erase", f"/admin/erasing/signatures/{gone}/erase"):
            ada.post(path, status=403)
        ada.post("/account/logout")
    ada.sign_in(cast.ADA)
    page = ada.get("/admin/erasing")
    assert "No letter is archived or cancelled." in page.text and "Nothing was erased so far." in page.text
    for reference in ("AAAA-BBBB", "", "\u0661"):
        assert ada.get(f"/admin/erasing?reference={reference}", status=422)
    assert "signature may still count" in ada.get(f"/admin/erasing?reference={stands}").text
    ada.post(f"/admin/erasing/signatures/{stands}/erase", status=409)
    ada.post("/admin/erasing/signatures/AAAA-BBBB/erase", status=404)
    page = ada.get(f"/admin/erasing?reference={gone.lower()}")
    assert "contacts of signers 1" in page.text and "cnry" not in page.source.lower()
    page = ada.submit(button="Erase it for good")
    assert "It is erased." in page.text and gone in page.text and "not yet: the worker does it" in page.text

    assert "neither archived nor cancelled" in ada.get("/admin/erasing/letters/1").text
    ada.post("/admin/erasing/letters/1/erase", status=409)
    ada.get("/admin/erasing/letters/99", status=404)
    with app.app_context(), unit_of_work():
        letters.archive(cast.actor(cast.NADIA), db.session.get_one(Letter, 1))
    page = ada.get("/admin/erasing")
    assert "by itself on 2 March 2027" in page.text
    ada.follow("Erase now")
    page = ada.submit(button="Erase it for good")
    assert "It is erased." in page.text and "cnry" not in page.source.lower()
    assert "It can never be opened again" not in ada.get("/admin/erasing/letters/1").text

    # The team's pages go on working with what is left.
    with app.app_context():
        numbers = [made.public_id for made in Endorsement.query]
    ada.post("/account/logout")
    ada.sign_in(cast.NADIA)
    for path in ("", "/queue", "/timeline", "/invitations", *(f"/endorsements/{number}" for number in numbers)):
        assert "CNRY Gone" not in ada.get(LETTER + path).text
    assert "CNRY Standing" in ada.get("/letters/protect-the-hospitals").text
