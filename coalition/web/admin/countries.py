"""Countries by the names the administrators choose."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from werkzeug import Response

from coalition.access.permissions import Permission
from coalition.countries import country_name
from coalition.db import unit_of_work
from coalition.errors import Invalid
from coalition.i18n import gettext as _
from coalition.places import operations as places
from coalition.places import queries
from coalition.web.admin.forms import CountryForm
from coalition.web.admin.frame import admin_page
from coalition.web.filters import page_language
from coalition.web.forms import show_problems
from coalition.web.guards import needs
from coalition.web.session import current_actor

blueprint = Blueprint("countries", __name__, url_prefix="/countries")


@blueprint.get("")
@needs(Permission.COUNTRIES_NAME)
def names() -> str:
    """The names that differ from the usual, and the form for one more."""
    return _page(CountryForm(formdata=None, language=page_language()))


@blueprint.post("/name")
@needs(Permission.COUNTRIES_NAME)
def name() -> Response | tuple[str, int]:
    form = CountryForm()
    try:
        with unit_of_work():
            places.call(current_actor(), code=form.code.data or "", language=form.language.data or "",
                        name=form.name.data or "")
    except Invalid as invalid:
        show_problems(form, invalid)
        return _page(form), 422
    flash(_("The name is used from now on."), "success")
    return redirect(url_for("admin.countries.names"), 303)


@blueprint.post("/<int:name_id>/name-as-usual")
@needs(Permission.COUNTRIES_NAME)
def name_as_usual(name_id: int) -> Response:
    with unit_of_work():
        places.call_as_usual(current_actor(), queries.by_id(name_id))
    flash(_("The usual name is back."), "success")
    return redirect(url_for("admin.countries.names"), 303)


def _page(form: CountryForm) -> str:
    rows = [{"id": row.id, "code": row.code, "language": row.language, "name": row.name,
             "usual": country_name(row.code, row.language)} for row in queries.own_names()]
    return admin_page("countries", form=form, rows=rows)
