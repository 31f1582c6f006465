"""The mails this room sends."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from coalition.accounts.models import Person
from coalition.audit.chain import Broken
from coalition.config import public_url, setting
from coalition.i18n import gettext as _
from coalition.i18n import ngettext
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


def confirm_address(person: Person, address: str, secret: str) -> Message:
    """Asks a new sign-in address whether it is the person's."""
    return _message(f"new-address:{secret[:16]}", person, lambda: Parts(
        subject=_("Confirm your new sign-in address"),
        why=_("You get this because somebody wants to sign in to %(site)s with this address from now on.",
              site=setting("COALITION_NAME")),
        paragraphs=(_("Until you confirm it, nothing changes. The link is good for 24 hours and for one use."),),
        action=(_("Look at the change"), public_url(f"/account/address/confirm/{secret}")),
        after=(_("If you did not ask for it, do nothing: without the link nothing changes."),)), to=address)


def address_change_asked(person: Person, address: str, secret: str) -> Message:
    """Tells the old sign-in address that another one was asked for, while it can be called off."""
    return _message(f"keep-address:{secret[:16]}", person, lambda: Parts(
        subject=_("Somebody asked to change your sign-in address"),
        why=_("You get this because another address was given for signing in to your account."),
        paragraphs=(_("The new address would be %(address)s. If it was you, there is nothing to do here: confirm it by "
                      "the mail that went there.", address=address),
                    _("If it was not you, call it off within 24 hours, choose a new password and tell an "
                      "administrator.")),
        action=(_("Call the change off"), public_url(f"/account/address/keep/{secret}"))))


def address_changed(person: Person, old: str) -> Message:
    """Tells the old address that it is no longer the one to sign in with."""
    return _message(f"address:{secrets.token_hex(8)}", person, lambda: Parts(
        subject=_("Your sign-in address was changed"),
        why=_("You get this because this address was the one of your account until now."),
        paragraphs=(_("From now on you sign in with %(address)s. If that was not your doing, tell an administrator at "
                      "once.", address=person.email),)), to=old)


def app_set_up(person: Person) -> Message:
    return _factor_changed(person, lambda: _("An authenticator app was set up for your account"), lambda: _(
        "From now on, signing in with your password also asks for a code of the app."))


def app_removed(person: Person) -> Message:
    return _factor_changed(person, lambda: _("The authenticator app was removed from your account"), lambda: _(
        "Its codes are no longer asked for and no longer accepted."))


def passkey_added(person: Person, name: str) -> Message:
    return _factor_changed(person, lambda: _("A passkey was added to your account"), lambda: _(
        "Its name is “%(name)s”. It signs in without a password.", name=name))


def passkey_removed(person: Person, name: str) -> Message:
    return _factor_changed(person, lambda: _("A passkey was removed from your account"), lambda: _(
        "Its name was “%(name)s”. It is no longer accepted.", name=name))


def recovery_codes_made(person: Person) -> Message:
    return _factor_changed(person, lambda: _("New recovery codes were made for your account"), lambda: _(
        "All codes from before have stopped working."))


def recovery_code_used(person: Person, left: int) -> Message:
    return _factor_changed(person, lambda: _("A recovery code was used for your account"), lambda: ngettext(
        "%(num)s code is left. When you have few, make new ones in your account.",
        "%(num)s codes are left. When you have few, make new ones in your account.", left))


def second_factor_reset(person: Person) -> Message:
    return _factor_changed(person, lambda: _("Your second factor was reset"), lambda: _(
        "App, passkeys and recovery codes are forgotten, and you are signed out everywhere. Your password stays as it "
        "is. Sign in with it and set up a new second factor."))


def _factor_changed(person: Person, subject: Callable[[], str], what: Callable[[], str]) -> Message:
    """Tells what became of a second factor, in case it was not the person's own doing."""
    return _message(f"factor:{secrets.token_hex(8)}", person, lambda: Parts(
        subject=subject(),
        why=_("You get this because something changed about how you sign in."),
        paragraphs=(what(), _("If it was not you, tell an administrator at once and choose a new password.")),
        action=(_("Look at your account"), public_url("/account/second-factor"))))


def _message(key: str, person: Person, parts: Callable[[], Parts], *, to: str = "") -> Message:
    with speaking(person.language) as language:
        made = parts()
        text, html = write(made, language)
    return Message(key=key, to=to or person.email, subject=made.subject, text=text, html=html, language=language,
                   about=f"person:{person.id}")
