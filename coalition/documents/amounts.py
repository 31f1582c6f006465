"""What networks state, as numbers with their units in the document's words.

Each amount is a message of its own: in many languages the noun after "more than" has another form.
"""

from __future__ import annotations

from functools import lru_cache

from coalition.documents.words import Words
from coalition.signatories.entry import Statement
from coalition.signatories.line import StatementWords


def amount(words: Words, count: int, unit: str, exactness: str) -> str:
    """A stated number: “more than 700 organisations”."""
    made = {"more_than": _more_than, "nearly": _nearly}.get(exactness, _exactly)(words, count).get(unit)
    if made is not None:
        return made
    number = words.number(count)
    if exactness == "more_than":
        return words.gettext("more than %(number)s (unit not stated)", number=number)
    if exactness == "nearly":
        return words.gettext("nearly %(number)s (unit not stated)", number=number)
    return words.gettext("%(number)s (unit not stated)", number=number)


@lru_cache(32)
def statement_words(words: Words) -> StatementWords:
    """How printed lines word a statement that has a number and no words of its own: for the same words the same
    function, so that lines worded by it can be remembered."""

    def worded(statement: Statement) -> str:
        if statement.count is None:
            return ""
        stated = amount(words, statement.count, str(statement.unit), str(statement.exactness))
        return words.gettext("representing %(amount)s", amount=stated)

    return worded


def _exactly(words: Words, count: int) -> dict[str, str]:
    ngettext = words.ngettext
    return {
        "organisations": ngettext("%(num)s organisation", "%(num)s organisations", count),
        "members": ngettext("%(num)s member", "%(num)s members", count),
        "workers": ngettext("%(num)s worker", "%(num)s workers", count),
        "supporters": ngettext("%(num)s supporter", "%(num)s supporters", count),
    }


def _more_than(words: Words, count: int) -> dict[str, str]:
    ngettext = words.ngettext
    return {
        "organisations": ngettext("more than %(num)s organisation", "more than %(num)s organisations", count),
        "members": ngettext("more than %(num)s member", "more than %(num)s members", count),
        "workers": ngettext("more than %(num)s worker", "more than %(num)s workers", count),
        "supporters": ngettext("more than %(num)s supporter", "more than %(num)s supporters", count),
    }


def _nearly(words: Words, count: int) -> dict[str, str]:
    ngettext = words.ngettext
    return {
        "organisations": ngettext("nearly %(num)s organisation", "nearly %(num)s organisations", count),
        "members": ngettext("nearly %(num)s member", "nearly %(num)s members", count),
        "workers": ngettext("nearly %(num)s worker", "nearly %(num)s workers", count),
        "supporters": ngettext("nearly %(num)s supporter", "nearly %(num)s supporters", count),
    }
