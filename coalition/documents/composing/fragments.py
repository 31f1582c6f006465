"""One entry as drawn: its height, the operations that paint it, and the glyphs these use. Values only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import orjson

#: Raised whenever the same item would be drawn or kept otherwise: what was kept before is then not found.
RULES = 4

# No text of a document holds it.
_BETWEEN = "\x1e"


class Run(NamedTuple):
    """What is painted in one language, as PDF operations. `language` is empty for that around it; `fresh` says that
    the colours and sizes set before it hold no more."""

    language: str
    operations: str
    fresh: bool


class Glyph(NamedTuple):
    """A glyph of a font: its number, its width in thousandths of the font's size, and the text it stands for."""

    number: int
    width: int
    text: str


def told(glyphs: Iterable[tuple[str, Glyph]]) -> tuple[str, ...]:
    """Glyphs with the face each is of, a text for each face: most are the same in all fragments, and few are ever taken
    apart (`glyph_from`)."""
    by_face: dict[str, list[str]] = {}
    for face, glyph in glyphs:
        by_face.setdefault(face, []).append(f"{glyph.number} {glyph.width} {glyph.text}")
    return tuple(_BETWEEN.join((face, *told)) for face, told in by_face.items())


def face_and_glyphs(told: str) -> tuple[str, list[str]]:
    """One of the texts that `told` made: the face, and its glyphs as text."""
    face, *glyphs = told.split(_BETWEEN)
    return face, glyphs


def together(told: Iterable[str]) -> dict[str, Iterable[str]]:
    """The glyphs by face, each once, in their order."""
    found: dict[str, list[str]] = {}
    for one in told:
        face, glyphs = face_and_glyphs(one)
        found.setdefault(face, []).extend(glyphs)
    return {face: dict.fromkeys(glyphs) for face, glyphs in found.items()}


def told_together(told: Iterable[str]) -> list[str]:
    """As `told`, of glyphs that are told in several texts."""
    return [_BETWEEN.join((face, *glyphs)) for face, glyphs in together(told).items()]


def glyph_from(text: str) -> Glyph:
    """The glyph that is told so."""
    number, width, said = text.split(" ", 2)
    return Glyph(int(number), int(width), said)


@dataclass(frozen=True, slots=True)
class Fragment:
    """An item by itself, at the top of a page of its own width. Lengths are in CSS pixels.

    `before` and `after` are its margins; `language` is that of the whole item. `glyphs` are as `told` has them.
    """

    height: float
    before: float
    after: float
    language: str
    runs: Sequence[tuple[str, str, bool]]
    glyphs: Sequence[str]

    def as_bytes(self) -> bytes:
        """Two JSON arrays with a tab between them: what pages are made up by - height, margins, names of the faces -,
        and what is painted, as `Drawn` has it."""
        faces = " ".join(face_and_glyphs(one)[0] for one in self.glyphs)
        return b"%s\t%s" % (orjson.dumps([self.height, self.before, self.after, faces]),
                            orjson.dumps([self.language, [tuple(run) for run in self.runs], self.glyphs]))


class Drawn(NamedTuple):
    """What of a fragment is painted."""

    language: str
    runs: Sequence[tuple[str, str, bool]]
    glyphs: Sequence[str]


def drawn_from(kept: bytes) -> Drawn:
    """What is painted, from the second of the arrays it is kept as."""
    return Drawn(*orjson.loads(kept))


@dataclass(frozen=True, slots=True)
class Item:
    """One block of a list as HTML: an entry, a paragraph, or the heading of a group; `kind` is how the document's
    structure names it (LI, P, H3). Its number, if it has one, is drawn apart. `clings` says that no page may begin with
    it while another place can be found."""

    html: str
    kind: str
    number: int | None = None
    clings: bool = False


@dataclass(frozen=True, slots=True)
class LongList:
    """A list that the document leaves out: `name` is where it belongs, `frame` the HTML (head and style) in which its
    items are drawn. `numbers` are samples of what stands beside the entries: by number of figures, that of sevens and
    that of eights; `figures` is 0123456789 alike."""

    name: str
    frame: str
    items: tuple[Item, ...]
    numbers: tuple[tuple[str, str], ...]
    figures: str


def of_group(entries: Sequence[str], *, first_number: int, after_heading: bool) -> Iterable[Item]:
    """The entries of one group as items: no page ends with the first of a group, or begins with its last three alone,
    as the style sheet has it."""
    for place, html in enumerate(entries):
        yield Item(html, "LI", first_number + place,
                   clings=(after_heading and not place) or place == 1 or len(entries) - place <= 3)
