"""An address as a square code for cameras, drawn as one path that needs no file."""

from __future__ import annotations

from dataclasses import dataclass

import segno


@dataclass(frozen=True, slots=True)
class QuickCode:
    """The dark squares as an SVG path, and the side in squares with the quiet zone that cameras need."""

    path: str
    side: int


def quick_code(address: str) -> QuickCode:
    """The code of an address; the same address gives the same code. Level M bears a stain or a fold."""
    code = segno.make(address, error="m", micro=False, boost_error=False)
    border = 4
    runs = []
    for row, line in enumerate(code.matrix):
        start = None
        for column, dark in enumerate((*line, 0)):
            if dark and start is None:
                start = column
            elif not dark and start is not None:
                runs.append(f"M{start + border} {row + border}h{column - start}v1h-{column - start}z")
                start = None
    return QuickCode("".join(runs), len(code.matrix) + 2 * border)
