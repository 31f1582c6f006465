"""What countries are called here."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from coalition import countries
from coalition.db import db
from coalition.places.models import CountryName


def own_names() -> list[CountryName]:
    """All names this installation gives, by country, then language."""
    return list(db.session.scalars(select(CountryName).order_by(CountryName.code, CountryName.language)))


def own_name(code: str, language: str) -> CountryName | None:
    """The name this installation gives to one country in one language."""
    return db.session.scalar(select(CountryName).where(CountryName.code == code, CountryName.language == language))


def by_id(name_id: int) -> CountryName | None:
    """The name with this number."""
    return db.session.get(CountryName, name_id)


def own_names_in(language: str) -> dict[str, str]:
    """The names this installation gives in one language, by code: one query."""
    rows = db.session.execute(select(CountryName.code, CountryName.name).where(CountryName.language == language))
    return {row.code: row.name for row in rows}


def names_in(language: str) -> Callable[[str], str]:
    """Gives a country's name in a language by its code: our own if there is one, else the usual one. One query,
    whatever number of countries is asked for."""
    own = own_names_in(language)
    return lambda code: own.get(code) or countries.country_name(code, language)
