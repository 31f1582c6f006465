"""What this browser has proved: the password alone (a second step is due), everything (signed in), and how lately.
Also who must set up a second factor before anything else. The factors themselves are in `accounts`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, g, redirect, request, session, url_for
from flask_login import current_user
from flask_security import login_user, user_authenticated
from flask_security.tf_plugin import TfPlugin
from werkzeug import Response

from coalition import clock
from coalition.accounts import passkeys, queries, second_factor
from coalition.accounts.models import Person
from coalition.config import second_factor_required
from coalition.web.security import limiter
from coalition.web.session import is_signed_in

#: How long the second step may take after the password.
STEP_WITHIN = timedelta(minutes=10)
#: What is for good asks for a sign-in not longer ago than this; while one works on, it is not asked again.
FRESH, GRACE = timedelta(hours=1), timedelta(minutes=10)

_STEP, _QUESTION, _PROVED, _GRACE = "second_step", "passkey_question", "proved_at", "fresh_until"
#: What somebody may open who has yet to set up a second factor.
_OPEN = ("static", "security.", "account.factors.", "account.passkeys.", "account.proving.", "account.language.",
         "public.health.")


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody who gave the right password and has a second factor; `next_page` is where they were going."""

    person: Person
    next_page: str


class PasswordThenFactor(TfPlugin):
    """Tells Flask-Security's sign-in that a right password is not the end of it for who has a second factor."""

    def tf_enter(self, user: Any, remember_me: bool | None, primary_authn_via: str,
                 next_loc: str | None) -> Any:
        if not second_factor.has_factor(user):
            return None
        session[_STEP] = {"person": user.fs_uniquifier, "at": clock.now().timestamp(),
                          "next": own_page(next_loc or request.args.get("next", ""))}
        return redirect(url_for("account.second_step.choose"), 303)


def register(app: Flask) -> None:
    """Hang the second step, freshness and the duty to have a second factor into the application."""
    security = app.extensions["security"]
    security.two_factor_plugins = PasswordThenFactor()
    security.login_context_processor(lambda: {"passkeys_work": passkeys.can_be_used_here()})
    user_authenticated.connect(_remember_proof, app)
    app.before_request(_second_factor_first)


def step_under_way() -> Step | None:
    """Who gave the password in this browser a short time ago and has yet to prove the second factor."""
    kept = session.get(_STEP)
    if not kept or _seconds_since(kept["at"]) > STEP_WITHIN.total_seconds():
        return None
    # Named as a session is: a new password or a reset ends this step, too.
    person = queries.person_by_session(kept["person"])
    return Step(person, kept["next"]) if person is not None and person.active else None


def sign_in(person: Person, via: str) -> str:
    """Sign the person in, everything being proved; where they were going."""
    next_page = (session.pop(_STEP, None) or {}).get("next", "")
    login_user(person, remember=False, authn_via=[via])
    return next_page or url_for("account.home.home")


def signed_in_lately() -> bool:
    """Whether the member of staff proved all they have to a short time ago in this browser."""
    now = clock.now().timestamp()
    fresh = (0 <= now - session.get(_PROVED, 0) <= FRESH.total_seconds()) or now <= session.get(_GRACE, 0)
    if fresh:
        session[_GRACE] = now + GRACE.total_seconds()
    return fresh


def proved_again() -> None:
    """Note that the person has just proved once more that it is them."""
    session[_PROVED] = clock.now().timestamp()
    session.pop(_GRACE, None)


def to_prove_again(next_page: str) -> Response:
    """Lead to the page that asks for a fresh proof, and from there back."""
    return redirect(url_for("account.proving.verify", next=next_page), 303)


def ask_passkey() -> str:
    """A new question for a passkey, kept with this browser until it is answered."""
    challenge = passkeys.new_challenge()
    session[_QUESTION] = {"challenge": challenge, "at": clock.now().timestamp()}
    return challenge


def question_asked() -> tuple[str, datetime]:
    """The question this browser was asked last, and when; it is good for one answer."""
    kept = session.pop(_QUESTION, None) or {"challenge": "", "at": 0}
    return kept["challenge"], datetime.fromtimestamp(kept["at"], UTC)


def own_page(address: str) -> str:
    """The path to go on to if it is one of ours, "" if it leads anywhere else."""
    is_own = (address.startswith("/") and not address.startswith("//") and "\\" not in address
              and address.isprintable())
    return address if is_own else ""


def _whose_proof() -> str:
    return f"proof:{g.proof_of}"


@limiter.shared_limit("50 per day", scope="proof", key_func=_whose_proof)
@limiter.shared_limit("5 per 5 minutes", scope="proof", key_func=_whose_proof)
def _count_a_proof() -> None:
    """Where tries of codes are counted, by account and over all pages: a code has six digits. Decorated once, not per
    application."""


def count_a_proof(person: Person) -> None:
    """Count a try to prove a second factor; too many are refused before the code is looked at."""
    g.proof_of = person.id
    _count_a_proof()


def _remember_proof(_app: Flask, authn_via: list[str] | None = None, **_rest: Any) -> None:
    """A sign-in proves everything. Changing the password does not: it asks for no second factor."""
    if authn_via != ["change"]:
        proved_again()


def _second_factor_first() -> Response | None:
    endpoint = request.endpoint or ""
    if endpoint.startswith(_OPEN) or not second_factor_required() or not is_signed_in():
        return None
    if second_factor.has_factor(current_user):
        return None
    return redirect(url_for("account.factors.overview"), 303)


def _seconds_since(moment: float) -> float:
    passed = clock.now().timestamp() - moment
    return passed if passed >= 0 else float("inf")
