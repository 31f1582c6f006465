"""Files beside an endorsement, and evidence in the place of a confirmation mail that never arrived."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_login import current_user

from coalition import clock
from coalition.access.permissions import Permission as P
from coalition.endorsements import entering, evidence, standing
from coalition.i18n import gettext as _
from coalition.letters.models import Letter
from coalition.web.coordinator.dossier import parts_of
from coalition.web.coordinator.endorsements import act_on, endorsement_of
from coalition.web.coordinator.frame import carried_out, letter_page
from coalition.web.coordinator.review_forms import EvidenceForm, FileEvidenceForm, RemoveFileForm, bytes_of
from coalition.web.guards import needs_for_letter
from coalition.web.proving import signed_in_lately, to_prove_again
from coalition.web.session import current_actor

blueprint = Blueprint("evidence", __name__, url_prefix="/letters/<slug>/endorsements/<public_id>")


@blueprint.post("/files")
@needs_for_letter(P.ENDORSEMENT_ENTER)
def add(letter: Letter, public_id: str) -> Any:
    """Keep a file beside the endorsement."""
    form = FileEvidenceForm()
    return act_on(letter, public_id, form, lambda found: evidence.add(
        current_actor(), found, bytes_of(form.file), kind=form.kind.data or ""), told=_("The file is kept."))


@blueprint.get("/files/<file_id>")
@needs_for_letter(P.ENDORSEMENT_SEE)
def download(letter: Letter, public_id: str, file_id: str) -> Response:
    """Hand a file out as it came: to be saved, never shown by a browser here, under a name of ours. It may be
    somebody's passport, so a browser left open is not enough."""
    found = endorsement_of(letter, public_id)
    if not signed_in_lately():
        return to_prove_again(request.path)
    file = evidence.by_public_id(found, file_id)
    response = Response(evidence.content_of(file), mimetype="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=f"{found.reference}-{file.id}.{file.type}")
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    return response


@blueprint.route("/files/<file_id>/remove", methods=["GET", "POST"])
@needs_for_letter(P.ENDORSEMENT_ENTER)
def remove(letter: Letter, public_id: str, file_id: str) -> Any:
    """Take a file away for good, with a reason."""
    found, form = endorsement_of(letter, public_id), RemoveFileForm()
    file = evidence.by_public_id(found, file_id)
    if request.method == "POST" and carried_out(form, lambda: evidence.remove(
            current_actor(), found, file, reason=form.reason.data or "")):
        flash(_("The file is removed. Its hash stays in the log."), "success")
        return redirect(url_for("coordinator.endorsements.endorsement", slug=letter.slug, public_id=public_id), 303)
    return letter_page("file_remove", letter, form, endorsement=found, file=file)


@blueprint.route("/confirm-by-evidence", methods=["GET", "POST"])
@needs_for_letter(P.ENDORSEMENT_ENTER)
def confirm(letter: Letter, public_id: str) -> Any:
    """Say what shows that they signed although no mail was answered."""
    found = endorsement_of(letter, public_id)
    form = EvidenceForm(taken_by=current_user.name, taken_on=clock.now().date())
    if request.method == "POST" and carried_out(form, lambda: entering.confirm_by_evidence(
            current_actor(), found, evidence=form.as_evidence(), email=form.email.data or "")):
        flash(_("Confirmed by evidence. It waits for review by another coordinator."), "success")
        return redirect(url_for("coordinator.endorsements.endorsement", slug=letter.slug, public_id=public_id), 303)
    if request.method == "GET":
        standing.require("confirm_by_evidence", found)
    return letter_page("confirm_by_evidence", letter, form, endorsement=found, parts=parts_of(found))
