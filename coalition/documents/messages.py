"""The mails about editions that were made unattended. They name nobody, nor say why anybody left."""

from __future__ import annotations

from collections.abc import Callable

from coalition.accounts.models import Person
from coalition.config import public_url
from coalition.i18n import gettext as _
from coalition.letters.models import Letter
from coalition.mail.message import Message
from coalition.mail.writing import Parts, speaking, write


def replaced(letter: Letter, person: Person, edition_id: int) -> Message:
    """Tells a coordinator that a new public edition was made by itself."""
    return _message(letter, person, f"replaced:{edition_id}:{person.id}", lambda: Parts(
        subject=_("A new public edition was made"),
        why=_why(letter),
        paragraphs=(_("The list has changed, so the public file made before is no longer handed out. A new public "
                      "edition was made by itself, without anybody’s help, and is handed out now."),
                    _("If you handed the earlier edition over to anybody, decide whether they get the new one.")),
        action=(_("Look at the editions"), _address(letter))))


def not_replaced(letter: Letter, person: Person, day: str, error: str) -> Message:
    """Tells a coordinator, once a day, that no new public edition could be made by itself, and why."""
    return _message(letter, person, f"not-replaced:{letter.id}:{day}:{person.id}", lambda: Parts(
        subject=_("A public edition needs you"),
        why=_why(letter),
        paragraphs=(_("The list has changed, so the public file made before is no longer handed out. A new one could "
                      "not be made by itself:"), error,
                    _("It is tried again by itself for a day. Until there is one, visitors see the list on the "
                      "letter’s page and are given no file.")),
        action=(_("Look at the editions"), _address(letter))))


def _why(letter: Letter) -> str:
    return _("You get this because you coordinate the letter “%(letter)s”.", letter=letter.subject)


def _address(letter: Letter) -> str:
    return public_url(f"/secretariat/letters/{letter.slug}")


def _message(letter: Letter, person: Person, key: str, parts: Callable[[], Parts]) -> Message:
    with speaking(person.language) as language:
        made = parts()
        text, html = write(made, language)
    return Message(key=key, to=person.email, subject=made.subject, text=text, html=html, language=language,
                   about=f"person:{person.id}", letter_id=letter.id)
