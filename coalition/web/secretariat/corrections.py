"""Correcting an edition by a later one: the corrigendum, its files, and who is told."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from werkzeug import Response

from coalition.access.permissions import Permission
from coalition.corrections import operations
from coalition.corrections import queries as corrections
from coalition.corrections.difference import outlined
from coalition.corrections.models import Correction
from coalition.corrections.operations import Sheet
from coalition.db import unit_of_work
from coalition.documents import queries as documents
from coalition.documents.models import Edition
from coalition.errors import CoalitionError, Invalid, NotFound
from coalition.i18n import gettext as _
from coalition.i18n import ngettext
from coalition.letters.models import Letter
from coalition.web.forms import show_problems
from coalition.web.guards import needs_for_letter
from coalition.web.secretariat.correction_forms import CorrectionForm, FurtherFileForm, ToldForm
from coalition.web.secretariat.differences import edition
from coalition.web.secretariat.forms import PAPERS
from coalition.web.secretariat.frame import letter_page
from coalition.web.session import current_actor

blueprint = Blueprint("corrections", __name__)

PAIR = "/letters/<slug>/editions/<int:number>/corrections-of/<int:earlier>"


@blueprint.get(PAIR)
@needs_for_letter(Permission.EDITION_DELIVER)
def form(letter: Letter, number: int, earlier: int) -> str | Response:
    """Asks why; the correction itself, where it was made already."""
    old, new = edition(letter, earlier), edition(letter, number)
    made = corrections.of_pair(old, new)
    if made is not None:
        return redirect(_address(letter, made.id), 303)
    return _form_page(letter, old, new, CorrectionForm(formdata=None))


@blueprint.post(f"{PAIR}/preview")
@needs_for_letter(Permission.EDITION_DELIVER)
def preview(letter: Letter, number: int, earlier: int) -> Response | tuple[str, int]:
    """The corrigendum as it would look, without its seal."""
    old, new, asked = edition(letter, earlier), edition(letter, number), CorrectionForm()
    sheet = _drawn(old, new, asked, sealed=False)
    if sheet is None:
        return _form_page(letter, old, new, asked), 422
    return _file(sheet.pdf, f"{letter.slug}-corrigendum-preview", shown=True)


@blueprint.post(f"{PAIR}/make")
@needs_for_letter(Permission.EDITION_DELIVER)
def make(letter: Letter, number: int, earlier: int) -> Response | tuple[str, int]:
    """Draw the corrigendum, seal it and keep it. Nobody is told yet."""
    old, new, asked = edition(letter, earlier), edition(letter, number), CorrectionForm()
    sheet = _drawn(old, new, asked)
    if sheet is None:
        return _form_page(letter, old, new, asked), 422
    with unit_of_work():
        made = operations.record_correction(
            current_actor(), edition(letter, earlier), edition(letter, number), sheet).id
    flash(_("The corrigendum is made and sealed. Nobody was told yet: do that here."), "success")
    return redirect(_address(letter, made), 303)


@blueprint.get("/letters/<slug>/corrections/<int:number>")
@needs_for_letter(Permission.EDITION_SEE)
def page(letter: Letter, number: int) -> str:
    """A correction: its files, and who was told."""
    return _page(letter, _correction(letter, number), ToldForm(formdata=None))


@blueprint.get("/letters/<slug>/corrections/<int:number>/<language>-<any(A4, Letter):paper>.pdf")
@needs_for_letter(Permission.EDITION_SEE)
def pdf(letter: Letter, number: int, language: str, paper: str) -> Response:
    """The corrigendum as it was kept."""
    correction = _correction(letter, number)
    made = corrections.file_of(correction, language=language, paper=paper)
    if made is None:
        raise NotFound(_("This file was not made yet. Make it on the page of the correction."))
    return _file(operations.stored_content(made), f"{letter.slug}-corrigendum-to-edition-{correction.old.number}-"
                 f"{language}-{paper}")


@blueprint.post("/letters/<slug>/corrections/<int:number>/make-file")
@needs_for_letter(Permission.EDITION_DELIVER)
def make_file(letter: Letter, number: int) -> Response:
    """The corrigendum in another language or on the other paper."""
    asked, correction = FurtherFileForm(), _correction(letter, number)
    try:
        if not asked.validate():
            raise Invalid(_("Choose the language and the paper from the table. Nothing was made."))
        language, paper = str(asked.language.data), str(asked.paper.data)
        content = operations.draw_file(current_actor(), correction, language=language, paper=paper)
        with unit_of_work():
            operations.record_file(current_actor(), _correction(letter, number), language=language, paper=paper,
                                   pdf=content)
    except CoalitionError as refusal:
        flash(refusal.message, "error")
    return redirect(_address(letter, number, "files"), 303)


@blueprint.post("/letters/<slug>/corrections/<int:number>/notify")
@needs_for_letter(Permission.EDITION_DELIVER)
def notify(letter: Letter, number: int) -> Response:
    """Queue the mails; who was told already is not told again."""
    with unit_of_work():
        told = operations.send_notices(current_actor(), _correction(letter, number))
    total = told.deliveries + told.signatories
    flash(ngettext("%(num)s mail is on its way.", "%(num)s mails are on their way.", total) if total else
          _("Everybody who can be told by mail was told before: no mail was written."), "success")
    return redirect(_address(letter, number, "notices"), 303)


@blueprint.post("/letters/<slug>/corrections/<int:number>/deliveries/<int:delivery>/tell")
@needs_for_letter(Permission.EDITION_DELIVER)
def tell(letter: Letter, number: int, delivery: int) -> Response | tuple[str, int]:
    """Tick off somebody who was told by hand."""
    asked = ToldForm()
    if asked.validate():
        try:
            with unit_of_work():
                found = documents.delivery_by_id(letter, delivery)
                if found is None:
                    raise NotFound(_("There is no such delivery of this letter."))
                operations.tell_by_hand(current_actor(), _correction(letter, number), found, asked.note.data or "")
        except Invalid as invalid:
            show_problems(asked, invalid)
        else:
            return redirect(_address(letter, number, "notices"), 303)
    return _page(letter, _correction(letter, number), asked), 422


def _drawn(old: Edition, new: Edition, asked: CorrectionForm, *, sealed: bool = True) -> Sheet | None:
    if not asked.validate():
        return None
    try:
        return operations.draw_correction(current_actor(), old, new, reasons=asked.chosen(), sealed=sealed,
                                          words=asked.words.data or "", paper=asked.paper.data)
    except Invalid as invalid:
        show_problems(asked, invalid)
        return None


def _form_page(letter: Letter, old: Edition, new: Edition, asked: CorrectionForm) -> str:
    return letter_page("correct", letter, form=asked, old=old, new=new,
                       outline=outlined(corrections.difference_between(old, new)),
                       deliveries=corrections.deliveries_of(old))


def _page(letter: Letter, correction: Correction, asked: ToldForm) -> str:
    told = {notice.delivery_id: notice for notice in correction.notices if notice.delivery_id}
    reached = {notice.endorsement_id for notice in correction.notices if notice.endorsement_id}
    snapshot = documents.snapshot_of(correction.new)
    return letter_page(
        "correction", letter, form=asked, correction=correction, values=corrections.values_of(correction),
        languages=snapshot.languages, papers=PAPERS,
        files={(made.language, made.paper): made for made in correction.files}, told=told,
        deliveries=corrections.deliveries_of(correction.old), signatories_told=len(reached),
        signatories_left=sum(endorsement.id not in reached
                             for endorsement, _how in operations.concerned(correction)),
        is_public=correction.new.audience == "public", is_served=corrections.may_be_served(correction))


def _correction(letter: Letter, number: int) -> Correction:
    found = corrections.by_id(letter, number)
    if found is None:
        raise NotFound(_("There is no such correction of this letter."))
    return found


def _address(letter: Letter, number: int, part: str | None = None) -> str:
    return url_for("secretariat.corrections.page", slug=letter.slug, number=number, _anchor=part)


def _file(content: bytes, name: str, *, shown: bool = False) -> Response:
    response = Response(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "inline" if shown else "attachment", filename=f"{name}.pdf")
    return response
