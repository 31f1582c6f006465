"""The mail that asks to confirm a signature. Its words can be written before there is an endorsement."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from functools import lru_cache

from markupsafe import escape

from coalition.config import public_url, setting
from coalition.endorsements.entries import fields_of
from coalition.endorsements.fields import EntryFields
from coalition.endorsements.messages import confirm_url, hush, is_hushed, line_as_printed
from coalition.endorsements.models import Endorsement
from coalition.i18n import gettext as _
from coalition.mail.message import Message
from coalition.mail.writing import Parts, speaking, write

#: What stands in the words that are kept, where each mail has its own. By lot: no letter holds them.
_LINE, _SECRET = secrets.token_hex(16), secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Words:
    """What a mail says, in the language it is said in; `hushed` as in `Message`."""

    subject: str
    text: str
    html: str
    language: str
    hushed: bool


def confirm(endorsement: Endorsement, secret: str) -> Message:
    """Asks the signer to press the button that confirms the address."""
    words = words_to_confirm(letter=endorsement.signed_version.subject, secret=secret, wishes=endorsement.wishes,
                             fields=fields_of(endorsement.entry, endorsement), hushed=is_hushed(endorsement))
    return from_words(words, secret, to=endorsement.signer.email if endorsement.signer is not None else "",
                      public_id=endorsement.public_id, number=endorsement.id, letter_id=endorsement.letter_id)


def from_words(words: Words, secret: str, *, to: str, public_id: str, number: int, letter_id: int) -> Message:
    """The same with words that were written before there was an endorsement."""
    if not to:
        raise ValueError("nobody to write to")
    return Message(key=f"confirm:{secret[:12]}:{public_id}", to=to, subject=words.subject, text=words.text,
                   html=words.html, language=words.language, about=f"endorsement:{number}", letter_id=letter_id,
                   hushed=words.hushed)


def words_to_confirm(*, letter: str, fields: EntryFields, secret: str, wishes: tuple[str, ...],
                     hushed: bool) -> Words:
    """What the mail says that asks to confirm. `letter` is the subject of the text that is signed."""
    with speaking(*wishes) as language:
        words = _with_holes(letter, language, hushed, public_url(""), str(setting("COALITION_NAME")))
        line = line_as_printed(fields)
    return replace(words, text=words.text.replace(_SECRET, secret).replace(_LINE, line),
                   html=words.html.replace(_SECRET, escape(secret)).replace(_LINE, escape(line)))


@lru_cache(100)
def _with_holes(letter: str, language: str, hushed: bool, _address: str, _sender: str) -> Words:
    """The same for whoever signs: written once, since writing takes as long as storing a signature. `_address` and
    `_sender` are settings that stand in it."""
    plain = _parts_to_confirm(letter, _LINE, _SECRET)
    parts = hush(plain) if hushed else plain
    text, html = write(parts, language, signed=not hushed)
    return Words(parts.subject, text, html, language, hushed)


def _parts_to_confirm(letter: str, line: str, secret: str) -> Parts:
    return Parts(
        subject=_("Confirm your signature"),
        why=_("You get this because this address was given to sign the letter “%(letter)s”.",
              letter=letter),
        paragraphs=(_("The signature does not count yet. Open the page and press the button to confirm it. "
                      "The link is good for 72 hours."), _("It would be printed as:")),
        quote=line,
        action=(_("Confirm the signature"), confirm_url(secret)),
        after=(_("If you did not sign, do nothing: without the button nothing happens."),),
        hushed=(_("There is a button on that page; press it within 72 hours. If you know nothing of this, do nothing."),
                ))
