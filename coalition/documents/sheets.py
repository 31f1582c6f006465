"""Covering letters and drafts as one-page PDFs. The values come frozen; only layout is added here."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from io import BytesIO

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from coalition.documents.catalogues import words_of_letters
from coalition.documents.covering import Cover
from coalition.documents.pdf import Limits, render_pdf
from coalition.documents.transmittal import Draft
from coalition.errors import Invalid
from coalition.i18n import direction_of_language, direction_of_text
from coalition.i18n import gettext as _
from coalition.late import late
from coalition.paths import templates_folder

pikepdf = late("pikepdf")

#: One page needs a moment; more than this is a mistake.
_LIMITS = Limits(cpu_seconds=30, wall_seconds=60)

#: Papers by the name users choose: the CSS page size, and the millimetres between the margins of `sheet.css`.
PAPERS = {"A4": ("A4", 251.0), "Letter": ("letter", 233.4)}


def cover_pdf(cover: Cover) -> bytes:
    """The covering letter. The same values give the same bytes. Raises Invalid when it is more than a page."""
    return _one_page("covering/letter.html", cover, cover.to_json())


def draft_pdf(draft: Draft) -> bytes:
    """The mission's draft. The same values give the same bytes. Raises Invalid when it is more than a page."""
    return _one_page("covering/transmittal.html", draft, draft.to_json())


def _one_page(template: str, sheet: Cover | Draft, frozen: str) -> bytes:
    """Set with air, else closer; what is too long even then is refused."""
    for density in ("", "close", "dense"):
        pdf = _set(template, sheet, frozen, {"density": density})
        with pikepdf.open(BytesIO(pdf)) as document:
            if len(document.pages) == 1:
                return pdf
    raise Invalid(_("The letter does not fit on one page. Shorten your own paragraph, the addressee or the contact."))


def _set(template: str, sheet: Cover | Draft, frozen: str, layout: Mapping[str, str]) -> bytes:
    words = words_of_letters(sheet.language)
    page_size, height = PAPERS[sheet.paper]
    environment = _environment().overlay()
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        words.gettext, words.ngettext, newstyle=False
    )
    html = environment.get_template(template).render(
        sheet=sheet, words=words, direction=direction_of_language(sheet.language), page_size=page_size,
        height=height, **layout)
    return render_pdf(html, identifier=hashlib.sha256(frozen.encode()).hexdigest()[:32],
                      created=_noon(sheet.dated_on), limits=_LIMITS)


def _noon(day: str) -> datetime:
    """The file's time is its day's, whenever it is drawn, so that drawing it again gives the same bytes."""
    return datetime.fromisoformat(day).replace(hour=12, tzinfo=UTC)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_folder()), autoescape=True, undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)
    environment.filters["lines"] = str.splitlines
    environment.filters["direction"] = direction_of_text
    return environment
