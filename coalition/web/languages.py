"""Which languages the pages are offered in, and which one a reader gets."""

from __future__ import annotations

from flask import current_app

from coalition.i18n import LANGUAGES, READY, SOURCE


def offered() -> tuple[str, ...]:
    """Codes of the languages, in the order of `LANGUAGES`: those whose catalogue is whole, or those that the
    setting `PAGE_LANGUAGES` names. English is always among them."""
    wanted = {*(current_app.config["PAGE_LANGUAGES"] or READY), SOURCE}
    return tuple(code for code in LANGUAGES if code in wanted)
