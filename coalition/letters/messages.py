"""The mails about work on a letter."""

from __future__ import annotations

from coalition.accounts.models import Person
from coalition.config import public_url
from coalition.i18n import gettext as _
from coalition.letters.models import Deputy, Letter
from coalition.mail.message import Message
from coalition.mail.writing import Parts, in_full, speaking, write


def deputy_named(letter: Letter, person: Person, deputy: Person, made: Deputy) -> Message:
    """Tells somebody that they stand in for a coordinator, from when to when."""
    with speaking(deputy.language) as language:
        parts = Parts(
            subject=_("Stand in for a coordinator"),
            why=_("You get this because you were named to stand in for %(name)s, who coordinates the letter "
                  "“%(letter)s”.", name=person.name, letter=letter.subject),
            paragraphs=(_("From %(first)s until %(last)s you can do on this letter what a coordinator does, and you "
                          "get the daily mail about it. It ends by itself.", first=in_full(made.starts_at.date()),
                          last=in_full(made.ends_at.date())),
                        _("You do not decide on an organisation you act for: another coordinator does.")),
            action=(_("Open the letter"), public_url(f"/coordinator/letters/{letter.slug}")))
        text, html = write(parts, language)
    return Message(key=f"deputy:{made.id}", to=deputy.email, subject=parts.subject, text=text, html=html,
                   language=language, about=f"person:{deputy.id}", letter_id=letter.id)
