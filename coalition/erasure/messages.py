"""The mail that tells a team that the personal data of its letter will be erased."""

from __future__ import annotations

from datetime import datetime

from coalition.accounts.models import Person
from coalition.config import public_url
from coalition.i18n import gettext as _
from coalition.letters.models import Letter
from coalition.mail.message import Message
from coalition.mail.writing import Parts, in_full, speaking, write


def will_be_erased(person: Person, letter: Letter, due: datetime) -> Message:
    """Told once, a month before."""
    with speaking(person.language) as language:
        parts = Parts(
            subject=_("Personal data of a letter will be erased"),
            why=_("You get this because you are on the team of the letter “%(letter)s”.", letter=letter.subject),
            paragraphs=(
                _("The letter ended some time ago. On %(day)s everything personal about it is erased: contacts of "
                  "signers, evidence, notes, mails, names that are printed nowhere, and reasons that were given.",
                  day=in_full(due.date())),
                _("The text, the editions with the names they print, the numbers and the audit log stay. If you still "
                  "need something, save it before that day. A letter that is opened again is not erased.")),
            action=(_("Open the letter"), public_url(f"/coordinator/letters/{letter.slug}")))
        text, html = write(parts, language)
    # About the person, not the letter: this mail must not be emptied by what it tells of.
    return Message(key=f"erasure:{letter.id}:{due.date().isoformat()}:{person.id}", to=person.email,
                   subject=parts.subject, text=text, html=html, language=language, about=f"person:{person.id}")
