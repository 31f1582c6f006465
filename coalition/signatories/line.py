"""An entry as printed: its parts, so that each can be isolated for direction, and the line they make.

Markup, numbering and the country column belong to the page and the document.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from coalition.signatories.entry import Entry, Exactness, SigningAs, Statement, Unit
from coalition.signatories.names import identity_key

StatementWords = Callable[[Statement], str]

_AMOUNT = {Exactness.EXACT: "{}", Exactness.MORE_THAN: "more than {}", Exactness.NEARLY: "nearly {}"}
_UNITS = {
    Unit.ORGANISATIONS: ("organisation", "organisations"),
    Unit.MEMBERS: ("member", "members"),
    Unit.WORKERS: ("worker", "workers"),
    Unit.SUPPORTERS: ("supporter", "supporters"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a printed line.

    `role` is signatory (honorific and name), title, organisation, other_script, description, statement,
    capacity, or separator for the punctuation between them.
    """

    role: str
    text: str


def printed_parts(
    entry: Entry, *, capacity_note: str = "", statement_words: StatementWords | None = None
) -> tuple[Part, ...]:
    """The parts of an entry in printing order; their texts, joined, are the printed line.

    `capacity_note` is the caller's translated remark for a person who signs in a personal capacity; it is
    printed for persons only. `statement_words` words a statement that has a count but no words of its own
    (English without it).
    """
    parts: list[Part] = []
    for role, text, opening, closing in _pieces(entry, capacity_note, statement_words or english_words):
        if not text:
            continue
        if parts:
            parts.append(Part("separator", opening))
        parts.append(Part(role, text))
        if closing:
            parts.append(Part("separator", closing))
    return tuple(parts)


def printed_line(
    entry: Entry, *, capacity_note: str = "", statement_words: StatementWords | None = None
) -> str:
    """The line exactly as it stands in the document and as the signer saw it before signing."""
    parts = printed_parts(entry, capacity_note=capacity_note, statement_words=statement_words)
    return "".join(part.text for part in parts)


def english_words(statement: Statement) -> str:
    """A statement of a bare number in English words: "representing more than 700 organisations"."""
    if statement.count is None:
        return ""
    amount = _AMOUNT[statement.exactness].format(f"{statement.count:,}")
    if statement.unit not in _UNITS:
        return f"representing {amount} (unit not stated)"
    one, many = _UNITS[statement.unit]
    single = statement.count == 1 and statement.exactness is Exactness.EXACT
    return f"representing {amount} {one if single else many}"


def _pieces(entry: Entry, capacity_note: str, words: StatementWords) -> Iterator[tuple[str, str, str, str]]:
    """Role, text, what stands before it if anything precedes, and what closes it."""
    person = entry.signing_as is SigningAs.PERSON
    signatory = " ".join(filter(None, (entry.honorific, entry.signatory))) if entry.signatory else ""
    yield "signatory", signatory, "", ""
    if person:
        yield "other_script", entry.other_script, " / ", ""
    yield "title", entry.title, ", ", ""
    yield "organisation", entry.organisation, ", ", ""
    if not person:
        yield "other_script", entry.other_script, " / ", ""
    yield "description", entry.description, " – ", ""
    statement = _statement_beside(entry, words)
    yield "statement", statement, "; " if entry.description else " – ", ""
    if person:
        yield "capacity", capacity_note, " (", ")"


def _statement_beside(entry: Entry, words: StatementWords) -> str:
    """The statement's words, unless the description says the same already."""
    statement = entry.statement
    if statement is None:
        return ""
    if statement.text:
        said = identity_key(statement.text) in identity_key(entry.description)
        return "" if said else statement.text
    if statement.count is None or _has_number(entry.description, statement.count):
        return ""
    return words(statement)


def _has_number(text: str, number: int) -> bool:
    """Whether this very number stands in the text, with or without separators between thousands."""
    plain = re.sub(r"(?<=\d)[,.\u00a0\u202f' ](?=\d{3}(?!\d))", "", text)
    return any(int(digits) == number for digits in re.findall(r"\d{1,18}", plain))
