"""The signatory lists that a document leaves out because they are long: their items as HTML, to be drawn apart.

From how many entries on a list is long is a rule: the same edition gives the same bytes on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from gettext import NullTranslations

from markupsafe import Markup

from coalition import fonts
from coalition.documents import html
from coalition.documents.catalogues import words_of
from coalition.documents.composing.fragments import Item, LongList, of_group
from coalition.documents.parts import Part, group_heading
from coalition.documents.snapshot import Snapshot
from coalition.i18n import Direction, direction_of_language
from coalition.signatories.line import Part as Piece

#: Shorter lists are set with the document, which is quicker for them.
LONG = 300
# Items known to a process: a list is set again after each approval, when all but one are as they were.
_KNOWN = 40_000
_WIDTHS = {"A4": "210mm", "Letter": "8.5in"}


def is_long(snapshot: Snapshot, part: Part) -> bool:
    """Whether the document's list is set apart from it."""
    return part in (Part.WHOLE, Part.ANNEX_1) and len(snapshot.entries) >= LONG


def long_lists(snapshot: Snapshot, *, paper: str, languages: Sequence[str],
               translations: NullTranslations | None = None) -> tuple[LongList, ...]:
    """The list in each of these languages."""
    return tuple(_list(snapshot.in_language(language), paper, translations) for language in dict.fromkeys(languages))


def _list(snapshot: Snapshot, paper: str, translations: NullTranslations | None) -> LongList:
    words = words_of(snapshot, translations)
    environment = html.speaking(words)
    around = direction_of_language(snapshot.language)
    frame = environment.get_template("letter/items.html").render(
        snapshot=snapshot, direction=around, density=html.density(snapshot), width=_WIDTHS[paper], page_size="A4",
        number_width=html.number_width(snapshot, words), faces=fonts.by_url(), footer=Markup('""'),
        furniture=[], samples=[])
    by_country = snapshot.grouping == "country"

    def items() -> Iterator[Item]:
        for group in snapshot.groups:
            heading = group_heading(group, words)
            if heading:
                yield Item(str(html.line_macros().group_heading(heading, around)), None, clings=False)
            yield from of_group(
                [_item(entry.parts, entry.signing_as, "" if by_country else entry.country_name, around,
                       snapshot.language) for entry in group.entries],
                first_number=group.entries[0].number, after_heading=bool(heading))

    def number(text: str) -> str:
        # Ten figures in a row have no room there, and must not be broken.
        return f'<li><span class="number" style="white-space: nowrap">{text}.</span></li>'

    lengths = range(1, len(str(len(snapshot.entries))) + 1)
    return LongList(
        snapshot.language, frame, tuple(items()),
        tuple((number(words.number(int("7" * length))), number(words.number(int("8" * length)))) for length in lengths),
        number("".join(words.number(figure) for figure in range(10))))


@lru_cache(_KNOWN)
def _item(printed: tuple[Piece, ...], signing_as: str, country: str, around: Direction, language: str) -> str:
    line = html.line_of_parts(printed, signing_as, around, language)
    return f"<li>{html.line_macros().printed_line(line, country)}</li>"
