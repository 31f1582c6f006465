"""A letter as outsiders see it: the text with its numbers, the list, the counts. It reads the public list only."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from coalition.documents import queries as document_queries
from coalition.endorsements import listing
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter, Version
from coalition.markdown import render
from coalition.signatories.claims import fill
from coalition.signatories.compile import SignatoryList
from coalition.signatories.counting import Counts
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


def text_of(version: Version, counts: Counts) -> Markup:
    """The text as markup, its numbers filled in as an edition made now would have them."""
    return Markup(render(fill(version.body, counts)))  # noqa: S704  cleaned by `render`


def page_of(letter: Letter) -> dict[str, Any]:
    """What the letter's page shows."""
    version, signatories = published(letter), listing.signatory_list(letter)
    edition = document_queries.public_edition(letter)
    return {
        "letter": letter, "version": version, "counts": signatories.counts, "stage": stage_of(letter),
        "text": text_of(version, signatories.counts), "groups": _groups(signatories, version.language),
        "rule": str(signatories.rule), "edition": edition,
        "file": document_queries.rendition(edition) if edition is not None else None,
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
