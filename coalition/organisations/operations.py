"""What is done with the register: recognise or register, verify, say who acts for whom."""

from __future__ import annotations

import secrets

from sqlalchemy import bindparam, exists, insert, select

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.policy import demand
from coalition.access.predicates import Subject
from coalition.audit import chain
from coalition.db import db
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.organisations import queries, suggestions
from coalition.organisations.domains import own_domain
from coalition.organisations.models import Organisation, Representative
from coalition.organisations.workflow import WORKFLOW
from coalition.prepared import Prepared, adding
from coalition.signatories.names import NameProblem, clean, identity_key

_ADD = adding(Organisation.__table__, returns="id")
_REPRESENTATIVES = Representative.__table__
_ABOUT = {name: bindparam(f"new_{name}", type_=_REPRESENTATIVES.c[name].type)
          for name in ("organisation_id", "email", "name", "role", "started_on")}
#: Added, unless they act for it already: one statement.
_ADD_REPRESENTATIVE = Prepared(insert(_REPRESENTATIVES).from_select(list(_ABOUT), select(*_ABOUT.values()).where(
    ~exists().where(_REPRESENTATIVES.c.organisation_id == _ABOUT["organisation_id"],
                    _REPRESENTATIVES.c.email == _ABOUT["email"], _REPRESENTATIVES.c.ended_on.is_(None))))
    .returning(_REPRESENTATIVES.c.id))


def recognise_or_register(actor: Actor, *, name: str, country: str, country_text: str = "", other_script: str = "",
                          kind: str = "single", website: str = "") -> Organisation:
    """The registered organisation of this name, or a new unverified one. What is known already is not changed
    by a stranger's form; only gaps are filled while it is unverified."""
    number, _is_new = number_of(actor, name=name, country=country, country_text=country_text,
                                other_script=other_script, kind=kind, website=website)
    found = db.session.get_one(Organisation, number)
    suggestions.renew_if_due(found)
    return found


def number_of(actor: Actor, *, name: str, country: str, country_text: str = "", other_script: str = "",
              kind: str = "single", website: str = "") -> tuple[int, bool]:
    """The same in a moment: its id, and whether it is new. A new one is compared with others later: when it waits for
    review (`suggestions.renew_soon`), or when the clock comes round to it."""
    # As written it is the entry's; the register compares by code where there is one.
    country_text = "" if country else country_text
    known = queries.number_of_the_same(name, country, country_text)
    if known is not None:
        _fill_gaps(known, website=website, other_script=other_script)
        return known, False
    return _registered(actor, name=name, country=country, country_text=country_text, other_script=other_script,
                       kind=kind, website=website), True


def _fill_gaps(number: int, *, website: str, other_script: str) -> None:
    if not website and not other_script:
        return
    known = db.session.get_one(Organisation, number)
    if known.state == "unverified":
        known.website = known.website or website
        known.other_script = known.other_script or other_script
        if db.session.is_modified(known):
            known.compared_by_rules = 0


def register_anew(actor: Actor, *, name: str, country: str, country_text: str = "",
                  kind: str = "single") -> Organisation:
    """A new unverified row for a body that the register does not have yet. Raises `Invalid` when it has."""
    try:
        cleaned = clean(name)
    except NameProblem as problem:
        message = _("Enter it as it is written, in at most 200 characters.")
        raise Invalid(message, {"name": message}) from problem
    if queries.the_same(cleaned, country, country_text) is not None:
        message = _("The register has an organisation of this name already.")
        raise Invalid(message, {"name": message})
    made = db.session.get_one(Organisation, _registered(actor, name=cleaned, country=country,
                                                        country_text=country_text, kind=kind))
    suggestions.renew_if_due(made)
    return made


def _registered(actor: Actor, *, name: str, country: str, **values: str) -> int:
    db.session.flush()
    number = int(_ADD.run(name=name, country=country, public_id=secrets.token_urlsafe(9), created_at=clock.now(),
                          identity_key=identity_key(name), state="unverified", **values)[0][0])
    chain.record(actor, "organisation.registered", "organisation", number, country=country)
    return number


def verify(actor: Actor, organisation: Organisation, *, letter_id: int, reason: str = "",
           override: bool = False) -> None:
    """Say that the organisation and who signs for it are real, by a coordinator of a letter it signs."""
    demand(actor, WORKFLOW.permission("verify"), Subject(letter_id=letter_id, organisation_id=organisation.id))
    row = WORKFLOW.check("verify", organisation.state, reason=reason)
    organisation.state = row.target or organisation.state
    chain.record(actor, "organisation.verified", "organisation", organisation.id, letter_id=letter_id,
                 override=override, private={"reason": reason})


def unverify(actor: Actor, organisation: Organisation, *, letter_id: int, reason: str) -> None:
    """Take a verification back."""
    demand(actor, WORKFLOW.permission("unverify"), Subject(letter_id=letter_id, organisation_id=organisation.id))
    row = WORKFLOW.check("unverify", organisation.state, reason=reason)
    organisation.state = row.target or organisation.state
    chain.record(actor, "organisation.unverified", "organisation", organisation.id, letter_id=letter_id,
                 private={"reason": reason})


def acts_for(organisation: Organisation, *, email: str, name: str, role: str) -> None:
    """Note that somebody acts for the organisation from today, unless it is noted already."""
    db.session.flush()
    values = (organisation.id, email, name, role, clock.now().date())
    if _ADD_REPRESENTATIVE.run(**{f"new_{column}": value for column, value in zip(_ABOUT, values, strict=True)}) \
            and own_domain(email):
        suggestions.renew_soon(organisation)
