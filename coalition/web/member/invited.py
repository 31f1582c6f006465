"""Signing by a personal invitation, on one screen; and asking to hear no more of it. Opening a link does nothing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from markupsafe import Markup

from coalition.access.actor import Actor
from coalition.accounts.links import Purpose
from coalition.db import unit_of_work
from coalition.endorsements.contact import SignerFields
from coalition.endorsements.fields import EntryFields, checked
from coalition.errors import Clash, CoalitionError, Invalid, Stale, Unavailable
from coalition.i18n import gettext as _
from coalition.invitations import operations, queries
from coalition.invitations.models import Invitation
from coalition.invitations.workflow import INVITED
from coalition.letters import queries as letter_queries
from coalition.letters.reading import Reading, reading_of
from coalition.markdown import render
from coalition.signatories.claims import fill
from coalition.signatories.counting import Counts
from coalition.web.filters import page_language
from coalition.web.forms import show_problems
from coalition.web.guards import holds_link
from coalition.web.languages import keeps_answers, only_switches
from coalition.web.lists import parts_of
from coalition.web.member.forms import InvitedForm, PressForm
from coalition.web.security import csrf
from coalition.web.session import open_letter_for_visitor

blueprint = Blueprint("invited", __name__)

#: Whoever is asked is not to learn who has signed, so the text's numbers stay blank here.
_NO_NUMBERS = Counts(signatories=0, organisations=0, with_named_person=0, persons=0, withheld=0,
                     organisations_signing=0, networks=0, represented_stated=0, represented_listed=None, overlaps=0,
                     organisations_total=0, countries=0, without_country=0)


@blueprint.get("/invitations/<secret>")
@holds_link(Purpose.INVITE)
def page(invitation: Invitation, secret: str, **_about: Any) -> Any:
    """The letter, the line as it would be printed, and the button."""
    if not letter_queries.reaches_everyone(invitation.letter):
        open_letter_for_visitor(invitation.letter_id)
    if not _can_sign(invitation):
        return _over(invitation)
    version = invitation.letter.published
    form = InvitedForm(
        formdata=None, organisation=invitation.organisation, other_script=invitation.other_script,
        country=invitation.country, signer_name=invitation.contact_name, version=version.number if version else 0)
    return _page(invitation, secret, form)


@csrf.exempt
@blueprint.post("/invitations/<secret>")
@holds_link(Purpose.INVITE)
@keeps_answers
def accept(invitation: Invitation, actor: Actor, secret: str, **_about: Any) -> Any:
    """Sign; the way leads on to the signer's own page. Pressed twice, it is one signature."""
    form, number = InvitedForm(), invitation.id
    if not _can_sign(invitation) and invitation.state == INVITED:
        return _over(invitation)
    if only_switches():
        return _page(invitation, secret, form)
    fields = form.fields_of(_known(invitation))
    if fields is None:
        return _page(invitation, secret, form)
    for attempt in (1, 2):
        try:
            with unit_of_work():
                _endorsement, manage = _accept(actor, number, form, fields)
        except Clash:
            if attempt == 2:
                raise
        except Invalid as invalid:
            show_problems(form, invalid)
            return _page(invitation, secret, form)
        except (Stale, Unavailable) as trouble:
            return _page(invitation, secret, form, trouble)
        else:
            break
    flash(_("Thank you. Your organisation has signed; a coordinator now looks at the signature."), "success")
    return redirect(url_for("member.status.page", secret=manage), 303)


@csrf.exempt
@blueprint.route("/no-reminders/<secret>", methods=["GET", "POST"])
@holds_link(Purpose.STOP)
def stop(invitation: Invitation, actor: Actor, secret: str, **_about: Any) -> Any:
    """Hear no more. Mail programs may press the button of this page for their user (RFC 8058), so it asks for no
    token: the link's secret is what lets one in."""
    if request.method == "GET":
        return render_template("member/no_reminders.html", invitation=invitation, secret=secret, press=PressForm())
    wish = request.form.get("wish", "stop")
    with unit_of_work():
        if wish in ("stop", "everywhere"):
            operations.stop(actor, invitation, everywhere=wish == "everywhere")
        elif wish == "erase":
            operations.erase(actor, invitation)
    return render_template("member/no_reminders_done.html", wish=wish)


def _accept(actor: Actor, number: int, form: InvitedForm, fields: EntryFields) -> Any:
    invitation = _again(number)
    reading = _reading(invitation)
    contact = SignerFields(name=form.signer_name.data or "", role=form.signer_role.data or "", email=invitation.email,
                           website=invitation.website, language=reading.language if reading else invitation.language,
                           speaks=page_language())
    return operations.accept(actor, invitation, fields=fields, contact=contact, visibility=form.visibility.data,
                             version_number=form.version_number())


def _again(number: int) -> Invitation:
    """The invitation as it stands in this unit of work."""
    found = queries.by_id(number)
    if found is None:
        raise LookupError(number)
    return found


def _known(invitation: Invitation) -> dict[str, Any]:
    """What the list said of the organisation, beside what the page asks."""
    return {"is_network": invitation.is_network, "represents_count": invitation.represents_count,
            "represents_unit": "organisations", "country_text": invitation.country_text}


def _can_sign(invitation: Invitation) -> bool:
    return invitation.state == INVITED and letter_queries.is_open_for_signing(invitation.letter)


def _reading(invitation: Invitation) -> Reading | None:
    version = invitation.letter.published
    return reading_of(invitation.letter, version, invitation.language) if version is not None else None


def _page(invitation: Invitation, secret: str, form: InvitedForm, trouble: CoalitionError | None = None) -> Any:
    reading = _reading(invitation)
    if reading is None:
        return _over(invitation)
    if trouble is not None:
        form.version.data = str(reading.number)
    page = render_template(
        "member/invitation.html", invitation=invitation, letter=invitation.letter, secret=secret, form=form,
        version=reading, parts=_parts(invitation, form, reading), trouble=trouble.message if trouble else "",
        recipients=[text.splitlines()[0] for text in (*reading.addressees, *reading.copies) if text.strip()],
        text=Markup(render(fill(reading.body, _NO_NUMBERS, lambda _number: "…"))))  # noqa: S704  cleaned
    return page, trouble.status if trouble else 422 if form.errors else 200


def _parts(invitation: Invitation, form: InvitedForm, reading: Reading) -> Any:
    """The line as it would be printed, of the answers if they make one, else as invited."""
    for values in (form.values(_known(invitation)), {
            "organisation": invitation.organisation, "other_script": invitation.other_script,
            "country": invitation.country, **_known(invitation)}):
        try:
            return parts_of(checked(values).as_entry(), reading.language)
        except Invalid:
            continue
    return ()


def _over(invitation: Invitation) -> Any:
    """Why nothing can be signed here now, and what to do."""
    return render_template("member/invitation_over.html", invitation=invitation, letter=invitation.letter), 409
