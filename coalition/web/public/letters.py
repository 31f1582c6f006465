"""The letter's page, and the way to it by a letter's own link."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from coalition.errors import NotFound
from coalition.i18n import gettext as _
from coalition.letters import queries as letter_queries
from coalition.letters.models import Letter
from coalition.web.guards import public, sees_letter
from coalition.web.public.kept import answer
from coalition.web.public.shown import page_of, read_in
from coalition.web.session import open_letter_for_visitor

blueprint = Blueprint("letters", __name__, url_prefix="/letters/<slug>")


@blueprint.get("")
@sees_letter
def page(letter: Letter) -> Response:
    """The text in the language asked for, the counts, the deadline and the list."""
    language = read_in(letter, request.args.get("language", "")).language
    return answer(letter, f"page in {language}",
                  lambda: render_template("public/letter.html", **page_of(letter, language)))


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
