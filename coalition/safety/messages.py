"""The mails that call coordinators to look: numbers and links, never names."""

from __future__ import annotations

from collections.abc import Callable

from coalition.accounts.models import Person
from coalition.config import public_url
from coalition.i18n import gettext as _
from coalition.i18n import ngettext
from coalition.letters.models import Letter
from coalition.mail.message import Message
from coalition.mail.writing import Parts, speaking, write


def sign_ons_kept(person: Person, letter: Letter, number: int, day: str) -> Message:
    """Tells, once a day, that sign-ons are kept aside and wait for somebody."""
    return _message(person, letter, f"kept-aside:{letter.id}:{day}:{person.id}", lambda: Parts(
        subject=_("Review: sign-ons are kept aside"),
        why=_why(letter),
        paragraphs=(ngettext("%(num)s sign-on looks suspicious and is kept aside.",
                             "%(num)s sign-ons look suspicious and are kept aside.", number),
                    _("Their senders were not told, and no mail to confirm was sent. Look through them: release those "
                      "that are real, discard the others.")),
        action=(_("Open the sign-ons"), public_url(f"/coordinator/letters/{letter.slug}/sign-ons"))))


def many_approvals(person: Person, letter: Letter, who: str, number: int, key: str) -> Message:
    """Tells the other coordinators that one of them approves a great many at once."""
    return _message(person, letter, f"{key}:{person.id}", lambda: Parts(
        subject=_("Look: many approvals in a short time"),
        why=_why(letter),
        paragraphs=(ngettext("%(who)s has approved %(num)s signature within an hour.",
                             "%(who)s has approved %(num)s signatures within an hour.", number, who=who), *_ask(who)),
        action=(_("See what happened"), public_url(f"/coordinator/letters/{letter.slug}/timeline"))))


def many_exports(person: Person, letter: Letter, who: str, number: int, key: str) -> Message:
    """Tells the coordinators that somebody of the team takes many files along that are not public."""
    return _message(person, letter, f"{key}:{person.id}", lambda: Parts(
        subject=_("Look: many files taken in a short time"),
        why=_why(letter),
        paragraphs=(ngettext("%(who)s has downloaded %(num)s file that is not public within an hour.",
                             "%(who)s has downloaded %(num)s files that are not public within an hour.", number,
                             who=who), *_ask(who)),
        action=(_("See what happened"), public_url(f"/coordinator/letters/{letter.slug}/timeline"))))


def _why(letter: Letter) -> str:
    return _("You get this because you coordinate the letter “%(letter)s”.", letter=letter.subject)


def _ask(who: str) -> tuple[str, str]:
    return (_("That may be quite in order. Ask %(who)s, by phone or in person: somebody else may be using the account.",
              who=who),
            _("If so, have an administrator end their access. Decisions can be taken back while their mails are held."))


def _message(person: Person, letter: Letter, key: str, parts: Callable[[], Parts]) -> Message:
    with speaking(person.language) as language:
        made = parts()
        text, html = write(made, language)
    return Message(key=key, to=person.email, subject=made.subject, text=text, html=html, language=language,
                   about=f"person:{person.id}", letter_id=letter.id)
