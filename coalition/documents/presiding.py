"""Whose President a covering letter goes to: the table, the settings of this installation, and what was typed.

The rule and the table themselves are `letters/presidency.py`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from coalition import clock
from coalition.config import setting
from coalition.documents.covering import Wanted
from coalition.errors import Unavailable
from coalition.i18n import gettext as _
from coalition.letters.presidency import (
    Certainty,
    Month,
    President,
    day_in_new_york,
    known_state,
    of_state,
    president_of,
)


def president_on(day: date) -> President:
    """The Council's President on a day (in New York), as the table and the settings have it. Raises
    `Unavailable` when the settings cannot be read."""
    return president_of(day.year, day.month, _set_here())


def today_in_new_york() -> date:
    """The day it is where the Council sits: what a delivery's date begins with."""
    return day_in_new_york(clock.now())


def president_for(wanted: Wanted, *, for_record: bool) -> tuple[President | None, dict[str, str]]:
    """The President a letter of that day goes to, and what is wrong with the answers, by field.

    Another State than the table's is refused, unless somebody says in writing why it presides. A President who
    is computed must have been checked or typed before the letter is recorded.
    """
    expected, typed = president_on(wanted.day), " ".join(wanted.state.split())
    if not typed:
        if not expected.is_known:
            return None, {"state": _("Who presides in %(month)s is not known here: type the State.",
                                     month=expected.month_name)}
        if expected.certainty is Certainty.COMPUTED and for_record and not wanted.is_checked:
            return expected, {"is_checked": _(
                "%(state)s is computed for %(month)s, and nobody has verified it. Look it up, then tick this or type "
                "the State.", state=expected.state, month=expected.month_name)}
        return expected, {}
    if expected.is_known and (known_state(typed) or typed) == expected.state:
        return expected, {}
    if expected.is_known and not wanted.override_reason:
        return None, {"state": _("The Council’s President in %(month)s is %(state)s. Change the day or the State, or "
                                 "say below why another State presides.", month=expected.month_name,
                                 state=expected.state)}
    return of_state(wanted.day.year, wanted.day.month, typed), {}


def _set_here() -> dict[Month, str]:
    """The months for which the settings name another State: `council_presidents = {"2026-04" = "Bahrain"}`."""
    given = setting("COUNCIL_PRESIDENTS")
    found: dict[Month, str] = {}
    for month, state in given.items() if isinstance(given, Mapping) else (("", given),):
        match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", str(month))
        if match is None or not isinstance(state, str) or not state.strip():
            raise Unavailable(_("The setting “council_presidents” cannot be read: write months like “2026-04”, each "
                                "with the name of a State."))
        found[int(match[1]), int(match[2])] = state
    return found
