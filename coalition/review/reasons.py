"""Reasons coordinators give again and again, in words that fit into the mail to the signer. Pure."""

from __future__ import annotations

from coalition.i18n import gettext as _
from coalition.mail.writing import speaking


def for_returning() -> dict[str, str]:
    """What is most often asked of a signer, by key."""
    return {
        "name": _("The name is not written as the organisation writes it on its own website or letterhead."),
        "authority": _("We could not see that you may sign for the organisation. Please write from an address of "
                       "the organisation, or tell us who can confirm it."),
        "two": _("The line seems to hold two signatories. Please give one signatory in each signature."),
        "statement": _("Please say what the number counts, and of which day it is."),
        "description": _("Please make the description shorter and factual."),
    }


def for_declining() -> dict[str, str]:
    """Why an endorsement is most often not taken, by key."""
    return {
        "duplicate": _("The organisation stands on the list already, by another signature."),
        "not_real": _("We could not establish that the organisation exists."),
        "no_authority": _("We could not establish that the person may sign for the organisation."),
        "not_fitting": _("The signature does not fit what this letter stands for."),
    }


def in_words(action: str, key: str, own_words: str, wishes: tuple[str, ...]) -> str:
    """The whole reason for a mail, in the first language of `wishes` that is offered: the standard one, then the
    coordinator's own words.

    `action` is "return" or "decline"; an empty `key` means own words only.
    """
    with speaking(*wishes):
        standard = (for_returning() if action == "return" else for_declining()).get(key, "")
    return "\n\n".join(text for text in (standard, own_words.strip()) if text)
