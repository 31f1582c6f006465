"""Markdown as letters may use it: one canonical form of a text, its hash, and safe HTML made from it.

Nothing here knows a letter, a page or a document. Raw HTML is shown as text, pictures are not supported.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from html import unescape

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from coalition.errors import Invalid
from coalition.i18n import gettext as _

#: The longest text that is taken, in characters of its canonical form.
LIMIT = 60_000

#: Lists and quotations may stand inside each other this deep.
DEEPEST = 8

# Each opening bracket makes the parser look ahead to the end of the text: ten thousand take seconds.
_MOST_BRACKETS = 1_000

_TOP_HEADING = 2
_LAST_HEADING = 4

_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "s", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip

# Controls, surrogates, private and non-characters; and overrides and embeddings, which can make a text read
# otherwise than it is stored (isolates and marks cannot).
_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufff9-\ufffb\ufffd-\uffff\ud800-\udfff\ue000-\uf8ff"
    "\ufdd0-\ufdef\U000f0000-\U0010ffff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0xF0000, 0x10000))
    + "]"
)

# The parser's own limit drops deeper text without a word, so it is set beyond what `render` refuses.
_PARSER = MarkdownIt(
    "js-default", {"linkify": False, "typographer": False, "maxNesting": 6 * DEEPEST}
).disable("image")


def canonical(text: str) -> str:
    """The one form of a text that is stored, hashed, shown and printed.

    NFC, line feeds, no byte order mark, nothing at the ends of lines, no empty lines at the start, one line
    feed at the end. A hard line break is written with a backslash; two spaces at a line's end mean nothing.
    An empty text stays empty. Raises Invalid for characters that no letter needs, and for texts so long that
    even tidying them would keep others waiting.
    """
    if len(text) > 4 * LIMIT:
        raise Invalid(_too_long(text))
    text = text.removeprefix("\ufeff")
    text = re.sub(r"\r\n|[\r\x85\u2028\u2029]", "\n", text)
    if found := _FORBIDDEN.search(text):
        raise Invalid(
            _(
                "The text holds the character U+%(code)s, which cannot be printed. Remove it.",
                code=f"{ord(found.group()):04X}",
            )
        )
    text = unicodedata.normalize("NFC", text)
    lines = [line.rstrip() for line in text.split("\n")]
    text = "\n".join(lines).strip("\n")
    return f"{text}\n" if text else ""


def digest(text: str) -> str:
    """The SHA-256 of the canonical form in UTF-8, in hexadecimal: what a signature refers to."""
    return hashlib.sha256(canonical(text).encode("utf-8")).hexdigest()


def check(text: str) -> str:
    """The canonical form of a text that can be published. Raises Invalid, saying what to change."""
    text = canonical(text)
    if not text:
        raise Invalid(_("The text is empty. Write the letter's text first."))
    if len(text) > LIMIT:
        raise Invalid(_too_long(text))
    if text.count("[") > _MOST_BRACKETS:
        raise Invalid(
            _("The text has more than %(limit)d opening square brackets. Remove some.", limit=_MOST_BRACKETS)
        )
    _parse(text)
    return text


def render(text: str) -> str:
    """Safe HTML of a Markdown text, for pages and documents alike.

    Headings run from h2 to h4 without a gap, whatever numbers of # were typed. Links lead to https and mailto
    addresses only. No element has an id, a class or a style. Raises Invalid as `check` does.
    """
    tokens = _parse(check(text))
    _level_headings(tokens)
    html = _PARSER.renderer.render(tokens, _PARSER.options, {})
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"https", "mailto"},
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )


def _too_long(text: str) -> str:
    return _(
        "The text has %(length)d characters; at most %(limit)d are possible. Shorten it.",
        length=len(text),
        limit=LIMIT,
    )


def _parse(text: str) -> list[Token]:
    try:
        tokens = _PARSER.parse(text)
    except RecursionError:
        tokens = None
    if tokens is None or _depth(tokens) > DEEPEST:
        raise Invalid(
            _(
                "Lists or quotations are nested too deep. At most %(limit)d levels are possible.",
                limit=DEEPEST,
            )
        )
    return tokens


def _depth(tokens: Sequence[Token]) -> int:
    """How deep containers, or emphases inside one line, stand inside each other."""
    deepest = depth = 0
    for token in tokens:
        if token.type in ("blockquote_open", "bullet_list_open", "ordered_list_open"):
            depth += 1
        elif token.type in ("blockquote_close", "bullet_list_close", "ordered_list_close"):
            depth -= 1
        inline = max((child.level for child in token.children or ()), default=0)
        deepest = max(deepest, depth, inline)
    return deepest


def _level_headings(tokens: Sequence[Token]) -> None:
    """Give headings the levels h2..h4: readers of structure stumble over a level that is left out."""
    before = _TOP_HEADING - 1
    for token in tokens:
        if token.type == "heading_open":
            before = min(int(token.tag[1]) + 1, before + 1, _LAST_HEADING)
            token.tag = f"h{before}"
        elif token.type == "heading_close":
            token.tag = f"h{before}"


def plain_text(text: str) -> str:
    """The words of a Markdown text without its marks, for those who read and count them."""
    return unescape(nh3.clean(render(text), tags=set()))
