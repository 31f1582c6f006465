"""The signatory lists that a document leaves out because they are long: their items as HTML, to be drawn apart.

From how many entries on a list is long is a rule: the same edition gives the same bytes on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from gettext import NullTranslations
from typing import Any

from markupsafe import Markup

from coalition import fonts
from coalition.documents import html
from coalition.documents.catalogues import words_of
from coalition.documents.composing.fragments import Item, LongList, of_group
from coalition.documents.parts import Part, group_heading
from coalition.documents.snapshot import Snapshot
from coalition.i18n import direction_of_language

#: Shorter lists are set with the document, which is quicker for them.
LONG = 300
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
    template: Any = environment.get_template("letter/line.html").module

    def items() -> Iterator[Item]:
        for group in snapshot.groups:
            heading = group_heading(group, words)
            if heading:
                yield Item(str(template.group_heading(heading, around)), None, clings=False)
            lines = [template.printed_line(html.line_of(entry, around, snapshot.language),
                                           "" if snapshot.grouping == "country" else entry.country_name)
                     for entry in group.entries]
            yield from of_group([f"<li>{line}</li>" for line in lines], first_number=group.entries[0].number,
                                after_heading=bool(heading))

    def number(text: str) -> str:
        # Ten figures in a row have no room there, and must not be broken.
        return f'<li><span class="number" style="white-space: nowrap">{text}.</span></li>'

    lengths = range(1, len(str(len(snapshot.entries))) + 1)
    return LongList(
        snapshot.language, frame, tuple(items()),
        tuple((number(words.number(int("7" * length))), number(words.number(int("8" * length)))) for length in lengths),
        number("".join(words.number(figure) for figure in range(10))))
