"""What is done with members of staff: invite, enrol, end and restore their access."""

from __future__ import annotations

import secrets

from email_validator import EmailNotValidError, validate_email
from flask_security import hash_password, verify_password

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.access.predicates import Subject
from coalition.accounts import links, messages, queries
from coalition.accounts.models import Link, Person
from coalition.audit import chain
from coalition.config import languages_offered, setting
from coalition.db import db
from coalition.errors import Invalid, NotPermitted, WrongState
from coalition.i18n import gettext as _
from coalition.late import late
from coalition.mail import outbox

zxcvbn = late("zxcvbn")

PASSWORD_LENGTH = (15, 256)
#: Guessing is weighed from 0 to 4, over the characters that are weighed at all.
_HARD_TO_GUESS, _LOOKED_AT = 3, 72


def clean_address(address: str) -> str:
    """An e-mail address in its normal form. Raises `Invalid` with what is wrong with it."""
    try:
        return validate_email(address.strip(), check_deliverability=False).normalized
    except EmailNotValidError as reason:
        message = _("Enter an e-mail address in the correct format, like name@example.org.")
        raise Invalid(message, {"email": message}) from reason


def invite(actor: Actor, *, name: str, email: str, administrator: bool = False, coordinator: bool = False) -> str:
    """Invite a member of staff; the link is mailed and also returned, for the command line.

    Raises `Invalid` if somebody with this address is there already.
    """
    demand(actor, Permission.PEOPLE_MANAGE, Subject())
    address = clean_address(email)
    if queries.person_by_email(address):
        raise Invalid(_("Somebody with this address is here already."),
                      {"email": _("Somebody with this address is here already.")})
    person = Person(name=name.strip() or address, email=address, is_administrator=administrator,
                    is_coordinator=coordinator, active=True, fs_uniquifier=secrets.token_hex(32),
                    created_at=clock.now())
    db.session.add(person)
    db.session.flush()
    chain.record(actor, "person.invited", "person", person.id, administrator=administrator,
                 coordinator=coordinator)
    return _send_enrolment(person)


def invite_again(actor: Actor, person: Person) -> str:
    """Mail a new enrolment link; the old ones end."""
    demand(actor, Permission.PEOPLE_MANAGE, Subject())
    if person.password:
        raise WrongState(_("This person has come in already: they can ask for a new password themselves."))
    links.revoke(f"person:{person.id}", links.Purpose.ENROL)
    chain.record(actor, "link.sent", "person", person.id, purpose="enrol")
    return _send_enrolment(person)


def enrol(link: Link, password: str) -> Person:
    """Set the first password by an enrolment link. Raises `Invalid` for a bad password, `WrongState` for somebody
    who has one by now."""
    person = db.session.get_one(Person, links.person_of(link))
    if person.password:
        raise WrongState(_("You have a password already: sign in with it, or ask for a new one."))
    check_password(password, person)
    links.use_up(link)
    person.password = hash_password(password)
    person.fs_uniquifier = secrets.token_hex(32)
    chain.record(queries.actor_for(person), "person.enrolled", "person", person.id)
    return person


def choose_language(actor: Actor, person: Person, language: str) -> None:
    """Keep the language of the person's pages and mails. Raises `NotPermitted` for anybody else, `Invalid` for a
    language that is not offered."""
    if actor.person_id != person.id:
        raise NotPermitted(_("Everybody chooses their own language."))
    if language not in languages_offered():
        message = _("Choose one of the languages.")
        raise Invalid(message, {"language": message})
    person.language = language
    chain.record(actor, "person.language_chosen", "person", person.id, language=language)


def change_rights(actor: Actor, person: Person, *, administrator: bool, coordinator: bool) -> None:
    """Say what a person may do in the whole installation; losing a right ends their sessions. Raises `WrongState`
    for the last administrator."""
    demand(actor, Permission.PEOPLE_MANAGE, Subject())
    if (administrator, coordinator) == (person.is_administrator, person.is_coordinator):
        return
    loses = (person.is_administrator and not administrator) or (person.is_coordinator and not coordinator)
    if person.is_administrator and not administrator:
        _require_another_administrator(person)
    person.is_administrator, person.is_coordinator = administrator, coordinator
    if loses:
        end_sessions(person)
    chain.record(actor, "person.rights_changed", "person", person.id, administrator=administrator,
                 coordinator=coordinator)


def end_sessions(person: Person) -> None:
    """End all sessions of the person, in every browser."""
    person.fs_uniquifier = secrets.token_hex(32)


def note_new_password(person: Person, *, forgotten: bool) -> None:
    """Keep in the log, and tell the person, that the password is another one; sign-in itself has changed it."""
    chain.record(queries.actor_for(person), "person.password_changed", "person", person.id, forgotten=forgotten)
    outbox.put(messages.password_changed(person))


def end_access(actor: Actor, person: Person, reason: str) -> None:
    """End a person's access and every session of theirs. Raises `WrongState` for the last administrator."""
    demand(actor, Permission.PEOPLE_MANAGE, Subject())
    _require_another_administrator(person)
    person.active = False
    end_sessions(person)
    links.revoke(f"person:{person.id}", links.Purpose.ENROL, links.Purpose.NEW_ADDRESS, links.Purpose.KEEP_ADDRESS)
    chain.record(actor, "person.access_ended", "person", person.id, private={"reason": reason})


def restore_access(actor: Actor, person: Person) -> None:
    """Let a person in again."""
    demand(actor, Permission.PEOPLE_MANAGE, Subject())
    person.active = True
    chain.record(actor, "person.access_restored", "person", person.id)


def password_is_right(person: Person, password: str) -> bool:
    """Whether this is the person's password."""
    return bool(person.password) and len(password) <= PASSWORD_LENGTH[1] and bool(
        verify_password(password, person.password))


def check_password(password: str, person: Person) -> None:
    """Raise `Invalid` with what is wrong: too short, too long, easily guessed, or made of the person's own name or
    address or the site's."""
    shortest, longest = PASSWORD_LENGTH
    folded, problem = password.casefold(), ""
    if not shortest <= len(password) <= longest:
        problem = _("Use %(shortest)s to %(longest)s characters: a few words in a row are easy to remember.",
                    shortest=shortest, longest=longest)
    elif len(set(folded)) < 6:
        problem = _("Use more different characters: this one is easy to guess.")
    elif any(word in folded for word in _own_words(person)):
        problem = _("Do not use your own name, your address or the name of this site in the password.")
    elif zxcvbn.zxcvbn(password[:_LOOKED_AT], max_length=_LOOKED_AT)["score"] < _HARD_TO_GUESS:
        problem = _("This password is a common one, or close to one. Put words together that nobody else would.")
    if problem:
        raise Invalid(problem, {"password": problem})


def _require_another_administrator(person: Person) -> None:
    if person.is_administrator and queries.count_active_administrators() <= 1:
        raise WrongState(_("This is the last administrator: make somebody else one first."))


def _own_words(person: Person) -> list[str]:
    words = [*person.name.casefold().split(), person.email.casefold().partition("@")[0],
             *str(setting("COALITION_NAME")).casefold().split()]
    return [word for word in words if len(word) >= 4]


def _send_enrolment(person: Person) -> str:
    secret = links.make(links.Purpose.ENROL, f"person:{person.id}", person.email)
    outbox.put(messages.enrolment(person, secret))
    return messages.enrolment_url(secret)
