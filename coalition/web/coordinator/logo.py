"""The picture over the letterhead: look at it, choose another, take it away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, url_for

from coalition.access.permissions import Permission as P
from coalition.db import unit_of_work
from coalition.errors import NotFound
from coalition.i18n import gettext as _
from coalition.letters.logo import logo_content, set_logo
from coalition.letters.models import Letter
from coalition.pictures import LARGEST
from coalition.web.coordinator.frame import carried_out, letter_page
from coalition.web.coordinator.letter_forms import LogoForm
from coalition.web.guards import needs_for_letter
from coalition.web.session import current_actor

blueprint = Blueprint("logo", __name__)


@blueprint.route("/letters/<slug>/logo", methods=["GET", "POST"])
@needs_for_letter(P.LETTER_EDIT)
def page(letter: Letter) -> Any:
    """The logo as it is, and the form for another one."""
    form = LogoForm()
    if carried_out(form, lambda: set_logo(current_actor(), letter, form.logo.data.read(LARGEST + 1))):
        flash(_("The logo is kept. Editions made from now on carry it."), "success")
        return redirect(url_for("coordinator.logo.page", slug=letter.slug), 303)
    return letter_page("logo", letter, form)


@blueprint.post("/letters/<slug>/logo/remove")
@needs_for_letter(P.LETTER_EDIT)
def remove(letter: Letter) -> Any:
    """Print no logo from now on."""
    with unit_of_work():
        set_logo(current_actor(), letter, None)
    flash(_("The logo is taken away. Editions made before keep it."), "success")
    return redirect(url_for("coordinator.logo.page", slug=letter.slug), 303)


@blueprint.get("/letters/<slug>/logo.png")
@needs_for_letter(P.LETTER_EDIT)
def picture(letter: Letter) -> Response:
    """The logo as it will be printed: drawn by us, never the file that was sent."""
    content = logo_content(letter.logo_sha256) if letter.logo_sha256 else None
    if content is None:
        raise NotFound(_("This letter has no logo."))
    response = Response(content, mimetype="image/png")
    response.headers.set("Content-Disposition", "attachment", filename="logo.png")
    return response
