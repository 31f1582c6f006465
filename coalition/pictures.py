"""A picture somebody sends, made into one that can be printed and shown: checked, decoded, drawn anew.

Nothing of the file itself is kept: no words in it, no second frame, nothing behind the picture. Nothing here knows a
letter or a database.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image, ImageOps

from coalition.errors import Invalid
from coalition.i18n import gettext as _

#: The largest file, in bytes, and the largest picture, in pixels, that is looked at.
LARGEST = 2 * 1024**2
MOST_PIXELS = 4_000_000

_KINDS = ("PNG", "JPEG")
# Enough for 60 mm at the resolution of good printers.
_KEPT_SIZE = (1_400, 500)
_SMALLEST = 16

# The library's own limit is higher, and for most programs no more than a warning.
_VAST = (Image.DecompressionBombError, Image.DecompressionBombWarning)
# What opening damaged and hostile files raises: the library uses many kinds.
_UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, LookupError, TypeError, ArithmeticError, MemoryError)


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG of ours on white ground, and its size in pixels."""

    content: bytes
    width: int
    height: int


def redrawn(content: bytes, *, field: str) -> Picture:
    """The picture of a PNG or JPEG file, by what the file holds and not by what it is called.

    The same file gives the same bytes. Raises `Invalid`, with a message for the form's `field`, for everything else:
    for what is too large, moves, or cannot be read to its end.
    """
    try:
        return _redrawn(content)
    except Invalid as refusal:
        raise Invalid(refusal.message, {field: refusal.message}) from refusal


def _redrawn(content: bytes) -> Picture:
    if not content:
        raise Invalid(_("The file is empty. Choose a PNG or JPEG picture."))
    if len(content) > LARGEST:
        raise Invalid(_("The file is larger than %(size)d MB. Save the picture smaller.", size=LARGEST // 1024**2))
    try:
        with Image.open(io.BytesIO(content), formats=_KINDS) as opened:
            _check(opened)
            # Goes through the whole file, sums and all; the picture must be opened anew afterwards.
            opened.verify()
        with Image.open(io.BytesIO(content), formats=_KINDS) as opened:
            opened.load()
            picture = _on_white(ImageOps.exif_transpose(opened))
    except _VAST as trouble:
        raise _too_vast() from trouble
    except _UNREADABLE as trouble:
        raise Invalid(_("This is not a picture that can be used. Choose a whole PNG or JPEG file.")) from trouble
    picture.thumbnail(_KEPT_SIZE, Image.Resampling.LANCZOS)
    drawn = io.BytesIO()
    picture.save(drawn, "PNG")
    return Picture(drawn.getvalue(), picture.width, picture.height)


def _check(picture: Image.Image) -> None:
    """Before anything is decoded: a small file can hold a picture that fills the memory."""
    if picture.width * picture.height > MOST_PIXELS:
        raise _too_vast()
    if min(picture.size) < _SMALLEST:
        raise Invalid(_("The picture has %(width)d × %(height)d pixels: that is too small to be printed.",
                        width=picture.width, height=picture.height))
    # Cameras put a second view into a JPEG file, which is left out; a PNG with frames is meant to move.
    if picture.format == "PNG" and getattr(picture, "n_frames", 1) != 1:
        raise Invalid(_("The picture moves. Choose one that stands still."))


def _too_vast() -> Invalid:
    return Invalid(_("The picture has more than %(number)d million pixels. Save it smaller.",
                     number=MOST_PIXELS // 1_000_000))


def _on_white(picture: Image.Image) -> Image.Image:
    """Colours as paper has them: what is clear becomes white."""
    layered = picture.convert("RGBA")
    ground = Image.new("RGB", layered.size, "white")
    ground.paste(layered, mask=layered.getchannel("A"))
    return ground
