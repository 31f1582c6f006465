"""Which encoding some bytes of text are in. Pure. Nothing about tables lives here.

Unicode says so itself, by a mark or by being valid. The older one-byte encodings do not: those that lists of names
come in are read one after another, and the reading in which letters keep company with their like is taken. It is a
guess, so whoever asks is told which encoding was taken and can ask for another.
"""

from __future__ import annotations

import codecs
import unicodedata
from functools import cache

#: What an older encoding is called for a person, by the name Python knows it by; in order of preference.
NAMES = {
    "utf-8": "UTF-8", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "utf-8-sig": "UTF-8",
    "cp1252": "Windows-1252", "cp1251": "Windows-1251", "cp1256": "Windows-1256", "gb18030": "GB18030",
}
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_GUESSED = ("cp1252", "cp1251", "cp1256", "gb18030")
#: So much of a long text is looked at: more tells nothing new.
_SAMPLE = 200_000
#: The right reading of real lists lies below 0.2; what lies above this is no text.
_STRANGEST = 1.0
_QUOTES = frozenset("“”‘’«»–—…•·°№§©®™€،؛؟")


def encoding_of(data: bytes) -> str:
    """The encoding, by the name Python knows it by; "" when the bytes are no text in any of them."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name if decoded(data, name) is not None else ""
    unmarked = _utf_16_without_mark(data)
    if unmarked:
        return unmarked
    if b"\0" in data:
        return ""
    if decoded(data, "utf-8") is not None:
        return "utf-8"
    readings = [(_strangeness(text), place, name) for place, name in enumerate(_GUESSED)
                if (text := decoded(data[:_SAMPLE], name, is_part=len(data) > _SAMPLE)) is not None]
    fitting = [name for score, _place, name in sorted(readings)
               if score <= _STRANGEST and decoded(data, name) is not None]
    return fitting[0] if fitting else ""


def decoded(data: bytes, encoding: str, *, is_part: bool = False) -> str | None:
    """The text, or None when the bytes are not in this encoding. A part may end in the midst of a letter."""
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data, final=not is_part)
    except UnicodeDecodeError:
        return None


def _utf_16_without_mark(data: bytes) -> str:
    """Text of any language holds blanks, line ends and separators, and these have a zero byte on one side."""
    if len(data) < 2 or len(data) % 2 or b"\0" not in data[:_SAMPLE]:
        return ""
    for name, first in (("utf-16-le", 1), ("utf-16-be", 0)):
        zeros, others = data[first:_SAMPLE:2].count(0), data[1 - first:_SAMPLE:2].count(0)
        if zeros and not others and decoded(data, name) is not None:
            return name
    return ""


def _strangeness(text: str) -> float:
    """How odd the letters beyond ASCII look beside their neighbours, per letter: 0 is natural."""
    seen, odd = 0, 0.0
    for before, here, behind in zip(" " + text[:-1], text, text[1:] + " ", strict=True):
        if here >= "\x80":
            seen += 1
            odd += _oddity(before, here, behind)
    return odd / seen if seen else 0.0


def _oddity(before: str, here: str, behind: str) -> float:
    script = _script(here)
    if script == "mark":
        return 0.0 if here in _QUOTES else 0.6
    if script == "control":
        return 3.0
    neighbours = [_script(other) for other in (before, behind) if other.isalpha()]
    odd = 1.0 * sum(other != script for other in neighbours)
    if before.islower() and here.isupper():
        odd += 1.0
    if script == "latin" and before >= "\x80" and before.isalpha() and behind >= "\x80" and behind.isalpha():
        odd += 1.0  # three accented letters in a row are no Western word
    if script == "han" and not _is_common(here):
        odd += 0.7
    return odd


@cache
def _script(letter: str) -> str:
    if unicodedata.category(letter) in ("Cc", "Co", "Cn", "Cs"):
        return "control"
    if not letter.isalpha():
        return "mark"
    name = unicodedata.name(letter, "")
    for script, words in (("latin", ("LATIN", "FEMININE", "MASCULINE")), ("cyrillic", ("CYRILLIC",)),
                          ("arabic", ("ARABIC",)), ("han", ("CJK", "HIRAGANA", "KATAKANA", "FULLWIDTH"))):
        if name.startswith(words):
            return script
    return "other"


@cache
def _is_common(letter: str) -> bool:
    """Whether a Chinese character stands in the first level of GB 2312, where the everyday ones are."""
    try:
        lead = letter.encode("gb2312")[0]
    except UnicodeEncodeError:
        return False
    return 0xB0 <= lead <= 0xD7
