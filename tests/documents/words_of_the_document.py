"""Every message that the document's own words are made of, as the sources say them."""

from __future__ import annotations

from pathlib import Path

from babel.messages.extract import extract_from_file

HOME = Path(__file__).resolve().parents[2]
#: In the templates and the note `_` speaks the document's language, elsewhere it speaks that of the page.
_ALL = {"_": None, "gettext": None, "ngettext": (1, 2)}
_NAMED = {"gettext": None, "ngettext": (1, 2)}
_ROOM = HOME / "coalition" / "documents"
_NOTE = {"note.py", "represented.py", "editable.py", "exports.py"}
#: Covering letters and drafts for missions are English, whatever the language of the letter they go with.
_ENGLISH = {"covering.py", "transmittal.py", "transmittal_docx.py"}


def messages() -> dict[tuple[str, ...], str]:
    """Message (or message and plural) to the file that says it."""
    found: dict[tuple[str, ...], str] = {}
    for path in sorted((HOME / "templates" / "letter").glob("*.html")):
        _take(found, "jinja2.ext.babel_extract", path, _ALL)
    for path in sorted(path for path in _ROOM.glob("*.py") if path.name not in _ENGLISH):
        _take(found, "python", path, _ALL if path.name in _NOTE else _NAMED)
    return found


def _take(found: dict[tuple[str, ...], str], method: str, path: Path, keywords: dict[str, object]) -> None:
    # The library may be asked for many things: the options and keywords here are those of Babel's own tool.
    for _line, message, _comments, _context in extract_from_file(method, path, keywords=keywords):  # type: ignore
        found.setdefault((message,) if isinstance(message, str) else tuple(message), path.name)
