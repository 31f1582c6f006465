"""The road itself: each step is taken by a person at a page, each mail goes over a real SMTP connection.

The clock stands in February 2016 for the real letter and in the present for the one that is left open to try.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from coalition import clock
from coalition.accounts import queries as people
from coalition.cli.demo.browser import Browser
from coalition.cli.demo.postbox import Postbox
from coalition.documents import queries as documents
from coalition.endorsements import queries as endorsements
from coalition.errors import WrongState
from coalition.jobs.tasks import close_letters, run_requests, send_mails
from coalition.letters import queries as letters
from coalition.letters.models import Letter

Say = Callable[[str], None]

PASSWORD = "an open letter in the rain"  # noqa: S105  of the demonstration, printed for all to see
ADMINISTRATOR = "admin@example.org"
COORDINATOR = "coordinator@example.org"
SECOND_COORDINATOR = "second-coordinator@example.org"
SECRETARIAT = "secretariat@example.org"
#: From whom the letter of 2016 was, by its own words.
LETTERHEAD = "Syrian civil society organisations"

BEGUN = datetime(2016, 2, 15, 8, 0, tzinfo=UTC)
SIGNED = datetime(2016, 2, 17, 9, 0, tzinfo=UTC)
REVIEWED = datetime(2016, 2, 22, 10, 0, tzinfo=UTC)
HANDED_OVER = datetime(2016, 2, 24, 15, 0, tzinfo=UTC)

EVERYTHING = 10_000

TRY_SUBJECT = "Keep the crossing points open for aid"
TRY_TEXT = """Excellency,

We, {{ signatories }} signatories, write to you because aid still does not reach the people it is meant for.

We ask the Council to

1. keep every crossing point open that aid passes through,
2. let humanitarian workers move without waiting for permits, and
3. hear from those who live on the other side before it decides.

Please accept, Excellency, the assurances of our highest consideration.
"""
TRY_SIGNERS = (
    {"organisation": "Harbour Light Trust", "country": "KE", "signer_name": "Grace Wanjiru", "signer_role": "Director",
     "email": "grace@harbour-light.example", "website": "harbour-light.example"},
    {"organisation": "Дом права", "country": "GE", "signer_name": "Нино Беридзе", "signer_role": "Председатель",
     "email": "nino@dom-prava.example", "website": "dom-prava.example"},
    {"organisation": "مركز النور لحقوق الإنسان", "country": "JO", "signer_name": "ليلى حداد", "signer_role": "المديرة",
     "email": "layla@annour.example", "website": "annour.example"},
    {"organisation": "Red de Mujeres por la Paz", "country": "CO", "signer_name": "Lucía Torres",
     "signer_role": "Coordinadora", "email": "lucia@mujeres-paz.example", "website": "mujeres-paz.example"},
    {"organisation": "Nordic Lawyers Abroad", "country": "NO", "signer_name": "Kari Solberg", "signer_role": "Chair",
     "email": "kari@nordic-lawyers.example", "website": "nordic-lawyers.example"},
)
#: So many of them are approved; the others wait for you.
TRY_APPROVED = 2


@dataclass
class Road:
    """What the steps share."""

    app: Flask
    postbox: Postbox
    say: Say

    def deliver(self) -> None:
        """Let the worker send what waits."""
        send_mails(self.app)

    def mailed_link(self, address: str) -> str:
        """The path of the link in the newest mail to somebody."""
        self.deliver()
        return urlsplit(self.postbox.link_for(address)).path


def letter_of_2016() -> dict[str, Any]:
    """The letter as data."""
    text = (files("coalition.cli.demo") / "letter_2016.json").read_text("utf-8")
    return dict(json.loads(text))


def walk(app: Flask, say: Say, enrolment_link: str | None) -> Path:
    """Take the letter of 2016 down the road, and open the second one; the path of the PDF. What an earlier run
    has done already is left as it is."""
    data = letter_of_2016()
    with Postbox() as postbox:
        app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=postbox.port, MAIL_TLS="none", MAIL_USERNAME="",
                          DECISION_DELAY_SECONDS=0)
        road = Road(app, postbox, say)
        with clock.travelling(BEGUN):
            _staff_comes_in(road, enrolment_link)
            slug = _write_the_letter(road, data)
        with clock.travelling(SIGNED):
            _organisations_sign(road, slug, data["signatories"])
        with clock.travelling(REVIEWED):
            close_letters(app)
            _coordinator_decides(road, slug)
        with clock.travelling(HANDED_OVER):
            number = _secretariat_compiles(road, slug)
        _open_one_to_try(road)
        road.deliver()
        say(f"{len(postbox)} mails were sent over SMTP")
    return _pdf(app, slug, number)


def _staff_comes_in(road: Road, enrolment_link: str | None) -> None:
    if enrolment_link:
        _enrol(road, urlsplit(enrolment_link).path)
        road.say("the administrator opened the one-time link and set a password")
    admin = _signed_in(road, ADMINISTRATOR)
    for address, name, begins in ((COORDINATOR, "Hala Example", True), (SECOND_COORDINATOR, "Marek Example", True),
                                  (SECRETARIAT, "Ines Example", False)):
        if _is_in(road, address):
            continue
        admin.open("/admin/people/invite")
        invitation: dict[str, str | list[str]] = {"name": name, "email": address}
        if begins:
            invitation["coordinator"] = "y"
        admin.send(invitation)
        _enrol(road, road.mailed_link(address))
        road.say(f"{address} was invited by mail and set a password")


def _is_in(road: Road, address: str) -> bool:
    with road.app.app_context():
        person = people.person_by_email(address)
        return person is not None and bool(person.password)


def _enrol(road: Road, path: str) -> None:
    browser = Browser(road.app)
    browser.open(path)
    browser.send({"password": PASSWORD, "again": PASSWORD})


def _signed_in(road: Road, address: str) -> Browser:
    browser = Browser(road.app)
    browser.open("/account/login")
    browser.send({"email": address, "password": PASSWORD})
    browser.open("/account")
    if address not in browser.text:
        raise WrongState(f"{address} could not sign in: if you changed the demo's passwords, start afresh in "
                         "another instance folder.")
    return browser


@dataclass(frozen=True)
class Stage:
    """How far a letter has come."""

    slug: str
    state: str
    is_published: bool


def _find(road: Road, subject: str) -> Stage | None:
    with road.app.app_context():
        for letter in letters.all_letters():
            if letter.subject == subject:
                return Stage(letter.slug, letter.state, letter.published is not None)
    return None


def _write_the_letter(road: Road, data: dict[str, Any]) -> str:
    addressee, _mark, copy = data["addressee"].partition("; copy to ")
    return _make_letter(road, subject=data["title"], body=data["body"], addressees=_as_block(addressee),
                        copies=copy[0].upper() + copy[1:], date_text="24 February 2016", place="",
                        deadline=("2016-02-21", "18:00"), letterhead=LETTERHEAD)


def _as_block(text: str) -> str:
    """An address on several lines, as it is printed."""
    return text.replace(", President", ",\nPresident").replace(", 4 Staraya", ",\n4 Staraya").replace(
        ", Moscow", ",\nMoscow")


def _make_letter(road: Road, *, subject: str, body: str, addressees: str, copies: str, date_text: str, place: str,
                 deadline: tuple[str, str], letterhead: str = "") -> str:
    browser = _signed_in(road, COORDINATOR)
    stage = _find(road, subject)
    if stage is None:
        browser.open("/coordinator/letters/new")
        browser.send({"subject": subject})
        stage = _find(road, subject)
    if stage is None:
        raise WrongState("the letter was not made")
    home = f"/coordinator/letters/{stage.slug}"
    if not stage.is_published:
        browser.open(f"{home}/details")
        browser.send({"addressees": addressees, "copies": copies, "date_text": date_text, "place": place,
                      "letterhead": letterhead})
        for address, role in ((SECOND_COORDINATOR, "coordinator"), (SECRETARIAT, "secretariat")):
            browser.open(f"{home}/team")
            browser.send({"email": address, "role": role})
        browser.open(f"{home}/text")
        browser.send({"body": body}, button="Save")
        browser.open(f"{home}/publish")
        browser.send(to="/publish")
        road.say(f"the coordinator wrote “{subject}”, named addressees and team, and published the text")
    if stage.state == "draft":
        browser.open(f"{home}/open")
        browser.send({"day": deadline[0], "at": deadline[1]})
        road.say(f"the letter is open for signing until {deadline[0]} {deadline[1]} UTC")
    return stage.slug


def _organisations_sign(road: Road, slug: str, signatories: list[dict[str, Any]]) -> None:
    done = _names_on(road, slug)
    for number, given in enumerate(signatories, start=1):
        if given["organisation"] in done:
            continue
        address = f"representative{number}@signatory{number}.example"
        _sign(road, slug, _answers(given, number, address), address)
        if number == 1:
            road.say("a representative filled in the form, opened the mailed link and pressed the button")
    road.say(f"{len(signatories)} organisations have signed and confirmed")


def _names_on(road: Road, slug: str) -> set[str]:
    """Names whose endorsement is confirmed already, from an earlier run."""
    with road.app.app_context():
        return {made.entry.organisation for made in endorsements.live_of(_letter(slug)) if made.state != "unconfirmed"}


def _letter(slug: str) -> Letter:
    found = letters.by_slug(slug)
    if found is None:
        raise WrongState(f"the letter {slug} is not there")
    return found


def _answers(given: dict[str, Any], number: int, address: str) -> dict[str, str]:
    """The form's answers for one entry of the data."""
    answers = {"organisation": given["organisation"], "country": "none", "signer_role": "Representative",
               "signer_name": given.get("signatory") or f"Representative {number}", "email": address,
               "authority": "own_role", "visibility": "public"}
    if given.get("signatory"):
        answers["shown_as"] = "named"
    for name in ("description", "honorific", "represents_text"):
        if given.get(name):
            answers[name] = given[name]
    if given.get("represents_count"):
        answers |= {"kind": "network", "represents_count": str(given["represents_count"]),
                    "represents_unit": given["represents_unit"]}
    return answers


def _sign(road: Road, slug: str, answers: dict[str, str], address: str) -> None:
    browser = Browser(road.app)
    browser.open(f"/letters/{slug}/sign")
    browser.send(answers)
    browser.send(to="/sign/send")
    browser.open(road.mailed_link(address))
    browser.send(to=browser.path)


def _coordinator_decides(road: Road, slug: str, most: int = EVERYTHING) -> None:
    browser = _signed_in(road, COORDINATOR)
    with road.app.app_context():
        waiting = [made.public_id for made in endorsements.live_of(_letter(slug)) if made.state == "submitted"][:most]
    for public_id in waiting:
        browser.open(f"/coordinator/letters/{slug}/endorsements/{public_id}")
        browser.send({"verified": "y"}, to="/approve")
    if waiting:
        road.say(f"the coordinator looked at each of {len(waiting)} entries, verified the organisation and approved")


def _secretariat_compiles(road: Road, slug: str) -> int:
    number = _newest_edition(road, slug)
    if number:
        return number
    browser = _signed_in(road, SECRETARIAT)
    page = f"/secretariat/letters/{slug}"
    browser.open(page)
    browser.send({"rule": "arranged"})
    browser.open(page)
    browser.send({"audience": "public", "paper": "A4"}, button="Compile")
    run_requests(road.app)
    number = _newest_edition(road, slug)
    if not number:
        browser.open(browser.path)
        raise WrongState("the edition was not made")
    road.say(f"the secretariat compiled edition {number}")
    browser.open(f"{page}/deliveries/record")
    browser.send({"edition": f"{number} A4", "handed_over_on": "2016-02-24", "covering": "president",
                  "signer_name": "Ines Example", "signer_title": "Secretariat",
                  "signer_organisation": LETTERHEAD, "contact": SECRETARIAT,
                  "with_draft": "y", "sender": LETTERHEAD,
                  "how": "by hand, at the mission in New York", "handed_over_by": "Ines Example"},
                 button="Record the delivery")
    road.say("its delivery was recorded, with the covering letter to the President of the Security Council "
             "and a draft for a mission")
    return number


def _newest_edition(road: Road, slug: str) -> int:
    """The number of the newest public edition, 0 when there is none."""
    with road.app.app_context():
        edition = documents.newest(_letter(slug), "public")
        return edition.number if edition is not None else 0


def _open_one_to_try(road: Road) -> None:
    until = (clock.now() + timedelta(days=30)).date().isoformat()
    slug = _make_letter(road, subject=TRY_SUBJECT, body=TRY_TEXT, date_text="", place="New York", copies="",
                        addressees="The President of the Security Council\nUnited Nations\nNew York",
                        deadline=(until, "22:00"))
    done = _names_on(road, slug)
    for answers in TRY_SIGNERS:
        if answers["organisation"] not in done:
            _sign(road, slug, {**answers, "authority": "own_role", "visibility": "public"}, answers["email"])
    if not done:
        _coordinator_decides(road, slug, TRY_APPROVED)
    road.say(f"a second letter is open for you to try, with {len(TRY_SIGNERS) - TRY_APPROVED} signatures waiting")


def _pdf(app: Flask, slug: str, number: int) -> Path:
    """The edition's file, as it is kept, written beside the database."""
    with app.app_context():
        edition = documents.by_number(_letter(slug), number)
        made = documents.rendition(edition) if edition is not None else None
        if made is None:
            raise WrongState("the edition has no file")
        content = documents.content_of(made)
    path = Path(app.config["INSTANCE"]) / "documents" / f"{slug}-edition-{number}.pdf"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
