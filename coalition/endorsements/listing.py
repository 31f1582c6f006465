"""The signatory list of a letter, read for one audience.

What outsiders get is read from the view `public_entries`, which holds approved, public, current entries and
cannot see any other row; `unnamed_endorsements` tells how many others count, without a name in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ColumnElement,
    Date,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    and_,
    func,
    literal,
    not_,
    select,
    type_coerce,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import NullType

from coalition.db import UTCDateTime, db
from coalition.letters.holding import holding, unchanged
from coalition.letters.models import Letter
from coalition.places.queries import names_in
from coalition.remembered import remembered
from coalition.signatories.compile import SignatoryList, compile_list
from coalition.signatories.counting import Countable, Counted, Counts, Hidden, count
from coalition.signatories.entry import Entry, Exactness, SigningAs, Statement, Unit, Visibility
from coalition.signatories.grouping import Grouping
from coalition.signatories.ordering import Rule

_views = MetaData()

_COLUMNS = (
    ("key", String), ("letter_id", Integer), ("signed_version_id", Integer), ("language", String),
    ("organisation_key", String),
    ("signing_as", String), ("visibility", String), ("tier", Integer), ("position", Integer),
    ("signed_at", UTCDateTime), ("origin", String), ("organisation", String), ("other_script", String),
    ("honorific", String),
    ("signatory", String), ("title", String), ("description", String), ("country", String),
    ("country_text", String), ("is_network", Boolean), ("represents_count", Integer),
    ("represents_exactness", String), ("represents_unit", String), ("represents_text", String),
    ("represents_as_of", Date), ("represents_source", String), ("members", Text),
)


def _entries_view(name: str) -> Table:
    return Table(name, _views, *(Column(column, kind) for column, kind in _COLUMNS))


#: Made by the migrations, never by the models.
PUBLIC_ENTRIES = _entries_view("public_entries")
RECIPIENT_ENTRIES = _entries_view("recipient_entries")
UNNAMED = Table("unnamed_endorsements", _views, Column("letter_id", Integer), Column("signed_version_id", Integer),
                Column("language", String),
                Column("signing_as", String), Column("organisation_key", String), Column("visibility", String))

#: What of an entry its counting asks for beside who signed, first that in which entries mostly differ: sorting them is
#: half of the work.
_COUNTED = ("represents_count", "country", "represents_unit", "members", "country_text", "signing_as")

#: What of an entry its printing asks for, in the order of `_entry`.
_PRINTED = tuple(name for name, _kind in _COLUMNS
                 if name not in ("letter_id", "signed_version_id", "language", "origin"))

#: Looking up is quicker than making.
_KINDS, _SHOWN = ({str(one): one for one in kind} for kind in (SigningAs, Visibility))

#: The audiences of an edition: who it is printed for.
AUDIENCES = ("public", "recipients")


def signatory_list(letter: Letter, audience: str = "public", *, language: str | None = None) -> SignatoryList:
    """The ordered, grouped, counted list as it stands now, for "public" or "recipients"."""
    language = language or letter.language
    return signatory_lists(letter, audience, [language])[language]


def signatory_lists(letter: Letter, audience: str, languages: Iterable[str]) -> dict[str, SignatoryList]:
    """The same entries, read once, ordered and grouped as each of the languages does."""
    entries = entries_for(letter, audience)
    hidden = hidden_for(letter, audience, entries)

    def compiled(language: str) -> SignatoryList:
        return compile_list(
            entries, rule=Rule(letter.rule), grouping=Grouping(letter.grouping), language=language,
            ignore_articles=letter.ignore_articles, hidden=hidden,
            country_name=names_in(language))

    return {language: compiled(language) for language in languages}


def counts(letter: Letter) -> Counts:
    """What the public list counts, without putting it in order."""
    entries = _alike(letter)
    if any(map(_asks_for_names, entries)):
        entries = _one_by_one(letter)
    return count(entries, hidden_for(letter, "public", entries))


def _alike(letter: Letter) -> tuple[Countable, ...]:
    """What the public list counts, entries put together that differ in names only: few rows for thousands of them. Each
    is of another body, since the database keeps at most one approved of each."""
    view, names = PUBLIC_ENTRIES, ("organisation_key", "signatory")
    rows = select(*(view.c[name] for name in (*_COUNTED, *names)), (view.c.signatory != "").label("is_named"),
                  view.c.organisation_key.is_(None).label("has_no_key")).where(on_the_list(view, letter)).subquery()
    counted = [rows.c[name] for name in _COUNTED]
    found = db.session.execute(select(*counted, *(func.min(rows.c[name]) for name in names), func.count())
                               .group_by(*counted, rows.c.is_named, rows.c.has_no_key))
    return tuple(_countable(*row) for row in found)


def _asks_for_names(entry: Countable) -> bool:
    """Whether others may be the same body by their names alone, or stand by name on its member list."""
    has_list = entry.statement is not None and bool(entry.statement.members)
    return has_list or (entry.signing_as is SigningAs.ORGANISATION and not entry.organisation_key)


def _one_by_one(letter: Letter) -> tuple[Countable, ...]:
    """The same, each entry with all its names."""
    view = PUBLIC_ENTRIES
    found = db.session.execute(select(
        *(view.c[name] for name in (*_COUNTED, "organisation_key", "signatory")), literal(1), view.c.organisation,
        view.c.other_script).where(on_the_list(view, letter)))
    return tuple(_countable(*row) for row in found)


def entries_for(letter: Letter, audience: str = "public") -> tuple[Entry, ...]:
    """The entries an audience may see, in no particular order."""
    view = view_for(audience)
    # As the driver gives them: reading ten thousand moments takes as long as all the rest, and few rows are new.
    columns = (type_coerce(view.c[name], NullType) for name in _PRINTED)
    rows = db.session.execute(select(*columns).where(on_the_list(view, letter))).all()
    dialect = db.engine.dialect
    return tuple(_entry(tuple(row), dialect) for row in rows)


def hidden_for(letter: Letter, audience: str, named: tuple[Counted, ...]) -> Hidden:
    """How many endorsements count without being named to this audience."""
    shown = ("public",) if audience == "public" else ("public", "recipients")
    rows = db.session.execute(select(UNNAMED.c.signing_as, UNNAMED.c.organisation_key).where(
        on_the_list(UNNAMED, letter), UNNAMED.c.visibility.not_in(shown))).all()
    seen = {entry.organisation_key for entry in named if entry.signing_as is SigningAs.ORGANISATION}
    bodies = {row.organisation_key for row in rows if row.signing_as == SigningAs.ORGANISATION.value} - seen
    return Hidden(entries=len(rows), organisations=len(bodies))


def signed_earlier_version(letter: Letter, audience: str = "public") -> int:
    """How many of the listed entries signed another text than the newest, from which only editorial changes lead on.
    """
    view = view_for(audience)
    same = unchanged(letter).condition(view.c.signed_version_id, view.c.language)
    return db.session.scalar(select(func.count()).select_from(view).where(on_the_list(view, letter), not_(same))) or 0


def view_for(audience: str) -> Table:
    """What an edition for this audience is read from."""
    return PUBLIC_ENTRIES if audience == "public" else RECIPIENT_ENTRIES


def on_the_list(view: Table, letter: Letter) -> ColumnElement[bool]:
    """The rows of a view that are on the letter's list now."""
    return and_(view.c.letter_id == letter.id, holding(letter).condition(view.c.signed_version_id, view.c.language))


def _countable(number: int | None, country: str, unit: str, members: str, country_text: str, signing_as: str,
               organisation_key: str | None, signatory: str, times: int, organisation: str = "",
               other_script: str = "") -> Countable:
    stated = number is not None or bool(members)
    return Countable(
        _KINDS[signing_as], organisation_key or "", organisation, other_script, signatory, country, country_text,
        Statement(count=number, unit=Unit(unit), members=tuple(members.splitlines())) if stated else None, times)


@remembered
def _entry(row: tuple[Any, ...], dialect: Dialect) -> Entry:
    """By place, in the order of `_PRINTED`: there may be ten thousand of them."""
    moment, day = _readers(dialect)
    (key, organisation_key, signing_as, visibility, tier, position, signed_at, organisation, other_script, honorific,
     signatory, title, description, country, country_text, is_network, number, exactness, unit, words, as_of, source,
     members) = row
    statement = None
    if number is not None or words or members:
        statement = Statement(
            count=number, exactness=Exactness(exactness), unit=Unit(unit), text=words, as_of=day(as_of),
            source=source, members=tuple(members.splitlines()))
    return Entry(
        key=key, signing_as=_KINDS[signing_as], organisation=organisation, organisation_key=organisation_key or "",
        other_script=other_script, honorific=honorific, signatory=signatory, title=title, description=description,
        country=country, country_text=country_text, is_network=bool(is_network), statement=statement,
        visibility=_SHOWN[visibility], tier=tier, position=position, signed_at=moment(signed_at))


@lru_cache(8)
def _readers(dialect: Dialect) -> tuple[Callable[[Any], Any], ...]:
    """What makes moments and days of what the driver gives."""
    return tuple(kind.dialect_impl(dialect).result_processor(dialect, None) or (lambda value: value)
                 for kind in (UTCDateTime(), Date()))
