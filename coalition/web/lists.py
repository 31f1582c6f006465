"""The signatory list as pages show it: the printed lines of the document, groups with headings, countries."""

from __future__ import annotations

from typing import Any

from flask import get_template_attribute
from markupsafe import Markup

from coalition.documents.amounts import amount, statement_words
from coalition.documents.catalogues import words_in
from coalition.documents.freezing import printed_groups
from coalition.endorsements.fields import EntryFields
from coalition.i18n import gettext as _
from coalition.places.queries import names_in
from coalition.signatories.compile import SignatoryList
from coalition.signatories.entry import Entry
from coalition.signatories.line import Part, printed_parts
from coalition.web.filters import page_language


def shown_groups(signatories: SignatoryList, language: str) -> list[dict[str, Any]]:
    """What the component `signatory_list` takes. `language` is the letter's: countries are named as printed."""
    words = words_in(language)
    groups = printed_groups(signatories, capacity_note=words.capacity_note, statement_words=statement_words(words),
                            country_name=names_in(language))
    return [{"heading": group.heading or heading_of(group.key),
             "entries": [{"number": entry.number, "parts": entry.parts, "country": entry.country_name}
                         for entry in group.entries]}
            for group in groups]


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


def heading_of(key: str) -> str:
    """The heading of a group by its key; "" for a list without groups."""
    return {
        "initiators": _("Initiators"), "signatories": _("Signatories"), "networks": _("Networks"),
        "organisations": _("Organisations"), "persons": _("Persons"),
    }.get(key, "")
