"""Languages, directions and the marking of texts for translation."""

from __future__ import annotations

import unicodedata
from typing import Literal

from flask_babel import gettext, lazy_gettext, ngettext

__all__ = ["LANGUAGES", "READY", "SOURCE", "Direction", "direction_of_language", "direction_of_text", "gettext",
           "lazy_gettext", "ngettext", "with_latin_digits"]

Direction = Literal["ltr", "rtl"]

#: The languages of letters, pages and documents, each by its own name.
LANGUAGES: dict[str, str] = {
    "ar": "العربية",
    "zh": "中文",
    "en": "English",
    "fr": "Français",
    "ru": "Русский",
    "es": "Español",
    "nb": "Norsk",
}

#: The language all messages are written in: it needs no catalogue.
SOURCE = "en"

#: The languages whose catalogue of pages and mails is whole: these are offered, and the house tests fail when one
#: of them lacks a message. The one switch for both.
READY: frozenset[str] = frozenset(LANGUAGES)


def direction_of_language(language: str) -> Direction:
    """The direction pages and paragraphs of this language run in."""
    return "rtl" if language.split("-")[0] in {"ar", "fa", "he", "ku", "ur"} else "ltr"


def with_latin_digits(text: str) -> str:
    """The text with the digits of all scripts (Arabic-Indic, Persian, full-width …) as 0 to 9."""
    return "".join(str(unicodedata.decimal(character)) if character.isdecimal() else character
                   for character in text)


def direction_of_text(text: str, default: Direction = "ltr") -> Direction:
    """The direction of the first strong character, by the Unicode bidirectional classes."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind == "L":
            return "ltr"
        if kind in ("R", "AL"):
            return "rtl"
    return default
