"""The lists that a document leaves out because they are long - signatories, and what networks state - as items of
HTML, to be drawn apart.

From how many items on a list is long is a rule: the same edition gives the same bytes on every machine.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from gettext import NullTranslations

from markupsafe import Markup

from coalition import fonts
from coalition.documents import html
from coalition.documents.catalogues import words_of
from coalition.documents.composing.fragments import Item, LongList, of_group
from coalition.documents.parts import Part, group_heading
from coalition.documents.pieces import line_of_parts
from coalition.documents.printed import Printed
from coalition.documents.represented import represented
from coalition.documents.snapshot import Snapshot
from coalition.documents.words import Words
from coalition.i18n import Direction, direction_of_language
from coalition.remembered import remembered

#: Shorter lists are set with the document, which is quicker for them. A network takes three paragraphs.
LONG, LONG_STATED = 150, 50
_WIDTHS = {"A4": "210mm", "Letter": "8.5in"}


def long_annexes(snapshot: Snapshot, part: Part) -> tuple[Part, ...]:
    """The annexes of the document whose lists are set apart from it. Member lists are set in columns, so an annex with
    one is set with the document."""
    found: list[Part] = []
    if part in (Part.WHOLE, Part.ANNEX_1) and len(snapshot.entries) >= LONG:
        found.append(Part.ANNEX_1)
    if part in (Part.WHOLE, Part.ANNEX_2):
        statements = [entry.statement for entry in snapshot.stated if entry.statement]
        if len(statements) >= LONG_STATED and not any(statement.members for statement in statements):
            found.append(Part.ANNEX_2)
    return tuple(found)


def long_lists(snapshot: Snapshot, part: Part, *, paper: str, languages: Sequence[str],
               translations: NullTranslations | None = None) -> tuple[LongList, ...]:
    """The long lists of the document in each of these languages, in the order they stand in."""
    annexes = long_annexes(snapshot, part)
    return tuple(_list(snapshot.in_language(language), annex, paper, translations)
                 for language in dict.fromkeys(languages) for annex in annexes)


def _list(snapshot: Snapshot, annex: Part, paper: str, translations: NullTranslations | None) -> LongList:
    words = words_of(snapshot, translations)
    around = direction_of_language(snapshot.language)
    first = annex is Part.ANNEX_1
    frame = html.speaking(words).get_template("letter/items.html").render(
        snapshot=snapshot, direction=around, section=f"annex {html.density(snapshot)}" if first else "represented",
        width=_WIDTHS[paper], page_size="A4", number_width=html.number_width(snapshot, words), faces=fonts.by_url(),
        footer=Markup('""'), furniture=[], samples=[])
    items = _entries(snapshot, words, around) if first else _statements(snapshot, words, around)

    def number(text: str) -> str:
        # Ten figures in a row have no room there, and must not be broken.
        sample = f'<span class="number" style="white-space: nowrap">{text}.</span>'
        return f"<li>{sample}</li>" if first else f'<div class="network"><p class="of-network">{sample}</p></div>'

    lengths = range(1, len(str(len(snapshot.entries))) + 1)
    return LongList(
        html.list_name(snapshot.language, annex), frame, tuple(items),
        tuple((number(words.number(int("7" * length))), number(words.number(int("8" * length)))) for length in lengths),
        number("".join(words.number(figure) for figure in range(10))))


def _entries(snapshot: Snapshot, words: Words, around: Direction) -> Iterator[Item]:
    by_country = snapshot.grouping == "country"
    for group in snapshot.groups:
        heading = group_heading(group, words)
        if heading:
            yield Item(str(html.line_macros().group_heading(heading, around)), "H3")
        yield from of_group(
            [_entry(entry.printed, not by_country, around, snapshot.language)
             for entry in group.entries],
            first_number=group.entries[0].number, after_heading=bool(heading))


@remembered
def _entry(printed: Printed, with_country: bool, around: Direction, language: str) -> str:
    line = line_of_parts(printed.parts, printed.signing_as, around, language)
    return f"<li>{html.line_macros().printed_line(line, printed.country_name if with_country else '')}</li>"


def _statements(snapshot: Snapshot, words: Words, around: Direction) -> Iterator[Item]:
    own = "" if words.language == snapshot.language else f' lang="{words.language}" dir="{words.direction}"'
    for one in represented(snapshot, words):
        head, *rest = _network(one.name, one.words, words.between_sentences.join(one.facts), around, snapshot.language,
                               own)
        yield Item(head, "P", one.number)
        yield from (Item(block, "P", clings=True) for block in rest)


@remembered
def _network(name: str, stated: str, facts: str, around: Direction, language: str, own: str) -> tuple[str, ...]:
    """The blocks of what a network states: its name, its own words if it gave some, our remarks."""
    macros = html.network_macros()
    return tuple(f'<div class="network">{block}</div>' for block in (
        macros.of_network("", name, around, language), stated and macros.as_given(stated, around, language),
        macros.facts(facts, Markup(own), True)) if block)  # noqa: S704 - a language of ours
