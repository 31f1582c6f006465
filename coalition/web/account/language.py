"""Choosing the language of the pages."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode, urlsplit

from flask import Blueprint, redirect, request
from werkzeug import Response

from coalition.config import languages_offered
from coalition.errors import NotFound
from coalition.i18n import gettext as _
from coalition.web.guards import public
from coalition.web.languages import choose as keep

blueprint = Blueprint("language", __name__)


@blueprint.get("/language/<code>")
@public
def choose(code: str) -> Response:
    """A taste of the reader's and nothing more: it may be a plain link."""
    if len(languages_offered()) < 2 or code not in languages_offered():
        raise NotFound(_("The pages are not offered in this language."))
    keep(code)
    return redirect(_where_from(), 303)


def _where_from() -> str:
    """The page the reader came from, if it is ours; never an address somebody else chose."""
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc != request.host or not came_from.path.startswith("/") or came_from.path.startswith("//"):
        return "/"
    # A text asked for in one language would stay in it: the reader has asked for another one now.
    query = urlencode([pair for pair in parse_qsl(came_from.query) if pair[0] != "language"], safe="/")
    return came_from.path + (f"?{query}" if query else "")
