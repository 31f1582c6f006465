"""What templates may call: dates, numbers, languages, countries, addresses of assets. No database, but for the
names that this installation gives to countries.

`register(app)` hangs them into Jinja. Times are shown in the zone asked for, UTC by default, always named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel import Locale, dates, numbers
from flask import Flask, g, request
from flask_babel import get_domain, get_locale
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from coalition import countries
from coalition.clock import now
from coalition.i18n import LANGUAGES, direction_of_language, direction_of_text, gettext
from coalition.places.queries import own_names_in
from coalition.signatories.line import Part
from coalition.web import assets

#: English dates go day first, "24 February 2016", as in the correspondence of the United Nations.
_DATE_LOCALES = {"en": "en_GB"}

#: Numbers that between them meet every plural form of the languages we speak.
_PLURAL_SAMPLES = (0, 1, 2, 3, 11, 100)


def register(app: Flask) -> None:
    """Give the app's templates these filters and globals, and static files their long life."""
    app.jinja_env.filters.update(
        date=format_date, datetime=format_datetime, time=format_time, relative=format_relative, iso=iso,
        number=format_number, percent=format_percent, language_name=language_name, country_name=country_name,
        as_line=as_line, direction=direction_of_language, text_direction=direction_of_text, short_hash=short_hash)
    app.jinja_env.globals.update(
        page_language=page_language, page_direction=page_direction,
        country_options=country_options, with_query=with_query, plural_words=plural_words,
        ngettext=_with_written_numbers(app.jinja_env.globals["ngettext"]))
    assets.register(app)


def _with_written_numbers(ngettext: Callable[..., str]) -> Callable[..., str]:
    """Jinja's `ngettext`, with `%(num)s` in the reader's way of writing numbers."""

    @pass_context
    def translated(context: Context, singular: str, plural: str, number: int, **values: Any) -> str:
        return ngettext(context, singular, plural, number, **{"num": format_number(number), **values})

    return translated


def page_language() -> str:
    """The language of the page as an HTML `lang`, such as `ar` or `zh-Hant`."""
    return str(get_locale() or "en").replace("_", "-")


def page_direction() -> str:
    """`rtl` or `ltr`, for the page as a whole."""
    return direction_of_language(page_language())


def _locale(purpose: str = "") -> Locale:
    locale = get_locale() or Locale("en")
    if purpose == "dates":
        return Locale.parse(_DATE_LOCALES.get(str(locale), str(locale)))
    return locale


def format_date(value: date | datetime | None, width: str = "long") -> str:
    """`24 February 2016`; `width` is `long`, `medium` or `full` (with the weekday)."""
    if value is None:
        return ""
    return dates.format_date(value, width, locale=_locale("dates"))


def format_time(value: datetime | None, zone: str = "UTC") -> str:
    """`18:00` in the zone of this IANA name, always on the 24-hour clock."""
    if value is None:
        return ""
    return dates.format_time(value.astimezone(ZoneInfo(zone)), "HH:mm", locale=_locale("dates"))


def format_datetime(value: datetime | None, zone: str = "UTC", width: str = "long") -> str:
    """`24 February 2016, 18:00 New York time (UTC−5)`; a time is never shown without its zone."""
    if value is None:
        return ""
    local = value.astimezone(ZoneInfo(zone))
    return gettext("%(date)s, %(time)s %(zone)s", date=format_date(local, width),
                   time=format_time(local, zone), zone=zone_name(local, zone))


def zone_name(local: datetime, zone: str) -> str:
    """`UTC`, or `New York time (UTC−5)`: the city people know and the offset that leaves no doubt."""
    if zone in ("UTC", "Etc/UTC"):
        return "UTC"
    city = dates.get_timezone_location(ZoneInfo(zone), locale=_locale("dates"), return_city=True)
    return gettext("%(city)s time (UTC%(offset)s)", city=city, offset=_offset(local))


def _offset(local: datetime) -> str:
    minutes = round((local.utcoffset() or timedelta(0)).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    return ("+" if minutes >= 0 else "−") + str(hours) + (f":{rest:02d}" if rest else "")


def format_relative(value: datetime | None) -> str:
    """`in 3 days`, `2 hours ago`: words beside an absolute time, never instead of it."""
    if value is None:
        return ""
    gap = value - now()
    if timedelta(minutes=-1) < gap <= timedelta(0):
        return gettext("a moment ago")
    return dates.format_timedelta(gap, add_direction=True, threshold=1.2, locale=_locale("dates"))


def iso(value: date | datetime | None) -> str:
    """For `<time datetime>`."""
    return value.isoformat() if value is not None else ""


def format_number(value: int | float | None) -> str:
    """`11,258`, in the reader's way of writing numbers."""
    return "" if value is None else numbers.format_decimal(value, locale=_locale())


def format_percent(value: float | None) -> str:
    """`46%` for 0.46."""
    return "" if value is None else numbers.format_percent(value, locale=_locale())


def language_name(code: str, own: bool = True) -> str:
    """A language by its own name (`العربية`), or with `own=False` in the language of the page."""
    if own and code in LANGUAGES:
        return LANGUAGES[code]
    locale = Locale.parse(code, sep="-")
    return (locale.get_display_name() if own else locale.get_display_name(_locale())) or code


def country_name(code: str | None) -> str:
    """The name of an ISO 3166-1 alpha-2 country in the language of the page; an unknown code as it is."""
    if not code:
        return ""
    return dict(_own_country_names()).get(code) or countries.country_name(code, str(_locale()))


def _own_country_names() -> tuple[tuple[str, str], ...]:
    """(code, name) of the countries this installation calls otherwise, read once for each page."""
    kept: dict[str, tuple[tuple[str, str], ...]] = g.setdefault("own_country_names", {})
    language = str(_locale())
    if language not in kept:
        kept[language] = tuple(sorted(own_names_in(language).items()))
    return kept[language]


@lru_cache(maxsize=32)
def _country_options(locale: str, own: tuple[tuple[str, str], ...]) -> str:
    return "".join(f'<option value="{code}">{escape(name)}</option>'
                   for code, name in countries.choices(locale, own))


def country_options(selected: str | None = None) -> Markup:
    """All `<option>`s of the country list, kept per language: making 250 costs more than the whole page. The
    first is for bodies that belong to no single country."""
    none = f'<option value="{countries.NO_SINGLE}">{escape(gettext("No single country"))}</option>'
    options = none + _country_options(str(_locale()), _own_country_names())
    if selected:
        options = options.replace(f'value="{escape(selected)}"', f'value="{escape(selected)}" selected', 1)
    return Markup(options)  # noqa: S704  every name and code above is escaped


def as_line(parts: Iterable[Part], tag: str = "span", kind: str = "") -> Markup:
    """The parts of a printed line as markup: each name isolated, the whole in the direction of its first strong
    character. In Python, not in a template: a public page has eleven thousand of them."""
    direction = direction_of_text("".join([part.text for part in parts]))
    pieces = "".join([escape(part.text) if part.role == "separator" else f"<bdi>{escape(part.text)}</bdi>"
                      for part in parts])
    named = f' class="{kind}"' if kind else ""
    return Markup(f'<{tag}{named} dir="{direction}">{pieces}</{tag}>')  # noqa: S704  every text is escaped above


def short_hash(value: str | bytes | None, length: int = 12) -> str:
    """The first characters of a hash, enough to compare by eye."""
    if not value:
        return ""
    return (value.hex() if isinstance(value, bytes) else value)[:length]


def plural_words(singular: str, plural: str) -> dict[str, str]:
    """The plural forms of a sentence with `%(num)s`, by CLDR category, for a script that counts ticked boxes.

    `{n}` stands where the number goes. The extractor is told of this name as of `ngettext`.
    """
    translations = get_domain().get_translations()
    words: dict[str, str] = {}
    for sample in _PLURAL_SAMPLES:
        sentence = translations.ungettext(singular, plural, sample).replace("%(num)s", "{n}")
        words.setdefault(_locale().plural_form(sample), sentence)
    return words


def with_query(**changes: object) -> str:
    """The address of this page with these query values changed; None takes one out."""
    values: dict[str, Any] = {**request.args.to_dict(flat=False), **changes}
    kept = {key: value for key, value in values.items() if value is not None}
    # Not url_for: a visitor's own `?_scheme=` would be taken for its arguments.
    return request.path + ("?" + urlencode(kept, doseq=True) if kept else "")
