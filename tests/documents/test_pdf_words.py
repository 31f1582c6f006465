"""What the PDF says, read back from the file: the text, every entry whole and in order, the counts."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pypdfium2

from coalition.documents.drawing import draw
from coalition.signatories.entry import Entry, SigningAs
from tests.documents import reading
from tests.documents.cast import BODY_2016, mixed, snapshot
from tests.documents.conftest import Sealed
from tests.unit.signatories.letter_2016 import LINES


def _positions(text: str, wanted: list[str]) -> list[int]:
    found, start = [], 0
    for words in wanted:
        place = text.find(words, start)
        assert place >= 0, f"not found in order: {words}"
        found.append(place)
        start = place + len(words)
    return found


def test_the_19_printed_lines_of_2016_stand_whole_numbered_and_in_order(letter_2016: Sealed) -> None:
    text = reading.text(letter_2016.pdf, letter_2016.snapshot.subject)
    annex = text[text.index("Signatory list") :]
    _positions(annex, [f"{number}. {line}" for number, line in enumerate(LINES, start=1)])
    assert "20. " not in annex[: annex.index("Note on the list")]


def test_the_glued_line_of_2016_stands_as_two(letter_2016: Sealed) -> None:
    text = reading.text(letter_2016.pdf, letter_2016.snapshot.subject)
    assert "9. Aref Alkrez, Supporting Abilities and Motivate Awareness (SAMA) 10. Mazen Ejbaei" in text


def test_the_note_prints_19_and_212_and_231(letter_2016: Sealed) -> None:
    text = reading.text(letter_2016.pdf, letter_2016.snapshot.subject)
    note = text[text.index("Note on the list") :]
    _positions(note, ["19 signatories endorsed", "92 organisations", "120 organisations",
                      "212 organisations in all", "231 organisations in all"])  # fmt: skip


def test_the_letter_stands_before_its_list_and_every_paragraph_is_whole(letter_2016: Sealed) -> None:
    text = reading.text(letter_2016.pdf, letter_2016.snapshot.subject)
    paragraphs = [" ".join(paragraph.split()) for paragraph in BODY_2016.split("\n\n") if paragraph.strip()]
    _positions(
        text,
        [
            "Syrian Civil Society Coalition", "Aleppo, 24 February 2016", "Vladimir Putin", "Moscow 103132",
            "The President of the Security Council", letter_2016.snapshot.subject, *paragraphs,
            "Yours sincerely,", "Signed by 19 signatories", "Signatory list", "Note on the list",
        ],
    )  # fmt: skip


def test_each_page_names_its_edition_its_hash_and_its_number(letter_2016: Sealed) -> None:
    pages = reading.pages(letter_2016.pdf)
    assert len(pages) >= 3
    for number, page in enumerate(pages, start=1):
        assert f"Edition 1, {letter_2016.snapshot.short_hash} · Page {number} of {len(pages)}" in page


def test_hashes_and_fingerprint_are_printed_whole(letter_2016: Sealed) -> None:
    frozen = letter_2016.snapshot
    text = reading.text(letter_2016.pdf, frozen.subject)
    for code in (frozen.source_sha256, frozen.text_sha256, frozen.sha256, frozen.issuer, frozen.edition_id):
        assert code in text


def test_every_left_to_right_entry_of_a_long_list_is_there_once_and_in_order(many_scripts: Path) -> None:
    frozen = snapshot(mixed(300))
    text = reading.text(many_scripts, frozen.subject)
    annex = text[text.index("Signatory list") : text.index("Note on the list")]
    plain = [entry for entry in frozen.entries if not re.search("[\u0590-\u08ff]", entry.line)]
    assert len(plain) >= 200
    _positions(annex, [f"{entry.number}. {entry.line} ({entry.country_name})" for entry in plain])


def test_arabic_names_are_found_by_their_words_and_brackets_keep_their_sides(many_scripts: Path) -> None:
    text = reading.text(many_scripts, snapshot().subject)
    for word in ("شبكة", "السورية", "المصرية", "الإغاثة", "الحكومية"):
        assert word in text, word
    assert "(EIPR)" in text
    assert ")EIPR(" not in text


def test_a_word_in_arabic_holds_no_gap_that_would_be_taken_for_a_space(many_scripts: Path) -> None:
    with pikepdf.open(many_scripts) as document:
        for sheet in document.pages:
            sheet.contents_coalesce()
            gaps = re.findall(rb"<>-(\d+)", sheet.Contents.read_bytes())
            assert all(int(gap) < 100 for gap in gaps)


def test_an_entry_is_never_torn_over_two_pages() -> None:
    description = "that works for the protection of civilians and of medical units " * 5
    entries = [
        Entry(f"k{place:02}", SigningAs.ORGANISATION, organisation=f"Body {place:02}", position=place,
              description=description.strip())
        for place in range(1, 31)
    ]  # fmt: skip
    frozen = snapshot(entries)
    pages = reading.pages(draw(frozen))
    for entry in frozen.entries:
        assert sum(f"{entry.number}. {entry.line}" in page for page in pages) == 1


def test_the_parts_of_a_line_in_arabic_follow_each_other_from_the_right(tmp_path: Path) -> None:
    """By where the words stand on the page: the order a reader sees, not only the words."""
    entry = Entry(key="k", signing_as=SigningAs.ORGANISATION, organisation="ANA Press",
                  signatory="رامي", title="Director")  # fmt: skip
    path = tmp_path / "mixed.pdf"
    path.write_bytes(draw(snapshot([entry])))
    places = _places(path, ("ر", "Director", "ANA", "Press"))
    assert places["ر"] > places["Director"] > places["Press"] > places["ANA"] > 0


def test_the_parts_of_a_line_in_english_follow_each_other_from_the_left(tmp_path: Path) -> None:
    entry = Entry(key="k", signing_as=SigningAs.ORGANISATION, organisation="شبكة", signatory="Rami Jarrah",
                  title="مدير", other_script="Network")  # fmt: skip
    path = tmp_path / "mixed.pdf"
    path.write_bytes(draw(snapshot([entry])))
    places = _places(path, ("Rami", "مدير", "ش", "Network"))
    assert 0 < places["Rami"] < places["مدير"] < places["ش"] < places["Network"]


def _places(path: Path, words: tuple[str, ...]) -> dict[str, float]:
    """The left edge of the first appearance of each word on the page of the list."""
    document = pypdfium2.PdfDocument(path)
    try:
        for page in document:
            text = page.get_textpage()
            whole = text.get_text_range()
            if "Signatory list" in whole:
                starts = {}
                for word in words:
                    search = text.search(word, match_case=True)
                    index, _ = search.get_next()
                    starts[word] = text.get_charbox(index)[0]
                    search.close()
                text.close()
                page.close()
                return starts
            text.close()
            page.close()
    finally:
        document.close()
    raise AssertionError("there is no list")
