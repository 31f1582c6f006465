"""Is this file genuine? Answered for a PDF that is sent, or for a hash that is typed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, render_template, request

from coalition.access.permissions import Permission
from coalition.access.policy import permits
from coalition.corrections import queries as correction_queries
from coalition.corrections.drawing import PART as CORRIGENDUM
from coalition.documents import queries as document_queries
from coalition.documents import seal, serving
from coalition.documents.models import Edition
from coalition.errors import CoalitionError, NotFound
from coalition.i18n import gettext as _
from coalition.late import late
from coalition.letters import queries as letter_queries
from coalition.web.guards import public
from coalition.web.public.forms import FileForm, HashForm
from coalition.web.public.superseded import superseding
from coalition.web.security import reading_limiter
from coalition.web.session import current_actor

if TYPE_CHECKING:
    from coalition.documents import verification
else:
    verification = late("coalition.documents.verification")

blueprint = Blueprint("verifying", __name__)


@dataclass(frozen=True)
class Finding:
    """What is known of a file: the verdict on its bytes (None when only a hash was given), the edition it is a
    file of where this reader may know, and how that edition stands today."""

    sha256: str
    verdict: verification.Verdict | None
    edition: Edition | None
    standing: serving.Standing | None
    part: str = ""

    @property
    def frozen_at(self) -> datetime | None:
        """When the list of the edition was frozen, by the file's own word."""
        facts = self.verdict.facts if self.verdict else None
        return datetime.fromisoformat(facts.frozen_at) if facts else None

    @property
    def status(self) -> str:
        """genuine, altered, unknown_issuer; of a hash: known or unknown."""
        if self.verdict is not None:
            return self.verdict.status
        return "known" if self.edition is not None else "unknown"


@blueprint.get("/verify")
@public
def page() -> Any:
    """The two ways to ask, and how to check without us; the answer for a hash in the address."""
    asked = HashForm(request.args)
    if "sha256" not in request.args:
        return _page(FileForm(formdata=None), HashForm(formdata=None))
    if not asked.validate():
        return _page(FileForm(formdata=None), asked), 422
    return _page(FileForm(formdata=None), asked, _finding(asked.cleaned(), None))


@blueprint.get("/verify/<edition_id>")
@public
@reading_limiter.limit("60 per 5 minutes")
def edition_page(edition_id: str) -> str:
    """Where the code in a document leads: how its edition stands. Whether a file is genuine only the file tells."""
    edition = document_queries.by_public_id(edition_id) if "\0" not in edition_id else None
    if edition is None:
        raise NotFound(_("No edition with this identifier was made here. If it is printed in a document, look "
                         "whether it was copied in full, and whether the document names another site."))
    shown = edition.audience == "public" and permits(
        current_actor(), Permission.LETTER_SEE, letter_queries.subject_of(edition.letter))
    return render_template(
        "public/edition.html", form=FileForm(formdata=None), fingerprint=_fingerprint(), edition_id=edition_id,
        edition=edition if shown else None, standing=serving.standing_of(edition) if shown else None,
        counts=document_queries.snapshot_of(edition).counts if shown else None,
        **(superseding(edition) if shown else {}))


@blueprint.get("/verify/certificate.pem")
@public
def certificate() -> Response:
    """The certificate of the seal, for PDF readers and for whoever computes its fingerprint."""
    return Response(seal.own().certificate_pem, mimetype="application/x-pem-file", headers={
        "Content-Disposition": 'attachment; filename="certificate.pem"'})


@blueprint.post("/verify")
@public
@reading_limiter.limit("60 per 5 minutes")
def look() -> Any:
    """The answer for a file. It is looked at and forgotten."""
    form = FileForm()
    if not form.validate():
        return _page(form, HashForm(formdata=None)), 422
    with form.file.data.stream as stream:
        content = stream.read(verification.LIMIT + 1)
    verdict = verification.verify(content, fingerprint=_fingerprint(), former=_former())
    return _page(FileForm(formdata=None), HashForm(formdata=None),
                 _finding(hashlib.sha256(content).hexdigest(), verdict))


def _page(form: FileForm, asked: HashForm, finding: Finding | None = None) -> str:
    return render_template("public/verify.html", form=asked if asked.errors else form, file_form=form,
                           hash_form=asked, finding=finding, fingerprint=_fingerprint())


def _finding(sha256: str, verdict: verification.Verdict | None) -> Finding:
    made = document_queries.by_file_hash(sha256)
    sheet = correction_queries.by_file_hash(sha256) if made is None else None
    edition = made.edition if made is not None else sheet.correction.new if sheet is not None else None
    if edition is not None and not permits(current_actor(), Permission.LETTER_SEE,
                                           letter_queries.subject_of(edition.letter)):
        edition = None
    standing = serving.standing_of(edition) if edition is not None else None
    return Finding(sha256, verdict, edition, standing, CORRIGENDUM if sheet is not None else "")


def _former() -> tuple[str, ...]:
    """The fingerprints of seals used here before; none while the settings about them are wrong."""
    try:
        return seal.former()
    except CoalitionError:
        return ()


def _fingerprint() -> str:
    """The fingerprint of this installation's seal, "" while it has none that can be used."""
    try:
        return seal.own().fingerprint
    except CoalitionError:
        return ""
