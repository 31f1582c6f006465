"""The typefaces of the document, all from installed packages, and which characters they can draw.

No system font is ever used: what these files cannot draw is refused at signing and again at compiling.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from fontTools.ttLib import TTFont

from coalition.errors import Unavailable
from coalition.late import late

# Only to say that something is missing: the typesetter, which loads this, speaks to nobody.
if TYPE_CHECKING:
    from coalition import i18n
else:
    i18n = late("coalition.i18n")


@dataclass(frozen=True, slots=True)
class Face:
    """One font file: its name in style sheets, where its package keeps it, and how a PDF names its cut."""

    name: str
    package: str
    path: str
    in_pdf: str

    @property
    def url(self) -> str:
        """The address under which templates ask for the file; only the renderer's own fetcher serves it."""
        return f"asset:/fonts/{self.name}"

    def read(self) -> bytes:
        """The file's bytes. Raises Unavailable if the package that holds it is broken or missing."""
        try:
            return files(self.package).joinpath(*self.path.split("/")).read_bytes()
        except (ModuleNotFoundError, FileNotFoundError) as error:
            raise Unavailable(
                i18n.gettext("The font package %(package)s is not installed completely.", package=self.package)
            ) from error


FACES: tuple[Face, ...] = (
    Face("source-serif.ttf", "fontpkg_source_serif_4", "files/SourceSerif4[opsz,wght].ttf", "Source-Serif-4"),
    Face(
        "source-serif-italic.ttf",
        "fontpkg_source_serif_4",
        "files/SourceSerif4-Italic[opsz,wght].ttf",
        "Source-Serif-4-Italic",
    ),
    Face("amiri.ttf", "fontpkg_amiri", "files/Amiri-Regular.ttf", "Amiri"),
    Face("amiri-bold.ttf", "fontpkg_amiri", "files/Amiri-Bold.ttf", "Amiri-Bold"),
    Face("noto-serif-sc.otf", "pylopdf_fonts_zh_cn", "NotoSerifSC-Regular.otf", "Noto-Serif-SC"),
)

# Drawn by nobody: line ends and tabs become space, the rest only steers shaping and direction.
_UNDRAWN = frozenset("\n\r\t\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2066\u2067\u2068\u2069\ufeff")

_BRACKETS = "()[]{}<>«»‹›"


def by_url() -> Mapping[str, Face]:
    """The faces by the address that templates use."""
    return {face.url: face for face in FACES}


@contextmanager
def _opened(face: Face) -> Iterator[TTFont]:
    """The font, read lazily: only the tables that are asked for are unpacked. Its glyphs are known by their numbers:
    their names stand, in some fonts, among the drawings of all of them."""
    location = files(face.package).joinpath(*face.path.split("/"))
    try:
        with location.open("rb") as stream, TTFont(stream, lazy=True) as font:
            font.setGlyphOrder([str(number) for number in range(font["maxp"].numGlyphs)])
            yield font
            # They refer to the font and it to them: garbage that nobody looks for while a document is made.
            font.tables.clear()
    except (ModuleNotFoundError, FileNotFoundError) as error:
        raise Unavailable(
            i18n.gettext("The font package %(package)s is not installed completely.", package=face.package)
        ) from error


@cache
def _drawable() -> bytearray:
    """By code point, 1 for what some face can draw: a set of so many numbers is twenty times as large."""
    points = bytearray(sys.maxunicode + 1)
    for face in FACES:
        with _opened(face) as font:
            for point in font.getBestCmap():
                points[point] = 1
    return points


def _face_of(in_pdf: str) -> Face | None:
    matching = [face for face in FACES if in_pdf.startswith(face.in_pdf)]
    return max(matching, key=lambda face: len(face.in_pdf)) if matching else None


@cache
def brackets(in_pdf: str) -> Mapping[int, str]:
    """Glyph number to character of all brackets and guillemets, for a font as a PDF names it."""
    face = _face_of(in_pdf)
    if face is None:
        return {}
    with _opened(face) as font:
        names = font.getBestCmap()
        return {
            font.getGlyphID(names[ord(character)]): character
            for character in _BRACKETS
            if ord(character) in names
        }


@cache
def arabic_letters(in_pdf: str) -> Mapping[int, str]:
    """Glyph number to text of all that an Arabic font draws letters and vowel signs with, by the font's own tables:
    the glyph of a letter alone, its shapes at the beginning, middle and end of a word, and ligatures. Empty for
    other fonts."""
    face = _face_of(in_pdf)
    if face is None or not face.in_pdf.startswith("Amiri"):
        return {}
    with _opened(face) as font:
        # From the highest down: where a glyph stands for a letter and for its old presentation form, the letter holds.
        texts = {name: chr(point) for point, name in sorted(font.getBestCmap().items(), reverse=True)}
        plain = {name: text for name, text in texts.items() if ord(text) < 0xFB50}
        _follow_shapes(font, plain)
        numbers = font.getReverseGlyphMap()
        return {numbers[name]: text for name, text in plain.items()}


def _follow_shapes(font: TTFont, texts: dict[str, str]) -> None:
    """Add the text of every glyph that the font puts in the place of others, in the order it does so."""
    for lookup in font["GSUB"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            table = getattr(table, "ExtSubTable", table)
            if table.LookupType == 1:
                for name, shape in table.mapping.items():
                    if name in texts:
                        texts.setdefault(shape, texts[name])
            elif table.LookupType == 4:
                for first, ligatures in table.ligatures.items():
                    for ligature in ligatures:
                        if {first, *ligature.Component} <= texts.keys():
                            texts.setdefault(ligature.LigGlyph,
                                             "".join(texts[name] for name in (first, *ligature.Component)))


def _can_draw(character: str) -> bool:
    point = ord(character)
    return bool(_drawable()[point]) or character in _UNDRAWN or 0xFE00 <= point <= 0xFE0F


def missing_glyphs(text: str) -> tuple[str, ...]:
    """The characters of `text` that no packaged font can draw, each once, in order of appearance.

    Each as code point and Unicode name: `U+0915 DEVANAGARI LETTER KA`. Empty when all can be printed.
    """
    found: dict[str, None] = {}
    for character in dict.fromkeys(unicodedata.normalize("NFC", text)):
        if not _can_draw(character):
            name = unicodedata.name(character, "")
            found[f"U+{ord(character):04X} {name}".rstrip()] = None
    return tuple(found)
