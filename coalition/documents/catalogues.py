"""The words of the document in its languages: gettext catalogues of the domain `document`, kept as `.po` texts; and
those of the letters that go with it, which are of the domain `covering`, so that no edition freezes them.

They are compiled when they are first needed (some milliseconds) and kept by their text: so no compiled file can be
older than its source, and an edition that froze the words it was drawn with is drawn with those again.
"""

from __future__ import annotations

from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations

from babel.messages.pofile import PoFileError

from coalition import catalogues
from coalition.documents.snapshot import Snapshot
from coalition.documents.words import Words
from coalition.errors import Invalid
from coalition.i18n import gettext as _


@cache
def text_of(language: str, domain: str = "document") -> str:
    """The catalogue of a language as text, without the comments for translators; "" for English and for languages
    that the document does not speak."""
    return catalogues.text_of(language, domain)


@lru_cache(maxsize=32)
def translations_of(text: str) -> NullTranslations | None:
    """What a catalogue's text says; None for the empty text. Raises `Invalid` for a damaged one."""
    if not text:
        return None
    try:
        return GNUTranslations(catalogues.compiled(text))
    except (PoFileError, ValueError, AttributeError) as error:
        raise Invalid(_("The stored words of this edition are damaged.")) from error


def words_in(language: str) -> Words:
    """The document's words as they are now, for what is not frozen: pages, previews of a line."""
    return _words(language, text_of(language))


def words_of_letters(language: str) -> Words:
    """What covering letters and drafts for missions say in a language."""
    return Words(language, translations_of(text_of(language, "covering")))


def words_of(snapshot: Snapshot, translations: NullTranslations | None = None) -> Words:
    """The document's fixed words in the snapshot's language, as they were frozen with it."""
    if translations:
        return Words(snapshot.language, translations)
    return _words(snapshot.language, snapshot.words)


@lru_cache(maxsize=32)
def _words(language: str, text: str) -> Words:
    """The same for each document, so that what was said with them can be remembered."""
    return Words(language, translations_of(text))
