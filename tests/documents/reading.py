"""Reading a PDF back as a reader of the file would: its words, page by page, in reading order."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2


def pages(pdf: bytes | Path) -> list[str]:
    """The text of each page with white space collapsed, without the lines at head and foot."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        texts = []
        for page in document:
            text = page.get_textpage()
            texts.append(" ".join(text.get_text_bounded().split()))
            text.close()
            page.close()
        return texts
    finally:
        document.close()


def text(pdf: bytes | Path, head: str) -> str:
    """The whole text, with running head and feet taken out, so that what runs over a page is whole."""
    cleaned = [
        re.sub(r"(Edition \d+, [0-9a-f]{12}|Preview, not an edition) · Page \d+ of \d+", "", page)
        for page in pages(pdf)
    ]
    first, *rest = cleaned
    return " ".join([first, *(page.replace(head, "", 1) for page in rest)])
