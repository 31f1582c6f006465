"""What a name may hold, how it is tidied without being re-spelt, and when two names are the same body.

Only sameness is decided here. Likeness (acronyms, look-alike letters, "The", "&") belongs to the register,
which suggests and never merges.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from itertools import pairwise

import icu  # type: ignore[import-untyped]

MAXIMUM = 200

# Names whose key a process remembers: a list of thousands is counted again after each approval.
_KNOWN = 40_000

# Vietnamese needs two marks on a letter, pointed Hebrew four; more is decoration that takes seconds to draw.
_MARKS_IN_A_ROW = 4
_SPACING_MARKS_IN_A_ROW = 8
_JOINERS = "\u200c\u200d"
# fmt: off
_JOINING_SCRIPTS = frozenset({
    "Adlm", "Arab", "Bali", "Beng", "Cham", "Deva", "Gujr", "Guru", "Java", "Khmr", "Knda", "Mand", "Mlym",
    "Mong", "Mymr", "Newa", "Nkoo", "Orya", "Phag", "Rohg", "Sinh", "Syrc", "Taml", "Telu", "Tibt",
})
# fmt: on
_ARABIC_NUMBER_SIGNS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2")
_BLANK_LETTERS = frozenset("\u2800")  # Braille's blank: a symbol by category, empty to every reader
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_BLANKS = re.compile(r"[^\S\n]+")
#: ASCII without anything to tidy.
_PLAIN = re.compile(r"(?:[!-~]+(?: [!-~]+)*)?")

_ADDRESS = re.compile(
    r"""\b[a-z][a-z0-9+.-]*://                          # any scheme with an authority
      | \bwww\.\w
      | \b(?:mailto|javascript|data|tel):\S
      | \b[\w-]+\.(?:com|org|net|info|int|edu|gov|io|eu|uk|fr|de|ru|sy|ch|es|no|cn)(?::\d+)?/\S
      | [^\s@<>(),;:]+@[^\s@<>(),;:]+\.[^\s@<>(),;:]{2,}""",
    re.IGNORECASE | re.VERBOSE,
)

_APOSTROPHES = "‘’‚‛ʼʹʻˈ′‵`´＇\u055a\ua78b\ua78c"
_QUOTES = "“”„‟«»‹›″‶〝〞〟＂「」『』"
_DASHES = "‐‑‒–—―−⁃﹘﹣－\u058a"
_TYPOGRAPHY = str.maketrans(
    dict.fromkeys(_APOSTROPHES, "'") | dict.fromkeys(_QUOTES, '"') | dict.fromkeys(_DASHES, "-")
)
# These carry meaning at the edge of a name (C#, Women@, &Co), so they stay in the key; so do brackets.
_KEPT_AT_EDGES = frozenset("#&@%*§¶/\\")


class NameProblem(ValueError):
    """Why a text cannot be taken as a name.

    `code` is one of empty, too_long, control, combining, encoding, address, header. `detail` shows what was
    found: code points as `U+0000`, the offending words, or the number of characters.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


def clean(text: str, *, maximum: int = MAXIMUM, allow_empty: bool = False) -> str:
    """A name as it will be stored and printed: NFC, blanks collapsed, nothing invisible left in it.

    Bidirectional marks, zero-width and other ignorable characters go; ZWNJ and ZWJ stay between letters of
    scripts that join. Letters are never folded or re-spelt. `maximum` counts code points of the result.
    Cleaning a clean name changes nothing.
    Raises NameProblem. A line break inside is refused: that is how two signatories come to share a line.
    """
    # Line breaks around it are harmless: every paste from a page ends with one.
    cleaned = _clean(text.strip(" \t\r\n\u00a0"), maximum=maximum, breaks=False)
    if not cleaned and allow_empty:
        return ""
    if not allow_empty and not any(unicodedata.category(character)[0] in "LNS" for character in cleaned):
        raise NameProblem("empty")
    found = _ADDRESS.search(unicodedata.normalize("NFKC", cleaned))
    if found:
        raise NameProblem("address", found.group())
    return cleaned


def clean_text(text: str, *, maximum: int) -> str:
    """The same for longer plain text (descriptions, reasons, notes): may be empty, may hold addresses.

    Line breaks become `\\n`, at most one empty line in a row; blanks are collapsed within a line, so Markdown
    does not belong here. Raises NameProblem.
    """
    return _clean(text, maximum=maximum, breaks=True)


@lru_cache(_KNOWN)
def identity_key(name: str) -> str:
    """What makes two names the same body in the register: equal keys, same body.

    Compatibility forms, case, invisible characters, blanks, the shapes of apostrophes, quotation marks and
    dashes, and punctuation at the edges do not count. Articles, "&", brackets and other punctuation do.
    """
    if not name:
        return ""
    folded = name.translate(_TYPOGRAPHY)
    if folded.isascii():  # what follows would change nothing else, and lists are long
        folded = folded.lower()
    else:
        for _ in range(2):  # folding case can bring compatibility forms back, and the other way round
            folded = unicodedata.normalize("NFKC", folded).casefold().translate(_TYPOGRAPHY)
        folded = folded.translate(_VISIBLE)
        # The dotted capital I folds to an i with a loose dot on it, which no lower-case i carries.
        folded = unicodedata.normalize("NFC", unicodedata.normalize("NFD", folded).replace("i\u0307", "i"))
    collapsed = " ".join(folded.split())
    trimmed = _trim_punctuation(collapsed)
    return trimmed or collapsed


def _clean(text: str, *, maximum: int, breaks: bool) -> str:
    if _PLAIN.fullmatch(text) and len(text) <= maximum and "=?" not in text:
        return text  # what follows would change nothing, and nearly everything typed into a form is such a text
    _refuse_characters(text, breaks=breaks)
    _refuse_heaps_of_marks(text)
    if len(text) > 10_000 + 50 * maximum:
        raise NameProblem("too_long", str(len(text)))
    cleaned = text
    # Composing can put a mark beside a joiner, and taking one out can let letters compose: until it settles.
    while (settled := unicodedata.normalize("NFC", _without_invisible(cleaned))) != cleaned:
        cleaned = settled
    cleaned = _BLANKS.sub(" ", _LINE_BREAK.sub("\n", cleaned.replace("\u2800", " ")))
    cleaned = "\n".join(line.strip() for line in cleaned.split("\n"))
    cleaned = re.sub(r"\n{3,}", "\n\n", cleaned).strip()
    _refuse_heaps_of_marks(cleaned)
    if "=?" in cleaned:
        # Some mail libraries decode this inside a header and write real header lines from it.
        raise NameProblem("header", "=?")
    if len(cleaned) > maximum:
        raise NameProblem("too_long", str(len(cleaned)))
    return cleaned


def _refuse_characters(text: str, *, breaks: bool) -> None:
    allowed = "\t\r\n" if breaks else "\t"
    for character in text:
        point = ord(character)
        category = unicodedata.category(character)
        broken = point == 0xFFFD or category in ("Cs", "Co") or (point & 0xFFFE) == 0xFFFE
        if broken or 0xFDD0 <= point <= 0xFDEF or (category == "Cn" and icu.Char.charType(point) == 0):
            raise NameProblem("encoding", f"U+{point:04X}")
        if (category in ("Cc", "Zl", "Zp") and character not in allowed) or 0xFFF9 <= point <= 0xFFFB:
            raise NameProblem("control", f"U+{point:04X}")


def _refuse_heaps_of_marks(text: str) -> None:
    marks = spacing = 0
    before = ""
    for character in text:
        category = unicodedata.category(character)
        if category in ("Mn", "Me"):
            marks += 1
        elif category == "Mc":
            spacing += 1
        elif not _is_invisible(character):
            marks = spacing = 0
            before = character
            continue
        loose = bool(marks + spacing) and (not before or before.isspace()) and not _is_invisible(character)
        if loose or marks > _MARKS_IN_A_ROW or spacing > _SPACING_MARKS_IN_A_ROW:
            raise NameProblem("combining", f"U+{ord(character):04X}")


@cache
def _is_invisible(character: str) -> bool:
    """Drawn as nothing: format characters, fillers, variation selectors, soft hyphens, tags."""
    if character in _ARABIC_NUMBER_SIGNS or character < "\u007f":
        return False
    if unicodedata.category(character) == "Cf":
        return True
    return bool(icu.Char.hasBinaryProperty(character, icu.UProperty.DEFAULT_IGNORABLE_CODE_POINT))


class _Visible(dict[int, int | None]):
    """For `str.translate`: takes out what is drawn as nothing; each character is looked at once."""

    def __missing__(self, point: int) -> int | None:
        self[point] = None if _is_invisible(chr(point)) else point
        return self[point]


_VISIBLE = _Visible()


def _without_invisible(text: str) -> str:
    visible = [c for c in text if c in _JOINERS or _is_variant_selector(c) or not _is_invisible(c)]
    kept: list[str] = []
    for character, following in pairwise([*visible, ""]):
        before = kept[-1] if kept else ""
        if character in _JOINERS:
            wanted = _joins(_carrier(kept)) and _joins(following)
        elif _is_variant_selector(character):
            wanted = bool(before) and _has_variants(before)
        else:
            wanted = True
        if wanted:
            kept.append(character)
    return "".join(kept)


def _is_variant_selector(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def _has_variants(character: str) -> bool:
    """Signs and Han characters have registered variants; behind a plain letter a selector only hides."""
    if unicodedata.category(character) in ("So", "Sm"):
        return True
    return bool(icu.Script.getScript(character).getShortName() == "Hani")


def _carrier(kept: list[str]) -> str:
    """The last letter or sign with a script of its own: Arabic vowel signs inherit that of their letter."""
    for character in reversed(kept):
        if icu.Script.getScript(character).getShortName() != "Zinh" or character in _JOINERS:
            return character
    return ""


def _joins(character: str) -> bool:
    if not character or unicodedata.category(character)[0] not in "LM":
        return False
    return icu.Script.getScript(character).getShortName() in _JOINING_SCRIPTS


def _trim_punctuation(text: str) -> str:
    def loose(character: str) -> bool:
        if character.isspace() or character in "-'\"":
            return True
        category = unicodedata.category(character)
        return category in ("Po", "Pd", "Pc", "Pi", "Pf") and character not in _KEPT_AT_EDGES

    start, end = 0, len(text)
    while start < end and loose(text[start]):
        start += 1
    while end > start and loose(text[end - 1]):
        end -= 1
    return text[start:end]
