"""A small cast of made-up people and bodies, always the same, and how they come onto the stage.

Everything is done through the real operations; call these inside an application context.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flask_security import hash_password
from sqlalchemy import select

from coalition import clock
from coalition.access.actor import OPERATOR, VISITOR, Actor, Role
from coalition.accounts import links
from coalition.accounts import operations as accounts
from coalition.accounts.models import Person
from coalition.accounts.queries import person_by_email
from coalition.db import db, unit_of_work
from coalition.endorsements import operations as endorsements
from coalition.endorsements import signing
from coalition.endorsements.actors import person_as_actor
from coalition.endorsements.contact import SignerFields
from coalition.endorsements.fields import EntryFields, checked
from coalition.endorsements.models import Endorsement, Signer
from coalition.letters import operations as letters
from coalition.letters.models import Letter
from coalition.mail.models import OutboxMail
from coalition.organisations import suggestions
from coalition.review import operations as review
from tests import stage

MORNING = stage.MORNING
DEADLINE = datetime(2026, 3, 20, 22, 0, tzinfo=UTC)
PASSWORD = "seven quiet boats at dawn"

NADIA = "nadia@coalition.example"  # coordinator
TOMAS = "tomas@coalition.example"  # coordinator too
JONAS = "jonas@coalition.example"  # secretariat
ADA = "ada@coalition.example"  # administrator
OLGA = "olga@coalition.example"  # staff without a role on the letter

_numbers = itertools.count(1)


def person(email: str, **rights: bool) -> Person:
    """A member of staff with a password."""
    with unit_of_work():
        accounts.invite(OPERATOR, name=email.partition("@")[0].title() + " Example", email=email, **rights)
        made = person_by_email(email)
        assert made is not None
        made.password = hash_password(PASSWORD)
        number = made.id
    return db.session.get_one(Person, number)


def actor(email: str) -> Actor:
    """The person as an actor with the rights they have now."""
    found = person_by_email(email)
    assert found is not None, email
    return person_as_actor(found.id)


@stage.once
def staff() -> None:
    """Nadia and Tomas coordinate, Jonas is the secretariat, Ada administers, Olga has no letter."""
    person(NADIA, coordinator=True)
    person(TOMAS, coordinator=True)
    person(JONAS)
    person(ADA, administrator=True)
    person(OLGA, coordinator=True)


def draft_letter(
    subject: str = "Protect the hospitals", body: str = "We ask the Council to act.\n", **details: Any
) -> Letter:
    """A letter by Nadia with Tomas and Jonas on its team, an addressee and a copy, its text written."""
    with unit_of_work():
        letter = letters.create(actor(NADIA), subject=subject)
        number = letter.id
    letter = db.session.get_one(Letter, number)
    with unit_of_work():
        letters.edit(
            actor(NADIA),
            letter,
            addressees=["The President of the Security Council"],
            copies=["The Secretary-General"],
            place="New York",
            date_text="2 March 2026",
            **details,
        )
        for email, role in ((TOMAS, Role.COORDINATOR), (JONAS, Role.SECRETARIAT)):
            found = person_by_email(email)
            assert found is not None
            letters.add_to_team(actor(NADIA), letter, found, role)
        letters.write_draft(actor(NADIA), letter, body)
    return letter


def open_letter(subject: str = "Protect the hospitals", deadline: datetime = DEADLINE, **details: Any) -> Letter:
    """The same letter, published and open until the deadline."""
    _open_letter(subject, deadline, **details)
    return db.session.scalars(select(Letter).order_by(Letter.id.desc()).limit(1)).one()


@stage.once
def _open_letter(subject: str, deadline: datetime, **details: Any) -> None:
    letter = draft_letter(subject, **details)
    with unit_of_work():
        letters.publish(actor(NADIA), letter)
        letters.open_letter(actor(NADIA), letter, deadline_at=deadline, zone="UTC")


def fields(organisation: str = "Harbour Light Trust", **values: Any) -> EntryFields:
    """Checked fields of an entry."""
    return checked({"organisation": organisation, **values})


def contact(email: str = "", **values: str) -> SignerFields:
    """The one who signs."""
    address = email or f"director{next(_numbers)}@ngo.example"
    return SignerFields(**{"name": "Samira Haddad", "role": "Director", "email": address, **values})


def sign(
    letter: Letter,
    entry: EntryFields | None = None,
    *,
    who: SignerFields | None = None,
    visibility: str = "public",
    form_key: str = "",
) -> Endorsement | None:
    """Sign a letter by the form's operation; None when the answer was only a mail."""
    key = form_key or f"form-{next(_numbers)}"
    published = letter.published
    assert published is not None
    with unit_of_work():
        signing.sign(
            replace(VISITOR, letters=frozenset({letter.id})),
            letter,
            fields=entry or fields(),
            contact=who or contact(),
            visibility=visibility,
            version_number=published.number,
            form_key=key,
        )
    number = db.session.query(Endorsement.id).filter_by(form_key=key).scalar()
    return endorsements.get(number) if number else None


def confirm(endorsement: Endorsement) -> Endorsement:
    """Confirm by the newest mailed link."""
    number = endorsement.id
    with unit_of_work():
        endorsements.confirm(link_in_mail(endorsement, "confirm"))
    compare()
    return endorsements.get(number)


def compare() -> None:
    """Compare who waits to be compared, as a worker does that was woken."""
    with unit_of_work():
        suggestions.renew_outdated(suggestions.outdated(only_soon=True))


def approve(endorsement: Endorsement, by: str = NADIA) -> Endorsement:
    """Verify and approve the newest entry."""
    number = endorsement.id
    with unit_of_work():
        review.approve(actor(by), endorsements.get(number), seen=endorsement.latest_revision, verified=True)
    return endorsements.get(number)


def approved(
    letter: Letter,
    organisation: str = "Harbour Light Trust",
    *,
    visibility: str = "public",
    who: SignerFields | None = None,
    **values: Any,
) -> Endorsement:
    """An organisation's endorsement, signed, confirmed and approved."""
    if values.get("signing_as") == "person":
        entry = checked({"organisation": organisation, **values})
    else:
        entry = fields(organisation, **values)
    made = sign(letter, entry, who=who, visibility=visibility)
    assert made is not None
    return approve(confirm(made))


def secret_in_mail(endorsement: Endorsement, purpose: str = "confirm") -> str:
    """The secret in the newest mail about an endorsement: purpose "confirm", "authorise" or "manage"."""
    others = {"confirm": "confirm/", "authorise": "authority/"}
    marker = "/member/" + others.get(purpose, "")
    for mail in (
        db.session.query(OutboxMail).filter_by(about=f"endorsement:{endorsement.id}").order_by(OutboxMail.id.desc())
    ):
        for word in mail.text.split():
            found = word.partition(marker)[2]
            if found and (purpose in others or not found.startswith(tuple(others.values()))):
                return found
    raise AssertionError(f"no {purpose} link was mailed")


def link_in_mail(endorsement: Endorsement, purpose: str = "confirm") -> Any:
    """The link itself."""
    return links.look_up(secret_in_mail(endorsement, purpose), links.Purpose(purpose))


def mails_to(address: str) -> list[OutboxMail]:
    """What waits for or was sent to an address, oldest first."""
    return db.session.query(OutboxMail).filter_by(to=address).order_by(OutboxMail.id).all()


def email_of(endorsement: Endorsement) -> str:
    """The signer's address."""
    return db.session.get_one(Signer, endorsement.id).email


def later(**much: float) -> datetime:
    """A moment after now."""
    return clock.now() + timedelta(**much)
