"""What parts of an address may hold."""

from __future__ import annotations

from typing import Any

from werkzeug.routing import IntegerConverter, Map


class Number(IntegerConverter):
    """A whole number that fits a column of the database; a larger one is no address of ours."""

    def __init__(self, map: Map, *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **{"max": 2**31 - 1, **kwargs})
