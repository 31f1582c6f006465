"""The mails this room sends."""

from __future__ import annotations

from flask_babel import force_locale

from coalition.accounts.models import Person
from coalition.config import public_url, setting
from coalition.i18n import gettext as _
from coalition.mail.message import Message
from coalition.mail.writing import Parts, write


def enrolment_url(secret: str) -> str:
    return public_url(f"/account/enrol/{secret}")


def enrolment(person: Person, secret: str) -> Message:
    """Invites a member of staff to set a password."""
    with force_locale("en"):
        parts = Parts(
            subject=_("Set your password for %(site)s", site=setting("COALITION_NAME")),
            why=_("You get this because somebody invited you to work on joint letters."),
            paragraphs=(_("Set a password to come in. The link is good for 72 hours and for one use."),),
            action=(_("Set a password"), enrolment_url(secret)),
            after=(_("If you did not expect this, do nothing: without the link nobody comes in."),),
        )
        text, html = write(parts, "en")
    return Message(key=f"enrol:{secret[:16]}", to=person.email, subject=parts.subject, text=text, html=html,
                   about=f"person:{person.id}")
