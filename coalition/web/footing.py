"""What a request stands on before any page is reached, made lean: what Flask and Flask-Limiter do anew at each one,
though nothing of it can have changed. No protection is left out here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask, Response
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from flask.wrappers import Request
from flask_limiter import Limiter
from flask_principal import Principal
from itsdangerous import URLSafeTimedSerializer


class Application(Flask):
    """Flask, told that no function of ours is a coroutine: it would look into each one at every request."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


class SessionCookie(SecureCookieSessionInterface):
    """Flask's own, that makes what signs the cookie once for each set of keys, and not where there is no cookie."""

    def __init__(self) -> None:
        self._signers: dict[tuple[Any, ...], URLSafeTimedSerializer | None] = {}

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        keys = (app.secret_key, *(app.config["SECRET_KEY_FALLBACKS"] or ()))
        if keys not in self._signers:
            self._signers = {keys: super().get_signing_serializer(app)}
        return self._signers[keys]

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if app.secret_key and not request.cookies.get(self.get_cookie_name(app)):
            return self.session_class()
        return super().open_session(app, request)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        # One that is empty and was so leaves no trace. That pages differ by it, all of them say (`security.py`).
        if session or session.modified:
            super().save_session(app, session, response)


class LimitsOfViews(Limiter):
    """Limits that stand on single views count by themselves when the view is called. Unless the settings ask for limits
    on all pages or for headers that tell of them, nothing is looked up before and after each request."""

    def init_app(self, app: Flask) -> None:
        asked = ("RATELIMIT_HEADERS_ENABLED", "RATELIMIT_DEFAULT", "RATELIMIT_APPLICATION", "RATELIMIT_META")
        if not any(app.config.get(name) for name in asked):
            # Who is listed here already is given no hooks.
            app.extensions.setdefault("limiter", set()).add(self)
        super().init_app(app)


def without_identities(app: Flask) -> None:
    """Flask-Principal, which comes with Flask-Security, keeps an identity of every request for its own decorators. None
    of them stands here: who may do what is decided by `access/policy.py`."""
    hooks = app.before_request_funcs[None]
    hooks[:] = [hook for hook in hooks if not isinstance(getattr(hook, "__self__", None), Principal)]
