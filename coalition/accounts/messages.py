"""The mails this room sends."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from coalition.accounts.models import Person
from coalition.audit.chain import Broken
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


def log_is_broken(person: Person, broken: Broken, day: str) -> Message:
    """Tells an administrator that the audit log does not hold together any more."""
    return _message(f"audit-broken:{day}:{person.id}", person, lambda: Parts(
        subject=_("The audit log is not whole"),
        why=_("You get this because you administer this installation."),
        paragraphs=(_("The audit log was read again from its first entry, and entry %(number)s does not fit: "
                      "%(reason)s.", number=broken.sequence, reason=broken.reason),
                    _("Either the database was changed past the program, or it was put back from a backup that is "
                      "older than what we remember of it. Keep a copy of the database as it is, and compare it with "
                      "a backup before anything else.")),
        action=(_("Open the audit log"), public_url("/admin/audit"))))


def _message(key: str, person: Person, parts: Callable[[], Parts]) -> Message:
    with speaking(person.language) as language:
        made = parts()
        text, html = write(made, language)
    return Message(key=key, to=person.email, subject=made.subject, text=text, html=html, language=language,
                   about=f"person:{person.id}")
