"""A document and its long lists made into one PDF. In the typesetter's process only."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import weasyprint.pdf
from weasyprint.pdf.fonts import Font

from coalition.documents.composing import joining, keeping
from coalition.documents.composing.fragments import RULES, glyph_from
from coalition.documents.composing.gathering import fonts_version
from coalition.documents.composing.joining import Laid
from coalition.documents.composing.sheets import Filled, ReadList


@dataclass(frozen=True, slots=True)
class Marks:
    """What the document's HTML has in place of numbers that are known late."""

    pages: str
    step: str
    end: str


def laid_out(html: str, lists: Mapping[str, ReadList], marks: Marks, guess: Mapping[str, int],
             layout: Callable[[str], Any]) -> tuple[Any, list[Laid], dict[str, int]]:
    """The document with the right numbers in it, its lists on their pages, and how many pages there are in all ("")
    and for each list. `guess` spares a second layout when it is right."""
    counted = dict(guess) or {"": 1, **dict.fromkeys(lists, 1)}
    for _round in range(4):
        text = html.replace(marks.pages, str(counted.get("", 1)))
        for name in lists:
            text = text.replace(f"{marks.step}{name}{marks.end}", str(counted.get(name, 1) - 1))
        document = layout(text)
        laid = [joining.lay(document, name, one) for name, one in lists.items()]
        found = {name: len(one.pages) for name, one in zip(lists, laid, strict=True)}
        found[""] = len(document.pages) + sum(len(one.pages) - 1 - (one.last_sample - one.first_page) for one in laid)
        if found == counted:
            return document, laid, counted
        counted = found
    raise RuntimeError("the number of pages does not come to rest")


def first_numbers(laid: Sequence[Laid]) -> list[int]:
    """The running number of the page on which each list begins."""
    numbers: list[int] = []
    moved = 1
    for one in laid:
        numbers.append(one.first_page + moved)
        moved += len(one.pages) - 1 - (one.last_sample - one.first_page)
    return numbers


def share_fonts(lists: Iterable[Filled], kept: Path) -> None:
    """Let the fonts that the document is about to embed hold the glyphs of the lists too; what is made of the fonts is
    kept in the file `kept`. Changes the typesetter's module: the process ends after this document."""
    glyphs: dict[str, dict[int, tuple[str, int]]] = {}
    for face, told in chain.from_iterable(one.glyphs.items() for one in lists):
        for glyph in map(glyph_from, told):
            glyphs.setdefault(face, {}).setdefault(glyph.number, (glyph.text, glyph.width))
    plain = weasyprint.pdf.build_fonts_dictionary

    def build(pdf: Any, fonts: Mapping[Any, Any], *arguments: Any) -> Any:
        missing = set(glyphs) - {font.hash for font in fonts.values()}
        if missing:
            raise RuntimeError(f"the document does not load {sorted(missing)}")
        for font in fonts.values():
            for glyph, (text, width) in glyphs.get(font.hash, {}).items():
                font.to_unicode.setdefault(glyph, text)
                font.widths.setdefault(glyph, width)
        return plain(pdf, fonts, *arguments)

    weasyprint.pdf.build_fonts_dictionary = build
    Font.clean = _kept_clean(kept, Font.clean)


def _kept_clean(file: Path, plain: Callable[[Any, Mapping[int, str], Any], None]
                ) -> Callable[[Any, Mapping[int, str], Any], None]:
    """The typesetter's cutting of a font to the glyphs that are used, with a memory."""

    def clean(font: Any, glyphs: Mapping[int, str], hinting: Any) -> None:
        told = f"{RULES} {fonts_version()} {font.name} {font.variations} {font.font_size} {sorted(glyphs)} {hinting}"
        place = f"fonts {font.hash}"
        key = hashlib.sha256(told.encode()).hexdigest()
        before = keeping.take(file, place)
        known = before.get(key)
        if known is not None:
            font.file_content = known
            return
        plain(font, glyphs, hinting)
        keeping.keep(file, place, {key: font.file_content}, gone=before)

    return clean
