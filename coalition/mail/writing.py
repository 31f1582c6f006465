"""Turning the parts of a mail into its text and HTML: first why you get it, then the words, then one action."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from babel.dates import format_date
from flask_babel import force_locale, get_locale
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from coalition.config import language_to_speak, setting
from coalition.i18n import SOURCE, direction_of_language
from coalition.paths import templates_folder


@dataclass(frozen=True, slots=True)
class Parts:
    """`why` is the first line; `quote` a printed line set apart; `action` a label and an address. `hushed` stands in
    the place of `after` where a mail must not say what it is about."""

    subject: str
    why: str
    paragraphs: tuple[str, ...] = ()
    quote: str = ""
    action: tuple[str, str] | None = None
    after: tuple[str, ...] = field(default=())
    hushed: tuple[str, ...] = field(default=())


@contextmanager
def speaking(*wishes: str) -> Iterator[str]:
    """Everything said inside is in the first of these languages that is offered, else in English; gives its code."""
    language = language_to_speak(*wishes)
    with force_locale(language):
        yield language


def in_full(day: date) -> str:
    """A day in the language spoken; English ones go day first, as on the pages: 24 February 2016."""
    locale = str(get_locale() or SOURCE)
    return str(format_date(day, "long", locale="en_GB" if locale == SOURCE else locale))


def write(parts: Parts, language: str, *, signed: bool = True) -> tuple[str, str]:
    """The text and the HTML of a mail, in the direction of its language. `signed`: the coalition's name stands under
    it."""
    with force_locale(language):
        values = {"parts": parts, "language": language, "direction": direction_of_language(language),
                  "sender": setting("COALITION_NAME") if signed else ""}
        return (_environment().get_template("message.txt").render(values).strip() + "\n",
                _environment().get_template("message.html").render(values))


@cache
def _environment() -> Environment:
    return Environment(loader=FileSystemLoader(templates_folder() / "mail"), undefined=StrictUndefined,
                       autoescape=select_autoescape(("html",)), trim_blocks=True, lstrip_blocks=True, auto_reload=False)
