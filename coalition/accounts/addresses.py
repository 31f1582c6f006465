"""Another sign-in address: asked for, confirmed at the new one, called off from the old one."""

from __future__ import annotations

from coalition.access.actor import Actor
from coalition.accounts import links, messages, queries
from coalition.accounts.links import Purpose
from coalition.accounts.models import Link, Person
from coalition.accounts.operations import clean_address, end_sessions
from coalition.audit import chain
from coalition.db import db
from coalition.errors import Invalid, LinkNotValid, NotPermitted
from coalition.i18n import gettext as _
from coalition.mail import outbox


def ask_for_change(actor: Actor, person: Person, address: str) -> None:
    """Mail a link to the new address and a word to the old one; until the link is used nothing changes. An address
    that somebody else signs in with is answered alike and gets no mail.

    Raises `NotPermitted` for anybody else's address, `Invalid` for one that cannot be.
    """
    if actor.person_id != person.id:
        raise NotPermitted(_("Everybody changes their own sign-in address."))
    wanted = clean_address(address)
    if wanted.casefold() == person.email.casefold():
        message = _("This is your address already.")
        raise Invalid(message, {"email": message})
    _revoke(person)
    chain.record(actor, "person.address_change_asked", "person", person.id, private={"address": wanted})
    if queries.person_by_email(wanted) is None:
        secret = links.make(Purpose.NEW_ADDRESS, f"person:{person.id}", wanted)
        outbox.put(messages.confirm_address(person, wanted, secret))
    keep = links.make(Purpose.KEEP_ADDRESS, f"person:{person.id}", person.email, data=wanted)
    outbox.put(messages.address_change_asked(person, wanted, keep))


def confirm_change(link: Link) -> Person:
    """Sign in with the address that the link was mailed to from now on; all sessions end.

    Raises `LinkNotValid` also when somebody else took the address meanwhile, or the access ended.
    """
    person, address = person_of(link), link.address
    links.use_up(link)
    if not person.active or queries.person_by_email(address) is not None:
        raise LinkNotValid(_("This address cannot be taken any more. Your sign-in address stays as it is."))
    before, person.email = person.email, address
    end_sessions(person)
    _revoke(person)
    chain.record(queries.actor_for(person), "person.address_changed", "person", person.id,
                 private={"before": before, "after": address})
    outbox.put(messages.address_changed(person, before))
    return person


def call_off(link: Link) -> Person:
    """Keep the old address: the link at the new one stops working, and all sessions end, since whoever asked for
    the change sits in one of them."""
    person = person_of(link)
    links.use_up(link)
    _revoke(person)
    end_sessions(person)
    chain.record(queries.actor_for(person), "person.address_change_called_off", "person", person.id,
                 private={"address": link.data})
    return person


def person_of(link: Link) -> Person:
    """The member of staff whose address a link is about."""
    return db.session.get_one(Person, links.person_of(link))


def _revoke(person: Person) -> None:
    links.revoke(f"person:{person.id}", Purpose.NEW_ADDRESS, Purpose.KEEP_ADDRESS)
