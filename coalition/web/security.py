"""What protects every page: CSRF, rate limits, response headers, sign-in, idle sessions."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from babel.support import NullTranslations
from flask import Flask, Response, current_app, g, request, session
from flask_babel import get_locale
from flask_limiter.util import get_remote_address
from flask_login import logout_user, user_logged_out
from flask_security import LoginForm, MailUtil, PasswordUtil, Security, SQLAlchemyUserDatastore
from flask_security.babel import FsDomain
from flask_wtf.csrf import CSRFProtect
from werkzeug.exceptions import RequestEntityTooLarge

from coalition import clock
from coalition.accounts import messages
from coalition.accounts.models import Person
from coalition.accounts.operations import check_password, clean_address, note_new_password
from coalition.catalogues import page_words
from coalition.db import db, unit_of_work, writing_elsewhere
from coalition.errors import Invalid
from coalition.i18n import SOURCE
from coalition.mail import outbox
from coalition.web import counting
from coalition.web.footing import LimitsOfViews, SessionCookie, without_identities
from coalition.web.session import is_signed_in
from coalition.web.sign_in_words import WORDS

csrf = CSRFProtect()
#: For what signs somebody in, mails links or stores something: without counting there is none of it.
limiter = LimitsOfViews(get_remote_address, storage_options={"wrap_exceptions": True})
#: For reading: what cannot be counted is shown all the same.
reading_limiter = LimitsOfViews(get_remote_address, swallow_errors=True)

CONTENT_SECURITY_POLICY = "; ".join((
    "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "font-src 'self'",
    "connect-src 'self'", "form-action 'self'", "base-uri 'none'", "frame-ancestors 'none'"))

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: the CSRF check of HTTPS forms reads it.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}

SIGN_IN = {
    "SECURITY_URL_PREFIX": "/account",
    "SECURITY_RECOVERABLE": True,
    "SECURITY_CHANGEABLE": True,
    "SECURITY_REGISTERABLE": False,
    "SECURITY_TRACKABLE": False,
    # Rights come from our policy: there are no roles of its own to read with a person.
    "SECURITY_JOIN_USER_ROLES": False,
    "SECURITY_RETURN_GENERIC_RESPONSES": True,
    "SECURITY_DEFAULT_REMEMBER_ME": False,
    # How fresh a sign-in is, and the page that asks for it again, are ours: they know of second factors.
    "SECURITY_FRESHNESS": timedelta(seconds=-1),
    "SECURITY_PASSWORD_HASH": "argon2",
    "SECURITY_PASSWORD_SINGLE_HASH": ["argon2"],
    "SECURITY_PASSWORD_LENGTH_MIN": 15,
    "SECURITY_PASSWORD_COMPLEXITY_CHECKER": None,
    "SECURITY_RESET_PASSWORD_WITHIN": timedelta(minutes=30),
    "SECURITY_POST_LOGIN_VIEW": "/account",
    "SECURITY_POST_LOGOUT_VIEW": "/",
    "SECURITY_POST_RESET_VIEW": "/account/login",
    "SECURITY_POST_CHANGE_VIEW": "/account",
    "SECURITY_LOGOUT_METHODS": ["POST"],
    "SECURITY_CACHE_CONTROL": None,  # `_protect` says no-store for these pages as for all others
    "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": True,
    # No question to the name servers while somebody waits: that a mail does not arrive is seen soon enough.
    "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
    "SECURITY_EMAIL_PLAINTEXT": False,
    "SECURITY_EMAIL_HTML": False,
    "SECURITY_AUTO_LOGIN_AFTER_RESET": False,
    "SECURITY_USER_IDENTITY_ATTRIBUTES": [
        {"email": {"mapper": lambda address: address.strip().lower() if "@" in address else None,
                   "case_insensitive": True}}],
}


#: The address whose mailed link set a new password in this browser.
_OWN_MAIL = "own_mail"


class OutboxMailUtil(MailUtil):
    """Flask-Security's mails leave by our outbox like all others, in our words. Its own would lead to whatever
    host the request named; ours lead to `PUBLIC_URL`."""

    def send_mail(self, template: str, subject: str, recipient: str, sender: Any, body: str | None,
                  html: str | None, **kwargs: Any) -> None:
        kind = template.rpartition("/")[2]
        if kind == "reset_instructions":
            outbox.put(messages.new_password(kwargs["user"], kwargs["reset_token"]))
        elif kind in ("reset_notice", "change_notice"):
            note_new_password(kwargs["user"], forgotten=kind == "reset_notice")
            session[_OWN_MAIL] = kwargs["user"].email.lower()
        else:
            raise LookupError(f"no words of ours for the mail {template}")
        # Asking for a new password stores nothing else, so nobody after us would commit.
        db.session.commit()


class OwnWords(FsDomain):
    """Flask-Security's words from our catalogues, in all our languages."""

    def get_translations(self) -> NullTranslations:
        return page_words(str(get_locale() or SOURCE))


class PasswordForm(LoginForm):
    """Address and password. No browser is remembered: such a cookie would outlive sign-out and second factor."""

    remember = None


class OwnPasswordUtil(PasswordUtil):
    """The house's rules for passwords, in place of composition rules."""

    def validate(self, password: str, is_register: bool, **kwargs: Any) -> tuple[list[str] | None, str]:
        normal = self.normalize(password)
        try:
            check_password(normal, kwargs.get("user") or Person(name="", email=""))
        except Invalid as problem:
            return [problem.message], normal
        return None, normal


def register(app: Flask) -> None:
    """Hang all protections into the application."""
    for key, value in {**SIGN_IN, **WORDS}.items():
        app.config.setdefault(key, value)
    app.config.setdefault("SECURITY_EMAIL_SENDER", app.config["MAIL_FROM"])
    app.session_interface = SessionCookie()
    # First of all: what is refused before any page is reached has a number, too.
    app.before_request(_name_the_request)
    app.before_request(_refuse_unmeasured)
    csrf.init_app(app)
    app.config["RATELIMIT_STORAGE_URI"] = counting.place_for(app.config)
    limiter.init_app(app)
    reading_limiter.init_app(app)
    Security(app, SQLAlchemyUserDatastore(db, Person, None), mail_util_cls=OutboxMailUtil,
             password_util_cls=OwnPasswordUtil, login_form=PasswordForm)
    without_identities(app)
    # We hand out no tokens that sign somebody in: they would get past the second factor.
    app.extensions["security"].login_manager.request_loader(lambda _request: None)
    app.extensions["security"].i18n_domain = words = OwnWords(app)
    app.jinja_env.globals["_fsdomain"] = words.gettext
    app.before_request(_throttle_sign_in)
    app.before_request(_end_idle_sessions)
    app.before_request(_let_sign_in_write)
    app.teardown_request(_stop_sign_in_writing)
    app.after_request(_protect)
    user_logged_out.connect(_end_all_sessions, app)


def _account_asked_for() -> str:
    """One key for one account, in whatever letters its address is typed."""
    typed = request.form.get("email", "")
    try:
        address = clean_address(typed)
    except Invalid:
        address = typed
    address = address.strip().lower()
    # Who came by a link in the account's own mail is counted apart: others' wrong tries keep nobody out.
    own = ":own mail" if session.get(_OWN_MAIL) == address else ""
    return f"{request.endpoint}:{address}{own}"


@limiter.limit("1000 per 5 minutes", key_func=lambda: "everybody")
@limiter.limit("20 per 5 minutes")
@limiter.limit("10 per 5 minutes", key_func=_account_asked_for)
def _count_a_try() -> None:
    """Where tries to sign in are counted: by account, so that many machines help nobody, and by network address.

    Decorated once, not per application: limits on a view pile up with every application made in a process.
    """


@limiter.limit("5 per hour", key_func=_account_asked_for)
def _count_a_mail() -> None:
    """Where mails with a link to a new password are counted: nobody's inbox is filled with them."""


def _throttle_sign_in() -> None:
    if request.method == "POST" and request.endpoint in ("security.login", "security.forgot_password"):
        _count_a_try()
        if request.endpoint == "security.forgot_password":
            _count_a_mail()


def _name_the_request() -> None:
    g.request_id = secrets.token_hex(6)


def _refuse_unmeasured() -> None:
    """Browsers say how long a form is. One that does not would be cut off at the limit, not refused."""
    if "chunked" in request.environ.get("HTTP_TRANSFER_ENCODING", "").lower():
        raise RequestEntityTooLarge


def _end_idle_sessions() -> None:
    """A member of staff who has been away too long signs in again."""
    if request.endpoint == "static":
        return
    if not is_signed_in():
        if "seen" in session:  # of an earlier sign-in, which says nothing about the next one
            del session["seen"]
        return
    now = int(clock.now().timestamp())
    seen = session.get("seen", now)
    if not 0 <= now - seen <= current_app.config["STAFF_IDLE_SECONDS"]:
        logout_user()
        return
    if now - seen >= 60 or "seen" not in session:
        session["seen"] = now


def _let_sign_in_write() -> None:
    """Flask-Security commits by itself; its pages may write for the length of the request."""
    if request.blueprint == "security" and request.method == "POST":
        g.sign_in_writes = writing_elsewhere()
        g.sign_in_writes.__enter__()


def _stop_sign_in_writing(_error: BaseException | None) -> None:
    writes = g.pop("sign_in_writes", None)
    if writes is not None:
        writes.__exit__(None, None, None)


def _end_all_sessions(_app: Flask, user: Any, **_rest: Any) -> None:
    """Signing out ends every session of the person: a copied cookie is worth nothing afterwards."""
    person = getattr(user, "_get_current_object", lambda: user)()
    person_id = getattr(person, "id", None)
    if person_id is None:
        return
    if "sign_in_writes" in g:
        db.session.get_one(Person, person_id).fs_uniquifier = secrets.token_hex(32)
        db.session.commit()
        return
    with unit_of_work():
        db.session.get_one(Person, person_id).fs_uniquifier = secrets.token_hex(32)


def _protect(response: Response) -> Response:
    present = {name.lower() for name, _value in response.headers}
    for name, value in HEADERS.items():
        if name.lower() not in present:
            response.headers.add(name, value)
    if current_app.config["PRODUCTION"] and "strict-transport-security" not in present:
        response.headers.add("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
    if "cache-control" not in present:
        response.headers.add("Cache-Control", "no-store")
    if request.endpoint == "security.logout" and request.method == "POST":
        # Whoever sits down here next finds nothing by the browser's back button.
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    if request.endpoint != "static":
        response.headers["Vary"] = ", ".join([*response.headers.getlist("Vary"), "Cookie"])
    return response
