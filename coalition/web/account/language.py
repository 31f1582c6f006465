"""Choosing the language of the pages."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, redirect, request, session
from werkzeug import Response

from coalition.errors import NotFound
from coalition.i18n import gettext as _
from coalition.web.guards import public
from coalition.web.languages import offered

blueprint = Blueprint("language", __name__)


@blueprint.get("/language/<code>")
@public
def choose(code: str) -> Response:
    """A taste of the reader's and nothing more: it may be a plain link."""
    if len(offered()) < 2 or code not in offered():
        raise NotFound(_("The pages are not offered in this language."))
    session["language"] = code
    return redirect(_where_from(), 303)


def _where_from() -> str:
    """The page the reader came from, if it is ours; never an address somebody else chose."""
    came_from = urlsplit(request.referrer or "")
    if came_from.netloc != request.host or not came_from.path.startswith("/") or came_from.path.startswith("//"):
        return "/"
    return came_from.path + (f"?{came_from.query}" if came_from.query else "")
