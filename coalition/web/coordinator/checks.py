"""Checks of shape that the coordinators' forms share: words that can be stored, and moments in a time zone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from wtforms import DateField, Field, Form, IntegerField, SelectChoice, SelectField, TimeField, ValidationError

from coalition.endorsements.fields import message_for
from coalition.i18n import gettext as _
from coalition.i18n import with_latin_digits
from coalition.signatories.names import NameProblem, clean_text

_REGIONS = ("Africa/", "America/", "Antarctica/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


class Words:
    """Takes plain words of at most `longest` characters, cleaned; on one line unless `lines`. `required` is the
    message when nothing was given; without it nothing may be given."""

    def __init__(self, longest: int, *, lines: bool = False, required: str = "") -> None:
        self.longest, self.lines, self.required = longest, lines, required
        self.field_flags = {"required": True} if required else {"optional": True}

    def __call__(self, _form: Form, field: Field) -> None:
        try:
            text = clean_text(field.data or "", maximum=self.longest)
        except NameProblem as problem:
            raise ValidationError(message_for(problem, self.longest)) from problem
        field.data = text if self.lines else " ".join(text.split())
        if self.required and not field.data:
            raise ValidationError(self.required)


class DayField(DateField):
    """A day, in the digits of any script; what cannot be read is answered in our words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([with_latin_digits(value) for value in valuelist])
        except ValueError as reason:
            raise ValueError(_("Enter a date, like 2026-03-20.")) from reason


class NumberField(IntegerField):
    """A whole number, in the digits of any script; what cannot be read is answered in our words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([with_latin_digits(value).strip() for value in valuelist])
        except ValueError as reason:
            raise ValueError(_("Enter a whole number, like 92.")) from reason


class HourField(TimeField):
    """A time of day, in the digits of any script; what cannot be read is answered in our words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata([with_latin_digits(value) for value in valuelist])
        except ValueError as reason:
            raise ValueError(_("Enter a time on the 24-hour clock, like 18:00.")) from reason


class ZoneField(SelectField):
    """A time zone by its IANA name."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(label, choices=offered(zones()), **options)


def offered(words: Mapping[str, Any]) -> list[SelectChoice]:
    """Choices from their words by value."""
    return [SelectChoice(value, label) for value, label in words.items()]


@cache
def zones() -> dict[str, str]:
    """The time zones to choose from with their words, UTC first."""
    named = sorted(name for name in available_timezones() if name.startswith(_REGIONS))
    return {"UTC": "UTC", **{name: name.replace("_", " ") for name in named}}


def known_zone(name: str | None) -> str:
    """The zone, if there is one of this name; UTC while another field is being looked at."""
    return name if name in zones() else "UTC"


def moment(day: date, at: time, zone: str) -> datetime:
    """The moment at which clocks in a zone show this day and time, in UTC; where they show it twice, the first.

    Raises ValueError where they never show it, since they are put forward over it.
    """
    local = datetime.combine(day, at, ZoneInfo(zone))
    if local.astimezone(UTC).astimezone(local.tzinfo).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise ValueError(_("There is no such time on that day: clocks are put forward over it. Choose another one."))
    return local.astimezone(UTC)
