"""Translations of the text being worked on: writing them, taking them away. They are frozen with their version."""

from __future__ import annotations

import json
from collections.abc import Sequence

from coalition import clock
from coalition.access.actor import Actor
from coalition.access.permissions import Permission
from coalition.access.policy import demand
from coalition.audit import chain
from coalition.db import db
from coalition.errors import Invalid, Stale, WrongState
from coalition.i18n import LANGUAGES
from coalition.i18n import gettext as _
from coalition.letters import queries
from coalition.letters.models import Letter, Translation, Version
from coalition.letters.source import sha256_of
from coalition.letters.text import checked_text
from coalition.letters.workflow import WORKFLOW

#: What is copied when a translation is taken over into the next version.
_TAKEN_OVER = ("language", "subject", "body", "addressees_json", "copies_json", "place", "date_text", "closing")


def write(actor: Actor, letter: Letter, language: str, *, subject: str, body: str, addressees: Sequence[str] = (),
          copies: Sequence[str] = (), place: str = "", date_text: str = "", closing: str = "",
          seen: str | None = None) -> Translation:
    """Keep the draft's text in another language; begins a draft of the next version if there is none.

    What is left empty beside subject and text is printed as in the governing language. `seen` is the stamp
    (`stamp_of`) of what stood there on the page it was written from. Raises `Invalid` for a language that cannot
    be or a text that cannot be shown, `Stale` if somebody else wrote meanwhile.
    """
    demand(actor, Permission.LETTER_EDIT, queries.subject_of(letter))
    WORKFLOW.check("edit", letter.state)
    _require_language(letter, language)
    problems = {}
    if not subject.strip():
        problems["subject"] = _("Enter the subject in this language.")
    if not body.strip():
        problems["body"] = _("Enter the text in this language.")
    if problems:
        raise Invalid(_("Some answers need another look."), problems)
    text = checked_text(body)
    translation = newest_of(letter, language)
    if seen is not None and seen != stamp_of(translation):
        raise Stale(_("Somebody else changed this translation since you opened it. Yours was not saved over theirs: "
                      "look at theirs first, then save again."))
    draft = begin_draft(letter)
    translation = draft.translation(language)
    if translation is None:
        translation = Translation(language=language)
        draft.translations.append(translation)
    translation.subject, translation.body = " ".join(subject.split()), text
    translation.addressees_json = json.dumps(list(addressees), ensure_ascii=False)
    translation.copies_json = json.dumps(list(copies), ensure_ascii=False)
    translation.place, translation.date_text, translation.closing = place.strip(), date_text.strip(), closing.strip()
    db.session.flush()
    chain.record(actor, "translation.written", "letter", letter.id, letter_id=letter.id, number=draft.number,
                 language=language)
    return translation


def remove(actor: Actor, letter: Letter, language: str) -> None:
    """Take a translation out of the text being worked on; published versions keep theirs."""
    demand(actor, Permission.LETTER_EDIT, queries.subject_of(letter))
    WORKFLOW.check("edit", letter.state)
    if newest_of(letter, language) is None:
        raise WrongState(_("There is no translation into this language."))
    draft = begin_draft(letter)
    translation = draft.translation(language)
    if translation is not None:
        draft.translations.remove(translation)
    db.session.flush()
    chain.record(actor, "translation.removed", "letter", letter.id, letter_id=letter.id, number=draft.number,
                 language=language)


def begin_draft(letter: Letter) -> Version:
    """The version being worked on; without one, the next version with the newest text and its translations."""
    draft = letter.draft
    if draft is None:
        newest = letter.versions[-1]
        draft = Version(letter_id=letter.id, number=newest.number + 1, state="draft", language=letter.language,
                        created_at=clock.now(), body=newest.body)
        draft.translations = [
            Translation(**{name: getattr(before, name) for name in _TAKEN_OVER}) for before in newest.translations]
        letter.versions.append(draft)
        db.session.flush()
    return draft


def newest_of(letter: Letter, language: str) -> Translation | None:
    """The translation that is worked on: the draft's, or the published one that a draft would take over."""
    version = letter.draft or letter.published
    return version.translation(language) if version is not None else None


def stamp_of(translation: Translation | None) -> str:
    """Says what a page showed: another stamp, another translation; "" for none."""
    if translation is None:
        return ""
    return sha256_of(json.dumps([getattr(translation, name) for name in _TAKEN_OVER], ensure_ascii=False))


def _require_language(letter: Letter, language: str) -> None:
    if language not in LANGUAGES:
        raise Invalid(_("Letters can be in %(languages)s.", languages=", ".join(LANGUAGES)))
    if language == letter.language:
        raise Invalid(_("This is the governing language of the letter: write it on the page “Text”."))
