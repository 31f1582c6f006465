"""Hangs all pages and what they share into the application."""

from __future__ import annotations

from flask import Flask, Response, current_app, request

from coalition.catalogues import Languages
from coalition.jobs.nudge import nudge
from coalition.web import context, errors, filters, guards, languages, moving, proving, security
from coalition.web.account import pages as account
from coalition.web.admin import pages as admin
from coalition.web.converters import Number
from coalition.web.coordinator import pages as coordinator
from coalition.web.member import pages as member
from coalition.web.public import pages as public
from coalition.web.secretariat import pages as secretariat


def register(app: Flask) -> None:
    """All audiences, each with its own blueprint."""
    app.url_map.converters["int"] = Number
    Languages(app, locale_selector=languages.locale_of_reader)
    security.register(app)
    moving.register(app)
    proving.register(app)
    languages.register(app)
    guards.register(app)
    errors.register(app)
    filters.register(app)
    context.register(app)
    for audience in (public, account, member, coordinator, secretariat, admin):
        app.register_blueprint(audience.blueprint)
    app.after_request(_wake_a_worker)


def _wake_a_worker(response: Response) -> Response:
    """After whatever may have stored a mail or asked for a document, so that it goes out at once."""
    if request.method == "POST" and response.status_code < 400:
        nudge(current_app._get_current_object())  # type: ignore[attr-defined]
    return response
