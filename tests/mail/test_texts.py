"""What our mails say: why they come, one thing to do, in the reader's language and direction."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from coalition.accounts import messages as to_staff
from coalition.accounts.models import Person
from coalition.accounts.queries import person_by_email
from coalition.corrections import messages as of_corrections
from coalition.db import db, unit_of_work
from coalition.endorsements import confirmation, messages, operations
from coalition.endorsements.models import Endorsement
from coalition.letters import operations as letters
from coalition.letters import translating
from coalition.mail import outbox
from coalition.mail.message import Message
from coalition.mail.models import OutboxMail
from coalition.mail.wire import compose
from tests import cast

SECRET = "s3cret-of-this-mail"
LINK = re.compile(r"https?://[^\s\"<>]+")



def _named(made: Endorsement) -> Endorsement:
    """The same, with somebody named who may sign for the organisation; not kept."""
    assert made.signer is not None
    if made.signer in db.session:
        db.session.expunge(made.signer)
    made.signer.second_name, made.signer.second_email = "Rana Aziz", "rana@ngo.example"
    made.signer.second_state, made.signer.second_words = "refused", "Our board has not decided."
    return made


#: Every mail to a signer: how it is made, what its subject begins with, and how many addresses it holds.
TO_SIGNERS: dict[str, tuple[Callable[[Endorsement], Message], str, int]] = {
    "confirm": (lambda made: confirmation.confirm(made, SECRET), "Confirm", 1),
    "authority_asked": (lambda made: messages.authority_asked(_named(made), SECRET),
                        "Confirm that your organisation", 1),
    "authority_answered": (lambda made: messages.authority_answered(_named(made), SECRET, confirmed=False),
                           "The authority to sign is not", 1),
    "already_signed": (lambda made: messages.already_signed(made, SECRET, "today"), "You have signed already", 1),
    "received": (lambda made: messages.received(made, SECRET, "ABCDE-FGHIJ"), "Signature received", 2),
    "receipt": (lambda made: messages.receipt(made, SECRET, "ABCDE-FGHIJ", "today"), "Your new receipt", 2),
    "approved": (lambda made: messages.approved(made, SECRET), "Your signature is approved", 2),
    "returned": (lambda made: messages.returned(made, SECRET, "The name is misspelt."), "Please change", 1),
    "amendment_turned_down": (lambda made: messages.amendment_turned_down(made, SECRET, "No."), "Your change", 1),
    "declined": (lambda made: messages.declined(made, "We do not know you."), "Your signature was declined", 0),
    "withdrawn": (lambda made: messages.withdrawn(made), "Your signature is withdrawn", 0),
    "changed": (lambda made: messages.changed(made, SECRET), "Change received", 1),
    "link_again": (lambda made: messages.link_again(made, SECRET, "today"), "Open your page", 1),
    "text_changed": (lambda made: messages.text_changed(made, SECRET, substantive=True, note="A comma."),
                     "The text was changed", 1),
    "handed_over": (lambda made: messages.handed_over(made, "today"), "Somebody else acts", 0),
    "taken_over": (lambda made: messages.taken_over(made, SECRET, "today"), "You act for your organisation", 1),
    "text_reminder": (lambda made: messages.text_reminder(made, SECRET, version=2, times=1), "Please confirm", 1),
    "reference_given": (lambda made: messages.reference_given(
        made, SECRET, occasion="1:abc", reference="S/2016/123", handed_over_on=date(2016, 3, 1)),
        "The letter has a reference number", 1),
    "waiting_for_review": (lambda made: messages.waiting_for_review(
        made, person_by_email(cast.NADIA), "2026-03-02"), "Review", 1),
    "signatory_taken_off": (lambda made: messages.signatory_taken_off(made, person_by_email(cast.NADIA)),
                            "A signature was taken off", 1),
}
TO_COORDINATORS = {"waiting_for_review", "signatory_taken_off"}


@pytest.fixture
def endorsement(room: Flask) -> Endorsement:
    cast.staff()
    return cast.approved(cast.open_letter(), "Harbour Light Trust", country="KE")


def builders(module: object) -> set[str]:
    """The functions of a module that make a message."""
    return {name for name, made in vars(module).items()
            if callable(made) and not name.startswith("_") and made.__annotations__.get("return") == "Message"}


def test_every_mail_to_signers_is_looked_at_here() -> None:
    assert builders(messages) | builders(confirmation) - {"from_words"} == {*TO_SIGNERS, "taken_off"}
    assert builders(to_staff) == {"enrolment", "log_is_broken", "new_password", "password_changed",
                                  *ABOUT_SIGNING_IN}
    assert builders(of_corrections) == {"edition_superseded", "entry_concerned"}, "tests/rooms/test_corrections.py"


@pytest.mark.parametrize("kind", TO_SIGNERS)
def test_a_mail_to_a_signer_says_why_it_comes_and_has_its_link(endorsement: Endorsement, kind: str) -> None:
    make, subject, links = TO_SIGNERS[kind]
    message = make(endorsement)
    assert message.subject.startswith(subject)
    assert message.text.startswith("You get this because ")
    assert "Protect the hospitals" in message.text or kind == "link_again"
    for body in (message.text, re.sub(r">https?://[^<]*<", "><", message.html)):
        assert len(LINK.findall(body)) == links
        assert all(link.startswith("https://letters.test/") for link in LINK.findall(body))
    assert_small_and_quiet(message, "en", "ltr")


@pytest.mark.parametrize("kind", sorted(set(TO_SIGNERS) - TO_COORDINATORS))
def test_a_mail_goes_in_the_language_the_letter_was_read_in(room: Flask, kind: str) -> None:
    cast.staff()
    letter = cast.draft_letter()
    with unit_of_work():
        translating.write(cast.actor(cast.NADIA), letter, "ar", subject="احموا المستشفيات",
                          body="نطلب من المجلس أن يتحرك.\n")
        letters.publish(cast.actor(cast.NADIA), letter)
        letters.open_letter(cast.actor(cast.NADIA), letter, deadline_at=cast.DEADLINE, zone="UTC")
    made = cast.approved(letter, "شبكة المرأة السورية", who=cast.contact(language="ar"))
    message = TO_SIGNERS[kind][0](made)
    assert message.language == "ar"
    assert_small_and_quiet(message, "ar", "rtl")


@pytest.mark.parametrize("make", [
    lambda person: to_staff.enrolment(person, SECRET), lambda person: to_staff.new_password(person, SECRET),
    to_staff.password_changed], ids=["enrolment", "new_password", "password_changed"])
def test_a_mail_to_staff_says_why_it_comes_and_has_its_link(room: Flask, make: Callable[..., Message]) -> None:
    cast.staff()
    message = make(person_by_email(cast.JONAS))
    assert message.to == cast.JONAS
    assert message.text.startswith("You get this because ")
    assert len(LINK.findall(message.text)) == 1
    assert LINK.findall(message.text)[0].startswith("https://letters.test/account/")
    assert_small_and_quiet(message, "en", "ltr")


#: Mails about factors and addresses: how each is made, to whom, and how many links it has.
ABOUT_SIGNING_IN: dict[str, tuple[Callable[[Person], Message], str, int]] = {
    "app_set_up": (to_staff.app_set_up, cast.JONAS, 1),
    "app_removed": (to_staff.app_removed, cast.JONAS, 1),
    "passkey_added": (lambda person: to_staff.passkey_added(person, "Phone"), cast.JONAS, 1),
    "passkey_removed": (lambda person: to_staff.passkey_removed(person, "Phone"), cast.JONAS, 1),
    "recovery_codes_made": (to_staff.recovery_codes_made, cast.JONAS, 1),
    "recovery_code_used": (lambda person: to_staff.recovery_code_used(person, 1), cast.JONAS, 1),
    "second_factor_reset": (to_staff.second_factor_reset, cast.JONAS, 1),
    "confirm_address": (lambda person: to_staff.confirm_address(person, "new@ngo.example", SECRET),
                        "new@ngo.example", 1),
    "address_change_asked": (lambda person: to_staff.address_change_asked(person, "new@ngo.example", SECRET),
                             cast.JONAS, 1),
    "address_changed": (lambda person: to_staff.address_changed(person, "old@ngo.example"), "old@ngo.example", 0),
}


def test_mails_about_signing_in_go_to_the_right_address_and_say_why_they_come(room: Flask) -> None:
    cast.staff()
    for kind, (make, to, links) in ABOUT_SIGNING_IN.items():
        message = make(person_by_email(cast.JONAS))  # type: ignore[arg-type]
        assert message.to == to, kind
        assert message.text.startswith("You get this because "), kind
        assert len(LINK.findall(message.text)) == links, kind
        assert all(link.startswith("https://letters.test/account/") for link in LINK.findall(message.text)), kind
        assert_small_and_quiet(message, "en", "ltr")


def assert_small_and_quiet(message: Message, language: str, direction: str) -> None:
    """The HTML says its language and direction, fetches nothing, and is small; so does the text."""
    assert message.html.startswith("<!doctype html>")
    assert f'<html lang="{language}" dir="{direction}">' in message.html
    assert not re.search(r"<(img|script|link|iframe|object)|src=|url\(|@import", message.html, re.IGNORECASE)
    assert "None" not in message.text and "{{" not in message.text + message.html
    assert len(message.html) < 8_000
    assert message.text.endswith("\n") and "\n\n\n" not in message.text
    assert "Test Coalition" in message.text and "Test Coalition" in message.html


@pytest.mark.parametrize("name", ["<script>alert(1)</script> NGO", "{{7*7}} & Sons", "%s%n Trust",
                                  '"><img src=x onerror=alert(1)>'])
def test_a_name_is_shown_literally(room: Flask, name: str) -> None:
    cast.staff()
    made = cast.approved(cast.open_letter(), name)
    message = messages.approved(made, SECRET)
    assert name in message.text
    assert name not in message.subject
    assert "<script" not in message.html and "<img" not in message.html and "49" not in message.html


def test_reasons_are_shown_literally(endorsement: Endorsement) -> None:
    message = messages.returned(endorsement, SECRET, "<b>Use</b> the full name & town.")
    assert "<b>Use</b> the full name & town." in message.text
    assert "&lt;b&gt;Use&lt;/b&gt; the full name &amp; town." in message.html


@pytest.mark.parametrize("visibility", ["recipients", "withheld"])
def test_who_is_not_public_gets_no_words_to_share_and_no_name_in_the_mail(room: Flask, visibility: str) -> None:
    cast.staff()
    made = cast.approved(cast.open_letter(), "Quiet Body", visibility=visibility)
    message = messages.approved(made, SECRET)
    assert "Quiet Body" not in message.text + message.html + message.subject
    assert "share" not in message.text


def test_no_subject_and_no_mail_to_coordinators_names_who_signs(endorsement: Endorsement) -> None:
    for make, _subject, _links in TO_SIGNERS.values():
        assert "Harbour" not in make(endorsement).subject
    for kind in TO_COORDINATORS:
        mail = TO_SIGNERS[kind][0](endorsement)
        assert "Harbour" not in mail.text + mail.html


def test_f10_a_mail_to_a_withheld_signer_says_nothing_of_what_it_is_about(room: Flask) -> None:
    """Not letter, organisation, line or coalition: not in subject, sender, first line, text, headers, Message-ID."""
    cast.staff()
    made = cast.approved(cast.open_letter(), "CNRY-7f3a Body", visibility="withheld")
    room.config["MAIL_FROM"] = "Test Coalition <letters@coalition.example>"
    makes = {**TO_SIGNERS, "taken_off": (lambda made: messages.taken_off(made, SECRET), "", 1)}
    for kind in sorted(set(makes) - TO_COORDINATORS - {"authority_asked"}):
        message = makes[kind][0](made)
        with unit_of_work():
            outbox.put(message)
        kept = db.session.query(OutboxMail).filter_by(key=message.key).one()
        raw = compose(kept, room.config["MAIL_FROM"]).content.decode() + message.text + message.html
        for said in ("hospitals", "CNRY", "Coalition", "sign", "letter ", "Rana", "misspelt"):
            assert said not in raw, (kind, said)
        assert message.subject == "There is something new for you"
        assert (SECRET in message.text) == bool(makes[kind][2]), "the way to the page is there"
    asked = messages.authority_asked(_named(made), SECRET)
    assert "hospitals" not in asked.text + asked.html and "CNRY" not in asked.text


def test_one_mail_for_one_act_and_another_for_the_next(room: Flask) -> None:
    cast.staff()
    letter = cast.open_letter()
    made = cast.sign(letter)
    assert made is not None
    first = confirmation.confirm(made, "a" * 40)
    assert first.key == confirmation.confirm(made, "a" * 40).key != confirmation.confirm(made, "b" * 40).key
    made = cast.confirm(made)
    for moment, mails in ((cast.MORNING, 0), (cast.DEADLINE - timedelta(hours=24), 1)):
        with cast.clock.fixed(moment), unit_of_work():
            operations.tell_coordinators(operations.get(made.id))
            operations.tell_coordinators(operations.get(made.id))
        told = [mail.subject for mail in cast.mails_to(cast.NADIA)]
        assert told.count("Review: signatures are waiting") == mails
