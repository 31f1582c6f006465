"""The signatory list as pages show it: the printed lines of the document, groups with headings, countries, counts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from flask import get_template_attribute
from markupsafe import Markup

from coalition.documents.amounts import amount, statement_words
from coalition.documents.catalogues import words_in
from coalition.endorsements import listing
from coalition.endorsements.fields import EntryFields
from coalition.i18n import gettext as _
from coalition.letters.glance import Glance, glances_at
from coalition.letters.models import Letter
from coalition.places.queries import names_in
from coalition.signatories.compile import ListedGroup, SignatoryList
from coalition.signatories.counting import Counts
from coalition.signatories.entry import Entry
from coalition.signatories.grouping import Grouping
from coalition.signatories.line import Part, printed_parts
from coalition.signatories.ordering import CountryName
from coalition.web.filters import page_language
from coalition.web.kept import A_WHILE, kept


def counts_of(letters: Iterable[Letter]) -> dict[str, Counts]:
    """The counts of the public lists as they stand, by the letters' slugs. They are the same for whoever reads them."""
    letters = list(letters)
    glances = glances_at(letters)
    return {letter.slug: counts_at(glances[letter.id], letter) for letter in letters}


def counts_at(glance: Glance, letter: Letter) -> Counts:
    """The same of one letter, glanced at already."""
    found: Counts = kept(glance, "counts", lambda: listing.counts(letter), lasting=A_WHILE)
    return found


def shown_groups(signatories: SignatoryList, language: str) -> list[dict[str, Any]]:
    """What the component `signatory_list` takes. `language` is the letter's: countries are named as printed. Where
    the list is grouped by country, the headings name them and the lines do not."""
    words, name_of = words_in(language), names_in(language)
    worded, note = statement_words(words), words.capacity_note
    by_country = signatories.grouping is Grouping.COUNTRY

    def lines(group: ListedGroup) -> Iterator[dict[str, Any]]:
        for listed in group.entries:
            entry = listed.entry
            country = entry.country_text or (name_of(entry.country) if entry.country else "")
            yield {"parts": printed_parts(entry, capacity_note=note, statement_words=worded),
                   "country": "" if by_country else country}

    # Lines come one by one: to hold those of a long list all at once costs more than making them.
    return [{"heading": _heading(group, by_country, name_of), "start": group.entries[0].number, "entries": lines(group)}
            for group in signatories.groups]


def parts_of(entry: Entry, language: str) -> tuple[Part, ...]:
    """One entry as it is printed in a document of this language, for the component `printed_line`."""
    words = words_in(language)
    return printed_parts(entry, capacity_note=words.capacity_note, statement_words=statement_words(words))


def stated(fields: EntryFields) -> str:
    """What a network says of its size, in the language of the page: “more than 92 organisations”."""
    if fields.represents_count is None:
        return ""
    return amount(words_in(page_language()), fields.represents_count, fields.represents_unit.value,
                  fields.represents_exactness.value)


def line_markup(entry: Entry, language: str) -> Markup:
    """One printed line as markup, for the script that shows it while it is typed."""
    return get_template_attribute("components/printed_line.html", "printed_line")(parts_of(entry, language))


def _heading(group: ListedGroup, by_country: bool, name_of: CountryName) -> str:
    first = group.entries[0].entry
    if by_country:
        return (name_of(first.country) if first.country else first.country_text) or heading_of(group.key)
    return heading_of(group.key)


def heading_of(key: str) -> str:
    """The heading of a group by its key; "" for a list without groups."""
    return {
        "initiators": _("Initiators"), "signatories": _("Signatories"), "networks": _("Networks"),
        "organisations": _("Organisations"), "persons": _("Persons"),
    }.get(key, "")
