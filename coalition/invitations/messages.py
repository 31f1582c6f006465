"""The mails that invite and remind. Each carries one link to sign by and one to hear no more."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask_babel import format_datetime

from coalition.config import public_url, setting
from coalition.i18n import gettext as _
from coalition.invitations.models import Invitation
from coalition.letters.models import Letter
from coalition.mail.message import Message
from coalition.mail.writing import Parts, speaking, write


def invitation_url(secret: str) -> str:
    return public_url(f"/member/invitations/{secret}")


def stop_url(secret: str) -> str:
    return public_url(f"/member/no-reminders/{secret}")


def invitation(invited: Invitation, secret: str, stop: str) -> Message:
    """Asks an organisation to sign."""
    with speaking(invited.language, invited.letter.language) as language:
        parts = Parts(
            subject=_("Please sign a joint letter with your organisation"),
            why=_("You get this because %(sender)s asks %(organisation)s to sign the letter “%(letter)s”.",
                  sender=setting("COALITION_NAME"), organisation=invited.organisation,
                  letter=_subject_of(invited.letter, invited.language)),
            paragraphs=(
                _("This link is yours alone. Behind it you read the letter, see how your organisation would be "
                  "printed, and sign with one tick and one button; no account is needed. Opening it signs nothing."),
                _("The letter can be signed until %(moment)s.", moment=_deadline_of(invited.letter))),
            action=(_("Read the letter and sign"), invitation_url(secret)),
            after=_ways_out(stop))
        return _message(invited, f"invitation:{secret[:12]}", parts, stop, language)


def reminder(invited: Invitation, secret: str, stop: str) -> Message:
    """Asks once more. Links in earlier mails go on working."""
    with speaking(invited.language, invited.letter.language) as language:
        last = invited.reminders + 1 >= 3
        parts = Parts(
            subject=_("Reminder: a joint letter waits for your organisation"),
            why=_("You get this because %(sender)s asked %(organisation)s to sign the letter “%(letter)s”, and no "
                  "answer has come yet.", sender=setting("COALITION_NAME"), organisation=invited.organisation,
                  letter=_subject_of(invited.letter, invited.language)),
            paragraphs=(
                _("If you would like to sign, you can do so until %(moment)s, with one tick and one button.",
                  moment=_deadline_of(invited.letter)),
                _("This is the last reminder.") if last
                else _("If you do not want to sign, you need not do anything.")),
            action=(_("Read the letter and sign"), invitation_url(secret)),
            after=_ways_out(stop))
        return _message(invited, f"reminder:{secret[:12]}", parts, stop, language)


def _ways_out(stop: str) -> tuple[str, ...]:
    return (_("If somebody else signs for your organisation, pass this mail on to them only."),
            _("No more reminders, or have your contact details erased: %(address)s", address=stop_url(stop)))


def _deadline_of(letter: Letter) -> str:
    """The deadline in the letter's own zone, in words."""
    if letter.deadline_at is None:
        raise ValueError("an open letter has a deadline")
    local = letter.deadline_at.astimezone(ZoneInfo(letter.deadline_zone)).replace(tzinfo=None)
    return f"{format_datetime(local, 'd MMMM yyyy, HH:mm', rebase=False)} ({letter.deadline_zone})"


def _subject_of(letter: Letter, language: str) -> str:
    version = letter.published
    if version is None:
        return letter.subject
    translation = version.translation(language)
    return translation.subject if translation is not None else version.subject


def _message(invited: Invitation, key: str, parts: Parts, stop: str, language: str) -> Message:
    text, html = write(parts, language)
    return Message(key=f"{key}:{invited.public_id}"[:120], to=invited.email, subject=parts.subject, text=text,
                   html=html, language=language, about=invited.about, letter_id=invited.letter_id,
                   unsubscribe=stop_url(stop))
