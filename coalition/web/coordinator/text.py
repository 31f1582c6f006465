"""The letter's text: writing it with a preview, and publishing it as a version that is signed."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from markupsafe import Markup

from coalition.access.permissions import Permission as P
from coalition.documents import operations as documents
from coalition.documents.catalogues import words_in
from coalition.endorsements import operations as endorsements
from coalition.errors import Invalid, Stale, WrongState
from coalition.i18n import gettext as _
from coalition.i18n import ngettext
from coalition.letters import operations as letters
from coalition.letters import queries as letter_queries
from coalition.letters.difference import by_words, side_by_side
from coalition.letters.models import Letter
from coalition.letters.source import sha256_of
from coalition.letters.text import checked_text
from coalition.markdown import render
from coalition.signatories.claims import PLACEHOLDERS, fill
from coalition.signatories.counting import Counts
from coalition.web.coordinator.frame import carried_out, letter_page
from coalition.web.coordinator.letter_forms import PublishForm, TextForm
from coalition.web.forms import show_problems
from coalition.web.guards import needs_for_letter
from coalition.web.languages import keeps_answers
from coalition.web.lists import counts_of
from coalition.web.session import current_actor

blueprint = Blueprint("text", __name__)


@blueprint.route("/letters/<slug>/text", methods=["GET", "POST"])
@needs_for_letter(P.LETTER_EDIT)
@keeps_answers
def text(letter: Letter) -> Any:
    """Write the text. The button “Preview” shows it on the sheet and saves nothing."""
    form = TextForm(seen=_edits(letter), body=_newest_text(letter))
    if form.preview.data and form.validate_on_submit():
        return _page(letter, form, preview=_drawn(letter, form))
    try:
        if carried_out(form, lambda: letters.write_draft(
                current_actor(), letter, form.body.data or "", seen=form.seen.data or 0)):
            flash(_("The text is saved. Signers see it once it is published."), "success")
            return redirect(url_for(".text", slug=letter.slug), 303)
    except WrongState as refusal:
        theirs = _newest_text(letter)
        form.look_again(_edits(letter))
        html, _status = _page(letter, form, overtaken=refusal.message, theirs=theirs,
                              difference=by_words(theirs, form.body.data or ""))
        return html, 409
    return _page(letter, form)


@blueprint.route("/letters/<slug>/publish", methods=["GET", "POST"])
@needs_for_letter(P.LETTER_EDIT)
def publish(letter: Letter) -> Any:
    """Show exactly what would be signed, and freeze it."""
    form = PublishForm(seen=letter_queries.stamp_to_publish(letter))
    told: list[int] = []
    try:
        if carried_out(form, lambda: told.append(_publish(letter, form))):
            flash(_told(told[0]), "success")
            return redirect(url_for("coordinator.letter.home", slug=letter.slug), 303)
    except Stale as refusal:
        form.seen.data = letter_queries.stamp_to_publish(letter)
        html, _status = _publish_page(letter, form, overtaken=refusal.message)
        return html, 409
    return _publish_page(letter, form)


def _publish_page(letter: Letter, form: PublishForm, **values: Any) -> tuple[str, int]:
    source, before = letter_queries.source_to_publish(letter), letter.published
    return letter_page(
        "publish", letter, form, before=before, body=_drawn_draft(letter), sha256=sha256_of(source),
        claims=documents.claims_of_draft(letter, counts_of([letter])[letter.slug]), translations=_translations(letter),
        addressees=letter_queries.recipients_of(letter, "addressee"),
        copies=letter_queries.recipients_of(letter, "copy"),
        rows=side_by_side(before.source, source) if before is not None and source else (),
        only_translations=before is not None and before.sha256 == sha256_of(source), **values)


def _translations(letter: Letter) -> list[dict[str, Any]]:
    """Each translation that would be published: drawn, with the hash its file would have."""
    draft, sources, before = letter.draft, letter_queries.sources_to_publish(letter), letter.published
    signed = {other.language: other.source for other in before.translations} if before is not None else {}
    return [{"rows": side_by_side(signed[other.language], sources[other.language])
             if signed.get(other.language, sources[other.language]) != sources[other.language] else (),
             "translation": other, "body": _markup(letter, other.body, other.language),
             "sha256": sha256_of(sources[other.language])} for other in (draft.translations if draft else ())]


def _publish(letter: Letter, form: PublishForm) -> int:
    letters.publish(current_actor(), letter, change=form.change.data or "first", note=form.note.data or "",
                    seen_sha256=form.seen.data or "")
    return endorsements.tell_signers_of_new_text(letter)


def _told(number: int) -> str:
    if not number:
        return _("The text is published: this is what is signed from now on.")
    return ngettext("The text is published. %(num)s signer is told by e-mail.",
                    "The text is published. %(num)s signers are told by e-mail.", number)


def _page(letter: Letter, form: TextForm, **values: Any) -> tuple[str, int]:
    counts = counts_of([letter])[letter.slug]
    return letter_page("text", letter, form, placeholders=_placeholders(counts), versions=letter.versions[::-1],
                       **values)


def _edits(letter: Letter) -> int:
    """How often the draft was changed, 0 while there is none: so that a first draft by somebody else shows."""
    return letter.draft.edits if letter.draft is not None else 0


def _newest_text(letter: Letter) -> str:
    newest = letter.draft or letter.published
    return newest.body if newest is not None else ""


def _drawn(letter: Letter, form: TextForm) -> Markup | None:
    """The typed text as it would be shown; None, with the reason at the field, when it cannot be."""
    try:
        checked = checked_text(form.body.data or "")
    except Invalid as invalid:
        show_problems(form, invalid)
        return None
    return _markup(letter, checked)


def _drawn_draft(letter: Letter) -> Markup | None:
    draft = letter.draft
    return _markup(letter, draft.body) if draft is not None and draft.body else None


def _markup(letter: Letter, body: str, language: str = "") -> Markup:
    counts, words = counts_of([letter])[letter.slug], words_in(language or letter.language)
    return Markup(render(fill(body, counts, words.number)))  # noqa: S704  made safe by `render`


def _placeholders(counts: Counts) -> list[dict[str, Any]]:
    """Each number that a text can ask for: its name, what it counts, how much it is today."""
    words = {
        "signatories": _("everybody on the list"),
        "organisations_total": _("organisations that sign, with those the networks stand for"),
        "organisations_signing": _("organisations that sign themselves"),
        "represented_stated": _("organisations that networks say they stand for"),
        "represented_listed": _("organisations on the member lists of networks"),
        "networks": _("networks that say how many they stand for"),
        "countries": _("countries of the signatories"),
        "organisations": _("entries with the name of an organisation only"),
        "with_named_person": _("organisations with a named person"),
        "persons": _("persons who sign for themselves"),
        "withheld": _("signatories that are counted but not named"),
        "overlaps": _("organisations left out because they would count twice"),
        "without_country": _("signatories without a country"),
    }
    numbers = counts.as_dict()
    return [{"name": name, "words": said, "number": numbers[name] or 0} for name, said in words.items()
            if name in PLACEHOLDERS]
