"""Calling a country by another name, and going back to the usual one."""

from __future__ import annotations

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.access.predicates import Subject
from coalition.audit import chain
from coalition.countries import codes, country_name
from coalition.db import db
from coalition.errors import Invalid, NotFound
from coalition.i18n import LANGUAGES
from coalition.i18n import gettext as _
from coalition.places import queries
from coalition.places.models import CountryName

LONGEST = 100


def call(actor: Actor, *, code: str, language: str, name: str) -> None:
    """Call a country by this name in one language, on pages, in lists and in new documents; frozen editions stay as
    they are. Raises `Invalid` naming every bad answer."""
    demand(actor, Permission.COUNTRIES_NAME, Subject())
    name = " ".join(name.split())
    problems = _problems(code, language, name)
    if problems:
        raise Invalid(_("Some answers need another look."), problems)
    row = queries.own_name(code, language) or CountryName(code=code, language=language)
    row.name, row.changed_at = name, clock.now()
    db.session.add(row)
    db.session.flush()
    chain.record(actor, "country.named", "country", row.id, country=code, language=language, private={"text": name})


def call_as_usual(actor: Actor, row: CountryName | None) -> None:
    """Go back to the usual name. Raises `NotFound` when the country has no other one here."""
    demand(actor, Permission.COUNTRIES_NAME, Subject())
    if row is None:
        raise NotFound(_("This country has its usual name already."))
    db.session.delete(row)
    chain.record(actor, "country.named_as_usual", "country", row.id, country=row.code, language=row.language,
                 private={"text": row.name})


def _problems(code: str, language: str, name: str) -> dict[str, str]:
    problems: dict[str, str] = {}
    if code not in codes():
        problems["code"] = _("Choose a country.")
    if language not in LANGUAGES:
        problems["language"] = _("Choose one of the languages.")
    if not name:
        problems["name"] = _("Enter the name to be used.")
    elif len(name) > LONGEST:
        problems["name"] = _("Use at most 100 characters.")
    elif not problems and name == country_name(code, language):
        problems["name"] = _("That is the usual name.")
    return problems
