"""Asking for a preview or an edition, and the page that shows how far it is."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, flash, make_response, redirect, url_for
from werkzeug import Response as AnyResponse

from coalition import clock
from coalition.access.permissions import Permission
from coalition.db import unit_of_work
from coalition.documents import making, operations
from coalition.documents import queries as documents
from coalition.documents.models import CompileRequest
from coalition.documents.parts import SINGLE, Part
from coalition.errors import CoalitionError, NotFound
from coalition.i18n import gettext as _
from coalition.letters.models import Letter
from coalition.letters.reading import languages_of
from coalition.web.guards import needs_for_letter
from coalition.web.proving import signed_in_lately, to_prove_again
from coalition.web.secretariat.forms import CompileForm
from coalition.web.secretariat.frame import letter_page
from coalition.web.session import current_actor

blueprint = Blueprint("compiling", __name__)

#: How often the page looks again while a document is made, in seconds.
LOOK_AGAIN = 2
#: The steps as the work itself names them.
STEPS = ("reading", "drawing", "keeping")
#: Nobody has taken the request for so long: something is wrong with the worker.
NO_WORKER = timedelta(seconds=90)


@blueprint.post("/letters/<slug>/make-preview")
@needs_for_letter(Permission.EDITION_PREVIEW)
def make_preview(letter: Letter) -> AnyResponse:
    return _ask(letter, "preview")


@blueprint.post("/letters/<slug>/compile")
@needs_for_letter(Permission.EDITION_COMPILE)
def compile_edition(letter: Letter) -> AnyResponse:
    if not signed_in_lately():
        flash(_("An edition is for good: confirm that it is you, then press “Compile edition” once more."), "info")
        return to_prove_again(_final(letter))
    return _ask(letter, "edition")


@blueprint.get("/letters/<slug>/requests/<public_id>")
@needs_for_letter(Permission.EDITION_SEE)
def progress(letter: Letter, public_id: str) -> Response:
    asked = _request(letter, public_id)
    unfinished = asked.state in ("waiting", "running")
    response = make_response(letter_page(
        "progress", letter, asked=asked, unfinished=unfinished,
        steps=_steps(asked), since=max(0, int((clock.now() - asked.requested_at).total_seconds())),
        no_worker=asked.state == "waiting" and clock.now() - asked.requested_at > NO_WORKER,
        made=documents.rendition(asked.edition, kind=_kind_of_file(asked), paper=asked.paper,
                                 language=asked.language or None) if asked.edition else None))
    if unfinished:
        response.headers["Refresh"] = str(LOOK_AGAIN)
    return response


@blueprint.post("/letters/<slug>/requests/<public_id>/call-off")
@needs_for_letter(Permission.EDITION_PREVIEW)
def call_off(letter: Letter, public_id: str) -> AnyResponse:
    """Take back what no worker has begun."""
    _request(letter, public_id)
    try:
        with unit_of_work():
            making.call_off(current_actor(), _request(letter, public_id))
    except CoalitionError as refusal:
        flash(refusal.message, "error")
        return redirect(url_for(".progress", slug=letter.slug, public_id=public_id), 303)
    flash(_("Called off: nothing is made of it."), "success")
    return redirect(_final(letter), 303)


@blueprint.get("/letters/<slug>/requests/<public_id>/preview.pdf")
@needs_for_letter(Permission.EDITION_PREVIEW)
def preview_file(letter: Letter, public_id: str) -> Response:
    content = documents.preview_content(_request(letter, public_id))
    if content is None:
        raise NotFound(_("There is no preview here: it is not finished, or it could not be made."))
    response = Response(content, mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=f"{letter.slug}-preview.pdf")
    return response


def _ask(letter: Letter, kind: str) -> AnyResponse:
    form = CompileForm().offer(languages_of(letter.published) if letter.published else ())
    if not form.validate():
        flash(_("Choose for whom the document is and on which paper. Nothing was made."), "error")
        return redirect(_final(letter), 303)
    try:
        with unit_of_work():
            public_id = operations.request(current_actor(), letter, kind=kind, audience=form.audience.data,
                                           paper=form.paper.data, language=form.language.data or "").public_id
    except CoalitionError as refusal:
        flash(refusal.message, "error")
        return redirect(_final(letter), 303)
    return redirect(url_for("secretariat.compiling.progress", slug=letter.slug, public_id=public_id), 303)


def _steps(asked: CompileRequest) -> list[dict[str, str]]:
    """What is done one after the other, and how far it is: as tasks of a list."""
    names = (_("Waiting for its turn"), _("Reading the list"), _("Drawing the pages"), _("Keeping the file"))
    behind = 0
    if asked.state == "running":
        behind = 1 + STEPS.index(asked.step) if asked.step in STEPS else 1
    states = ["completed"] * behind + ["in_progress"] + ["not_started"] * len(STEPS)
    return [{"title": name, "state": state} for name, state in zip(names, states, strict=False)]


def _kind_of_file(asked: CompileRequest) -> str:
    """A request for a part is named by it; all others are for the whole."""
    return asked.kind if asked.kind in SINGLE else Part.WHOLE.value


def _request(letter: Letter, public_id: str) -> CompileRequest:
    found = documents.request_by_public_id(letter, public_id)
    if found is None:
        raise NotFound(_("There is no such request. Look at the editions on the page “Final letter”."))
    return found


def _final(letter: Letter) -> str:
    return url_for("secretariat.final.final", slug=letter.slug)
