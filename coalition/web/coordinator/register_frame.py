"""What the pages about organisations of the register share: the navigation beside them, and two bodies as a table."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask_wtf import FlaskForm

from coalition.access.permissions import Permission as P
from coalition.access.policy import permits
from coalition.access.predicates import Subject
from coalition.i18n import gettext as _
from coalition.organisations.likeness import Reason
from coalition.organisations.models import Organisation, OrganisationLikeness
from coalition.organisations.workflow import MERGED
from coalition.signatories.names import identity_key
from coalition.web.coordinator.register_forms import CONSULTATIVE, KINDS_OF_NAMES
from coalition.web.filters import country_name
from coalition.web.session import current_actor


def register_page(template: str, organisation: Organisation, subject: Subject, form: FlaskForm | None = None,
                  **values: Any) -> tuple[str, int]:
    """A page about an organisation with its navigation; 422 when it shows a form that was refused."""
    may = {right: permits(current_actor(), right, subject) and organisation.state != MERGED
           for right in (P.ORGANISATION_EDIT, P.ORGANISATION_MERGE)}
    html = render_template(
        f"coordinator/register/{template}.html", organisation=organisation, form=form, side_title=organisation.name,
        side_navigation=_pages(organisation, may), may_edit=may[P.ORGANISATION_EDIT],
        may_merge=may[P.ORGANISATION_MERGE], **values)
    return html, 422 if form is not None and request.method == "POST" and form.errors else 200


def _pages(organisation: Organisation, may: dict[P, bool]) -> list[dict[str, Any]]:
    pages = [(_("Profile"), "coordinator.organisations.profile", True),
             (_("Change the profile"), "coordinator.organisations.edit", may[P.ORGANISATION_EDIT]),
             (_("Rename"), "coordinator.organisations.rename", may[P.ORGANISATION_EDIT]),
             (_("Who acts for it"), "coordinator.representatives.everybody", may[P.ORGANISATION_EDIT]),
             (_("Split"), "coordinator.comparing.split", may[P.ORGANISATION_MERGE])]
    items = [{"label": label, "url": url_for(endpoint, public_id=organisation.public_id), "count": None,
              "current": request.endpoint == endpoint} for label, endpoint, open_ in pages if open_]
    return [{"label": _("All organisations"), "url": url_for("coordinator.organisations.register"), "count": None,
             "current": False}, *items]


def why_alike(likeness: OrganisationLikeness) -> str:
    """Why two bodies are shown beside each other, in words."""
    return {
        Reason.SAME_NAME: _("the same name"), Reason.LOOKS: _("looks the same, some letters only resemble each other"),
        Reason.SPELLING: _("spelt alike"), Reason.OTHER_SCRIPT: _("the same words in another script or language"),
        Reason.ACRONYM: _("one is the other’s acronym, or both have the same"),
        Reason.OTHER_NAME: _("an alias or former name is alike"),
        Reason.DOMAIN: _("the same website or mail domain"),
    }[Reason(likeness.reason)]


def side_by_side(bodies: list[Organisation], *, people: bool = False) -> list[list[str]]:
    """The rows of a comparison: a label, then one value for each body. `people` shows who acts for them, to those
    who keep both."""
    states = {"unverified": _("Not verified"), "verified": _("Verified"), "rejected": _("Rejected"),
              "suspended": _("Suspended"), "merged": _("Merged")}
    rows = [
        [_("Registered name"), *(body.name for body in bodies)],
        [_("Letters that only look alike"), *_odd_letters(bodies)],
        [_("In another script"), *(body.other_script for body in bodies)],
        [_("Other names"), *("; ".join(name.name for name in body.names) for body in bodies)],
        [_("Country"), *(country_name(body.country) or body.country_text for body in bodies)],
        [_("Kind"), *(_("Network") if body.kind == "network" else _("A single organisation") for body in bodies)],
        [_("Website"), *(body.website for body in bodies)],
        [_("Registration number"), *(body.registration for body in bodies)],
        [_("Consultative status"), *(consultative(body) for body in bodies)],
        [_("Who acts for it"), *("; ".join(
            person.email for person in body.representatives if people and person.ended_on is None)
            for body in bodies)],
        [_("State"), *(states.get(body.state, body.state) for body in bodies)],
    ]
    return [row for row in rows if any(row[1:])]


def consultative(organisation: Organisation) -> str:
    """The status with the Economic and Social Council, with its year; "" for none."""
    if not organisation.consultative_status:
        return ""
    status = str(CONSULTATIVE[organisation.consultative_status])
    if organisation.consultative_since is None:
        return status
    return _("%(status)s, since %(year)s", status=status, year=organisation.consultative_since)


def kind_of_name(kind: str) -> str:
    """What another name is to the organisation, in words."""
    return str(KINDS_OF_NAMES.get(kind, kind))




def _odd_letters(bodies: list[Organisation]) -> list[str]:
    """Where two names look the same and are not: the letters that differ, with their code points."""
    first = bodies[0].name
    found = []
    for body in bodies:
        others = set(first) if body is not bodies[0] else set("".join(other.name for other in bodies[1:]))
        odd = [f"{letter} U+{ord(letter):04X}" for letter in dict.fromkeys(body.name)
               if letter.isalnum() and letter not in others and letter.casefold() not in {c.casefold() for c in others}]
        found.append(", ".join(odd))
    alike = len({len(identity_key(body.name)) for body in bodies}) == 1
    return found if alike else ["" for _body in bodies]
