"""What every page's frame is given: navigation, the account's links, notices about the installation."""

from __future__ import annotations

from typing import Any

from flask import Flask, current_app, request, url_for
from flask_login import current_user

from coalition.access.permissions import Permission
from coalition.access.policy import permits
from coalition.access.predicates import Subject
from coalition.config import languages_offered
from coalition.i18n import gettext as _
from coalition.web.filters import page_language
from coalition.web.lists import stated
from coalition.web.session import current_actor, is_signed_in


def register(app: Flask) -> None:
    """Give all templates the frame's values."""
    app.context_processor(_frame)
    app.jinja_env.filters["stated"] = stated


def _frame() -> dict[str, Any]:
    return {
        "navigation": _navigation(),
        "account_name": current_user.name if is_signed_in() else "",
        "account_links": _account_links(),
        "footer_links": [
            {"label": _("Is this PDF genuine?"), "url": "/verify"},
            {"label": _("Help"), "url": "/help"},
            {"label": _("Send me my link again"), "url": "/member/link-again"},
        ],
        "language_links": _language_links(),
        "site_notices": _notices(),
    }


def _navigation() -> list[dict[str, Any]]:
    items = [(_("Letters"), "/")]
    if is_signed_in():
        items.append((_("My work"), "/coordinator"))
        if permits(current_actor(), Permission.ORGANISATION_SEE, Subject(organisation_is_public=True)):
            items.append((_("Organisations"), "/coordinator/organisations"))
        if permits(current_actor(), Permission.PEOPLE_MANAGE, Subject()):
            items.append((_("Administration"), "/admin"))
    return [{"label": label, "url": url, "current": _is_here(url)} for label, url in items]


def _is_here(url: str) -> bool:
    if url == "/":
        return request.path == "/" or request.path.startswith("/letters/")
    # The register hangs under the coordinators' address and has an item of its own.
    if url == "/coordinator" and request.path.startswith("/coordinator/organisations"):
        return False
    return request.path == url or request.path.startswith(f"{url}/")


def _account_links() -> list[dict[str, Any]]:
    if not is_signed_in():
        return [{"label": _("Sign in"), "url": url_for("security.login")}]
    return [{"label": _("Account"), "url": "/account"},
            {"label": _("Sign out"), "url": url_for("security.logout"), "post": True}]


def _language_links() -> list[dict[str, Any]]:
    languages, current = languages_offered(), page_language()
    if len(languages) < 2:
        return []
    return [{"code": code, "url": f"/language/{code}", "current": code == current} for code in languages]


def _notices() -> list[dict[str, str]]:
    if current_app.config["MAIL_SERVER"] or request.path.startswith("/static/"):
        return []
    return [{"kind": "warning",
             "text": _("No mail server is set: mails are written to the folder “mail” of this installation.")}]
