"""Where pages end: no closing line alone on a page, no heading at a page's foot, whatever the length of the letter."""

from __future__ import annotations

import pytest

from coalition.documents.drawing import draw
from coalition.documents.parts import Part
from tests.documents import reading
from tests.documents.cast import snapshot

_FOOT = "Edition 1,"


def _letter(lines: int) -> list[str]:
    """The pages of a letter with so many lines before its last heading and paragraph."""
    filling = "\\\n".join(f"line {number}" for number in range(lines))
    body = f"{filling}\n\n## Demands\n\nThe last paragraph begins\\\nanother line\\\nthe very end\n"
    return reading.pages(draw(snapshot(body=body), part=Part.LETTER))


def _looks_right(pages: list[str]) -> None:
    (closing,) = [page for page in pages if "Yours sincerely," in page]
    assert "the very end" in closing, "the closing stands alone"
    assert "another line" in closing, "one line of text alone above the closing"
    assert "Signed by 19 signatories" in closing
    for page in pages:
        assert not page.partition(_FOOT)[0].rstrip().endswith("Demands"), "a heading at the page's foot"


@pytest.mark.parametrize("lines", [16, 17])
def test_the_closing_is_never_alone_and_a_heading_never_last(lines: int) -> None:
    _looks_right(_letter(lines))


@pytest.mark.soak
@pytest.mark.parametrize("lines", range(8, 40))
def test_it_is_so_at_every_length(lines: int) -> None:
    _looks_right(_letter(lines))
