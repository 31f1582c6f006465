"""The mails about a correction. None of them names a signatory: whose entry it is about knows it, and nobody else is
told."""

from __future__ import annotations

from collections.abc import Callable

from flask_babel import force_locale, format_date

from coalition.config import public_url, setting
from coalition.corrections.models import Correction
from coalition.documents.models import Delivery
from coalition.documents.snapshot import PUBLIC
from coalition.endorsements.messages import hush, is_hushed, status_url
from coalition.endorsements.models import Endorsement
from coalition.i18n import gettext as _
from coalition.mail.message import Message
from coalition.mail.writing import Parts, write

#: How an entry is concerned.
ADDED, CORRECTED, GONE = "added", "corrected", "gone"


def edition_superseded(delivery: Delivery, correction: Correction) -> Message:
    """Tells somebody who was given the old edition that another one takes its place."""
    language, old, new = correction.letter.language, correction.old, correction.new
    with force_locale(language):
        parts = Parts(
            subject=_("The letter you were given has been corrected"),
            why=_("You get this because edition %(number)s of the open letter “%(letter)s” was handed over to you on "
                  "%(day)s.", number=old.number, letter=correction.letter.subject,
                  day=format_date(delivery.handed_over_on, "long")),
            paragraphs=(
                _("Edition %(old)s is superseded by edition %(new)s. Please use edition %(new)s only, and tell those "
                  "to whom you passed the other one on.", old=old.number, new=new.number),
                *_way_to(correction)),
            action=_action(correction),
            after=(_("Edition %(old)s begins with the hash %(old_hash)s, edition %(new)s with %(new_hash)s.",
                     old=old.number, old_hash=old.sha256[:12], new=new.number, new_hash=new.sha256[:12]),))
        text, html = write(parts, language)
    return Message(key=f"correction:{correction.id}:delivery:{delivery.id}", to=delivery.email,
                   subject=parts.subject, text=text, html=html, language=language, about=f"delivery:{delivery.id}",
                   letter_id=correction.letter_id)


def entry_concerned(endorsement: Endorsement, secret: str, correction: Correction, how: str) -> Message:
    """Tells a signatory what became of their entry between two editions: `how` is ADDED, CORRECTED or GONE."""
    signer = endorsement.signer
    if signer is None or not signer.email:
        raise ValueError("nobody to write to")
    old, new = correction.old.number, correction.new.number
    said: dict[str, Callable[[], str]] = {
        ADDED: lambda: _("Your signature came after edition %(old)s of the letter was made. It is in edition %(new)s, "
                         "which takes its place.", old=old, new=new),
        CORRECTED: lambda: _("Your entry reads otherwise in edition %(new)s of the letter, which takes the place of "
                             "edition %(old)s. Open your page to see that it is right.", old=old, new=new),
        GONE: lambda: _("Your entry stood in edition %(old)s of the letter. It does not stand in edition %(new)s, "
                        "which takes its place.", old=old, new=new)}
    with force_locale(endorsement.language):
        parts = Parts(
            subject=_("A new edition of the letter"),
            why=_("You get this because you signed the letter “%(letter)s”.",
                  letter=endorsement.signed_version.subject),
            paragraphs=(said[how](), *((_("Copies of edition %(old)s that were handed out before cannot be called "
                                          "back. Those who were given it are told that it is superseded, without "
                                          "your name.", old=old),) if how == GONE else ())),
            action=(_("Open your page"), status_url(secret)))
        hushed = is_hushed(endorsement)
        parts = hush(parts) if hushed else parts
        text, html = write(parts, endorsement.language, signed=not hushed)
    return Message(key=f"correction:{correction.id}:{endorsement.public_id}", to=signer.email, subject=parts.subject,
                   text=text, html=html, language=endorsement.language, about=f"endorsement:{endorsement.id}",
                   letter_id=correction.letter_id, hushed=hushed)


def _way_to(correction: Correction) -> tuple[str, ...]:
    if correction.new.audience == PUBLIC:
        return (_("What was corrected, and why, stands in the corrigendum: one page to keep with the edition you "
                  "have."),)
    contact = str(setting("COALITION_CONTACT"))
    return (_("You will be given edition %(number)s and its corrigendum by those who gave you the other one.",
              number=correction.new.number),
            *((_("You can ask for them here: %(contact)s", contact=contact),) if contact else ()))


def _action(correction: Correction) -> tuple[str, str] | None:
    if correction.new.audience != PUBLIC:
        return None
    return (_("Open edition %(number)s and its corrigendum", number=correction.new.number),
            public_url(f"/verify/{correction.new.public_id}"))
