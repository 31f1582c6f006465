"""Signing a letter: the form, the check page, and what is said afterwards.

The check page keeps nothing on the server: hidden fields carry every answer. Forms of these pages look after
their token themselves, so that a page left open too long keeps what was typed.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from threading import BoundedSemaphore
from typing import Any

from flask import Blueprint, get_template_attribute, redirect, render_template, request, session, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from coalition.db import unit_of_work
from coalition.endorsements.fields import EntryFields
from coalition.errors import CoalitionError, Invalid, Stale, Unavailable, WrongState
from coalition.i18n import LANGUAGES
from coalition.letters import queries as letter_queries
from coalition.letters.glance import Glance, glance_at, letter_apart, letter_of
from coalition.letters.models import Letter
from coalition.letters.reading import Reading
from coalition.mail import outbox
from coalition.safety import sifting
from coalition.signatories.glued import two_signatories
from coalition.signatories.member_list import bears_out, member_list
from coalition.turns import in_places
from coalition.web.filters import country_name
from coalition.web.forms import show_problems
from coalition.web.guards import glimpses_letter
from coalition.web.kept import filled, kept
from coalition.web.languages import keeps_answers, only_switches, page_is_about
from coalition.web.lists import counts_at, line_markup, parts_of, stated
from coalition.web.public.forms import SignForm
from coalition.web.public.shown import published, read_in, stage_of, text_of
from coalition.web.security import csrf, limiter
from coalition.web.session import current_actor

blueprint = Blueprint("signing", __name__, url_prefix="/letters/<slug>/sign")

Answer = str | tuple[str, int]
_ADDRESS = "signed_with"
#: Two that do the same at the same moment, a deadlock, a serialization failure: tried again three times.
_TRIES = 4
#: Forms that one process takes at once, since one is looked at while another waits for the disk; and the seconds that
#: the next one waits for a place.
_PLACES, _PATIENCE = BoundedSemaphore(2), 10


def _letter_and_address() -> str:
    """Whom the confirmation would be mailed to: nobody's mailbox is to be filled by our form."""
    return f"{request.path}:{request.form.get('email', '')[:320].strip().lower()}"


def while_open(view: Callable[..., Any]) -> Callable[..., Any]:
    """Show the words for "not open" in place of the page, when the letter cannot be signed now."""

    @wraps(view)
    def opened(**kwargs: Any) -> Any:
        seen = kwargs.get("glance") or kwargs["letter"]
        if not letter_queries.is_open_for_signing(seen):
            return _not_open(_whole(seen))
        return view(**kwargs)

    return opened


@blueprint.get("")
@glimpses_letter
@while_open
def form(glance: Glance) -> Answer:
    """The empty form, for an organisation or for a person. It is the same for all but for two hidden values."""
    signing_as = "person" if request.args.get("as") == "person" else "organisation"
    asked, form_key = request.args.get("language", ""), secrets.token_urlsafe(24)
    # Under few names, whatever is asked for: an unknown language shows the governing text.
    language = asked if not asked or asked in LANGUAGES else "und"

    def draw(token: str, key: str) -> str:
        letter = letter_of(glance)
        answers = SignForm(signing_as=signing_as, language=read_in(letter, language).language, form_key=key)
        return _form_page(letter, answers, form_key=key, csrf_token=lambda: token)[0]

    return filled(glance, f"form for {signing_as} in {language}", draw, token=generate_csrf(), key=form_key)


@csrf.exempt
@blueprint.post("")
@glimpses_letter
@keeps_answers
@while_open
def check(glance: Glance) -> Answer:
    """The last look before signing; or back to the form, with every answer kept."""
    answers = _answers()
    if "change" in request.form or only_switches():
        return _form_page(letter_of(glance), answers)
    fields = _acceptable(answers)
    return _check_page(glance, answers, fields) if fields else _form_page(letter_of(glance), answers)


@csrf.exempt
@blueprint.post("/send")
@glimpses_letter
@limiter.limit("30 per 5 minutes")
@limiter.limit("6 per 6 hours", key_func=_letter_and_address, exempt_when=only_switches)
@keeps_answers
@while_open
@in_places(_PLACES, _PATIENCE)
def send(glance: Glance) -> Any:
    """Sign. The same form sent twice is one signature."""
    answers = _answers()
    fields = _acceptable(answers)
    if fields is None:
        return _form_page(letter_of(glance), answers)
    if only_switches():
        return _check_page(glance, answers, fields)
    letter = _letter(glance)
    onwards = url_for(".sent", slug=glance.slug, language=_reading(letter, answers).named)
    try:
        _sign(letter, answers, fields)
    except (Stale, Unavailable) as trouble:
        # What stands in the way may be newer than what was seen before.
        return _check_page(glance_at(glance.slug) or glance, answers, fields, trouble)
    except WrongState:
        return _not_open(letter_of(glance))
    except Invalid as invalid:
        show_problems(answers, invalid)
        return _form_page(letter_of(glance), answers)
    session[_ADDRESS] = answers.email.data
    return redirect(onwards, 303)


@blueprint.post("/preview")
@glimpses_letter
def preview(glance: Glance) -> Any:
    """The printed line of what is typed so far, or nothing while it makes none."""
    answers = _answers()
    entry, language = answers.entry(), _reading(_letter(glance), answers).language
    return line_markup(entry, language) if entry else ("", 204)


@blueprint.get("/sent")
@glimpses_letter
def sent(glance: Glance) -> str:
    """What to do next. It says the same to everybody, whatever is known of the signatory, but for the address."""
    address, held_up = escape(session.pop(_ADDRESS, "")), outbox.is_held_up()

    def draw(address: str = "") -> str:
        return render_template("public/sent.html", slug=glance.slug, address=address, held_up=held_up)

    name = f"sent, {'held up' if held_up else 'on its way'}"
    return filled(glance, f"{name}, with address", draw, address=address) if address else filled(glance, name, draw)


def _answers() -> SignForm:
    """What was sent. Its page speaks the language the letter is read in, unless the reader chose another."""
    page_is_about(request.form.get("language", ""))
    return SignForm()


def _sign(letter: Letter, answers: SignForm, fields: EntryFields) -> None:
    """Sign; of two sendings of one form at the same moment the later finds the earlier's work done."""
    form = sifting.prepare(
        current_actor(), letter, network_address=request.remote_addr or "", fields=fields,
        visibility=answers.visibility.data, form_key=answers.key(),
        contact=answers.contact(_reading(letter, answers).language), version_number=answers.version_number())
    for attempt in range(_TRIES):
        try:
            with unit_of_work():
                sifting.sign(form)
            return
        except Stale:
            if attempt == _TRIES - 1:
                raise


def _acceptable(answers: SignForm) -> EntryFields | None:
    """The checked fields, unless something is wrong or a program filled in what nobody sees."""
    fields = answers.fields()
    return None if answers.leave_empty.data else fields


def _form_page(letter: Letter, answers: SignForm, **frame: Any) -> tuple[str, int]:
    entry, reading = answers.entry(), _reading(letter, answers)
    page = render_template("public/sign.html", letter=letter, version=reading, form=answers, recipients=_recipients(
        reading), parts=parts_of(entry, reading.language) if entry else None, **{"form_key": answers.key()} | frame)
    return page, answers.status()


def _check_page(glance: Glance, answers: SignForm, fields: EntryFields,
                trouble: CoalitionError | None = None) -> Answer:
    letter = _letter(glance)
    reading = _reading(letter, answers)
    checked = _checked_answers(glance, letter, reading, answers, fields, trouble)
    page = filled(glance, f"check page in {reading.language}", lambda checked: render_template(
        "public/check.html", letter=letter, version=reading, checked=checked), checked=checked)
    return page, trouble.status if trouble else 200


def _checked_answers(glance: Glance, letter: Letter, reading: Reading, answers: SignForm, fields: EntryFields,
                     trouble: CoalitionError | None) -> str:
    """What of the check page is this signer's own, round the text."""
    parts = parts_of(fields.as_entry(), reading.language)
    draw = get_template_attribute("components/checked_answers.html", "checked_answers")
    return str(draw(
        answers, fields, letter, reading, parts, text=_text_to_sign(glance, letter, reading),
        country=kept(glance, f"country {fields.country}", lambda: country_name(fields.country)),
        kept=[*answers.kept(), ("form_key", answers.key())], token=generate_csrf(),
        trouble=trouble.message if trouble else "", list_differs=_list_differs(fields),
        halves=two_signatories("".join(part.text for part in parts))))


def _text_to_sign(glance: Glance, letter: Letter, reading: Reading) -> Markup:
    def draw() -> str:
        markup = get_template_attribute("components/signed_text.html", "signed_text")
        return str(markup(letter, reading, text_of(reading, counts_at(glance, letter))))

    return Markup(filled(glance, f"text to sign in {reading.language}", draw))  # noqa: S704  a component's


def _list_differs(fields: EntryFields) -> dict[str, Any] | None:
    """What was said and what was listed, when the list does not bear the number out."""
    statement = fields.statement
    if statement is None or bears_out(statement):
        return None
    return {"stated": stated(fields), "listed": len(member_list(statement.members))}


def _reading(letter: Letter, answers: SignForm) -> Reading:
    """The text in the language it was read in."""
    return read_in(letter, answers.language.data or "")


def _recipients(reading: Reading) -> list[str]:
    """Who gets the letter, by the first line of each block: those "only to the recipients" means."""
    return [text.splitlines()[0] for text in (*reading.addressees, *reading.copies) if text.strip()]


def _letter(glance: Glance) -> Letter:
    """The letter as the last act around it left it; inside a transaction it is asked of the database again."""
    found: Letter = kept(glance, "letter", lambda: letter_apart(glance))
    return found


def _whole(seen: Letter | Glance) -> Letter:
    return letter_of(seen) if isinstance(seen, Glance) else seen


def _not_open(letter: Letter) -> Answer:
    return render_template("public/not_open.html", letter=letter, version=published(letter),
                           stage=stage_of(letter)), 409
