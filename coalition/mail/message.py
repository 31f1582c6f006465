"""A mail as a value. Rooms build it; the outbox keeps it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from coalition.errors import Invalid
from coalition.i18n import gettext as _


@dataclass(frozen=True, slots=True)
class Message:
    """`key` makes it one mail however often it is put in the outbox; `about` names what it is about
    (`endorsement:17`), so that a page can show whether its mail has left. `subject` must hold no words of
    users: rooms build it from fixed texts and titles only. `unsubscribe` is the address of a page that ends such
    mails, for those nobody asked for. `hushed`: the sender stands in it by address only, without a name."""

    key: str
    to: str
    subject: str
    text: str
    html: str
    language: str = "en"
    about: str = ""
    letter_id: int | None = None
    unsubscribe: str = ""
    hushed: bool = False

    def __post_init__(self) -> None:
        for value in (self.to, self.subject, self.unsubscribe):
            if "=?" in value or any(unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp")
                                    for character in value if character not in "\u200c\u200d\u200e\u200f"):
                raise Invalid(_("This cannot be put into a mail: it holds characters that mail headers must not."))
