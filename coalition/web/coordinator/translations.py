"""The letter in other languages: which there are, writing one beside the governing text, taking one out."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from markupsafe import Markup

from coalition.access.permissions import Permission as P
from coalition.documents.catalogues import words_in
from coalition.errors import Invalid, NotFound, Stale
from coalition.i18n import LANGUAGES
from coalition.i18n import gettext as _
from coalition.letters import translating
from coalition.letters.models import Letter
from coalition.letters.text import checked_text
from coalition.markdown import render
from coalition.signatories.claims import fill
from coalition.web.coordinator.frame import carried_out, letter_page
from coalition.web.coordinator.letter_forms import ConfirmForm, TranslationForm, blocks_of
from coalition.web.forms import show_problems
from coalition.web.guards import needs_for_letter
from coalition.web.languages import keeps_answers
from coalition.web.lists import counts_of
from coalition.web.session import current_actor

blueprint = Blueprint("translations", __name__)


@blueprint.get("/letters/<slug>/translations")
@needs_for_letter(P.LETTER_EDIT)
def overview(letter: Letter) -> Any:
    """The languages there are and could be, and how far each is."""
    rows = [{"code": code, "translation": translating.newest_of(letter, code),
             "published": letter.published is not None and letter.published.translation(code) is not None}
            for code in LANGUAGES if code != letter.language]
    return letter_page("translations", letter, rows=rows)


@blueprint.route("/letters/<slug>/translations/<code>", methods=["GET", "POST"])
@needs_for_letter(P.LETTER_EDIT)
@keeps_answers
def write(letter: Letter, code: str) -> Any:
    """Write one, with the governing text beside it. The button “Preview” shows it and saves nothing."""
    if code not in LANGUAGES or code == letter.language:
        raise NotFound(_("Letters are not translated into this language."))
    form = TranslationForm(data=_as_it_stands(letter, code))
    if form.preview.data and form.validate_on_submit():
        return _page(letter, code, form, preview=_drawn(letter, code, form))
    try:
        if carried_out(form, lambda: _write(letter, code, form)):
            flash(_("The translation is saved. It is read and signed once the text is published."), "success")
            return redirect(url_for(".overview", slug=letter.slug), 303)
    except Stale as refusal:
        form.seen.data = translating.stamp_of(translating.newest_of(letter, code))
        html, _status = _page(letter, code, form, overtaken=refusal.message, theirs=_as_it_stands(letter, code))
        return html, 409
    return _page(letter, code, form)


@blueprint.route("/letters/<slug>/translations/<code>/remove", methods=["GET", "POST"])
@needs_for_letter(P.LETTER_EDIT)
def remove(letter: Letter, code: str) -> Any:
    """Take a translation out of the next version."""
    if translating.newest_of(letter, code) is None:
        raise NotFound(_("There is no translation into this language."))
    form = ConfirmForm()
    if request.method == "POST" and carried_out(
            form, lambda: translating.remove(current_actor(), letter, code)):
        flash(_("The translation is taken out. Published versions keep theirs."), "success")
        return redirect(url_for(".overview", slug=letter.slug), 303)
    return letter_page("translation_remove", letter, form, code=code)


def _page(letter: Letter, code: str, form: TranslationForm, **values: Any) -> tuple[str, int]:
    version = letter.draft or letter.published
    return letter_page("translation", letter, form, code=code, governing=version.body if version else "",
                       exists=translating.newest_of(letter, code) is not None, **values)


def _as_it_stands(letter: Letter, code: str) -> dict[str, Any]:
    """The translation as the form's answers; empty for a new one."""
    found = translating.newest_of(letter, code)
    if found is None:
        return {"seen": ""}
    return {
        **{name: getattr(found, name) for name in ("subject", "body", "place", "date_text", "closing")},
        "seen": translating.stamp_of(found),
        "addressees": "\n\n".join(found.addressees), "copies": "\n\n".join(found.copies),
    }


def _write(letter: Letter, code: str, form: TranslationForm) -> None:
    translating.write(
        current_actor(), letter, code, subject=form.subject.data or "", body=form.body.data or "",
        addressees=blocks_of(form.addressees.data or ""), copies=blocks_of(form.copies.data or ""),
        place=form.place.data or "", date_text=form.date_text.data or "", closing=form.closing.data or "",
        seen=form.seen.data or "")


def _drawn(letter: Letter, code: str, form: TranslationForm) -> Markup | None:
    """The typed text as it would be shown; None, with the reason at the field, when it cannot be."""
    try:
        checked = checked_text(form.body.data or "")
        counts = counts_of([letter])[letter.slug]
        return Markup(render(fill(checked, counts, words_in(code).number)))  # noqa: S704  made safe by `render`
    except Invalid as invalid:
        show_problems(form, Invalid(invalid.message, invalid.fields or {"body": invalid.message}))
        return None

