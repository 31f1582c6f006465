"""A corrigendum as a sealed one-page PDF. The values come frozen, the words are those the new edition froze."""

from __future__ import annotations

import hashlib
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from coalition.corrections.corrigendum import MOST_LINES, Corrigendum, lines_of, shortened
from coalition.documents import exports
from coalition.documents.catalogues import words_of
from coalition.documents.pdf import Attachment, Limits, render_pdf
from coalition.documents.pieces import line_of
from coalition.documents.seal import Seal
from coalition.documents.sheets import PAPERS
from coalition.documents.snapshot import Snapshot
from coalition.errors import Invalid
from coalition.i18n import direction_of_language, direction_of_text
from coalition.i18n import gettext as _
from coalition.late import late
from coalition.paths import templates_folder

if TYPE_CHECKING:
    from coalition.documents import sealing
else:
    sealing = late("coalition.documents.sealing")

pikepdf = late("pikepdf")

#: What a sheet is called in its attached facts and on the pages that verify.
PART = "corrigendum"

_LIMITS = Limits(cpu_seconds=30, wall_seconds=60)
#: Set with air and all its lines, else closer, else with fewer lines.
_WAYS = (("", MOST_LINES), ("dense", MOST_LINES), ("dense", 6), ("dense", 2), ("dense", 0))


def draw_corrigendum(sheet: Corrigendum, edition: Snapshot, *, language: str, paper: str) -> bytes:
    """The unsealed sheet in one of the new edition's languages; the same values give the same bytes.

    Raises `Invalid` for another paper or language, and for words that leave no room on one page.
    """
    if paper not in PAPERS:
        raise Invalid(_("There is no paper “%(paper)s”. Choose A4 or Letter.", paper=paper))
    spoken = edition.in_language(language)
    for density, lines in _WAYS:
        pdf = _set(sheet, spoken, paper, density, lines)
        with pikepdf.open(BytesIO(pdf)) as document:
            if len(document.pages) == 1:
                return pdf
    raise Invalid(_("The corrigendum does not fit on one page."),
                  {"words": _("Shorten your own words: the corrigendum does not fit on one page.")})


def draw_sealed(sheet: Corrigendum, edition: Snapshot, *, issuer: Seal, language: str, paper: str) -> bytes:
    """The sealed sheet: what is kept and handed out. The seal names the moment it was made."""
    drawn = draw_corrigendum(sheet, edition, language=language, paper=paper)
    return sealing.seal(drawn, seal=issuer, at=sheet.made_time,
                        reason=f"{edition.letter}, corrigendum to edition {sheet.old}, {sheet.sha256}")


def _set(sheet: Corrigendum, edition: Snapshot, paper: str, density: str, lines: int) -> bytes:
    words, direction = words_of(edition), direction_of_language(edition.language)
    page_size, height = PAPERS[paper]
    printed = lines_of(shortened(sheet, lines), edition)
    environment = _environment().overlay()
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        words.gettext, words.ngettext, newstyle=False
    )
    html = environment.get_template("letter/corrigendum.html").render(
        sheet=sheet, edition=edition, words=words, direction=direction, page_size=page_size, height=height,
        density=density, lines=printed, more=len(sheet.keys) > len(printed), own_language=edition.governing,
        line_of=lambda entry: line_of(entry, direction, edition.language))
    facts = exports.as_facts(edition, part=PART)
    return render_pdf(
        html, identifier=hashlib.sha256(f"{sheet.sha256} {edition.language} {paper}".encode()).hexdigest()[:32],
        created=sheet.made_time, limits=_LIMITS,
        attachments=lambda: [Attachment("edition.json", words.gettext("Edition and counts (JSON)"), [facts.encode()])])


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(templates_folder()), autoescape=True, undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)
    environment.filters["lines"] = str.splitlines
    environment.filters["direction"] = direction_of_text
    return environment
