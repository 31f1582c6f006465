"""A letter as outsiders see it: the text with its numbers, the list, the counts. It reads the public list only."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from coalition.documents import serving
from coalition.documents.catalogues import words_in
from coalition.endorsements import listing
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter, Version
from coalition.letters.reading import Reading, languages_of, reading_of
from coalition.markdown import render
from coalition.signatories.claims import fill
from coalition.signatories.compile import SignatoryList
from coalition.signatories.counting import Counts
from coalition.web.filters import page_language
from coalition.web.lists import shown_groups
from coalition.web.public.kept import kept


def published(letter: Letter) -> Version:
    """The text people sign now. The guard has seen that there is one."""
    version = letter.published
    if version is None:
        raise LookupError(letter.slug)
    return version


def counts_of(letter: Letter) -> Counts:
    """The counts of the public list as it stands."""
    def made() -> Counts:
        return listing.signatory_list(letter).counts

    counts: Counts = kept(letter, "counts", made) if letter_queries.reaches_everyone(letter) else made()
    return counts


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


def page_of(letter: Letter, language: str = "") -> dict[str, Any]:
    """What the letter's page shows, in one language of its text."""
    version, reading = published(letter), read_in(letter, language)
    signatories = listing.signatory_list(letter, language=reading.language)
    edition = serving.public_edition(letter)
    return {
        "letter": letter, "version": version, "reading": reading,
        "languages": languages_shown(letter, reading, f"/letters/{letter.slug}"),
        "counts": signatories.counts, "stage": stage_of(letter),
        "text": text_of(reading, signatories.counts), "groups": _groups(signatories, reading.language),
        "rule": str(signatories.rule), "edition": edition,
        "files": list({made.language: made for made in reversed(edition.renditions)
                       if made.kind == "pdf"}.values())[::-1] if edition is not None else [],
        "earlier": listing.signed_earlier_version(letter),
    }


def stage_of(letter: Letter) -> str:
    """Whether it can be signed: "open", "not_yet", "closed", "cancelled"."""
    if letter_queries.is_open_for_signing(letter):
        return "open"
    return {"draft": "not_yet", "cancelled": "cancelled"}.get(letter.state, "closed")


def _groups(signatories: SignatoryList, language: str) -> list[dict[str, Any]]:
    groups = shown_groups(signatories, language)
    if signatories.grouping == "country":
        # The heading says it already.
        for group in groups:
            for entry in group["entries"]:
                entry["country"] = ""
    return groups
