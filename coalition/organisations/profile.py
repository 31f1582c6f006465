"""What is known of an organisation, as people keep it: profile, other names, notes, who acts for it. Merging and
splitting reach into letters and are `review.merging`; handing over is `endorsements.handover`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.access.predicates import Subject
from coalition.accounts.operations import clean_address
from coalition.audit import chain
from coalition.db import db
from coalition.errors import Invalid, Stale, WrongState
from coalition.i18n import gettext as _
from coalition.organisations import queries, suggestions, workflow
from coalition.organisations.models import Organisation, OrganisationName, OrganisationNote, Representative
from coalition.signatories.names import NameProblem, clean, clean_text, identity_key

#: Kinds of other names.
ALIAS, ACRONYM, SCRIPT, FORMER = "alias", "acronym", "script", "former"
KINDS_OF_NAMES = (ALIAS, ACRONYM, SCRIPT, FORMER)
#: Status with the Economic and Social Council, "" for none.
CONSULTATIVE = ("", "roster", "special", "general")
FIRST_CONSULTATIVE_YEAR = 1946

_TEXTS = {"other_script": 200, "country_text": 100, "website": 300, "registration": 200, "description": 1000}
_OTHERS = ("country", "kind", "consultative_status", "consultative_since")


def edit(actor: Actor, organisation: Organisation, values: Mapping[str, Any], subject: Subject, *, seen: int) -> None:
    """Change the profile. `values` may hold any of the profile's columns but the name; `seen` is the version of
    the row that the page showed. Raises `Stale` when it changed since, `Invalid` naming every bad field."""
    _demand_standing(actor, organisation, subject)
    if seen != organisation.version_id:
        raise Stale(_("Somebody changed this profile since you opened the page. Look at it again, then change it."))
    checked = _checked(values)
    changed = sorted(name for name, value in checked.items() if getattr(organisation, name) != value)
    if not changed:
        return
    for name in changed:
        setattr(organisation, name, checked[name])
    chain.record(actor, "organisation.edited", "organisation", organisation.id, changed=" ".join(changed))
    suggestions.renew(organisation)


def rename(actor: Actor, organisation: Organisation, *, name: str, how: str, reason: str, subject: Subject,
           ended_on: date | None = None) -> None:
    """Give the organisation another name. `how` is "renamed" (the old name becomes a former one) or "corrected" (it
    becomes an alias). What signed letters print stays as it was approved. Raises `Invalid`, `WrongState`."""
    _demand_standing(actor, organisation, subject)
    new = _name(name, "name")
    if how not in ("renamed", "corrected") or not reason.strip():
        message = _("Say why, in a sentence: it is kept with the change.")
        raise Invalid(message, {"reason": message})
    if new == organisation.name:
        raise Invalid(_("That is its name already."), {"name": _("That is its name already.")})
    other = queries.the_same(new, organisation.country, organisation.country_text)
    if other is not None and other.id != organisation.id:
        message = _("Another organisation of the register has this name. If they are one body, merge the two.")
        raise Invalid(message, {"name": message})
    before, organisation.name, organisation.identity_key = organisation.name, new, identity_key(new)
    _keep_name(organisation, before, FORMER if how == "renamed" else ALIAS,
               ended_on=(ended_on or clock.now().date()) if how == "renamed" else None)
    chain.record(actor, "organisation.renamed", "organisation", organisation.id, how=how,
                 private={"before": before, "after": new, "reason": reason})
    suggestions.renew(organisation)


def add_name(actor: Actor, organisation: Organisation, *, name: str, kind: str, subject: Subject,
             ended_on: date | None = None) -> None:
    """Note another name of the organisation: who signs by it is recognised."""
    _demand_standing(actor, organisation, subject)
    new = _name(name, "name")
    if kind not in KINDS_OF_NAMES:
        raise Invalid(_("Choose what kind of name it is."), {"kind": _("Choose what kind of name it is.")})
    known = queries.the_same(new, organisation.country, organisation.country_text)
    if known is not None and known.id != organisation.id:
        message = _("Another organisation of the register has this name. If they are one body, merge the two.")
        raise Invalid(message, {"name": message})
    _keep_name(organisation, new, kind, ended_on=ended_on if kind == FORMER else None)
    chain.record(actor, "organisation.name_added", "organisation", organisation.id, how=kind, private={"name": new})
    suggestions.renew(organisation)


def remove_name(actor: Actor, organisation: Organisation, name: OrganisationName, subject: Subject) -> None:
    """Take another name out; the history keeps it."""
    _demand_standing(actor, organisation, subject)
    chain.record(actor, "organisation.name_removed", "organisation", organisation.id, how=name.kind,
                 private={"name": name.name})
    db.session.delete(name)
    suggestions.renew(organisation)


def write_note(actor: Actor, organisation: Organisation, text: str, subject: Subject) -> None:
    """Keep a note for the others who work with the register."""
    demand(actor, Permission.ORGANISATION_EDIT, subject)
    try:
        note = clean_text(text, maximum=4000)
    except NameProblem as problem:
        raise Invalid(_("This note cannot be kept."), {"text": _("A note can be 4,000 characters long, in plain "
                                                                 "characters.")}) from problem
    if not note:
        raise Invalid(_("Write the note first."), {"text": _("Write the note first.")})
    db.session.add(OrganisationNote(organisation_id=organisation.id, person_id=actor.person_id, text=note,
                                    created_at=clock.now()))
    chain.record(actor, "organisation.noted", "organisation", organisation.id, private={"text": note})


def add_representative(actor: Actor, organisation: Organisation, *, name: str, role: str, email: str,
                       subject: Subject, started_on: date | None = None) -> Representative:
    """Note that somebody acts for the organisation from a day on, today if none is given."""
    _demand_standing(actor, organisation, subject)
    address = clean_address(email)
    if any(known.email.casefold() == address.casefold() and known.ended_on is None
           for known in organisation.representatives):
        message = _("This person acts for the organisation already.")
        raise Invalid(message, {"email": message})
    made = Representative(organisation_id=organisation.id, email=address, name=_name(name, "name"),
                          role=_name(role, "role"), started_on=started_on or clock.now().date())
    db.session.add(made)
    db.session.flush()
    chain.record(actor, "representative.added", "organisation", organisation.id, representative=made.id)
    suggestions.renew(organisation)
    return made


def end_representative(actor: Actor, organisation: Organisation, representative: Representative, *, reason: str,
                       subject: Subject) -> None:
    """Note that somebody acts for the organisation no longer, from today on."""
    _demand_standing(actor, organisation, subject)
    if representative.ended_on is not None:
        raise WrongState(_("This person acts for the organisation no longer."))
    representative.ended_on = clock.now().date()
    chain.record(actor, "representative.ended", "organisation", organisation.id, representative=representative.id,
                 private={"reason": reason})


def _keep_name(organisation: Organisation, name: str, kind: str, *, ended_on: date | None) -> None:
    key = identity_key(name)
    if any(known.identity_key == key and known.kind == kind for known in organisation.names):
        return
    db.session.add(OrganisationName(organisation_id=organisation.id, name=name, identity_key=key, kind=kind,
                                    ended_on=ended_on, created_at=clock.now()))


def _demand_standing(actor: Actor, organisation: Organisation, subject: Subject) -> None:
    demand(actor, Permission.ORGANISATION_EDIT, subject)
    if organisation.state == workflow.MERGED:
        raise WrongState(_("This organisation was merged into another: work on that one."))


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    problems: dict[str, str] = {}
    found: dict[str, Any] = {}
    for name, longest in _TEXTS.items():
        if name in values:
            try:
                found[name] = " ".join(clean_text(str(values[name] or ""), maximum=longest).split())
            except NameProblem:
                problems[name] = _("Use %(number)s plain characters or fewer.", number=longest)
    found |= {name: values[name] for name in _OTHERS if name in values}
    year = found.get("consultative_since")
    if found.get("consultative_status", "") not in CONSULTATIVE:
        problems["consultative_status"] = _("Choose one of the four.")
    if year is not None and not FIRST_CONSULTATIVE_YEAR <= year <= clock.now().year:
        problems["consultative_since"] = _("Enter a year from 1946 on, like 2009.")
    if found.get("consultative_status") == "" and "consultative_since" in found:
        found["consultative_since"] = None
    if problems:
        raise Invalid(_("Some answers need another look."), problems)
    return found


def _name(text: str, field: str) -> str:
    try:
        return clean(text)
    except NameProblem as problem:
        message = _("Enter it as it is written, in at most 200 characters.")
        raise Invalid(message, {field: message}) from problem
