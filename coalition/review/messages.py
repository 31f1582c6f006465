"""The mails that tell coordinators what waits. They hold numbers, never names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from coalition.accounts.models import Person
from coalition.audit.chain import Head
from coalition.config import public_url
from coalition.i18n import gettext as _
from coalition.i18n import ngettext
from coalition.letters.models import Letter
from coalition.mail.message import Message
from coalition.mail.writing import Parts, in_full, speaking, write

#: So many digits of a hash stand in a mail: enough, and short enough to be read out.
NOTED_DIGITS = 24


@dataclass(frozen=True, slots=True)
class News:
    """What happened around one letter since the last digest, and what waits on it now."""

    letter: Letter
    came: int = 0
    changed: int = 0
    withdrawn: int = 0
    waiting: int = 0
    overdue: int = 0
    was_closed: bool = False
    closes_soon: bool = False

    @property
    def is_worth_a_mail(self) -> bool:
        return bool(self.came or self.changed or self.withdrawn or self.was_closed or self.closes_soon)


def digest(person: Person, news: Sequence[News], day: str, log: Head) -> Message:
    """What came and what waits on all letters of one coordinator, once a day; and how far the audit log goes: whoever
    changed it later would have to change this mail in every mailbox too."""
    with speaking(person.language) as language:
        parts = Parts(
            subject=_("Review: the news of the day"),
            why=_("You get this because you coordinate letters here. It comes once a day, if something happened."),
            paragraphs=tuple(_paragraph(item) for item in news),
            action=(_("Open your letters"), public_url("/coordinator")),
            after=(_("Audit log: entry %(number)s, hash %(hash)s. Nothing to do: keeping this mail is enough to "
                     "prove later that the log was not rewritten.", number=log.sequence,
                     hash=log.hash[:NOTED_DIGITS]),))
        text, html = write(parts, language)
    return Message(key=f"digest:{day}:{person.id}", to=person.email, subject=parts.subject, text=text, html=html,
                   language=language, about=f"person:{person.id}")


def waiting_too_long(person: Person, letter: Letter, number: int, day: str) -> Message:
    """Tells that signatures have waited for two days."""
    with speaking(person.language) as language:
        parts = Parts(
            subject=_("Review: signatures have waited for two days"),
            why=_("You get this because you coordinate the letter “%(letter)s”.", letter=letter.subject),
            paragraphs=(ngettext("%(num)s signature has waited for a decision for more than 48 hours.",
                                 "%(num)s signatures have waited for a decision for more than 48 hours.", number),
                        _("You are told once about each. If you are away, name somebody to stand in for you.")),
            action=(_("Open the queue"), public_url(f"/coordinator/letters/{letter.slug}/queue")))
        text, html = write(parts, language)
    return Message(key=f"overdue:{letter.id}:{day}:{person.id}", to=person.email, subject=parts.subject, text=text,
                   html=html, language=language, about=f"person:{person.id}", letter_id=letter.id)


def _paragraph(news: News) -> str:
    """The sentences about one letter; each says one number."""
    told = [
        (news.came, ngettext("%(num)s signature came in.", "%(num)s signatures came in.", news.came)),
        (news.changed, ngettext("%(num)s change was asked for.", "%(num)s changes were asked for.", news.changed)),
        (news.withdrawn, ngettext("%(num)s signature was withdrawn.", "%(num)s signatures were withdrawn.",
                                  news.withdrawn)),
        (True, ngettext("%(num)s waits for a decision.", "%(num)s wait for a decision.", news.waiting)
         if news.waiting else _("Nothing waits for a decision.")),
        (news.overdue, ngettext("%(num)s of them has waited for more than 48 hours.",
                                "%(num)s of them have waited for more than 48 hours.", news.overdue)),
        (news.was_closed, _("The letter is closed.")),
        (news.letter.state == "open" and news.letter.deadline_at, _deadline(news.letter)),
    ]
    return " ".join((_("“%(letter)s”:", letter=news.letter.subject), *(words for says, words in told if says)))


def _deadline(letter: Letter) -> str:
    if letter.deadline_at is None:
        return ""
    return _("It can be signed until %(day)s, %(time)s UTC.", day=in_full(letter.deadline_at.date()),
             time=f"{letter.deadline_at:%H:%M}")
