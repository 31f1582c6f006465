"""Makes the web fonts in `coalition/static/fonts/` from the packaged families: subset, as woff2.

Run by hand after a font package changes; the result is committed. The PDF embeds the packaged files itself.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

OUT = Path(__file__).resolve().parent.parent / "coalition" / "static" / "fonts"

#: Browsers keep these files for a year, so a changed subset gets a new number in its file name.
EDITION = "1"

#: One optical size for text and headings: a second axis doubles what a phone has to fetch.
TEXT_SIZE = 18

#: The same ranges stand as `unicode-range` in app.css, which a test compares.
RANGES = {
    "latin": "20-7E A0-FF 131 152-153 2BB-2BC 2C6 2DA 2DC 2000-206F 20AC 2116 2122 2212",
    "latin-ext": "100-130 132-151 154-24F 250-2BA 2BD-2C5 2C7-2D9 2DB 2DD-2FF 300-36F 1E00-1EFF",
    "cyrillic": "400-52F",
    "greek": "370-3FF 1F00-1FFF",
    "arabic": "600-6FF 750-77F FDFA FDFD",
}

#: What Arabic text needs from its own font, so that a word never changes face in the middle.
ARABIC_COMPANY = "20 A0 AB BB 200C-200F 25CC"

LATIN_FEATURES = "kern liga calt ccmp locl mark mkmk lnum tnum pnum onum case frac sups"


@dataclass(frozen=True)
class Face:
    """One file to make: a subset of `source`, with `axes` narrowed where it is variable."""

    name: str
    package: str
    source: str
    script: str
    axes: dict[str, float | tuple[float, float]] = field(default_factory=dict)


def faces() -> Iterator[Face]:
    """Every file the stylesheet asks for."""
    package = "fontpkg_source_serif_4"
    for script in ("latin", "latin-ext", "cyrillic", "greek"):
        axes: dict[str, float | tuple[float, float]] = {"wght": (400, 700), "opsz": TEXT_SIZE}
        yield Face(f"source-serif-4-{script}", package, "SourceSerif4[opsz,wght].ttf", script, axes)
    yield Face("source-serif-4-italic-latin", package, "SourceSerif4-Italic[opsz,wght].ttf", "latin",
               {"wght": 400, "opsz": TEXT_SIZE})
    for weight in ("Regular", "Bold"):
        yield Face(f"amiri-{weight.lower()}", "fontpkg_amiri", f"Amiri-{weight}.ttf", "arabic")


def code_points(ranges: str) -> set[int]:
    """The numbers in a list such as `20-7E A0`."""
    found: set[int] = set()
    for part in ranges.split():
        first, _, last = part.partition("-")
        found.update(range(int(first, 16), int(last or first, 16) + 1))
    return found


def make(face: Face) -> bytes:
    """The woff2 bytes of one face."""
    with files(face.package).joinpath("files", face.source).open("rb") as file:
        font = TTFont(io.BytesIO(file.read()))
    wanted = code_points(RANGES[face.script])
    if face.script == "arabic":
        wanted |= code_points(ARABIC_COMPANY)
    # Subset first: narrowing the axes of the whole font leaves the subsetter without some glyphs' variations.
    font = _subset(font, wanted)
    if face.axes:
        font = instantiateVariableFont(font, face.axes)
    font.flavor = "woff2"
    font["head"].modified = font["head"].created  # the same bytes on every run
    font.recalcTimestamp = False
    return _saved(font)


def _subset(font: TTFont, wanted: set[int]) -> TTFont:
    options = subset.Options()
    options.layout_features = ["*"]
    if "fvar" in font:
        options.layout_features = LATIN_FEATURES.split()
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=wanted)
    subsetter.subset(font)
    return TTFont(io.BytesIO(_saved(font)))


def _saved(font: TTFont) -> bytes:
    buffer = io.BytesIO()
    font.save(buffer)
    return buffer.getvalue()


def main() -> None:
    """Write all faces and licences, and say what they weigh."""
    OUT.mkdir(parents=True, exist_ok=True)
    for old in OUT.glob("*.woff2"):
        old.unlink()
    total = 0
    for face in faces():
        data = make(face)
        total += len(data)
        (OUT / f"{face.name}.{EDITION}.woff2").write_bytes(data)
        print(f"{len(data):>8,} {face.name}")
    print(f"{total:>8,} in all")
    for package, name in (("fontpkg_source_serif_4", "SourceSerif4"), ("fontpkg_amiri", "Amiri")):
        (OUT / f"OFL-{name}.txt").write_bytes(files(package).joinpath("LICENSE").read_bytes())


if __name__ == "__main__":
    main()
