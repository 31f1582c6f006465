"""Who may open a page. Every view carries exactly one of these; one without is closed to everybody."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from ipaddress import ip_address
from typing import Any

from flask import Flask, current_app, redirect, request, url_for
from flask_login import current_user

from coalition.access.actor import invited, second_person, signer
from coalition.access.permissions import Permission
from coalition.access.policy import demand, permits
from coalition.access.predicates import Subject
from coalition.accounts import links
from coalition.accounts.links import Purpose
from coalition.endorsements import apart, bodies
from coalition.endorsements import queries as endorsement_queries
from coalition.errors import NotFound
from coalition.i18n import gettext as _
from coalition.invitations import queries as invitation_queries
from coalition.letters import queries as letter_queries
from coalition.letters.glance import glance_at
from coalition.letters.models import Letter
from coalition.organisations import queries as register_queries
from coalition.web.languages import page_is_about
from coalition.web.proving import signed_in_lately, to_prove_again
from coalition.web.resending import can_be_kept, page_to_send_again
from coalition.web.session import current_actor

View = Callable[..., Any]

#: Pages of libraries, which guard themselves.
LIBRARY_ENDPOINTS = ("static", "security.")


def public(view: View) -> View:
    """Open to everybody, whatever the state of anything."""
    view.guard = "public"  # type: ignore[attr-defined]
    return view


def watches(view: View) -> View:
    """Open to whoever names the token in METRICS_TOKEN; where there is none and nobody else is served, to programs of
    this very machine. To everybody else there is no such page."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        token = str(current_app.config["METRICS_TOKEN"])
        named = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not (secrets.compare_digest(named.encode(), token.encode()) if token else _asks_from_here()):
            raise NotFound(_("There is no such page."))
        return view(*args, **kwargs)

    guarded.guard = "watches"  # type: ignore[attr-defined]
    return guarded


def signed_in(view: View) -> View:
    """Open to every member of staff who is signed in; others are shown the way in."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            return _to_sign_in()
        return view(*args, **kwargs)

    guarded.guard = "signed in"  # type: ignore[attr-defined]
    return guarded


def signed_in_afresh(view: View) -> View:
    """Open to every member of staff who proved a short time ago that it is them; others are asked to, first."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            return _to_sign_in()
        if not signed_in_lately():
            return to_prove_again(request.full_path if request.method == "GET" else "/account/second-factor")
        return view(*args, **kwargs)

    guarded.guard = "signed in afresh"  # type: ignore[attr-defined]
    return guarded


def needs(permission: Permission) -> Callable[[View], View]:
    """Open to staff with this right over the installation."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return _to_sign_in()
            demand(current_actor(), permission, Subject())
            return view(*args, **kwargs)

        guarded.guard = str(permission)  # type: ignore[attr-defined]
        return guarded

    return decorate


def needs_for_letter(permission: Permission) -> Callable[[View], View]:
    """Open to those of the letter's team with this right; the view gets `letter` in place of `slug`. To everybody
    else the letter does not exist."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(slug: str, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return _to_sign_in()
            letter = _letter(slug)
            subject = letter_queries.subject_of(letter)
            if not permits(current_actor(), Permission.LETTER_WORK, subject):
                raise NotFound(_no_letter())
            demand(current_actor(), permission, subject)
            return view(letter=letter, **kwargs)

        guarded.guard = str(permission)  # type: ignore[attr-defined]
        return guarded

    return decorate


def needs_for_organisation(permission: Permission) -> Callable[[View], View]:
    """Open to staff with this right about an organisation of the register; the view gets `organisation` and
    `subject`. To whom it may not be known it does not exist."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(public_id: str, **kwargs: Any) -> Any:
            if not current_user.is_authenticated:
                return _to_sign_in()
            organisation = register_queries.by_public_id(public_id) if "\0" not in public_id else None
            missing = NotFound(_("There is no such organisation in the register, or it is not open to you."))
            if organisation is None:
                raise missing
            subject = bodies.subject_of(organisation)
            if not permits(current_actor(), Permission.ORGANISATION_SEE, subject):
                raise missing
            demand(current_actor(), permission, subject)
            return view(organisation=organisation, subject=subject, **kwargs)

        guarded.guard = str(permission)  # type: ignore[attr-defined]
        return guarded

    return decorate


def needs_the_register(view: View) -> View:
    """Open to those who work with the register: coordinators of any letter, and administrators."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not current_user.is_authenticated:
            return _to_sign_in()
        # What each of them finds there is decided row by row; this only keeps the others out.
        demand(current_actor(), Permission.ORGANISATION_SEE, Subject(
            organisation_is_public=True))
        return view(*args, **kwargs)

    guarded.guard = str(Permission.ORGANISATION_SEE)  # type: ignore[attr-defined]
    return guarded


def sees_letter(view: View) -> View:
    """Open to whom the letter reaches now; the view gets `letter`, whose text is published, in place of
    `slug`. To everybody else the letter does not exist."""

    @wraps(view)
    def guarded(slug: str, **kwargs: Any) -> Any:
        letter = _letter(slug)
        seen = permits(current_actor(), Permission.LETTER_SEE, letter_queries.subject_of(letter))
        # A draft given up before any text was published was never shown to anybody.
        if not seen or letter.published is None:
            raise NotFound(_no_letter())
        return view(letter=letter, **kwargs)

    guarded.guard = str(Permission.LETTER_SEE)  # type: ignore[attr-defined]
    return guarded


def glimpses_letter(view: View) -> View:
    """Open to the same as `sees_letter`, by one small query; the view gets a `glance` at the letter in place of `slug`:
    for pages that are kept."""

    @wraps(view)
    def guarded(slug: str, **kwargs: Any) -> Any:
        glance = glance_at(slug) if "\0" not in slug else None
        if glance is None or not glance.is_published or not permits(
                current_actor(), Permission.LETTER_SEE, letter_queries.subject_of(glance)):
            raise NotFound(_no_letter())
        return view(glance=glance, **kwargs)

    guarded.guard = str(Permission.LETTER_SEE)  # type: ignore[attr-defined]
    return guarded


def holds_link(purpose: Purpose, *, only_link: bool = False, only_reads: bool = False) -> Callable[[View], View]:
    """Open to the holder of a mailed link (`secret` in the address). For links to an endorsement the view gets
    `link`, `endorsement` and `actor`; for links to an invitation `link`, `invitation` and `actor`; for others
    `link`. `only_link` spares the endorsement to a view that has an operation read it anew; to one that `only_reads`
    it is given as `endorsements.apart` reads it."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(secret: str, **kwargs: Any) -> Any:
            link = links.look_up(secret, purpose)
            if link.subject.startswith("endorsement:"):
                number = links.endorsement_of(link)
                find = apart.by_id if only_reads else endorsement_queries.by_id
                endorsement = None if only_link else find(number)
                wishes = endorsement.wishes if endorsement is not None else endorsement_queries.wishes_of(number)
                if not wishes:
                    raise NotFound(_("There is no such signature."))
                page_is_about(*wishes)
                holder = second_person if purpose is Purpose.AUTHORISE else signer
                kwargs |= {"actor": holder(number)} | ({"endorsement": endorsement} if endorsement is not None else {})
            if link.subject.startswith("invitation:"):
                invitation = invitation_queries.by_id(links.invitation_of(link))
                if invitation is None:
                    raise NotFound(_("There is no such invitation."))
                if purpose is Purpose.INVITE and invitation_queries.link_has_run_out(invitation):
                    raise links.not_valid()
                page_is_about(invitation.language, invitation.letter.language)
                kwargs |= {"invitation": invitation, "actor": invited(invitation.id)}
            return view(link=link, secret=secret, **kwargs)

        guarded.guard = f"link:{purpose}"  # type: ignore[attr-defined]
        return guarded

    return decorate


def register(app: Flask) -> None:
    """Close every page that carries no guard."""
    app.before_request(_closed_unless_guarded)


def _closed_unless_guarded() -> None:
    endpoint = request.endpoint
    if endpoint is None or endpoint.startswith(LIBRARY_ENDPOINTS):
        return
    if not hasattr(current_app.view_functions[endpoint], "guard"):
        raise NotFound(_("There is no such page."))


def _letter(slug: str) -> Letter:
    # PostgreSQL takes no NUL in a text, not even to say that nothing is called so.
    letter = letter_queries.by_slug(slug) if "\0" not in slug else None
    if letter is None:
        raise NotFound(_no_letter())
    return letter


def _asks_from_here() -> bool:
    """A proxy on this machine asks from here, too, and seldom says for whom: in production a token is needed."""
    if current_app.config["PRODUCTION"]:
        return False
    marks = ("x-forwarded", "forwarded", "via", "x-real")
    forwarded = any(name.lower().startswith(marks) for name, _value in request.headers)
    try:
        return ip_address(request.remote_addr or "").is_loopback and not forwarded
    except ValueError:
        return False


def _no_letter() -> str:
    return _("There is no such letter, or it is not open to you. Check the address, or ask whoever sent it.")


def _to_sign_in() -> Any:
    if can_be_kept():
        return page_to_send_again()
    here = request.full_path if request.method == "GET" else "/account"
    return redirect(url_for("security.login", next=here), 303)
