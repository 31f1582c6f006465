"""Rows of several models out of one prepared statement, apart from the session: to be read, never changed. What was not
read with them cannot be asked of them; SQLAlchemy says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import Column, Table
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

Model = TypeVar("Model")


class Share(Generic[Model]):
    """One model's columns in such a statement; its primary key must be the first of them."""

    def __init__(self, model: type[Model], *names: str) -> None:
        table: Table = model.__table__  # type: ignore[attr-defined]
        self._model = model
        self._names = names or tuple(column.key for column in table.columns)
        self.columns: tuple[Column[Any], ...] = tuple(table.columns[name] for name in self._names)

    def row(self, values: Iterator[Any], **related: Any) -> Model | None:
        """The row of the next values; None where an outer join found none. `related` are its relationships."""
        own = dict(zip(self._names, _next(values, len(self._names)), strict=True))
        if own[self._names[0]] is None:
            return None
        row = self._model(**own)
        make_transient_to_detached(row)
        for name, other in related.items():
            set_committed_value(row, name, other)
        return row


def _next(values: Iterator[Any], number: int) -> Sequence[Any]:
    return [next(values) for _place in range(number)]
