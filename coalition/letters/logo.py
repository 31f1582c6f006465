"""A picture somebody uploads, made into one that can be printed and shown: decoded, checked, drawn anew.

Nothing of the file itself is kept: no metadata, no second frame, nothing behind the picture. Nothing here knows a
letter or a database.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

from coalition.errors import Invalid
from coalition.i18n import gettext as _

#: The largest file, in bytes, and the largest picture, in points, that is looked at.
LARGEST = 2 * 1024**2
MOST_POINTS = 4_000_000

# Enough for 60 mm at the resolution of good printers.
_KEPT_WIDTH, _KEPT_HEIGHT = 1_400, 500
_SMALLEST = 16

# What decoding damaged and hostile pictures raises: the library uses many kinds.
_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, TypeError, OverflowError, MemoryError,
               Image.DecompressionBombError, Image.DecompressionBombWarning)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG of ours on white ground, and its size in points."""

    content: bytes
    width: int
    height: int


def redrawn(content: bytes) -> Picture:
    """The picture of a PNG or JPEG file, by what the file holds and not by what it is called.

    The same file gives the same bytes. Raises `Invalid` for everything else, for what is too large, moves, or
    cannot be read to its end.
    """
    if not content:
        raise _refused(_("The file is empty. Choose a PNG or JPEG picture."))
    if len(content) > LARGEST:
        raise _refused(_("The file is larger than %(size)d MB. Save the picture smaller.", size=LARGEST // 1024**2))
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as opened:
            _check(opened)
            opened.load()
            picture = _on_white(ImageOps.exif_transpose(opened))
    except _UNREADABLE as error:
        raise _refused(_(
            "This is not a picture we can use: it must be a whole PNG or JPEG file of at most %(points)d million "
            "points.", points=MOST_POINTS // 1_000_000)) from error
    picture.thumbnail((_KEPT_WIDTH, _KEPT_HEIGHT), Image.Resampling.LANCZOS)
    drawn = io.BytesIO()
    picture.save(drawn, "PNG")
    return Picture(drawn.getvalue(), picture.width, picture.height)


def _check(picture: Image.Image) -> None:
    """Before any point is decoded: a small file can hold a picture that fills the memory."""
    if picture.width * picture.height > MOST_POINTS:
        raise ValueError("too many points")
    if min(picture.size) < _SMALLEST:
        raise ValueError("too small to be seen")
    if getattr(picture, "n_frames", 1) != 1:
        raise ValueError("it moves")


def _on_white(picture: Image.Image) -> Image.Image:
    """Colours as paper has them: what is clear becomes white."""
    layered = picture.convert("RGBA")
    ground = Image.new("RGB", layered.size, "white")
    ground.paste(layered, mask=layered.getchannel("A"))
    return ground


def _refused(message: str) -> Invalid:
    return Invalid(message, {"logo": message})
