"""What can be taken along from a letter: the list as data, the signed source text, the edition's file."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import asdict
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, request, send_file, url_for
from flask_login import current_user

from coalition.config import public_url
from coalition.corrections import queries as correction_queries
from coalition.corrections.operations import stored_content
from coalition.documents import queries as document_queries
from coalition.documents import serving
from coalition.documents.exports import as_csv, as_json
from coalition.documents.operations import as_it_stands
from coalition.documents.outputs import OUTPUTS
from coalition.endorsements import listing
from coalition.errors import CoalitionError, NotFound
from coalition.i18n import gettext as _
from coalition.letters import queries as letter_queries
from coalition.letters.glance import Glance, letter_of
from coalition.letters.models import Letter
from coalition.letters.reading import languages_of, reading_of
from coalition.web.errors import page as refused
from coalition.web.guards import glimpses_letter, sees_letter
from coalition.web.kept import A_WHILE, answer, let_anybody_keep
from coalition.web.public.shown import published
from coalition.web.security import reading_limiter

blueprint = Blueprint("downloads", __name__)


@blueprint.get("/letters/<slug>.json")
@glimpses_letter
def as_data(glance: Glance) -> Response:
    """The public list with its counts as JSON."""
    _refuse_questions()
    return answer(glance, "json", lambda letter: as_json(listing.signatory_list(letter), letter=_facts(letter)),
                  "application/json", lasting=A_WHILE)


@blueprint.get("/letters/<slug>.csv")
@glimpses_letter
def as_table(glance: Glance) -> Response:
    """The public list as a table."""
    _refuse_questions()
    response = answer(glance, "csv", lambda letter: as_csv(listing.signatory_list(letter)), "text/csv",
                      lasting=A_WHILE)
    response.headers.set("Content-Disposition", "attachment", filename=f"{glance.slug}.csv")
    return response


@blueprint.get("/letters/<slug>.<any(docx, xlsx):form>")
@glimpses_letter
@reading_limiter.limit("30 per 5 minutes")
def as_file(glance: Glance, form: str) -> Response:
    """The letter with its public list, to work with, as it stands: made of what the page shows, in one of the
    letter's languages."""
    _refuse_questions("language")
    kind, language = OUTPUTS[form], request.args.get("language", "")
    if language and language not in languages_of(published(letter_of(glance))):
        raise NotFound(_("This letter has no text in that language."))

    def made(letter: Letter) -> bytes:
        snapshot = as_it_stands(letter)
        return kind.make(snapshot.in_language(language or snapshot.language), "",
                         **document_queries.pictures_of(snapshot))

    response = answer(glance, f"{form} {language}", made, kind.mimetype)
    spoken = f"-{language}" if language else ""
    response.headers.set("Content-Disposition", "attachment", filename=f"{glance.slug}{spoken}.{kind.ending}")
    return response


@blueprint.get("/letters/<slug>/versions/<int:number>.txt")
@sees_letter
def source(letter: Letter, number: int) -> Response:
    """The very bytes people signed: their SHA-256 is the one that is printed."""
    version = letter_queries.version_by_number(letter, number)
    if version is None:
        raise NotFound(_("There is no such version of this letter."))
    response = Response(version.source.encode(), mimetype="text/plain")
    response.set_etag(version.sha256)
    _let_keep(letter, response)
    return response.make_conditional(request)


@blueprint.get("/letters/<slug>/versions/<int:number>.<language>.txt")
@sees_letter
def translated_source(letter: Letter, number: int, language: str) -> Response:
    """The same of a translation; each language has a file and a hash of its own."""
    version = letter_queries.version_by_number(letter, number)
    if version is None or language not in languages_of(version):
        raise NotFound(_("There is no such version of this letter."))
    reading = reading_of(letter, version, language)
    response = Response(reading.source.encode(), mimetype="text/plain")
    response.set_etag(reading.sha256)
    _let_keep(letter, response)
    return response.make_conditional(request)


@blueprint.get("/letters/<slug>/editions/<int:number>/letter.pdf")
@sees_letter
def edition(letter: Letter, number: int) -> Response | tuple[str, int]:
    """The file of a public edition, as long as everybody named in it is still named in public."""
    found = document_queries.by_number(letter, number)
    language = request.args.get("language")
    made = document_queries.rendition(found, language=language) if found is not None else None
    if found is None or made is None or found.audience != "public":
        raise NotFound(_("There is no such edition of this letter."))
    if not serving.may_be_served(found):
        return _gone(letter, _("This edition is no longer handed out"))
    name = f"{_safe(published(letter).subject)} ({_('edition %(number)s', number=number)}).pdf"
    response = send_file(BytesIO(serving.checked_content(made)), mimetype="application/pdf", as_attachment=True,
                         download_name=name, etag=made.sha256)
    _let_keep(letter, response)
    return response


@blueprint.get("/letters/<slug>/editions/<int:number>/corrigendum-to-<int:earlier>.pdf")
@sees_letter
def corrigendum(letter: Letter, number: int, earlier: int) -> Response | tuple[str, int]:
    """The page that says how this public edition corrects an earlier one, as long as every name in it is public."""
    new, old = (document_queries.by_number(letter, one) for one in (number, earlier))
    correction = correction_queries.of_pair(old, new) if old is not None and new is not None else None
    made = correction_queries.file_of(
        correction, language=request.args.get("language", letter.language),
        paper=request.args.get("paper")) if correction is not None else None
    if correction is None or made is None or correction.new.audience != "public":
        raise NotFound(_("There is no such corrigendum of this letter."))
    if not correction_queries.may_be_served(correction):
        return _gone(letter, _("This corrigendum is no longer handed out"))
    name = f"{letter.slug}-corrigendum-to-edition-{earlier}-{made.language}-{made.paper}.pdf"
    response = send_file(BytesIO(stored_content(made)), mimetype="application/pdf", as_attachment=True,
                         download_name=name, etag=made.sha256)
    _let_keep(letter, response)
    return response


@blueprint.get("/letters/<slug>/editions/<int:number>/changes.json")
@sees_letter
def changes(letter: Letter, number: int) -> Response:
    """What changed from the public edition that this one supersedes, in numbers."""
    _refuse_questions()
    new = document_queries.by_number(letter, number)
    old = correction_queries.preceding(new) if new is not None else None
    outline = correction_queries.outline_between(old, new) if new is not None and old is not None else None
    if new is None or old is None or outline is None:
        raise NotFound(_("There is no such edition of this letter, or none that it supersedes."))
    response = Response(json.dumps(
        {"letter": letter.slug, "from": {"edition": old.number, "sha256": old.sha256},
         "to": {"edition": new.number, "sha256": new.sha256}, **asdict(outline)}, indent=1) + "\n",
        mimetype="application/json")
    _let_keep(letter, response)
    return response


def _gone(letter: Letter, title: str) -> tuple[str, int]:
    """The page for a file that names somebody who may no longer be named, with the way to what stands now."""
    steps = [{"text": _("See the letter as it stands"), "url": url_for("public.letters.page", slug=letter.slug)}]
    current = serving.public_edition(letter)
    if current is not None:
        steps.insert(0, {"text": _("Take edition %(number)s, which stands now", number=current.number),
                         "url": url_for("public.downloads.edition", slug=letter.slug, number=current.number)})
    return refused(410, title, _("Not everybody named in it is on the public list today."), steps)


def _refuse_questions(*known: str) -> None:
    """The data hold what they hold: an unknown filter silently passed over would look like an answer."""
    if set(request.args) - set(known):
        raise CoalitionError(_("This address takes no parameters: leave out everything behind the question "
                               "mark."))


def _facts(letter: Letter) -> dict[str, Any]:
    version = published(letter)
    return {
        "slug": letter.slug, "subject": version.subject, "language": version.language,
        "languages": list(languages_of(version)), "version": version.number, "source_sha256": version.sha256,
        "state": letter.state,
        "deadline_at": letter.deadline_at.isoformat() if letter.deadline_at else None,
        "address": public_url(f"/letters/{letter.slug}"),
    }


def _let_keep(letter: Letter, response: Response) -> None:
    if letter_queries.reaches_everyone(letter) and not current_user.is_authenticated:
        let_anybody_keep(response)
    else:
        response.headers["Cache-Control"] = "no-store"


def _safe(title: str) -> str:
    """A title as part of a file's name: nothing that a file system, a header or the eye could stumble over."""
    shown = "".join(character for character in title if unicodedata.category(character)[0] != "C")
    return re.sub(r'[\\/:*?"<>|;%\s]+', " ", shown).strip(" .")[:100] or "letter"
