"""A letter as outsiders see it: the text with its numbers, the list, the counts. It reads the public list only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import get_template_attribute
from markupsafe import Markup

from coalition.documents import serving
from coalition.documents.catalogues import words_in
from coalition.endorsements import listing
from coalition.letters import queries as letter_queries
from coalition.letters.glance import Glance
from coalition.letters.models import Letter, Version
from coalition.letters.reading import Reading, languages_of, reading_of
from coalition.markdown import render
from coalition.signatories.claims import fill
from coalition.signatories.counting import Counts
from coalition.web.filters import page_language
from coalition.web.kept import A_WHILE, kept
from coalition.web.lists import shown_groups


@dataclass(frozen=True, slots=True)
class ShownList:
    """The public list as a page shows it. `body` is its markup, "" while nobody is named; `earlier` how many signed
    another text than the newest; `edition` the newest public edition, if it may be served."""

    body: Markup
    counts: Counts
    earlier: int
    edition: ShownEdition | None


@dataclass(frozen=True, slots=True)
class ShownEdition:
    """`languages` are those of its files, comma-separated where a file has several."""

    number: int
    created_at: datetime
    languages: tuple[str, ...]


def published(letter: Letter) -> Version:
    """The text people sign now. The guard has seen that there is one."""
    version = letter.published
    if version is None:
        raise LookupError(letter.slug)
    return version


def read_in(letter: Letter, language: str) -> Reading:
    """The published text in this language, else in that of the page, or in the governing one where there is none
    such."""
    return reading_of(letter, published(letter), language or page_language())


def text_of(reading: Reading, counts: Counts) -> Markup:
    """The text as markup, its numbers filled in as an edition made now would have them."""
    return Markup(render(fill(reading.body, counts, words_in(reading.language).number)))  # noqa: S704  cleaned


def languages_shown(letter: Letter, reading: Reading, address: str) -> list[dict[str, Any]]:
    """The languages of the text as links to this page, for the component `language_nav`; none if there is but one."""
    languages = languages_of(published(letter))
    if len(languages) < 2:
        return []
    return [{"code": code, "url": f"{address}?language={code}", "current": code == reading.language}
            for code in languages]


def page_of(letter: Letter, glance: Glance, language: str = "") -> dict[str, Any]:
    """What the letter's page shows, in one language of its text."""
    version, reading = published(letter), read_in(letter, language)
    shown = list_of(letter, glance, reading.language)
    return {
        "letter": letter, "version": version, "reading": reading,
        "languages": languages_shown(letter, reading, f"/letters/{letter.slug}"), "shown": shown,
        "counts": shown.counts, "stage": stage_of(letter), "text": text_of(reading, shown.counts),
    }


def list_of(letter: Letter, glance: Glance, language: str) -> ShownList:
    """The list in this language. It is most of the work of a page and says nothing about the time, so it is kept
    apart from the page round it."""
    if not letter_queries.reaches_everyone(glance):
        return _list(letter, language)
    found: ShownList = kept(glance, f"list in {language}", lambda: _list(letter, language), lasting=A_WHILE)
    return found


def _list(letter: Letter, language: str) -> ShownList:
    signatories = listing.signatory_list(letter, language=language)
    draw = get_template_attribute("components/signatory_list.html", "signatory_list")
    edition = serving.public_edition(letter, [listed.entry for listed in signatories.entries])
    return ShownList(
        draw(shown_groups(signatories, language)) if signatories.entries else Markup(), signatories.counts,
        listing.signed_earlier_version(letter),
        ShownEdition(edition.number, edition.created_at, tuple(dict.fromkeys(
            made.language for made in edition.renditions if made.kind == "pdf"))) if edition is not None else None)


def stage_of(letter: Letter) -> str:
    """Whether it can be signed: "open", "not_yet", "closed", "cancelled"."""
    if letter_queries.is_open_for_signing(letter):
        return "open"
    return {"draft": "not_yet", "cancelled": "cancelled"}.get(letter.state, "closed")
