"""Which languages the pages are offered in: those there is a catalogue for."""

from __future__ import annotations

from pathlib import Path

from flask import current_app

from coalition.i18n import LANGUAGES


def offered() -> list[str]:
    """Codes of the languages, in the order of `LANGUAGES`; English needs no catalogue."""
    kept = current_app.extensions.get("coalition.languages")
    if kept is None:
        folder = Path(current_app.root_path, "translations")
        kept = [code for code in LANGUAGES
                if code == "en" or (folder / code / "LC_MESSAGES" / "messages.mo").exists()]
        current_app.extensions["coalition.languages"] = kept
    return list(kept)
