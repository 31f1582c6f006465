"""How tests sign by the pages: answers that are right, ways through the screens, links out of mails."""

from __future__ import annotations

import itertools
from typing import Any

from flask import Flask

from coalition.endorsements.models import Endorsement
from coalition.mail.models import OutboxMail
from tests.conftest import SETTINGS
from tests.web.browser import Browser, Page

_numbers = itertools.count(1)

ORGANISATION: dict[str, Any] = {
    "organisation": "Harbour Light Trust", "country": "KE", "signer_name": "Samira Haddad",
    "signer_role": "Director", "email": "samira@harbourlight.example", "authority": "own_role", "visibility": "public",
}
PERSON: dict[str, Any] = {
    "signer_name": "Amina Otieno", "honorific": "Dr.", "title": "Professor of Law",
    "organisation": "University of Nairobi", "country": "KE", "email": "amina@nairobi.example",
    "visibility": "public",
}
NETWORK: dict[str, Any] = {
    **ORGANISATION, "organisation": "Relief Network", "kind": "network", "represents_count": "92",
    "represents_text": "representing 92 relief organisations", "email": "office@relief.example",
}


def fill(browser: Browser, slug: str, answers: dict[str, Any] | None = None, *, status: int = 200,
         smuggled: dict[str, Any] | None = None, **changes: Any) -> Page:
    """Open the form and send it, for an organisation unless the answers are a person's."""
    answers = {**(answers or ORGANISATION), **changes}
    browser.get(f"/letters/{slug}/sign" + ("" if "signer_role" in answers else "?as=person"))
    return browser.submit(answers, button="Go on", status=status, smuggled=smuggled)


def sign(browser: Browser, slug: str, answers: dict[str, Any] | None = None, **changes: Any) -> Page:
    """All the way to "check your e-mail"."""
    fill(browser, slug, answers, **changes)
    return browser.submit(button="Sign for")


def signed(app: Flask) -> list[Endorsement]:
    """Every endorsement there is, oldest first, to be read inside an application context."""
    return Endorsement.query.order_by(Endorsement.id).all()


def mails(app: Flask, address: str) -> list[tuple[str, str]]:
    """(subject, text) of the mails to an address, oldest first."""
    with app.app_context():
        return [(mail.subject, mail.text) for mail in
                OutboxMail.query.filter_by(to=address).order_by(OutboxMail.id)]


#: What a representative adds who may not bind the organisation.
SECOND: dict[str, Any] = {"authority": "second_person", "second_name": "Rana Aziz", "second_role": "Chair",
                          "second_email": "rana@harbourlight.example"}


def mailed_link(app: Flask, address: str) -> str:
    """The path of the newest link that was mailed to an address."""
    for _subject, text in reversed(mails(app, address)):
        for word in text.split():
            if word.startswith(SETTINGS["PUBLIC_URL"] + "/member/"):
                return word.removeprefix(SETTINGS["PUBLIC_URL"])
    raise AssertionError(f"no link was mailed to {address}")
