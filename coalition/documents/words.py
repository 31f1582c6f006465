"""The document's own language: translated words, numbers and dates, and isolation of foreign directions."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from datetime import date, datetime
from functools import cache, lru_cache
from gettext import NullTranslations

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal

from coalition.i18n import Direction, direction_of_language, direction_of_text

# British English writes dates as the United Nations do: 24 February 2016.
_LOCALES = {"en": "en_GB", "zh": "zh_Hans"}

# The United Nations write both names of a month in Arabic.
_ARABIC_MONTHS = (
    "كانون الثاني/يناير", "شباط/فبراير", "آذار/مارس", "نيسان/أبريل", "أيار/مايو", "حزيران/يونيه",
    "تموز/يوليه", "آب/أغسطس", "أيلول/سبتمبر", "تشرين الأول/أكتوبر", "تشرين الثاني/نوفمبر", "كانون الأول/ديسمبر",
)  # fmt: skip

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

    def pgettext(self, context: str, message: str, **values: object) -> str:
        """As `gettext`, for a message that is said otherwise in this context; where it is not, as without one."""
        translated = self._translations.pgettext(context, message)
        if translated == message:
            translated = self._translations.gettext(message)
        return translated % values if values else translated

    def ngettext(self, one: str, many: str, number: int, **values: object) -> str:
        """The form for `number`, which the message may name as %(num)s; it is printed with separators."""
        translated = self._translations.ngettext(one, many, number)
        return translated % {"num": self.number(number), **values}

    def number(self, value: int) -> str:
        """A whole number with the language's separators."""
        return _number(value, str(self._locale))

    def day(self, value: str) -> str:
        """An ISO date in the language's long form."""
        day = date.fromisoformat(value)
        if self.language == "ar":
            return f"{day.day} {_ARABIC_MONTHS[day.month - 1]} {day.year}"
        text = str(format_date(day, format="long", locale=self._locale))
        if self.language == "ru":
            # The abbreviation's full stop would end the sentence.
            return text.replace("\u202fг.", " года").replace(" г.", " года")
        if self.language == "fr" and day.day == 1:
            return f"1er{text[1:]}"
        return text

    def month(self, year: int, month: int) -> str:
        """A month with its year: “March 2016”."""
        if self.language == "ar":
            return f"{_ARABIC_MONTHS[month - 1]} {year}"
        text = str(format_skeleton("yMMMM", date(year, month, 1), locale=self._locale))
        return text.replace("\u202fг.", " года").replace(" г.", " года") if self.language == "ru" else text

    def moment(self, value: datetime) -> str:
        """An aware UTC time in the language's long form, named as UTC."""
        return self.gettext("%(day)s, %(time)s UTC", day=self.day(value.date().isoformat()), time=f"{value:%H:%M}")

    def language_name(self, code: str) -> str:
        """What this language calls another one."""
        return str(self._locale.languages.get(code) or Locale.parse(code).get_language_name() or code)

    @property
    def capacity_note(self) -> str:
        """The remark behind a person who signs without binding the body named."""
        return self.gettext("in a personal capacity")

    @property
    def between_sentences(self) -> str:
        """What parts two sentences: Chinese writes no blank."""
        return "" if self.language == "zh" else " "

    def logo_of(self, name: str) -> str:
        """What a voice says where the logo of this body stands."""
        return f"{self.gettext('Logo')}{self.gettext(': ')}{name}" if name else self.gettext("Logo")

    def isolated(self, text: str) -> str:
        """`text` for use inside a sentence: kept from tearing it apart if it runs the other way."""
        if direction_of_text(text, self.direction) == self.direction and not is_mixed(text, self.direction):
            return text
        return f"{_ISOLATE}{text}{_POP}"


@lru_cache(4096)
def _number(value: int, locale: str) -> str:
    return str(format_decimal(value, locale=locale))


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
