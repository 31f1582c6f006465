"""The letter's page, and the way to it by a letter's own link."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from coalition.errors import NotFound
from coalition.i18n import LANGUAGES
from coalition.i18n import gettext as _
from coalition.letters import queries as letter_queries
from coalition.letters.glance import Glance
from coalition.web.guards import glimpses_letter, public
from coalition.web.kept import answer
from coalition.web.public.shown import page_of
from coalition.web.session import open_letter_for_visitor

blueprint = Blueprint("letters", __name__, url_prefix="/letters/<slug>")


@blueprint.get("")
@glimpses_letter
def page(glance: Glance) -> Response:
    """The text in the language asked for, the counts, the deadline and the list."""
    asked = request.args.get("language", "")
    # Kept under few names, whatever is asked for: an unknown language shows the governing text.
    language = asked if not asked or asked in LANGUAGES else "und"
    return answer(glance, f"page in {language}",
                  lambda letter: render_template("public/letter.html", **page_of(letter, glance, language)))


@blueprint.get("/by-link/<secret>")
@public
def by_link(slug: str, secret: str) -> AnyResponse:
    """Let a visitor in who was given the letter's link, and remember them for this session."""
    letter = letter_queries.by_link(slug, secret)
    if letter is None:
        raise NotFound(_("This link leads to no letter. It may have been copied in part, or the letter is no "
                         "longer shown by link: ask whoever sent it."))
    open_letter_for_visitor(letter.id)
    return redirect(url_for("public.letters.page", slug=letter.slug), 303)
