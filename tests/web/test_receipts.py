"""A receipt tells its holder in which editions the signature is, and nobody else anything."""

from __future__ import annotations

import hashlib
import hmac
import html
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from coalition.access.actor import signer
from coalition.audit.models import AuditEntry
from coalition.db import db, unit_of_work
from coalition.documents import drawing
from coalition.documents import operations as documents
from coalition.endorsements import operations
from coalition.letters.models import Letter
from coalition.mail.models import OutboxMail
from tests import cast
from tests.web.browser import Browser

CODE = re.compile(r"reference ([A-Z0-9]{4}-[A-Z0-9]{4}), code ([A-Z2-7]{5}(?:-[A-Z2-7]{1,5}){5})\.")


def receipt_for(address: str) -> tuple[str, str]:
    """Reference and code, as the newest mail to the address has them."""
    db.session.rollback()
    texts = [mail.text for mail in OutboxMail.query.filter_by(to=address).order_by(OutboxMail.id.desc())]
    found = next(found for text in texts if (found := CODE.search(" ".join(text.split()))))
    return found.group(1), found.group(2)


def ask(browser: Browser, reference: str, code: str, status: int = 200) -> str:
    browser.get("/receipts")
    return browser.submit({"reference": reference, "code": code}, button="Check it", status=status).text


def compile_it(letter: Letter) -> None:
    documents.compile_edition(cast.actor(cast.JONAS), letter)
    db.session.rollback()


def test_who_holds_a_receipt_learns_in_which_editions_they_are_and_a_forged_one_is_not_found(
        app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Q01, and the part of F13 that is about us: what is kept can be tried against no list of names."""
    monkeypatch.setattr(drawing, "draw_sealed", lambda snapshot, **_how: snapshot.sha256.encode())
    browser = Browser(client)
    with app.app_context():
        cast.staff()
        letter = cast.open_letter()
        seen = cast.approved(letter, "Harbour Light Trust", who=cast.contact("samira@harbour.example")).id
        unseen = cast.approved(letter, "CNRY Hidden Body", visibility="withheld",
                               who=cast.contact("hidden@hidden.example")).id
        own = receipt_for("samira@harbour.example")
        assert not [mail for mail in OutboxMail.query.filter_by(to="hidden@hidden.example") if "code" in mail.text]
        with unit_of_work():
            page_of_unseen = operations.manage_link(operations.get(unseen))
    # To whom mails say nothing the code is shown on their page, once.
    browser.get(f"/member/{page_of_unseen}")
    told = CODE.search(browser.submit(button="Your receipt").text)
    hidden = told.group(1), told.group(2)
    assert hidden[1] not in browser.get(f"/member/{page_of_unseen}").source
    assert "counts, and no edition has been made since" in ask(browser, *own)
    with app.app_context():
        compile_it(db.session.get_one(Letter, 1))
    page = ask(browser, own[0].lower(), own[1].lower().replace("-", " "))
    assert "Included in edition 1." in page and "number 1 of the list" in page
    assert "As its signer chose, no edition prints it" in ask(browser, *hidden)

    # What the holder computes without us is what stands in the log.
    browser.get("/receipts")
    source = browser.submit({"reference": own[0], "code": own[1]}, button="Check it").source
    covered = html.unescape(re.search(r'<p><code dir="ltr">(\{.*?\})</code>', source).group(1))
    own_commitment = hmac.new(own[1].replace("-", "").encode(), covered.encode(), hashlib.sha256).hexdigest()
    with app.app_context():
        assert db.session.query(AuditEntry).filter(AuditEntry.data.contains(own_commitment)).count() == 1

    forged = "-".join(["ABCDE"] * 5) + "-A"
    answers = {ask(browser, reference, code, status=404).replace(reference, "").replace(code, "")
               for reference, code in ((own[0], forged), (own[0], hidden[1]), ("AAAA-BBBB", own[1]),
                                       ("AAAA-BBBB", forged), ("\0", "?" * 5000))}
    assert len(answers) == 1 and "No signature has this reference and this code" in answers.pop()
    assert "CNRY" not in page and browser.post("/receipts/check", status=422)

    # A new one ends the old one; the page of the signer knows of both, and has no code.
    with app.app_context(), unit_of_work():
        secret = operations.manage_link(operations.get(seen))
    status = browser.get(f"/member/{secret}")
    assert own[1] not in status.source and "In no edition" not in status.text
    browser.submit(button="Mail me a new receipt")
    with app.app_context():
        fresh = receipt_for("samira@harbour.example")
    assert fresh[1] != own[1]
    ask(browser, *own, status=404)
    assert "Included in edition 1." in ask(browser, *fresh)
    with app.app_context(), unit_of_work():
        operations.withdraw(signer(seen), operations.get(seen))
    assert "Included in edition 1." in ask(browser, *fresh)
