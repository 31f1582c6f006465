"""One entry as drawn: its height, the operations that paint it, and the glyphs these use. Values only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

#: Raised whenever the same item would be drawn or kept otherwise: what was kept before is then not found.
RULES = 1


@dataclass(frozen=True, slots=True)
class Run:
    """What is painted in one language, as PDF operations. `language` is empty for that around it; `fresh` says that
    the colours and sizes set before it hold no more."""

    language: str
    operations: str
    fresh: bool


@dataclass(frozen=True, slots=True)
class Fragment:
    """An item by itself, at the top of a page of its own width. Lengths are in CSS pixels.

    `before` and `after` are its margins; `language` is that of the whole item. `glyphs` holds font, glyph, the text it
    stands for, and its width in thousandths of the font's size.
    """

    height: float
    before: float
    after: float
    language: str
    runs: tuple[Run, ...]
    glyphs: tuple[tuple[str, int, str, int], ...]

    def as_text(self) -> str:
        """One line for keeping, which begins with the names of the faces; `from_text` reads it."""
        faces: dict[str, list[tuple[int, str, int]]] = {}
        for face, glyph, text, width in self.glyphs:
            faces.setdefault(face, []).append((glyph, text, width))
        values = [self.height, self.before, self.after, self.language,
                  [[run.language, run.operations, run.fresh] for run in self.runs], faces]
        return f"{' '.join(faces)}\t{json.dumps(values, ensure_ascii=False, separators=(',', ':'))}"


def faces_of(text: str) -> list[str]:
    """The faces a kept fragment uses, without reading the rest of it."""
    return text.partition("\t")[0].split()


def from_text(text: str) -> Fragment:
    """The fragment that `as_text` wrote."""
    height, before, after, language, runs, faces = json.loads(text.partition("\t")[2])
    return Fragment(height, before, after, language, tuple(Run(*run) for run in runs),
                    tuple((face, glyph, said, width) for face, glyphs in faces.items()
                          for glyph, said, width in glyphs))


@dataclass(frozen=True, slots=True)
class Item:
    """One block of a list as HTML: an entry, or the heading of a group. `clings` says that no page may begin with it
    while another place can be found."""

    html: str
    number: int | None
    clings: bool


@dataclass(frozen=True, slots=True)
class LongList:
    """A list that the document leaves out: `name` is where it belongs, `frame` the HTML (head and style) in which its
    items are drawn, and `numbers` what stands beside the entries, in their order."""

    name: str
    frame: str
    items: tuple[Item, ...]
    numbers: tuple[str, ...]


def of_group(entries: Sequence[str], *, first_number: int, after_heading: bool) -> Iterable[Item]:
    """The entries of one group as items: no page ends with the first of a group, or begins with its last three alone,
    as the style sheet has it."""
    for place, html in enumerate(entries):
        yield Item(html, first_number + place,
                   clings=(after_heading and not place) or place == 1 or len(entries) - place <= 3)
