"""Gettext catalogues, compiled from their `.po` texts when they are first needed: those of pages and mails (domain
`messages`), and the compiling that documents do with theirs.

No compiled file exists, so none can be older than its source or missing from an installation.
"""

from __future__ import annotations

import io
from functools import cache
from importlib.resources import files
from typing import Any

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask
from flask_babel import Babel, Domain, get_locale
from werkzeug.utils import cached_property

from coalition.i18n import LANGUAGES, SOURCE


def text_of(language: str, domain: str) -> str:
    """The catalogue of a language as text, without comments; "" for the language messages are written in and
    for those we do not speak."""
    if language == SOURCE or language not in LANGUAGES:
        return ""
    path = files("coalition").joinpath("translations", language, "LC_MESSAGES", f"{domain}.po")
    lines = path.read_text("utf-8").splitlines()
    return "\n".join(line for line in lines if not line.startswith("#") or line.startswith("#, fuzzy")).strip() + "\n"


def compiled(text: str) -> io.BytesIO:
    """The catalogue as gettext reads it, without what is fuzzy or not translated whole: that stays English.

    Raises `PoFileError`, `ValueError` or `AttributeError` for a damaged text.
    """
    catalogue = read_po(io.StringIO(text), abort_invalid=True)
    for message in list(catalogue):
        if message.id and message.pluralizable and not all(message.string):
            catalogue.delete(message.id)
    file = io.BytesIO()
    write_mo(file, catalogue)
    file.seek(0)
    return file


@cache
def page_words(language: str) -> NullTranslations:
    """What pages and mails say in a language; English where there is no catalogue."""
    text = text_of(language, "messages")
    return Translations(compiled(text), domain="messages") if text else NullTranslations()


@cache
def _words_in(locale: Locale | None) -> NullTranslations:
    """The same by the locale of a request: to name it takes longer than to look it up, and pages ask at each sentence.
    """
    return page_words(str(locale or SOURCE))


class Words(Domain):
    """The messages of pages and mails, in the language of whoever reads."""

    def get_translations(self) -> NullTranslations:
        return _words_in(get_locale())

    def ngettext(self, singular: str, plural: str, num: int, **variables: Any) -> str:
        """As Flask-Babel's, with `%(num)s` in the reader's way of writing numbers."""
        variables.setdefault("num", format_decimal(num, locale=get_locale() or SOURCE))
        return str(self.get_translations().ungettext(singular, plural, num) % variables)


class Languages(Babel):
    """Flask-Babel, with our catalogues for its compiled files."""

    def init_app(self, app: Flask, *settings: Any, **named: Any) -> None:
        super().init_app(app, *settings, **named)
        # Templates ask at each sentence, hundreds of times a page: Flask-Babel looks its domain up anew each time.
        app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
            gettext=lambda said: _words_in(get_locale()).ugettext(said),
            ngettext=lambda one, more, number: _words_in(get_locale()).ungettext(one, more, number), newstyle=True)

    @cached_property
    def domain_instance(self) -> Words:
        return Words()
