"""Handing an edition over: the form with its covering letters, the files that were made, the reference given later."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug import Response
from wtforms import SelectChoice

from coalition.access.permissions import Permission
from coalition.config import setting
from coalition.db import unit_of_work
from coalition.documents import deliveries, presiding
from coalition.documents import queries as documents
from coalition.documents.covering import LANGUAGE, MISSION
from coalition.documents.deliveries import Paper
from coalition.documents.models import Delivery, Edition, Rendition
from coalition.errors import Invalid, NotFound
from coalition.i18n import gettext as _
from coalition.i18n import ngettext
from coalition.letters.models import Letter
from coalition.web.forms import show_problems
from coalition.web.guards import needs_for_letter
from coalition.web.once import once
from coalition.web.secretariat.delivery_forms import FOR_THE_RECORD, NONE, DeliveryForm, ReferenceForm
from coalition.web.secretariat.forms import named
from coalition.web.secretariat.frame import letter_page
from coalition.web.session import current_actor

blueprint = Blueprint("deliveries", __name__)

_TYPES = {"pdf": "application/pdf",
          "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
#: Fields whose names differ from the answers they give.
_FIELDS = {"mission_state": "state", "mission_title": "title", "draft_language": "language"}


@blueprint.get("/letters/<slug>/deliveries/record")
@needs_for_letter(Permission.EDITION_DELIVER)
def record(letter: Letter) -> str:
    """The form, filled with what is known: today in New York, and who signed the last covering letter."""
    editions = documents.editions_of(letter)
    form = _form(editions)
    chosen, language = request.args.get("edition", ""), request.args.get("language", "")
    offered = {choice.value for choice in form.edition.choices}
    # The languages are named only where an edition has several files on that paper.
    form.edition.data = next((value for value in (f"{chosen} {language}", chosen) if value in offered), "")
    form.handed_over_on.data = presiding.today_in_new_york()
    _fill_in(form, letter)
    return _page(letter, form, editions)


@blueprint.post("/letters/<slug>/deliveries/record")
@needs_for_letter(Permission.EDITION_DELIVER)
@once
def keep(letter: Letter) -> Response | tuple[str, int]:
    """Draw the letters that go with it and keep the record."""
    form = _form(documents.editions_of(letter))
    if form.validate(extra_validators=FOR_THE_RECORD):
        try:
            edition, paper, language = _chosen(letter, form)
            papers = _papers(form, edition, paper, language)
            with unit_of_work():
                deliveries.record_delivery(
                    current_actor(), edition, paper=paper, language=language, papers=papers,
                    recipient=form.recipient.data or "" if form.covering.data == NONE else "",
                    how=form.how.data or "", handed_over_on=form.handed_over_on.data,
                    handed_over_by=form.handed_over_by.data or "", reference=form.reference.data or "",
                    email=form.email.data or "")
        except Invalid as invalid:
            show_problems(form, invalid)
        else:
            flash(_("The delivery is recorded."), "success")
            return redirect(_list(letter), 303)
    return _page(letter, form, documents.editions_of(letter)), 422


@blueprint.post("/letters/<slug>/deliveries/preview-covering-letter")
@needs_for_letter(Permission.EDITION_DELIVER)
def preview_covering_letter(letter: Letter) -> Response | tuple[str, int]:
    """The covering letter as it would be recorded, byte for byte."""
    form = _form(documents.editions_of(letter))
    if form.validate() and form.covering.data == NONE:
        form.covering.errors = [_("Choose to whom the covering letter goes: then it can be drawn.")]
    elif not form.errors:
        try:
            edition, paper, language = _chosen(letter, form)
            made = deliveries.draw_cover(current_actor(), edition, form.wanted(), paper=paper, language=language,
                                         for_record=False)
        except Invalid as invalid:
            show_problems(form, invalid)
        else:
            return _file(made.pdf, f"{letter.slug}-covering-letter", shown=True)
    return _page(letter, form, documents.editions_of(letter)), 422


@blueprint.post("/letters/<slug>/deliveries/preview-draft")
@needs_for_letter(Permission.EDITION_DELIVER)
def preview_draft(letter: Letter) -> Response | tuple[str, int]:
    """The draft for a mission as it would be recorded."""
    form = _form(documents.editions_of(letter))
    if form.validate():
        try:
            made = _draft(form, *_chosen(letter, form))
        except Invalid as invalid:
            show_problems(form, invalid)
        else:
            return _file(made.pdf, f"{letter.slug}-draft-for-a-mission", shown=True)
    return _page(letter, form, documents.editions_of(letter)), 422


@blueprint.get("/letters/<slug>/deliveries/<int:number>/<any(president, other, mission):kind>.<any(pdf, docx):form>")
@needs_for_letter(Permission.EDITION_SEE)
def letter_file(letter: Letter, number: int, kind: str, form: str) -> Response:
    """A letter that went with a delivery, as it was kept."""
    delivery = _delivery(letter, number)
    made = delivery.covering(kind)
    if made is None or (form == "docx" and not made.docx_sha256):
        raise NotFound(_("No such letter went with this delivery."))
    what = "draft-for-a-mission" if kind == MISSION else "covering-letter"
    return _file(deliveries.stored_letter(made, form), f"{letter.slug}-{what}-{delivery.handed_over_on}", form)


@blueprint.get("/letters/<slug>/deliveries/<int:number>/reference")
@needs_for_letter(Permission.EDITION_DELIVER)
def reference(letter: Letter, number: int) -> str:
    """The form for the number that the recipient gave."""
    delivery = _delivery(letter, number)
    form = ReferenceForm(formdata=None, assigned_reference=delivery.assigned_reference)
    return letter_page("reference", letter, form=form, delivery=delivery)


@blueprint.post("/letters/<slug>/deliveries/<int:number>/reference")
@needs_for_letter(Permission.EDITION_DELIVER)
def record_reference(letter: Letter, number: int) -> Response | tuple[str, int]:
    """Keep it and tell the signatories."""
    form = ReferenceForm()
    if form.validate():
        try:
            with unit_of_work():
                told = deliveries.record_reference(current_actor(), _delivery(letter, number),
                                                   form.assigned_reference.data)
        except Invalid as invalid:
            show_problems(form, invalid)
        else:
            flash(ngettext("The reference is recorded. %(num)s signatory is told by mail.",
                           "The reference is recorded. %(num)s signatories are told by mail.", told), "success")
            return redirect(_list(letter), 303)
    return letter_page("reference", letter, form=form, delivery=_delivery(letter, number)), 422


def _page(letter: Letter, form: DeliveryForm, editions: list[Edition]) -> str:
    day = form.handed_over_on.data or presiding.today_in_new_york()
    return letter_page("delivery", letter, form=form, editions=editions, president=presiding.president_on(day))


def _form(editions: list[Edition]) -> DeliveryForm:
    form = DeliveryForm()
    form.edition.choices = [SelectChoice("", _("Choose one")), *(
        SelectChoice(_value(edition, made), _("Edition %(number)s, %(paper)s", number=edition.number,
                                              paper=_named(edition, made)))
        for edition in editions for made in edition.renditions if made.kind == "pdf")]
    return form


def _value(edition: Edition, made: Rendition) -> str:
    """Number and paper, and the languages where there are several files on that paper."""
    return f"{edition.number} {made.paper}" + (f" {made.language}" if _is_one_of_several(edition, made) else "")


def _named(edition: Edition, made: Rendition) -> str:
    return f"{made.paper}, {named(made.language)}" if _is_one_of_several(edition, made) else made.paper


def _is_one_of_several(edition: Edition, made: Rendition) -> bool:
    return sum(other.kind == "pdf" and other.paper == made.paper for other in edition.renditions) > 1


def _fill_in(form: DeliveryForm, letter: Letter) -> None:
    last = documents.last_covering_letter(letter)
    for name in ("signer_name", "signer_title", "signer_organisation", "contact"):
        form[name].data = last.values.get(name, "") if last else ""
    form.cover_language.data = last.values.get("language", LANGUAGE) if last else LANGUAGE
    form.signer_organisation.data = form.signer_organisation.data or letter.letterhead
    form.contact.data = form.contact.data or str(setting("COALITION_CONTACT"))
    form.sender.data = letter.letterhead or str(setting("COALITION_NAME"))


def _chosen(letter: Letter, form: DeliveryForm) -> tuple[Edition, str, str | None]:
    """The edition, its paper, and the languages of its file where there are several."""
    number, paper, *language = form.edition.data.split(" ")
    edition = documents.by_number(letter, int(number))
    if edition is None:
        raise NotFound(_("There is no edition %(number)s of this letter.", number=number))
    return edition, paper, language[0] if language else None


def _papers(form: DeliveryForm, edition: Edition, paper: str, language: str | None) -> list[Paper]:
    papers = []
    if form.covering.data != NONE:
        papers.append(deliveries.draw_cover(current_actor(), edition, form.wanted(), paper=paper, language=language))
    if form.with_draft.data:
        papers.append(_draft(form, edition, paper, language))
    return papers


def _draft(form: DeliveryForm, edition: Edition, paper: str, language: str | None) -> Paper:
    try:
        return deliveries.draw_draft(current_actor(), edition, form.draft_wanted(), paper=paper, language=language,
                                     day=form.handed_over_on.data)
    except Invalid as invalid:
        renamed = {answer: name for name, answer in _FIELDS.items()}
        raise Invalid(invalid.message, {renamed.get(name, name): words
                                        for name, words in invalid.fields.items()}) from invalid


def _delivery(letter: Letter, number: int) -> Delivery:
    found = documents.delivery_by_id(letter, number)
    if found is None:
        raise NotFound(_("There is no such delivery of this letter."))
    return found


def _list(letter: Letter) -> str:
    return url_for("secretariat.final.final", slug=letter.slug, _anchor="deliveries")


def _file(content: bytes, name: str, form: str = "pdf", *, shown: bool = False) -> Response:
    response = Response(content, mimetype=_TYPES[form])
    response.headers.set("Content-Disposition", "inline" if shown else "attachment", filename=f"{name}.{form}")
    return response
