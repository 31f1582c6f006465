"""Every refusal the product can give, by kind. Raised in rooms, turned into pages by the doors."""

from __future__ import annotations

from collections.abc import Mapping


class CoalitionError(Exception):
    """Root of all refusals. The message is for the person who reads it and says what to do."""

    status = 400

    def __init__(self, message: str) -> None:
        # A lazy translation is spoken now, in the language of whoever asked.
        self.message = str(message)
        super().__init__(self.message)


class NotFound(CoalitionError):
    """There is no such thing, or the reader may not know that there is."""

    status = 404


class NotPermitted(CoalitionError):
    """The actor may not do this, whatever the state."""

    status = 403


class WrongState(CoalitionError):
    """The actor might, but not now."""

    status = 409


class Stale(WrongState):
    """Somebody else changed it since the actor looked; nothing was done."""


class Clash(Stale):
    """Two people did what only one can do, at the same moment. Nothing was done; the same again may succeed."""


class LinkNotValid(CoalitionError):
    """A mailed link that is used up, expired, of another purpose, or never was."""

    status = 410


class Invalid(CoalitionError):
    """What was given cannot be accepted.

    `fields` maps a field's name to the message beside it; it may be empty.
    """

    status = 422

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields: dict[str, str] = {name: str(words) for name, words in (fields or {}).items()}


class Unavailable(CoalitionError):
    """Something this installation needs is out of reach; nothing was lost."""

    status = 503
