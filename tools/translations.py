"""Bring the catalogues of pages and mails up to date with the sources: `make translations`.

Every message of `coalition/` and `templates/` is taken into `messages.po` of each language: new ones without words,
those nobody says any more are taken out, the others are kept as they are. Files name the sources without line numbers
and carry no dates, so that only what changed shows. `--list` says how far each language is and changes nothing.
The document's own words (domain `document`) and those of covering letters (domain `covering`) are found here too;
their catalogues are kept by hand.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po, write_po

from coalition.i18n import LANGUAGES, SOURCE

HOME = Path(__file__).resolve().parents[1]
LANGUAGES_TO_SPEAK = tuple(language for language in LANGUAGES if language != SOURCE)

Keywords = Mapping[str, tuple[int, ...] | None]
#: A message, or a message and its plural.
Key = tuple[str, ...]

PAGE_KEYWORDS: Keywords = {"_": None, "_l": None, "gettext": None, "lazy_gettext": None, "ngettext": (1, 2),
                           "plural_words": (1, 2)}
#: In the documents' room `gettext` speaks the document's language, `_` that of the page.
_PAGE_IN_DOCUMENTS: Keywords = {"_": None, "_l": None}
#: The sentences of the audit log stand in a table and are translated when they are shown.
_AUDIT: Keywords = {"_action": (1,)}

_DOCUMENT: Keywords = {"_": None, "gettext": None, "ngettext": (1, 2)}
_DOCUMENT_IN_ROOM: Keywords = {"gettext": None, "ngettext": (1, 2)}

_DOCUMENTS = HOME / "coalition" / "documents"
#: Here `_` speaks the document's language too.
_DOCUMENT_ONLY = {"note.py", "represented.py", "editable.py", "exports.py"}
#: Covering letters and drafts for missions have words of their own (domain `covering`), which no edition freezes. An
#: office is said of a person, where a language writes hers otherwise.
_LETTERS = {"addressing.py", "covering.py", "transmittal.py"}
_LETTER: Keywords = {**_DOCUMENT, "of_person": (2,)}
_NOT_PAGES = {"letter", "covering"}

_DATES_AND_TOOLS = re.compile(
    r'"(?:POT-Creation-Date|PO-Revision-Date|Generated-By|Report-Msgid-Bugs-To|Last-Translator|Language-Team|'
    r'Project-Id-Version|MIME-Version|Content-Transfer-Encoding): [^"]*"\n')
_HEAD = "# Pages and mails. `make translations` keeps this file in step with the sources.\n#\n"


def page_messages() -> dict[Key, list[tuple[str, list[str]]]]:
    """Every message of pages and mails: the files that say it, each with what it tells translators."""
    found: dict[Key, list[tuple[str, list[str]]]] = {}
    for path, keywords in _page_sources():
        for key, comments in _messages_of(path, keywords):
            places = found.setdefault(key, [])
            if _name(path) not in [place for place, _comments in places]:
                places.append((_name(path), comments))
    # The singular said alone and beside a plural is one message to gettext: the one with the plural.
    for key in [key for key in found if len(key) == 2]:
        found[key] += found.pop(key[:1], [])
    return found


def document_messages() -> dict[Key, str]:
    """Every message the document's own words are made of, with the file that says it."""
    found: dict[Key, str] = {}
    for path in sorted((HOME / "templates" / "letter").glob("*.html")):
        for key, _comments in _messages_of(path, _DOCUMENT):
            found.setdefault(key, path.name)
    for path in sorted(path for path in _DOCUMENTS.glob("*.py") if path.name not in _LETTERS):
        for key, _comments in _messages_of(path, _DOCUMENT if path.name in _DOCUMENT_ONLY else _DOCUMENT_IN_ROOM):
            found.setdefault(key, path.name)
    return found


def letter_messages() -> dict[Key, str]:
    """The same of covering letters and drafts for missions."""
    found: dict[Key, str] = {}
    for path in (*sorted((HOME / "templates" / "covering").glob("*.html")),
                 *(_DOCUMENTS / name for name in sorted(_LETTERS))):
        for key, _comments in _messages_of(path, _LETTER):
            found.setdefault(key, path.name)
    return found


def path_of(language: str, domain: str = "messages") -> Path:
    """Where the catalogue of a language is kept."""
    return HOME / "coalition" / "translations" / language / "LC_MESSAGES" / f"{domain}.po"


def catalogue_of(language: str, domain: str = "messages") -> Catalog:
    """The catalogue of a language as it stands; an empty one where there is none yet."""
    path = path_of(language, domain)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def key_of(words: str | tuple[str, ...] | list[str]) -> Key:
    """A message's words, or its translation's, as a tuple."""
    return (words,) if isinstance(words, str) else tuple(words)


def is_translated(message: Message) -> bool:
    """Whether all forms are there, and nothing is doubtful."""
    return all(key_of(message.string)) and not message.fuzzy


def updated(language: str, messages: Mapping[Key, list[tuple[str, list[str]]]]) -> Catalog:
    """The catalogue of a language with these messages and no others; what was translated stays so."""
    old = catalogue_of(language)
    # Babel finds a message by its singular; one that has lost or gained its plural is a new one.
    known = {key_of(message.id): message for message in old if message.id}
    new = Catalog(locale=language, header_comment="", fuzzy=False)
    # Babel's own rule for Arabic is wrong; the document's catalogues hold the right ones.
    new.mime_headers = [("Plural-Forms", catalogue_of(language, "document").plural_forms)]
    for key, places in sorted(messages.items(), key=lambda item: (item[1][0][0], item[0])):
        before = known.get(key)
        new.add(key if len(key) == 2 else key[0], before.string if before else _nothing(key, new.num_plurals),
                locations=[(place, 0) for place, _comments in places],
                flags=[flag for flag in before.flags if flag == "fuzzy"] if before else [],
                auto_comments=[comment for _place, comments in places for comment in comments],
                user_comments=before.user_comments if before else [])
    return new


def _nothing(key: Key, forms: int) -> str | tuple[str, ...]:
    return ("",) * forms if len(key) == 2 else ""


def as_text(catalogue: Catalog) -> str:
    """The catalogue as it is kept: no dates, no line numbers."""
    file = io.BytesIO()
    write_po(file, catalogue, width=118, include_lineno=False)
    return _HEAD + _DATES_AND_TOOLS.sub("", file.getvalue().decode()).lstrip("#\n").rstrip() + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Update all catalogues, or only say how far they are."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="say how far each language is, change nothing")
    chosen = parser.parse_args(arguments)
    messages = page_messages()
    for language in LANGUAGES_TO_SPEAK:
        catalogue = updated(language, messages)
        if not chosen.list:
            path_of(language).parent.mkdir(parents=True, exist_ok=True)
            path_of(language).write_text(as_text(catalogue), "utf-8")
        missing = sum(not is_translated(message) for message in catalogue if message.id)
        sys.stdout.write(f"{language}: {len(messages) - missing} of {len(messages)} messages translated\n")
    return 0


def _page_sources() -> Iterator[tuple[Path, Keywords]]:
    for path in sorted((HOME / "coalition").rglob("*.py")):
        if path.parent != _DOCUMENTS:
            yield path, {**PAGE_KEYWORDS, **_AUDIT} if path.parts[-2:] == ("audit", "actions.py") else PAGE_KEYWORDS
        elif path.name not in _DOCUMENT_ONLY | _LETTERS:
            yield path, _PAGE_IN_DOCUMENTS
    for path in sorted((HOME / "templates").rglob("*")):
        if path.suffix in (".html", ".txt") and path.relative_to(HOME / "templates").parts[0] not in _NOT_PAGES:
            yield path, PAGE_KEYWORDS


def _messages_of(path: Path, keywords: Keywords) -> Iterator[tuple[Key, list[str]]]:
    method = "python" if path.suffix == ".py" else "jinja2.ext.babel_extract"
    # The library may be asked for many things: the options and keywords here are those of Babel's own tool.
    found: Iterable[tuple[int, str | tuple[str, ...], list[str], str | None]] = extract_from_file(
        method, path, keywords=keywords, comment_tags=("Translators:",), strip_comment_tags=True)  # type: ignore
    for _line, message, comments, _context in found:
        yield key_of(message), comments


def _name(path: Path) -> str:
    return path.relative_to(HOME).as_posix()


if __name__ == "__main__":
    sys.exit(main())
