"""The files of an edition: the PDF as it was handed out, and its list as a table, as data and as text."""

from __future__ import annotations

from flask import Blueprint, Response, request

from coalition.access.permissions import Permission
from coalition.documents import exports
from coalition.documents import queries as documents
from coalition.documents.models import Edition
from coalition.documents.serving import checked_content
from coalition.errors import NotFound
from coalition.i18n import gettext as _
from coalition.letters.models import Letter
from coalition.web.guards import needs_for_letter

blueprint = Blueprint("editions", __name__)

FORMATS = {"csv": ("text/csv", exports.as_csv), "json": ("application/json", exports.as_json),
           "txt": ("text/plain", exports.as_text)}


@blueprint.get("/letters/<slug>/editions/<int:number>/<any(A4, Letter):paper>.pdf")
@needs_for_letter(Permission.EDITION_SEE)
def pdf(letter: Letter, number: int, paper: str) -> Response:
    edition = _edition(letter, number)
    language = request.args.get("language")
    made = documents.rendition(edition, paper=paper, language=language)
    if made is None:
        raise NotFound(_("This edition was not made on this paper."))
    spoken = f"-{made.language.replace(',', '-')}" if language else ""
    return _file(checked_content(made), "application/pdf", f"{_name(letter, edition)}-{paper}{spoken}.pdf")


@blueprint.get("/letters/<slug>/editions/<int:number>/signatories.<any(csv, json, txt):form>")
@needs_for_letter(Permission.EDITION_SEE)
def export(letter: Letter, number: int, form: str) -> Response:
    edition = _edition(letter, number)
    kind, write = FORMATS[form]
    return _file(write(documents.snapshot_of(edition)).encode(), kind, f"{_name(letter, edition)}.{form}")


def _edition(letter: Letter, number: int) -> Edition:
    edition = documents.by_number(letter, number)
    if edition is None:
        raise NotFound(_("There is no edition %(number)s of this letter.", number=number))
    return edition


def _name(letter: Letter, edition: Edition) -> str:
    """A file's name says what it is, since two editions may lie in one folder."""
    for_whom = "" if edition.audience == "public" else f"-{edition.audience}"
    return f"{letter.slug}-edition-{edition.number}{for_whom}"


def _file(content: bytes, kind: str, name: str) -> Response:
    response = Response(content, mimetype=kind)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
