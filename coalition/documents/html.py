"""A snapshot as one HTML document, laid out for print. No value is computed here but directions.

The templates get frozen values only: no rows, no request, and no text of a user as a template.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from gettext import NullTranslations
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from coalition import fonts, markdown
from coalition.documents import note
from coalition.documents.catalogues import words_of
from coalition.documents.parts import Part, check_part, group_heading, title_of
from coalition.documents.pieces import LONGEST_UNBROKEN, line_of, uncut
from coalition.documents.printed import Printed
from coalition.documents.quick_code import quick_code
from coalition.documents.represented import represented
from coalition.documents.snapshot import Snapshot
from coalition.documents.words import Words, language_of_text
from coalition.errors import Invalid
from coalition.i18n import LANGUAGES, Direction, direction_of_language, direction_of_text
from coalition.i18n import gettext as _
from coalition.paths import templates_folder
from coalition.remembered import remembered

#: Papers by the name users choose, as CSS page sizes.
PAPERS = {"A4": "A4", "Letter": "letter"}

#: The address under which the letterhead asks for its picture.
LOGO = "asset:/logo.png"

#: What the typesetter fills in where a long list was left out: how many pages there are in all; how many more the list
#: of a language has than one; an entry in each typeface it uses. No text of a user can hold these characters.
PAGES, STEP, FACES, END = "\ue000pages\ue001", "\ue000step-", "\ue000faces-", "\ue001"

_RUNNING_HEAD = 90
_DENSE_FROM = 60


@dataclass(frozen=True, slots=True)
class Sample:
    """A page without its list, by which the typesetter knows head and foot of the list's pages: `kind` is the running
    number it shows, or what else stands there. `name` is that of the list, `step` what it adds to the number of pages.
    """

    name: str
    kind: str
    direction: Direction
    footer: Markup
    step: str
    language_of_pages: bool


@dataclass(frozen=True, slots=True)
class Furniture:
    """Head and foot of the pages in one language, as its named pages have them."""

    name: str
    direction: Direction
    footer: Markup


def document_html(
    snapshot: Snapshot,
    *,
    part: Part = Part.WHOLE,
    paper: str = "A4",
    languages: Sequence[str] = (),
    watermark: str | None = None,
    translations: NullTranslations | None = None,
    composed: Sequence[Part] = (),
) -> str:
    """The whole document - letter, Annex I with the signatory list, Annex II with what networks state, note on
    the list - or one part of it alone, in each of `languages` (without any: the snapshot's own) one after another.

    `paper` is a key of PAPERS. `watermark` is printed across each page (previews). `translations` takes the place
    of the frozen words. `composed` are the annexes whose lists are left out, for `long_lists.py` to put in.
    Raises Invalid for an unknown paper, for a part or a language the edition has not, for a character that no
    packaged font can draw (naming entry and code point), and for a body that `markdown.render` refuses.
    """
    if paper not in PAPERS:
        raise Invalid(_("There is no paper “%(paper)s”. Choose A4 or Letter.", paper=paper))
    check_part(snapshot, part)
    views = [snapshot.in_language(language) for language in dict.fromkeys(languages)] or [snapshot]
    for view in views:
        check_glyphs(view)
    spoken = [(view, words_of(view, translations)) for view in views]
    first, words = spoken[0]
    alone = len(views) == 1
    return speaking(words).get_template("letter/document.html").render(
        snapshot=first,
        title=first.subject if part in (Part.WHOLE, Part.LETTER) else
        f"{title_of(part, first, words)}{words.gettext(': ')}{first.subject}",
        words=words,
        direction=direction_of_language(first.language),
        page_size=PAPERS[paper],
        watermark=watermark,
        faces=fonts.by_url(),
        density=density(first),
        number_width=number_width(first, words),
        footer=_footer(first, words, part, total=PAGES if composed else ""),
        versions=[_version(*one, part, alone=alone, composed=composed) for one in spoken],
        furniture=[] if alone else [_furniture(*one, part, PAGES if composed else "") for one in spoken],
        samples=[sample for one in spoken for annex in composed
                 for sample in _samples(*one, part, annex, first=composed[0] == annex, alone=alone)],
    )  # fmt: skip


def _version(snapshot: Snapshot, words: Words, part: Part, *, alone: bool, composed: Sequence[Part]) -> Markup:
    """Letter, annexes and note, or one of them, in one language."""
    direction = direction_of_language(snapshot.language)
    return Markup(speaking(words).get_template("letter/part.html").render(  # noqa: S704 - our template, escaping
        snapshot=snapshot,
        words=words,
        direction=direction,
        alone=alone,
        language_name=LANGUAGES.get(snapshot.language, snapshot.language),
        part=part,
        title_of=lambda one: title_of(Part(one), snapshot, words),
        body=_body(snapshot.body, direction),
        logo=LOGO if snapshot.logo else "",
        logo_words=words.logo_of(snapshot.letterhead),
        represented=represented(snapshot, words),
        code=quick_code(snapshot.verify_address) if snapshot.verify_address else None,
        kinds=note.kinds(snapshot, words),
        note_items=note.items(snapshot, words),
        running_head=_shortened(snapshot.subject),
        density=density(snapshot),
        line_of=lambda entry: line_of(entry, direction, snapshot.language),
        heading_of=lambda group: group_heading(group, words),
        composed=composed,
        number_width=number_width(snapshot, words),
        list_name=lambda annex: list_name(snapshot.language, Part(annex)),
        samples=lambda annex: _kinds_of_samples(snapshot, first=composed[0] == annex),
        faces_of=lambda name: Markup(f"{FACES}{name}{END}"),  # noqa: S704 - a mark of ours
    ))  # fmt: skip


def _kinds_of_samples(snapshot: Snapshot, *, first: bool) -> tuple[str, ...]:
    """What the samples of a long list show: the headings of its groups and an entry in each typeface, running numbers
    of all lengths that can come up in two figures, and all figures. The last one counts the list's pages. The second
    list of a document has the heads and feet of the first."""
    if not first:
        return "items", "7"
    lengths = range(1, len(str(len(snapshot.entries) // 4 + 200)) + 1)
    return ("items", "0123456789", *("8" * length for length in lengths),
            *("7" * length for length in reversed(lengths)))


def list_name(language: str, annex: Part) -> str:
    """What the list of an annex is called between the document and whoever puts it in."""
    return language if annex is Part.ANNEX_1 else f"{language}-2"


def _samples(snapshot: Snapshot, words: Words, part: Part, annex: Part, *, first: bool, alone: bool) -> list[Sample]:
    kinds, name = _kinds_of_samples(snapshot, first=first), list_name(snapshot.language, annex)
    return [Sample(name, kind, direction_of_language(snapshot.language),
                   _footer(snapshot, words, part, total=PAGES, number=kind if kind.isdigit() else ""),
                   f"{STEP}{name}{END}" if kind == kinds[-1] else "0", not alone) for kind in kinds]


def _furniture(snapshot: Snapshot, words: Words, part: Part, total: str) -> Furniture:
    return Furniture(snapshot.language, direction_of_language(snapshot.language),
                     _footer(snapshot, words, part, total=total))


@cache
def line_macros() -> Any:
    """The macros of a printed line and of a group's heading, which hold no words of ours."""
    return _environment().get_template("letter/line.html").module


@cache
def network_macros() -> Any:
    """The macros of what a network states, which hold no words of ours."""
    return _environment().get_template("letter/network.html").module


def speaking(words: Words) -> Environment:
    """The templates' environment with these words."""
    environment = _environment().overlay()
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        words.gettext, words.ngettext, newstyle=False
    )
    return environment


def check_glyphs(snapshot: Snapshot) -> None:
    """Raise Invalid if any printed text holds a character that the packaged fonts cannot draw."""
    problems = [
        _("entry %(number)d: %(missing)s", number=entry.number, missing=", ".join(missing))
        for entry in snapshot.entries if (missing := _missing_glyphs(entry.printed))
    ]
    rest = "\n".join(
        (
            snapshot.subject, snapshot.letterhead, snapshot.place, snapshot.date_text, snapshot.body,
            snapshot.closing, *snapshot.addressees, *snapshot.copies,
            *(f"{override.words} {override.reason}" for override in snapshot.overrides),
            *("\n".join((entry.statement.text, entry.statement.source, *entry.statement.members))
              for entry in snapshot.stated if entry.statement),
        )
    )  # fmt: skip
    if missing := fonts.missing_glyphs(rest):
        problems.append(_("the letter: %(missing)s", missing=", ".join(missing)))
    if problems:
        raise Invalid(
            _("Some characters cannot be printed with the document's fonts: %(problems)s.",
              problems="; ".join(problems))
        )  # fmt: skip


@remembered
def _missing_glyphs(printed: Printed) -> tuple[str, ...]:
    return fonts.missing_glyphs(f"{printed.line} {printed.country_name}")


class _Compiled(BytecodeCache):
    """Templates as they were compiled: each document has an environment with words of its own, which keeps none."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if known := self._known.get((bucket.key, bucket.checksum)):
            bucket.bytecode_from_string(known)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._known[bucket.key, bucket.checksum] = bucket.bytecode_to_string()


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_folder()),
        bytecode_cache=_Compiled(),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["css_string"] = _css_string
    environment.filters["lines"] = str.splitlines
    environment.filters["addresses"] = _addresses
    environment.filters["direction"] = direction_of_text
    environment.filters["language"] = language_of_text
    return environment


def _css_string(text: str) -> Markup:
    """A CSS string literal in which no character of the text can end the string or the style element."""
    escaped = "".join(
        character if character.isalnum() or character == " " else f"\\{ord(character):x} "
        for character in text
    )
    return Markup(f'"{escaped}"')  # noqa: S704 - only letters, digits and escapes are left


def _footer(snapshot: Snapshot, words: Words, part: Part, *, total: str = "", number: str = "") -> Markup:
    """The CSS content of each page's foot: edition, short hash, the part if it is one, page x of y. `total` and
    `number` take the place of what the typesetter counts."""
    gettext = words.gettext
    if snapshot.edition is None:
        edition = gettext("Preview, not an edition")
    else:
        edition = gettext(
            "Edition %(edition)s, %(hash)s",
            edition=words.number(snapshot.edition),
            hash=words.isolated(snapshot.short_hash),
        )
    if part is not Part.WHOLE:
        edition = f"{edition}   ·   {title_of(part, snapshot, words)}"
    pages = gettext("Page %(page)s of %(pages)s", page="\x00page\x00", pages="\x00pages\x00")
    given = {"page": f'"{number}"' if number else "counter(page)", "pages": f'"{total}"' if total else "counter(pages)"}
    pieces = [
        given[piece] if piece in given else _css_string(piece)
        for piece in pages.split("\x00")
        if piece
    ]
    return Markup(" ").join((_css_string(f"{edition}   ·   "), *map(Markup, pieces)))


def _shortened(text: str) -> str:
    if len(text) <= _RUNNING_HEAD:
        return text
    return text[:_RUNNING_HEAD].rsplit(" ", 1)[0].rstrip(" ,;:–-") + " …"


def density(snapshot: Snapshot) -> str:
    """How closely the list is set: the class of its section."""
    return "dense" if len(snapshot.entries) > _DENSE_FROM else ""


def number_width(snapshot: Snapshot, words: Words) -> float:
    """The width of the widest number with its full stop, in the list's em, for figures of equal width."""
    widest = len(words.number(len(snapshot.entries)))
    return round(0.55 * max(widest, 2) + 0.35, 2)


# Longer than any word of prose: may be broken anywhere.
_ENDLESS = re.compile(rf"\S{{{LONGEST_UNBROKEN + 1},}}")
_ADDRESS = re.compile(r"(https?://[^\s,;،。，；\u2066-\u2069]+[\w/])", re.ASCII)


def _addresses(text: str) -> Markup:
    """The text with its web addresses kept whole, where a line has room for them, and running their own way."""
    pieces = _ADDRESS.split(text)
    return Markup("").join(
        Markup('<span class="{}ltr">{}</span>').format("whole " if len(piece) <= 2 * LONGEST_UNBROKEN else "", piece)
        if place % 2 else piece
        for place, piece in enumerate(pieces)
    )  # fmt: skip


_BLOCK = re.compile(r"<(p|h[234]|li|blockquote|t[dh])>")
_TAG = re.compile(r"(<[^>]*>)")


def _body(text: str, around: Direction) -> Markup:
    """The letter's text as HTML, blocks directed by how they begin, words kept whole."""
    html = _with_directions(markdown.render(text), around)
    return Markup(  # noqa: S704 - cleaned by `render`, and only spans and directions are added
        "".join(piece if piece.startswith("<") else _kept_whole(piece) for piece in _TAG.split(html))
    )


def _kept_whole(text: str) -> str:
    return "".join(
        f'<span class="whole">{piece}</span>' if whole else _ENDLESS.sub(r'<span class="long">\g<0></span>', piece)
        for piece, whole in uncut(text)
    )


def _with_directions(html: str, around: Direction) -> str:
    """Set `dir` on each block of the letter that begins with a character of the other direction."""

    def marked(match: re.Match[str]) -> str:
        following = _TAG.sub("", html[match.end() : match.end() + 400])
        direction = direction_of_text(following, around)
        return match.group() if direction == around else f'<{match.group(1)} dir="{direction}">'

    return _BLOCK.sub(marked, html)
