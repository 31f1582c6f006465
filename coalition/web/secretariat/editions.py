"""The files of an edition: the PDF and its parts as they were made, and its list in every other format."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from werkzeug import Response as AnyResponse

from coalition.access.permissions import Permission
from coalition.db import unit_of_work
from coalition.documents import exporting
from coalition.documents import queries as documents
from coalition.documents.making import request_file
from coalition.documents.models import Edition
from coalition.documents.outputs import OUTPUTS
from coalition.documents.parts import Part, part_named, parts_of
from coalition.documents.serving import checked_content
from coalition.documents.snapshot import FORMAT
from coalition.errors import CoalitionError, Invalid, NotFound
from coalition.i18n import gettext as _
from coalition.letters.models import Letter
from coalition.web.guards import needs_for_letter
from coalition.web.secretariat.forms import PAPERS, FileForm, named, ways_to_speak
from coalition.web.secretariat.frame import letter_page
from coalition.web.session import current_actor

blueprint = Blueprint("editions", __name__)

PARTS = "any('pdf', 'letter', 'annex-1', 'annex-2', 'note')"


@blueprint.get("/letters/<slug>/editions/<int:number>")
@needs_for_letter(Permission.EDITION_SEE)
def page(letter: Letter, number: int) -> str:
    """One edition: its parts on both papers in the languages asked for, made or to be made, and the other files of
    its list."""
    edition = _edition(letter, number)
    snapshot = documents.snapshot_of(edition)
    ways = ways_to_speak(snapshot.languages)
    spoken = request.args.get("language", "")
    spoken = spoken if spoken in ways else ways[0]
    return letter_page(
        "edition", letter, edition=edition, papers=PAPERS, spoken=spoken,
        ways=[(codes, named(codes)) for codes in ways] if len(ways) > 1 else [],
        parts=[(part.value, label_of(part)) for part in (Part.WHOLE, *parts_of(snapshot))],
        made={(one.kind, one.paper): one for one in edition.renditions if one.language == spoken},
        can_be_drawn=snapshot.format == FORMAT, outputs=list(OUTPUTS), verify_address=snapshot.verify_address)


@blueprint.post("/letters/<slug>/editions/<int:number>/make")
@needs_for_letter(Permission.EDITION_COMPILE)
def make(letter: Letter, number: int) -> AnyResponse:
    """Ask for a part or a paper that was not made yet."""
    edition, form = _edition(letter, number), FileForm()
    try:
        if not form.validate():
            raise Invalid(_("Choose the part and the paper from the table. Nothing was made."))
        with unit_of_work():
            public_id = request_file(current_actor(), edition, part_named(form.part.data),
                                     form.paper.data, language=form.language.data or "").public_id
    except CoalitionError as refusal:
        flash(refusal.message, "error")
        return redirect(url_for(".page", slug=letter.slug, number=number, language=form.language.data or None), 303)
    return redirect(url_for("secretariat.compiling.progress", slug=letter.slug, public_id=public_id), 303)


@blueprint.get(f"/letters/<slug>/editions/<int:number>/<{PARTS}:part>-<any(A4, Letter):paper>.pdf")
@needs_for_letter(Permission.EDITION_SEE)
def part_file(letter: Letter, number: int, part: str, paper: str) -> Response:
    """One part as it was made."""
    return _made(letter, number, Part(part), paper)


@blueprint.get("/letters/<slug>/editions/<int:number>/<any(A4, Letter):paper>.pdf")
@needs_for_letter(Permission.EDITION_SEE)
def pdf(letter: Letter, number: int, paper: str) -> Response:
    return _made(letter, number, Part.WHOLE, paper)


@blueprint.get(f"/letters/<slug>/editions/<int:number>/signatories.<any({', '.join(OUTPUTS)}):form>")
@needs_for_letter(Permission.EDITION_SEE)
def export(letter: Letter, number: int, form: str) -> Response:
    """The list in another format, in one of the edition's languages."""
    edition, kind = _taken(letter, number, form), OUTPUTS[form]
    snapshot, language = documents.snapshot_of(edition), request.args.get("language", "")
    content = kind.make(snapshot.in_language(language or snapshot.language), current_app.config["COALITION_CONTACT"],
                        **documents.pictures_of(snapshot))
    return _file(content, kind.mimetype, f"{_name(letter, edition)}{f'-{language}' if language else ''}.{kind.ending}")


def label_of(part: Part) -> str:
    """What a part is called on pages."""
    return {Part.WHOLE: _("The whole document"), Part.LETTER: _("The letter alone"),
            Part.ANNEX_1: _("Annex I: signatory list"), Part.ANNEX_2: _("Annex II: represented organisations"),
            Part.NOTE: _("Note on the list")}[part]


def _made(letter: Letter, number: int, part: Part, paper: str) -> Response:
    edition = _taken(letter, number, "pdf")
    language = request.args.get("language")
    made = documents.rendition(edition, kind=part.value, paper=paper, language=language)
    if made is None:
        raise NotFound(_("This file was not made yet. Make it on the page of the edition."))
    which = "" if part is Part.WHOLE else f"-{part}"
    spoken = f"-{made.language.replace(',', '-')}" if language else ""
    return _file(checked_content(made), "application/pdf", f"{_name(letter, edition)}{which}-{paper}{spoken}.pdf")


def _edition(letter: Letter, number: int) -> Edition:
    edition = documents.by_number(letter, number)
    if edition is None:
        raise NotFound(_("There is no edition %(number)s of this letter.", number=number))
    return edition


def _taken(letter: Letter, number: int, form: str) -> Edition:
    """The edition; that its file is taken along is written down before anything of it is read."""
    edition = _edition(letter, number)
    if exporting.is_noted(edition):
        with unit_of_work():
            exporting.note(current_actor(), edition, form)
    return edition


def _name(letter: Letter, edition: Edition) -> str:
    """A file's name says what it is, since two editions may lie in one folder."""
    for_whom = "" if edition.audience == "public" else f"-{edition.audience}"
    return f"{letter.slug}-edition-{edition.number}{for_whom}"


def _file(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, mimetype=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
