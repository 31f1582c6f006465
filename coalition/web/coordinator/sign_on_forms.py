"""Forms about sign-ons: those ticked, and the conditions of an invalidation. Shape, length and type only."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Form, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import Optional

from coalition.i18n import gettext as _
from coalition.i18n import lazy_gettext as _l
from coalition.safety.conditions import Conditions
from coalition.web.coordinator.checks import DayField, HourField, Words, moment, offered
from coalition.web.coordinator.letter_forms import whole_number

_LONGEST_REASON = 1000


class SiftForm(FlaskForm):
    chosen = SelectMultipleField(validate_choice=False)


class ConditionsForm(Form):
    """The conditions, in the query string: counting changes nothing."""

    domain = StringField(_l("Mail domain"), [Words(253)], description=_l(
        "Like example.org; addresses under it count, too."))
    words = StringField(_l("Words in the name"), [Words(200)], description=_l(
        "Just as they stand there, one after the other; capitals do not matter."))
    network = SelectField(_l("Network address"), [Optional()], validate_choice=False, description=_l(
        "Known for a week only. The letters stand for an address that is kept nowhere."))
    since_day = DayField(_l("Sent from (day)"), [Optional()])
    since_at = HourField(_l("Sent from (time)"), [Optional()])
    until_day = DayField(_l("Sent until (day)"), [Optional()])
    until_at = HourField(_l("Sent until (time)"), [Optional()])

    def offer(self, networks: list[tuple[str, str]]) -> Any:
        """Give the choice of networks, as (value, words)."""
        self.network.choices = offered({"": _("Any"), **dict(networks)})
        return self

    def conditions(self, zone: str) -> Conditions | None:
        """What was asked for, with moments as clocks in the letter's zone show them; None when they cannot be read."""
        try:
            return Conditions(
                domain=(self.domain.data or "").lower().lstrip("@"), words=self.words.data or "",
                network=self.network.data or "", since=self._moment("since", zone), until=self._moment("until", zone))
        except ValueError as never:
            self.until_at.errors = [str(never)]
            return None

    def _moment(self, edge: str, zone: str) -> datetime | None:
        day, at = self[f"{edge}_day"].data, self[f"{edge}_at"].data
        if day is None:
            return None
        if at is None and edge == "until":
            return moment(day + timedelta(days=1), time(0), zone)
        return moment(day, at or time(0), zone)


class InvalidateForm(FlaskForm, ConditionsForm):
    """The same conditions, with the number that was counted and the reason."""

    counted = whole_number(default=0)
    reason = TextAreaField(_l("Reason"), [Words(_LONGEST_REASON, lines=True, required=_l(
        "Give the reason: it is kept, and mailed to those whose address was confirmed."))], description=_l(
        "It is mailed, a day from now, to those who have confirmed their address."))
