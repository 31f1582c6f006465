"""The document's own language: translated words, numbers and dates, and isolation of foreign directions."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from datetime import date, datetime
from functools import cache
from gettext import NullTranslations

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from coalition.i18n import Direction, direction_of_language, direction_of_text

# British English writes dates as the United Nations do: 24 February 2016.
_LOCALES = {"en": "en_GB", "zh": "zh_Hans"}

_ISOLATE, _POP = "\u2068", "\u2069"


class Words:
    """Translations and number formats of one document.

    `language` is what the words speak: without a catalogue they are English, in whatever letter they stand.
    `gettext` and `ngettext` take a message and named values, as the templates do.
    """

    def __init__(self, language: str, translations: NullTranslations | None = None) -> None:
        self.language = language if translations else "en"
        self.direction = direction_of_language(self.language)
        self._translations = translations or NullTranslations()
        self._locale = Locale.parse(_LOCALES.get(self.language, self.language).replace("-", "_"))

    def gettext(self, message: str, **values: object) -> str:
        """The translated message with its named values filled in."""
        translated = self._translations.gettext(message)
        return translated % values if values else translated

    def ngettext(self, one: str, many: str, number: int, **values: object) -> str:
        """The form for `number`, which the message may name as %(num)s; it is printed with separators."""
        translated = self._translations.ngettext(one, many, number)
        return translated % {"num": self.number(number), **values}

    def number(self, value: int) -> str:
        """A whole number with the language's separators."""
        return str(format_decimal(value, locale=self._locale))

    def day(self, value: str) -> str:
        """An ISO date in the language's long form."""
        return str(format_date(date.fromisoformat(value), format="long", locale=self._locale))

    def moment(self, value: datetime) -> str:
        """An aware UTC time in the language's long form, named as UTC."""
        return str(format_datetime(value, "d MMMM y, HH:mm", locale=self._locale)) + " UTC"

    def isolated(self, text: str) -> str:
        """`text` for use inside a sentence: kept from tearing it apart if it runs the other way."""
        if direction_of_text(text, self.direction) == self.direction and not is_mixed(text, self.direction):
            return text
        return f"{_ISOLATE}{text}{_POP}"


def is_mixed(text: str, direction: Direction) -> bool:
    """Whether some strong character of `text` runs against `direction`."""
    return any(direction_of_text(character, direction) != direction for character in text)


# By its letters alone a text is given no language that another one written so could have.
_ONLY_IN = (
    (re.compile("[іїєґІЇЄҐ]"), "uk"),
    (re.compile("[ђћџљњјѕѓќўәғқңөұүһіЂЋЏЉЊЈЅЃЌЎӘҒҚҢӨҰҮҺ]"), "und-Cyrl"),
    (re.compile("[پچژگکیڤڕێۆەټډړښڼےٹڈڑںھہ]"), "und-Arab"),
)
_SCRIPTS = {"ARABIC": "ar", "CYRILLIC": "ru", "GREEK": "el", "CJK": "zh"}


@cache
def _script(letter: str) -> str:
    return unicodedata.name(letter, "").partition(" ")[0]


def language_of_text(text: str, around: str) -> str:
    """The language by whose rules a voice should read `text`, "" for that of the text around it.

    Told by the script of most of its letters; languages that share one are told apart where their letters
    allow it (`und-Arab`: some language in Arabic letters). Latin letters tell nothing.
    """
    if text.isascii():
        return ""
    scripts = Counter(_script(letter) for letter in text if letter.isalpha())
    if not scripts:
        return ""
    found = _SCRIPTS.get(scripts.most_common(1)[0][0], "")
    for letters, language in _ONLY_IN:
        if found in ("ru", "ar") and letters.search(text):
            found = language
            break
    return "" if found == around else found
