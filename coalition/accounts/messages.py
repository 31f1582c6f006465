"""The mails this room sends."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from coalition.accounts.models import Person
from coalition.config import public_url, setting
from coalition.i18n import gettext as _
from coalition.mail.message import Message
from coalition.mail.writing import Parts, speaking, write


def enrolment_url(secret: str) -> str:
    return public_url(f"/account/enrol/{secret}")


def enrolment(person: Person, secret: str) -> Message:
    """Invites a member of staff to set a password."""
    return _message(f"enrol:{secret[:16]}", person, lambda: Parts(
        subject=_("Set your password for %(site)s", site=setting("COALITION_NAME")),
        why=_("You get this because somebody invited you to work on joint letters."),
        paragraphs=(_("Set a password to come in. The link is good for 72 hours and for one use."),),
        action=(_("Set a password"), enrolment_url(secret)),
        after=(_("If you did not expect this, do nothing: without the link nobody comes in."),)))


def new_password(person: Person, token: str) -> Message:
    """The way to a new password, for somebody who forgot theirs."""
    return _message(f"reset:{secrets.token_hex(8)}", person, lambda: Parts(
        subject=_("Choose a new password"),
        why=_("You get this because a new password for this address was asked for."),
        paragraphs=(_("The link is good for half an hour and for one use."),),
        action=(_("Choose a new password"), public_url(f"/account/reset/{token}")),
        after=(_("If you did not ask for it, do nothing: your password stays as it is."),)))


def password_changed(person: Person) -> Message:
    """Tells that the password was changed, in case it was not the person's own doing."""
    return _message(f"password:{secrets.token_hex(8)}", person, lambda: Parts(
        subject=_("Your password was changed"),
        why=_("You get this because the password of your account was changed just now."),
        paragraphs=(_("All browsers you were signed in with were signed out. If it was you, there is nothing to do. "
                      "If it was not, choose a new password at once and tell an administrator."),),
        action=(_("I did not do this"), public_url("/account/reset"))))


def _message(key: str, person: Person, parts: Callable[[], Parts]) -> Message:
    with speaking(person.language) as language:
        made = parts()
        text, html = write(made, language)
    return Message(key=key, to=person.email, subject=made.subject, text=text, html=html, language=language,
                   about=f"person:{person.id}")
