"""Refusals and faults as pages: what happened, and what to do next."""

from __future__ import annotations

import errno
import logging
from typing import Any

from flask import Flask, Response, g, render_template, request, session
from flask_wtf.csrf import CSRFError
from jinja2 import TemplateError
from limits.errors import StorageError
from markupsafe import escape
from sqlalchemy.exc import DatabaseError, DataError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import BadRequest, HTTPException, NotFound

from coalition.db import db, is_out_of_order
from coalition.errors import CoalitionError, LinkNotValid
from coalition.i18n import gettext as _
from coalition.web.resending import can_be_kept, page_to_send_again

log = logging.getLogger("coalition.web")

_PLAIN = ("<!doctype html>\n<html><head><meta charset=utf-8><title>{title}</title></head>"
          "<body><h1>{title}</h1><p>{message}</p><p>{number}</p></body></html>\n")

#: The log of refusals: one line each, for whoever looks into an attack. No address and no word of what was sent.
REFUSALS = "coalition.web.refusals"
refusals = logging.getLogger(REFUSALS)


def register(app: Flask) -> None:
    """Answer every refusal with a page of our own."""
    app.register_error_handler(CoalitionError, _refusal)
    app.register_error_handler(CSRFError, _form_too_old)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DatabaseError, _database_away)
    app.register_error_handler(PoolTimeout, _database_away)
    app.register_error_handler(DataError, _no_value)
    app.register_error_handler(StorageError, _nothing_counts)
    app.register_error_handler(OSError, _disk_full)
    app.register_error_handler(Exception, _fault)
    app.after_request(_note)


def page(status: int, title: str, message: str, next_steps: list[Any] | None = None) -> tuple[str, int]:
    """One error page. It never says more than these words and the number of the request."""
    db.session.rollback()
    number = g.get("request_id", "")
    try:
        return render_template("errors/error.html", title=title, message=message, next_steps=next_steps or [],
                               request_id=number), status
    except TemplateError:
        # A file of this installation is missing or damaged: the words are said without its dress.
        log.exception("no template for an error page: request %s", number)
        return _PLAIN.format(title=escape(title), message=escape(message), number=escape(number)), status


def _titles() -> dict[int, str]:
    return {
        400: _("This could not be understood"), 403: _("You may not do this"), 404: _("Page not found"),
        405: _("This address cannot be used like that"), 409: _("This cannot be done now"),
        410: _("Link no longer valid"), 413: _("That is too large"), 415: _("This could not be understood"),
        422: _("Some answers need another look"), 429: _("Too many tries"), 503: _("Not available right now"),
    }


def _refusal(refusal: CoalitionError) -> tuple[str, int]:
    steps: list[Any] = []
    if isinstance(refusal, LinkNotValid):
        steps.append({"text": _("Send me my link again"), "url": "/member/link-again"})
    steps.append({"text": _("Go to the start page"), "url": "/"})
    return page(refusal.status, _titles().get(refusal.status, _("This cannot be done")), refusal.message, steps)


def _form_too_old(_error: CSRFError) -> tuple[str, int]:
    if can_be_kept():
        return page_to_send_again()
    return page(400, _("The form was open too long"),
                _("For your safety a form can be sent for twelve hours, and from the browser it was opened in. "
                  "Nothing was saved."),
                [_("Go back with your browser, copy what you typed, load the page again and send it once more.")])


def _http(error: HTTPException) -> tuple[str, int] | HTTPException:
    code = error.code or 500
    if code < 400:
        return error
    words = {
        404: _("The address may be mistyped, or the page has moved."),
        405: _("Nothing was changed."),
        413: _("What was sent is larger than this site takes. Nothing was saved: send less, or a smaller file."),
        429: _("There were too many tries from here. Nothing was lost: wait a few minutes, then try again."),
    }
    return page(code, _titles().get(code, _("Something went wrong")),
                words.get(code, _("Nothing was changed. Go back and try again.")),
                [{"text": _("Go to the start page"), "url": "/"}])


def _database_away(error: SQLAlchemyError) -> tuple[str, int]:
    if not is_out_of_order(error):
        return _fault(error)
    log.exception("database: request %s", g.get("request_id", ""))
    words = _("The database cannot be reached. Nothing was saved: try again in a minute.")
    # Whoever is signed in cannot be asked for: their pages are dressed with what the database says.
    if can_be_kept() and "_user_id" not in session:
        return page_to_send_again(words)
    return page(503, _("Not available right now"), words)


def _nothing_counts(_error: StorageError) -> tuple[str, int]:
    log.exception("limits: request %s %s", g.get("request_id", ""), request.endpoint)
    return page(503, _("Not available right now"),
                _("For safety nobody can sign in and nothing can be sent while tries cannot be counted. Reading goes "
                  "on. Nothing was saved: try again in a minute."))


def _no_value(_error: DataError) -> tuple[str, int]:
    """A NUL in an address, say: the database can neither hold nor look for it, so there is nothing of the kind."""
    return _http(NotFound() if request.method in ("GET", "HEAD") else BadRequest())  # type: ignore[return-value]


def _disk_full(error: OSError) -> tuple[str, int]:
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return _fault(error)
    log.exception("disk full: request %s %s", g.get("request_id", ""), request.endpoint)
    return page(503, _("Not available right now"),
                _("There is no room left on this server, so what you sent could not be stored. Nothing was lost. Tell "
                  "whoever runs this site, and try again later."))


def _note(response: Response) -> Response:
    if response.status_code >= 400 and request.endpoint != "static":
        refusals.info("request %s %s %s: %s", g.get("request_id", ""), request.method, request.endpoint,
                      response.status_code)
    return response


def _fault(_error: Exception) -> tuple[str, int]:
    log.exception("fault: request %s %s", g.get("request_id", ""), request.endpoint)
    return page(500, _("Something went wrong"),
                _("This is our mistake. Nothing was saved. Try again; if it happens again, write to us."))
