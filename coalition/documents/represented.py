"""Annex II as values: what each network states, in its own words and unit, with date, source and member list.

Nothing is added up here: what the sums are, and why, stands in `note.py`.
"""

from __future__ import annotations

from dataclasses import dataclass

from coalition.documents.amounts import amount
from coalition.documents.printed import PrintedStatement
from coalition.documents.snapshot import Snapshot
from coalition.documents.words import Words
from coalition.remembered import remembered


@dataclass(frozen=True, slots=True)
class Represented:
    """One signatory's statement: `words` as given, `facts` in sentences of ours, `members` as given."""

    number: int
    name: str
    words: str
    facts: tuple[str, ...]
    members: tuple[str, ...]

    @property
    def in_columns(self) -> bool:
        """Whether the member list is set in two columns: many names, and short ones."""
        return len(self.members) > 8 and sum(map(len, self.members)) <= 32 * len(self.members)


def represented(snapshot: Snapshot, words: Words) -> tuple[Represented, ...]:
    """The statements in the order of the list; empty when nobody states anything."""
    return tuple(
        Represented(
            number=entry.number,
            name=entry.organisation or entry.signatory,
            words=statement.text,
            facts=_facts(statement, words),
            members=statement.members,
        )
        for entry in snapshot.stated
        if (statement := entry.statement)
    )


@remembered
def _facts(statement: PrintedStatement, words: Words) -> tuple[str, ...]:
    _ = words.gettext
    told = []
    if statement.count is not None:
        stated = amount(words, statement.count, statement.unit, statement.exactness)
        told.append(_("Stated: %(amount)s.", amount=stated))
    if statement.as_of:
        told.append(_("As of %(day)s.", day=words.day(statement.as_of)))
    if statement.source:
        told.append(_("Source: %(source)s.", source=words.isolated(statement.source.rstrip("."))))
    if not statement.as_of and not statement.source:
        told.append(_("No date and no source were given."))
    elif not statement.as_of:
        told.append(_("No date was given."))
    elif not statement.source:
        told.append(_("No source was given."))
    return tuple(told)
