"""A form that is sent twice - a double click, "back" and again, no answer the first time - is carried out once.

For forms that add something, where nothing else tells the second from the first. That it was carried out is stored with
what it did, so a crash in between changes nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import g, has_request_context, redirect, request
from flask_login import current_user
from sqlalchemy import event

from coalition.accounts import sent_forms
from coalition.db import db, unit_of_work
from coalition.errors import Clash
from coalition.i18n import gettext as _


def once(view: Callable[..., Any]) -> Callable[..., Any]:
    """Put under the guard: the same form again is answered as the first one was."""

    @wraps(view)
    def carried_out_once(*args: Any, **kwargs: Any) -> Any:
        if request.method != "POST" or not request.form.get("csrf_token"):
            return view(*args, **kwargs)
        key = _key()
        before = sent_forms.find(key)
        if before is not None:
            return _as_before(before.location)
        g.sent_form = key
        answer = view(*args, **kwargs)
        location = getattr(answer, "location", None)
        if g.pop("sent_form", None) is None and location:
            with unit_of_work():
                sent_forms.remember_answer(key, location)
        return answer

    return carried_out_once


@event.listens_for(db.session, "before_commit")
def _note_with_the_act(_session: Any) -> None:
    key = g.pop("sent_form", None) if has_request_context() else None
    if key is not None:
        sent_forms.note(key)


def _as_before(location: str) -> Any:
    if location:
        return redirect(location, 303)
    # It was stored, and the process ended before it could say so.
    raise Clash(_("Somebody else did the same at the same moment. Nothing was done: look again."))


def _key() -> str:
    files = [(name, file.filename, hashlib.sha256(file.stream.read()).hexdigest(), file.stream.seek(0))
             for name, file in sorted(request.files.items(multi=True), key=lambda item: item[0])]
    said = [current_user.get_id(), request.path, sorted(request.form.items(multi=True)), files]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
