"""The start page: what this is, and the letters that reach everybody."""

from __future__ import annotations

from flask import Blueprint, render_template

from coalition.letters import queries as letter_queries
from coalition.web.guards import public
from coalition.web.lists import counts_of

blueprint = Blueprint("start", __name__)


@blueprint.get("/")
@public
def page() -> str:
    """Letters open for signing, then the closed ones."""
    letters = [letter for letter in letter_queries.letters_for_everyone() if letter.published]
    open_now = [letter for letter in letters if letter_queries.is_open_for_signing(letter)]
    closed = [letter for letter in letters if letter not in open_now]
    return render_template("public/start.html", open_now=open_now, closed=closed, counts=counts_of(letters))
