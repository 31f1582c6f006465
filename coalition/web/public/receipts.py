"""Am I in it? Answered for whoever holds a receipt: its reference and the code that only a mail to the signer held."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template

from coalition.documents import queries as document_queries
from coalition.endorsements import receipts, standing
from coalition.endorsements.models import Endorsement
from coalition.errors import NotFound
from coalition.web.guards import public
from coalition.web.public.forms import ReceiptForm
from coalition.web.security import limiter

blueprint = Blueprint("receipts", __name__, url_prefix="/receipts")


@blueprint.get("")
@public
def page() -> str:
    """The two fields."""
    return render_template("public/receipt.html", form=ReceiptForm(formdata=None), endorsement=None)


@blueprint.post("/check")
@public
@limiter.limit("30 per 5 minutes")
def check() -> Any:
    """In which editions the signature is. The code stands in no address and in no log; the answer is not kept."""
    form = ReceiptForm()
    if not form.validate():
        return render_template("public/receipt.html", form=form, endorsement=None), 422
    try:
        found = receipts.check(form.reference.data or "", form.code.data or "")
    except NotFound as unknown:
        form.form_errors.append(unknown.message)
        return render_template("public/receipt.html", form=form, endorsement=None), 404
    return _answer(found)


def _answer(endorsement: Endorsement) -> str:
    editions = document_queries.editions_with(endorsement.letter, endorsement.public_id)
    newest = document_queries.by_number(endorsement.letter, editions[0].number) if editions else None
    printed = document_queries.snapshot_of(newest).entries if newest is not None else ()
    return render_template(
        "public/receipt.html", form=ReceiptForm(formdata=None), endorsement=endorsement, editions=editions,
        number=next((entry.number for entry in printed if entry.key == endorsement.public_id), None),
        counts_now=standing.counts_now(endorsement), receipt=receipts.receipt_of(endorsement))
