"""Which language a reader gets, and the switch that changes it.

The reader's own choice comes first, then that of the account, then what the page is about (a letter read in Arabic, the
signer's mails), then what the browser asks for. A switch inside a form sends its answers along: nothing is done with
them, the page is shown again in the other language.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from babel import Locale
from flask import Flask, Response, current_app, g, has_request_context, redirect, request, session
from flask_babel import get_locale, refresh
from flask_login import current_user
from werkzeug.datastructures import LanguageAccept
from werkzeug.http import parse_accept_header

from coalition.config import languages_offered
from coalition.i18n import SOURCE
from coalition.web.session import is_signed_in

#: The name of the buttons that send a form's answers along.
SPEAK = "speak"


def register(app: Flask) -> None:
    """Listen to the switch before every page, and say in the answer which language it is in."""
    app.before_request(_switch)
    app.after_request(_name_the_language)


def keeps_answers(view: Callable[..., Any]) -> Callable[..., Any]:
    """Marks a view that shows its form again, unchecked, when `only_switches()`; put under the guard."""
    view.keeps_answers = True  # type: ignore[attr-defined]
    return view


def only_switches() -> bool:
    """Whether this form was sent to change the language and for nothing else."""
    return bool(g.get("only_switches"))


def choose(code: str) -> None:
    """Keep the reader's own choice for as long as the browser is open."""
    session["language"] = code
    refresh()


def page_is_about(*wishes: str) -> None:
    """What this page is about is in one of these languages: whoever has not chosen another reads it in that."""
    g.languages_of_page = wishes
    refresh()


def locale_of_reader() -> Locale:
    """The language of this request."""
    if not has_request_context():
        return _locale(SOURCE)
    offered = languages_offered()
    wishes = (session.get("language"), current_user.language if is_signed_in() else "", request.args.get("language"),
              *g.get("languages_of_page", ()))
    for wish in wishes:
        if wish in offered:
            return _locale(str(wish))
    return _locale(_best_of(request.headers.get("Accept-Language", ""), offered))


@lru_cache(maxsize=256)
def _best_of(asked: str, offered: tuple[str, ...]) -> str:
    """The best of those offered by a browser's header."""
    return parse_accept_header(asked, LanguageAccept).best_match(offered) or SOURCE


@lru_cache
def _locale(code: str) -> Locale:
    return Locale.parse(code)


def _switch() -> Response | None:
    wanted = request.form.get(SPEAK, "") if request.method == "POST" else ""
    if wanted not in languages_offered():
        return None
    choose(wanted)
    view = current_app.view_functions.get(request.endpoint or "")
    if not getattr(view, "keeps_answers", False):
        return redirect(request.path, 303)  # type: ignore[return-value]
    g.only_switches = True
    return None


def _name_the_language(response: Response) -> Response:
    if response.status_code != 304 and response.mimetype == "text/html":
        response.headers.setdefault("Content-Language", str(get_locale() or SOURCE))
    return response
