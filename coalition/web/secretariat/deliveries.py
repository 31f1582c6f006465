"""Recording that an edition was handed over."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug import Response
from wtforms import SelectChoice

from coalition import clock
from coalition.access.permissions import Permission
from coalition.db import unit_of_work
from coalition.documents import operations
from coalition.documents import queries as documents
from coalition.documents.models import Edition, Rendition
from coalition.errors import Invalid
from coalition.i18n import LANGUAGES
from coalition.i18n import gettext as _
from coalition.letters.models import Letter
from coalition.web.forms import show_problems
from coalition.web.guards import needs_for_letter
from coalition.web.secretariat.forms import DeliveryForm
from coalition.web.secretariat.frame import letter_page
from coalition.web.session import current_actor

blueprint = Blueprint("deliveries", __name__)


@blueprint.get("/letters/<slug>/deliveries/record")
@needs_for_letter(Permission.EDITION_DELIVER)
def record(letter: Letter) -> str:
    editions = documents.editions_of(letter)
    form = _form(editions)
    chosen = request.args.get("edition")
    if chosen in {choice.value for choice in form.edition.choices}:
        form.edition.data = chosen
    form.handed_over_on.data = clock.now().date()
    return letter_page("delivery", letter, form=form, editions=editions)


@blueprint.post("/letters/<slug>/deliveries/record")
@needs_for_letter(Permission.EDITION_DELIVER)
def keep(letter: Letter) -> Response | tuple[str, int]:
    editions = documents.editions_of(letter)
    form = _form(editions)
    if form.validate():
        number, paper, *language = form.edition.data.split(" ")
        try:
            with unit_of_work():
                edition = next(made for made in documents.editions_of(letter) if made.number == int(number))
                operations.record_delivery(
                    current_actor(), edition, paper=paper, language=language[0] if language else None, recipient=form.recipient.data, how=form.how.data,
                    handed_over_on=form.handed_over_on.data, handed_over_by=form.handed_over_by.data,
                    reference=form.reference.data or "")
        except Invalid as invalid:
            show_problems(form, invalid)
        else:
            flash(_("The delivery is recorded."), "success")
            return redirect(url_for("secretariat.final.final", slug=letter.slug, _anchor="deliveries"), 303)
    return letter_page("delivery", letter, form=form, editions=documents.editions_of(letter)), 422


def _form(editions: list[Edition]) -> DeliveryForm:
    form = DeliveryForm()
    form.edition.choices = [SelectChoice("", _("Choose one")), *(
        SelectChoice(_value(edition, made), _("Edition %(number)s, %(paper)s", number=edition.number, paper=_named(edition, made)))
        for edition in editions for made in edition.renditions)]
    return form


def _value(edition: Edition, made: Rendition) -> str:
    """Number and paper, and the languages where there are several files on that paper."""
    return f"{edition.number} {made.paper}" + (f" {made.language}" if _is_one_of_several(edition, made) else "")


def _named(edition: Edition, made: Rendition) -> str:
    if not _is_one_of_several(edition, made):
        return made.paper
    return f"{made.paper}, " + " · ".join(LANGUAGES.get(code, code) for code in made.language.split(","))


def _is_one_of_several(edition: Edition, made: Rendition) -> bool:
    return sum(other.paper == made.paper for other in edition.renditions) > 1
