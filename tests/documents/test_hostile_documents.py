"""Lists and letters made to break the page, and what the code must never use (plan of bad inputs, B and G)."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest

from coalition.documents.drawing import draw
from coalition.documents.html import document_html
from coalition.documents.parts import Part
from coalition.documents.printed import PrintedEntry
from coalition.errors import Invalid
from coalition.signatories.entry import Entry, SigningAs, Statement, Unit
from tests.documents.cast import snapshot

HOME = Path(__file__).resolve().parents[2]
LONG = "W" * 200


def _beyond(pdf: bytes) -> list[str]:
    """What is printed beyond the page's side margins of 32 mm, by its text."""
    found = []
    document = pypdfium2.PdfDocument(io.BytesIO(pdf))
    for page in document:
        text, width = page.get_textpage(), page.get_width()
        margin = 32 / 25.4 * 72 - 4  # letters may lean out a little
        for place in range(text.count_rects()):
            left, bottom, right, top = text.get_rect(place)
            if left < margin - 12 or right > width - margin:
                found.append(text.get_text_bounded(left, bottom, right, top)[:60])
    document.close()
    return found


def _with_long_words() -> bytes:
    entries = [
        Entry(key="a", signing_as=SigningAs.ORGANISATION, organisation=LONG, description=LONG, country="FR"),
        Entry(key="b", signing_as=SigningAs.PERSON, signatory=LONG, title=LONG, organisation="ش" * 200, country="FR"),
        Entry(key="c", signing_as=SigningAs.ORGANISATION, organisation="Network", is_network=True, country="FR",
              statement=Statement(count=2, unit=Unit.ORGANISATIONS, text=LONG, source=LONG,
                                  members=(LONG, "中" * 200))),
    ]  # fmt: skip
    body = "\n\n".join((f"{LONG} in the text", f"- {LONG}", f"> {LONG}", f"## {LONG}", f"`{LONG}`",
                        f"| a | b |\n|---|---|\n| {LONG} | c |\n"))
    return draw(snapshot(entries, body=body, subject=LONG, letterhead=LONG, closing=LONG, addressees=(LONG,),
                         copies=(LONG,), place="x" * 100))


def test_a_word_of_two_hundred_letters_stays_inside_the_page() -> None:
    assert _beyond(_with_long_words()) == []


def test_B01_what_the_page_shows_the_document_shows() -> None:
    hostile = '<script>x</script> <svg onload=y> <base href="//e"> [x](javascript:z) ![p](http://127.0.0.1:9/p.png)'
    html = document_html(snapshot(body=hostile))
    said = re.sub(r"</?span[^>]*>", "", html)
    assert "&lt;script&gt;x&lt;/script&gt;" in said and "&lt;svg onload=y&gt;" in said
    assert not re.search(r"<(script|svg onload|base|img)|href=\"javascript", html.partition("</style>")[2])


def test_B14_a_text_that_looks_like_a_template_is_printed_as_it_is() -> None:
    assert "{% include 'x' %} {{ 7 * 7 }}" in document_html(
        snapshot(body="{% include 'x' %} {{ 7 * 7 }}")).replace("&#39;", "'")


@pytest.mark.parametrize("body", ["> " * 300 + "deep", "".join("  " * level + "- item\n" for level in range(30))],
                         ids=["B06-300-quotes", "B06-30-lists"])
def test_a_text_nested_too_deep_is_refused_before_anything_is_set(body: str) -> None:
    with pytest.raises(Invalid, match="nested too deep"):
        draw(snapshot(body=body))


def test_an_empty_list_makes_every_part_that_there_is() -> None:
    for part in (Part.WHOLE, Part.ANNEX_1, Part.NOTE):
        assert "0 signatories" in document_html(snapshot([]), part=part) or part is Part.NOTE
    assert draw(snapshot([]), part=Part.ANNEX_1).startswith(b"%PDF")


def test_G03_and_G04_nothing_of_the_typesetter_is_used_that_fetches() -> None:
    for path in (HOME / "coalition").rglob("*.py"):
        text = path.read_text()
        for word in ("presentational_hints", "xmp_metadata=", "stylesheets=", "default_url_fetcher"):
            assert word not in text, f"{word} in {path.name}"


def test_G11_a_row_tampered_with_between_freezing_and_drawing_shows_in_the_hash() -> None:
    frozen = snapshot()
    (group,) = frozen.groups
    first, *others = group.entries
    another = PrintedEntry(1, replace(first.printed, organisation="Another"))
    changed = replace(frozen, groups=(replace(group, entries=(another, *others)),))
    assert changed.sha256 != frozen.sha256
