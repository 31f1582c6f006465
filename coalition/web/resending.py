"""A form that could not be taken, because its sender was signed out or is somebody else by now, or the database is
away: the page that keeps what was typed and sends it again. Not here: forms that look after their token themselves
(signing, invitations)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from flask import g, render_template, request
from flask_login import current_user

from coalition.db import db
from coalition.i18n import gettext as _

#: Never shown again: the token is made anew, and the switch of languages is no answer.
_NOT_KEPT = {"csrf_token", "speak"}


def can_be_kept() -> bool:
    """Whether the form came from a page of ours, so that no other site puts words into it, and holds no password."""
    names = set(request.form)
    return (request.method == "POST" and _is_from_here() and bool(names - _NOT_KEPT)
            and not any("password" in name or "code" in name for name in names))


def page_to_send_again(why: str = "") -> tuple[str, int]:
    """What happened, as whom the form would be sent now, and the button that sends it. `why`: words for what is wrong
    with us, not with the sender; nobody is asked for then who is signed in."""
    db.session.rollback()
    name = current_user.name if not why and current_user.is_authenticated else ""
    answers = [(key, value) for key, value in request.form.items(multi=True) if key not in _NOT_KEPT]
    page = render_template(
        "errors/send_again.html", address=request.full_path.rstrip("?"), name=name, answers=answers,
        typed=[value for _key, value in answers if " " in value.strip()],
        files=[file.filename for _key, file in request.files.items(multi=True) if file.filename],
        needs_sign_in=not why and not name and _is_for_staff(), request_id=g.get("request_id", ""), why=why,
        title=_("Not saved yet, and nothing is lost"))
    if why:
        return page, 503
    return page, 401 if not name and _is_for_staff() else 400


def _is_for_staff() -> bool:
    return request.path.split("/")[1] in {"coordinator", "secretariat", "admin", "account"}


def _is_from_here() -> bool:
    site = request.headers.get("Sec-Fetch-Site", "")
    if site:
        return site == "same-origin"
    sender: Any = request.headers.get("Origin") or request.headers.get("Referer") or ""
    return urlsplit(sender).netloc == request.host
